"""May an organisation stand for an award: each condition held against the facts of the ledger, with what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhicheng.apps.incentives.batches.matters import who_of
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.rules import LISTED
from zhicheng.kernel.refusals import Refusal

CHECKS = {
    "region": "单位在评选区划内",
    "kind": "单位类别可以申报",
    "clean": "近几年不在负面清单（失信、非正常专利、重大质量安全事故）",
    "not_revoked": "近几年没有被撤销的荣誉",
    "not_held": "没有得过同一荣誉",
}


@dataclass(frozen=True)
class Found:
    """One condition with its answer; None when the facts do not tell."""

    check: str
    words: str
    holds: bool | None
    found: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the application."""
        return {"check": self.check, "words": self.words, "holds": self.holds, "found": self.found}


def checked_conditions(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Conditions of a round, refused when one is not known.

    Raises:
        Refusal: a condition or its number of years cannot be.
    """
    for one in conditions:
        if one.get("check") not in CHECKS:
            raise Refusal(f"没有资格条件“{one.get('check')}”。", fix=f"可用：{'、'.join(CHECKS)}。")
        years = one.get("years", 0)
        if not isinstance(years, int) or not 0 <= years <= 50:
            raise Refusal(f"资格条件的年数“{years}”不对。", fix="请填 0 至 50 的整数。")
    return conditions


def check(
    organisation: Organisation, *, conditions: list[dict[str, Any]], region: str, kinds: list[str], scheme: str,
    on: date, evaluation: Evaluation,
) -> list[Found]:  # fmt: skip
    """Hold every condition against the facts.

    Args:
        organisation: who applies. conditions: of the round, each with its years.
        region: prefix of the round's region. kinds: kinds of organisations that may apply; empty for all.
        scheme: code of the award. on: the day asked about. evaluation: the facts of the ledger.
    """
    who = who_of(organisation)
    found = []
    for one in conditions:
        years = int(one.get("years", 0))
        since = on.replace(year=on.year - years, day=min(on.day, 28)) if years else date.min
        words = CHECKS[one["check"]] + (f"（{years} 年）" if years else "")
        holds, seen = _held(one["check"], organisation, who, since, on, region, kinds, scheme, evaluation)
        found.append(Found(one["check"], words, holds, seen))
    return found


def _held(
    name: str, organisation: Organisation, who: str, since: date, on: date, region: str, kinds: list[str], scheme: str,
    evaluation: Evaluation,
) -> tuple[bool | None, str]:  # fmt: skip
    if name == "region":
        return organisation.region_code.startswith(region), organisation.region_code
    if name == "kind":
        kind = organisation.kind or ""
        return (not kinds or kind in kinds) if kind else None, kind or "台账没有登记类别"
    if name == "clean":
        return _clean(who, since, on, evaluation)
    rows = evaluation.rows_of("honours", ("organisation", "honour", "granted_on", "revoked_on"))
    mine = [one for one in rows if one[0] == who]
    if name == "not_revoked":
        gone = [one for one in mine if one[3] is not None and since <= one[3] <= on]
        return not gone, "、".join(f"{one[1]} {one[3]}" for one in gone)
    held = [one for one in mine if str(one[1]).startswith(f"{scheme}/") and one[2] and since <= one[2] <= on]
    return not held, "、".join(f"{one[1]} {one[2]}" for one in held)


def _clean(who: str, since: date, on: date, evaluation: Evaluation) -> tuple[bool | None, str]:
    source = evaluation.sources.get("negative_list")
    if source is None:
        return None, "没有负面清单的事实"
    rows = evaluation.rows_of("negative_list", ("beneficiary", "kind", "from_on", "until_on"))
    if isinstance(source, list):
        rows = [
            (one["beneficiary"], one["kind"], _day(one["from_on"]), _day(one["until_on"])) for one in source
        ]
    hit = [
        one for one in rows
        if one[0] == who and one[2] is not None and one[2] <= on and (one[3] is None or one[3] >= since)
    ]  # fmt: skip
    return not hit, "、".join(f"{LISTED.get(one[1], one[1])} {one[2]}" for one in hit)


def _day(value: object) -> date | None:
    return (
        date.fromisoformat(value)
        if isinstance(value, str) and value
        else value
        if isinstance(value, date)
        else None
    )
