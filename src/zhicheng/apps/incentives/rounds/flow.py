"""How a round moves through its stages: begin, close, go on, and take back a stage that was closed by mistake."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    Candidate,
    DefenceSlot,
    ScoreSheet,
    SiteVisit,
    StageRun,
)
from zhicheng.apps.incentives.rounds.calls import Standing, Status, locked
from zhicheng.apps.incentives.rounds.handing import hand_out
from zhicheng.apps.incentives.rounds.placing import place_all, take_means
from zhicheng.apps.incentives.rounds.stages import DECISION, VOTE
from zhicheng.apps.incentives.rounds.tallying import outcome_of, voted_out
from zhicheng.kernel.refusals import Conflict, Refusal

CHANGED = (
    "status",
    "why",
    "total",
    "rank",
    "tier",
    "stage_totals",
    "moved_from",
    "notice_from",
    "notice_until",
)
DAYS = ("notice_from", "notice_until")


@transaction.atomic
def start_scoring(*, award_round: AwardRound, by: User) -> AwardRound:
    """Close the call and begin the first stage.

    Raises:
        Refusal: an application was not checked, nobody may stand, or a candidate has too few experts without a conflict.
    """
    require(by, "policies.review", region=award_round.region_code)
    row = locked(award_round, Status.OPEN)
    waiting = row.candidates.filter(status=Standing.APPLIED).count()
    if waiting:
        raise Refusal(f"还有 {waiting} 份申报没有资格结论。", fix="请先核对资格。")
    row.stage = 0
    hand_out(row, standing(row))
    row.candidates.filter(status=Standing.DRAFT).update(status=Standing.WITHDRAWN)
    row.status = Status.SCORING
    row.save(update_fields=["status", "stage"])
    record_event(by=by, action="policies.start_scoring", subject=f"round:{row.number}")
    return row


def standing(row: AwardRound) -> list[Candidate]:
    """Candidates who are still in, with their sheets."""
    return list(row.candidates.filter(status=Standing.ELIGIBLE).prefetch_related("sheets").order_by("pk"))


def run_of(row: AwardRound, place: int | None = None) -> StageRun:
    """The record of a stage as it runs, made when first asked for."""
    found, _ = StageRun.objects.get_or_create(award_round=row, place=row.stage if place is None else place)
    return found


@transaction.atomic
def close_stage(*, award_round: AwardRound, by: User, on: date | None = None) -> AwardRound:
    """Close the stage that runs: means are taken or votes counted, the best go on, after the last all have a place.

    Raises:
        Refusal: sheets, visits, attendance or a vote are missing; a decision is entered with its document instead.
    """
    require(by, "policies.review", region=award_round.region_code)
    row = locked(award_round, Status.SCORING)
    stage, candidates = row.current, standing(row)
    remember(row, candidates, by)
    if stage.scored:
        take_means(row, candidates, on or timezone.localdate())
        left = [one for one in candidates if one.status == Standing.ELIGIBLE]
        place_all(row, left)
        _shortlist(row, left)
    elif stage.kind == VOTE:
        voted_out(candidates, shares := outcome_of(row))
        place_all(row, [one for one in candidates if one.status == Standing.ELIGIBLE], shares)
    else:
        raise Refusal(f"“{stage.name}”须登记审定日期和文件。", fix="请用“登记审定”。")
    Candidate.objects.bulk_update(candidates, CHANGED)
    closed = row.stage
    go_on(row)
    record_event(
        by=by, action="policies.close_stage", subject=f"round:{row.number}",
        after={"closed": closed, "stage": row.stage, "status": row.status},
    )  # fmt: skip
    return row


def _shortlist(row: AwardRound, left: list[Candidate]) -> None:
    """Who goes on to a stage in which candidates are looked at once more: so many of the best, with who shares the last place."""
    following = row.sequence[row.stage + 1 :]
    if not following or following[0].kind == DECISION:
        return
    for one in left:
        one.tier = ""
        if row.current.keep and (one.rank or 0) > row.current.keep:
            one.status = Standing.OUT


def remember(row: AwardRound, candidates: list[Candidate], by: User) -> StageRun:
    """Note that the stage is closed, and how its candidates stood before."""
    run = run_of(row)
    run.before = [
        {"pk": one.pk, **{name: _plain(getattr(one, name)) for name in CHANGED}} for one in candidates
    ]
    run.closed_at, run.closed_by = timezone.now(), by
    run.save()
    return run


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, list)) else str(value)


def go_on(row: AwardRound) -> None:
    """Begin the next stage, or end the review where none is left before the public notice."""
    last = row.stage + 1 == len(row.sequence)
    if last:
        row.status = Status.RANKED
    else:
        row.stage += 1
        row.status = Status.RANKED if row.current.after_notice else Status.SCORING
        if row.status == Status.SCORING:
            hand_out(row, standing(row))
    row.save(update_fields=["status", "stage"])


@transaction.atomic
def reopen_stage(*, award_round: AwardRound, why: str, by: User) -> AwardRound:
    """Take back the closing of the latest stage, before anything was done in the next one.

    Marks stay; a vote is annulled and taken anew; a decision is entered anew. How candidates stood comes back.

    Raises:
        Conflict: nothing is closed, or the next stage has begun.
    """
    require(by, "policies.approve", region=award_round.region_code)
    if not why.strip():
        raise Refusal("撤销结束环节须写明理由。", fix="请填写理由，它会进入审计记录。")
    row = locked(award_round, Status.SCORING, Status.RANKED, Status.NOTICE)
    run = row.runs.select_for_update(of=("self",)).filter(closed_at__isnull=False).order_by("-place").first()
    if run is None:
        raise Conflict("没有可以撤销的环节：还没有环节结束，或在升级以前结束。", fix="请刷新页面查看。")
    _not_begun(row, run)
    _restore(row, run)
    row.ballots.filter(place=run.place).exclude(status=Ballot.Status.ANNULLED).update(
        status=Ballot.Status.ANNULLED, why=f"环节重新办理：{why.strip()}"[:300]
    )
    if row.stage != run.place:
        ScoreSheet.objects.filter(candidate__award_round=row, stage=row.stage).delete()
    if not row.sequence[run.place].after_notice:
        row.status = Status.SCORING
    row.stage, row.vacant = run.place, {}
    row.save(update_fields=["status", "stage", "vacant"])
    run.before, run.closed_at, run.closed_by, run.decided_on, run.document = [], None, None, None, ""
    run.save()
    record_event(
        by=by,
        action="policies.reopen_stage",
        subject=f"round:{row.number}",
        why=why,
        after={"stage": run.place},
    )
    return row


def _not_begun(row: AwardRound, run: StageRun) -> None:
    """Refuse when the stage behind the closed one has left a trace, or the list is on public notice."""
    after = row.sequence[run.place].after_notice
    if row.status == Status.NOTICE and not after:
        raise Conflict(f"“{row.title}”正在公示，不能撤销环节。", fix="请先撤下公示。")
    if row.stage == run.place:
        return
    here: dict[str, Any] = {"candidate__award_round": row, "place": row.stage}
    traces = {
        "已有评分": ScoreSheet.objects.filter(
            candidate__award_round=row, stage=row.stage, scored_at__isnull=False
        ),
        "已安排现场评审": SiteVisit.objects.filter(**here),
        "已排定答辩": DefenceSlot.objects.filter(**here),
        "已发起表决": row.ballots.filter(place=row.stage).exclude(status=Ballot.Status.ANNULLED),
    }
    for words, rows in traces.items():
        if rows.exists():
            raise Conflict(
                f"“{row.sequence[run.place].name}”之后的“{row.current.name}”{words}，不能撤销。",
                fix="只有下一环节还没有开始办理时可以撤销。",
            )


def _restore(row: AwardRound, run: StageRun) -> None:
    rows = {one.pk: one for one in row.candidates.select_for_update(of=("self",)).order_by("pk")}
    for kept in run.before:
        one = rows[kept["pk"]]
        for name in CHANGED:
            value = kept[name]
            if name in DAYS and value:
                value = date.fromisoformat(value)
            setattr(one, name, value)
        one.save(update_fields=CHANGED)
