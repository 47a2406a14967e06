"""Who may add time to a limit, how much and how often; whatever else is asked is refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import UNIT_WORDS, Clock, Extension, Unit
from zhicheng.kernel.refusals import Refusal, Source


class ExtensionRefused(Refusal):
    """The rules do not allow this extension."""

    code = "extension"


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """One way in which a limit may be extended.

    Args:
        at_most: the most it may add at a time, in the unit.
        unit: working days, calendar days or months.
        approver: role that approves, e.g. 负责人.
        times: how often.
        after: how many extensions of other rules must have come before.
        source: the article that allows it.
    """

    at_most: int
    unit: Unit
    approver: str
    times: int = 1
    after: int = 0
    source: Source | None = None


def extend(
    clock: Clock,
    *,
    by: str,
    amount: int,
    unit: Unit,
    reason: str,
    told_on: date,
    rules: Sequence[ExtensionRule],
    calendar: Calendar,
) -> Clock:
    """The clock with one more extension, if the rules allow it.

    Args:
        clock: the running limit.
        by: role that approves.
        amount: how much more.
        unit: the unit of the rule.
        reason: why, told to the applicant.
        told_on: day the applicant is told; not after the limit has ended.
        rules: what the law allows for this limit.
        calendar: official rest days and make-up working days.

    Raises:
        ExtensionRefused: no reason, no rule for this role or unit, too much, too often, out of turn or too late.

    Source:
        行政许可法 第四十二条; 国家知识产权局令第81号 第三十七条.
    """
    if not reason.strip():
        raise ExtensionRefused("延长期限没有写明理由。", fix="请写明理由，并告知申请人。")
    rule = _rule_for(by, amount, unit, rules)
    _in_turn(clock, rule)
    due = clock.due(calendar=calendar, as_of=told_on).day
    if told_on > due:
        raise ExtensionRefused(
            f"告知日 {told_on} 晚于届满日 {due}。",
            fix="延长须在届满前批准并告知；已超期的按超期处理。",
            source=rule.source,
        )
    added = Extension(amount, unit, by, reason.strip(), told_on, rule.source)
    return replace(clock, extensions=(*clock.extensions, added))


def _rule_for(by: str, amount: int, unit: Unit, rules: Sequence[ExtensionRule]) -> ExtensionRule:
    """The rule under which this role may add as much as this."""
    rule = next((one for one in rules if one.approver == by and one.unit == unit), None)
    if rule is None:
        able = (
            "、".join(f"{one.approver}（至多 {one.at_most} {UNIT_WORDS[one.unit]}）" for one in rules)
            or "无人"
        )
        raise ExtensionRefused(
            f"“{by}”不能批准延长 {amount} {UNIT_WORDS[unit]}。", fix=f"可以批准的是：{able}。"
        )
    if not 0 < amount <= rule.at_most:
        raise ExtensionRefused(
            f"申请延长 {amount} {UNIT_WORDS[unit]}，不在 1 至 {rule.at_most} 之间。",
            fix="请按规定的幅度申请。",
            source=rule.source,
        )
    return rule


def _in_turn(clock: Clock, rule: ExtensionRule) -> None:
    """Refuse what comes too often, or before the extension that has to come first."""
    used = sum(1 for one in clock.extensions if one.approved_by == rule.approver)
    if used >= rule.times:
        raise ExtensionRefused(
            f"“{rule.approver}”已批准延长 {used} 次，至多 {rule.times} 次。",
            fix="请按期办结，或报有权机关批准。",
            source=rule.source,
        )
    if len(clock.extensions) < rule.after:
        raise ExtensionRefused(
            f"“{rule.approver}”批准的延长须在前一次延长之后，现在已延长 {len(clock.extensions)} 次。",
            fix="请先报前一级批准。",
            source=rule.source,
        )
