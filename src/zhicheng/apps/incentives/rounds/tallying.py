"""The votes of a round's committee read together: the first ballot decides who passes, a second one parts equals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from zhicheng.apps.incentives.models import AwardRound, Ballot, Candidate
from zhicheng.apps.incentives.rounds.ballots import SECOND
from zhicheng.kernel.refusals import Refusal

Standing = Candidate.Status


def counted(row: AwardRound) -> list[Ballot]:
    """Ballots of the vote that runs that were counted, the first first."""
    return list(row.ballots.filter(place=row.stage, status=Ballot.Status.CLOSED).order_by("turn"))


def needs_second(row: AwardRound, ballots: Sequence[Ballot]) -> list[int]:
    """Candidates between whom a second ballot has to choose; empty when none is asked for or it was taken."""
    if len(ballots) != 1 or row.current.equals != SECOND:
        return []
    found: list[int] = ballots[0].result.get("contested", [])
    return found


def outcome_of(row: AwardRound) -> dict[int, tuple[Fraction, ...]]:
    """Shares in favour of everybody who passed, of the first and of the second ballot.

    Raises:
        Refusal: the vote was not taken, or a second ballot is still to be taken.
    """
    ballots = counted(row)
    if not ballots:
        raise Refusal(f"“{row.current.name}”还没有计票的表决。", fix="请发起表决，并在到会人数足够后计票。")
    if waiting := needs_second(row, ballots):
        raise Refusal(
            f"“{row.current.name}”有 {len(waiting)} 份申报同票而名额不够，须再次表决。",
            fix="请发起再次表决。",
        )
    first = {line["candidate"]: line for line in ballots[0].result["lines"]}
    second = {line["candidate"]: line for line in ballots[1].result["lines"]} if len(ballots) > 1 else {}
    return {key: (_share(line), _share(second.get(key))) for key, line in first.items() if line["passed"]}


def _share(line: Mapping[str, Any] | None) -> Fraction:
    return Fraction(line["for"], line["base"]) if line and line["base"] else Fraction(0)


def voted_out(candidates: Sequence[Candidate], passed: Mapping[int, tuple[Fraction, ...]]) -> None:
    """Mark who did not reach the threshold."""
    for one in candidates:
        if one.pk not in passed:
            one.status, one.tier, one.rank, one.why = Standing.VOTED_OUT, "", None, "评审委员会表决未通过"
