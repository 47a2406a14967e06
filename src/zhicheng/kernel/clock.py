"""Statutory time limits: from a first day and a limit to the due day, with every excluded day named."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.derivation import Due, Line, Story, in_words
from zhicheng.kernel.refusals import Refusal, Source

__all__ = [
    "UNIT_WORDS", "Clock", "ClockStopped", "Due", "Extension", "Limit", "Line", "Order", "Stop", "Unit",
    "corresponding_day", "due_day", "is_stopped", "remaining_days",
]  # fmt: skip

Unit = Literal["working_days", "days", "months"]
UNIT_WORDS: dict[Unit, str] = {"working_days": "个工作日", "days": "日", "months": "个月"}
ONE_DAY = timedelta(days=1)

# Where the days of a stop are given back. 局令第81号第三十七条 leaves it open, so it is a setting: limit and
# extensions as one period and then the days taken out, or the days taken out before an extension begins.
Order = Literal["limits_first", "extensions_last"]


class ClockStopped(Refusal):
    """A stop has no end yet, so there is no due day."""

    code = "clock_stopped"


@dataclass(frozen=True)
class Stop:
    """Days that do not count, both ends included.

    Args:
        first: first day taken out.
        last: last day taken out; None while the stop lasts.
        ground: why, e.g. 鉴定.
        source: the rule that allows it.
    """

    first: date
    last: date | None
    ground: str = "中止"
    source: Source | None = None


@dataclass(frozen=True)
class Limit:
    """A time limit.

    Args:
        amount: how much of the unit.
        unit: working days, calendar days or months.
        roll: whether a last day on a rest day moves to the next working day; the law differs by procedure.
        count_start: True where the start day itself counts; the laws cited here exclude it.
    """

    amount: int
    unit: Unit
    roll: bool
    count_start: bool = False

    def __str__(self) -> str:
        return f"{self.amount} {UNIT_WORDS[self.unit]}"


@dataclass(frozen=True)
class Extension:
    """More time, as somebody approved it.

    Args:
        amount: how much of the unit.
        unit: working days, calendar days or months.
        approved_by: role that approved, e.g. 负责人.
        reason: why.
        told_on: day the applicant was told.
        source: the rule that allows it.
    """

    amount: int
    unit: Unit
    approved_by: str
    reason: str = ""
    told_on: date | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Clock:
    """A running time limit: its start, its stops and its extensions in the order approved."""

    started: date
    limit: Limit
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Extension, ...] = ()
    order: Order = "limits_first"
    source: Source | None = None

    def due(self, *, calendar: Calendar, as_of: date | None = None) -> Due:
        """The due day; a stop without an end is counted up to `as_of`."""
        return due_day(
            self.started, self.limit, self.stops, calendar=calendar, extensions=self.extensions, order=self.order,
            as_of=as_of, source=self.source,
        )  # fmt: skip

    def stopped(self, first: date, ground: str, source: Source | None = None) -> Clock:
        """This clock with a stop that begins."""
        if any(one.last is None for one in self.stops):
            raise Refusal("期限已经在停止计算之中。", fix="请先登记恢复，再登记新的停止。")
        return replace(self, stops=(*self.stops, Stop(first, None, ground, source)))

    def resumed(self, last: date) -> Clock:
        """This clock with its open stop ended; `last` is the last day that does not count."""
        if all(one.last is not None for one in self.stops):
            raise Refusal("期限没有停止计算，无从恢复。", fix="请核对停止的登记。")
        ended = tuple(one if one.last is not None else replace(one, last=last) for one in self.stops)
        _check(ended)
        return replace(self, stops=ended)


def due_day(
    start: date,
    limit: Limit,
    stops: tuple[Stop, ...] = (),
    *,
    calendar: Calendar,
    extensions: tuple[Extension, ...] = (),
    order: Order = "limits_first",
    as_of: date | None = None,
    source: Source | None = None,
) -> Due:
    """Compute a due day.

    The start day does not count. Months end on the corresponding day, or the month's last. The limit is counted
    first; then the days that stops took out are given back: working days for a limit in working days, calendar
    days otherwise. A stop takes out only days on which the limit ran: none up to the start, none when it begins
    after the limit has ended.

    Args:
        start: day of acceptance, receipt or filing.
        limit: amount, unit and roll-over.
        stops: stopped periods; they must not overlap.
        calendar: official rest days and make-up working days.
        extensions: time added, in the order approved.
        order: whether extensions are counted before or after the days of stops are given back.
        as_of: the day up to which a stop without an end is counted.
        source: where the limit comes from.

    Raises:
        CalendarNotPublished: the count reaches a year without an official notice.
        ClockStopped: a stop has no end and no `as_of` is given.
        Refusal: a stop ends before it begins, or two overlap.

    Source:
        专利法实施细则 第四条至第六条; 局令第81号 第三十七条; 行政许可法 第四十五条、第八十二条.
    """
    _check(stops)
    story = Story(calendar)
    story.tell("day0", start, f"第 0 日：起算日{'计入' if limit.count_start else '不计入'}")
    ended = list(_ended(sorted(stops, key=lambda one: one.first), as_of, story))
    day = _advance(start, limit.amount, limit, calendar)
    if limit.unit == "working_days":
        story.departing(start - ONE_DAY if limit.count_start else start, day)
    story.tell("limit", day, f"期限 {limit}，计至 {in_words(day)}", source)
    taken: set[date] = set()
    if order == "extensions_last":
        day = _give_back(start, day, limit, ended, taken, story)
    day = _extended(start, day, limit, extensions, order, story)
    day = _give_back(start, day, limit, ended, taken, story)
    for late in ended:
        story.tell("note", late.first, f"{late.ground} {late.first} 起，在期限届满之后，不补回")
    if limit.roll and (limit.unit != "working_days" or extensions):
        last = calendar.next_working_day(day)
        story.roll(day, last)
        day = last
    provisional = story.close(start, day)
    open_stop = as_of is not None and any(one.last is None and one.first <= as_of for one in stops)
    return Due(day, tuple(story.lines), provisional, open_stop, frozenset(taken))


def remaining_days(clock: Clock, *, on: date, calendar: Calendar) -> int:
    """Days left of a time limit on a day; negative when overdue.

    Working days for a limit in working days, else calendar days. The start day does not count. Stopped days are
    given back, so the number stands still while the clock is stopped.

    Args:
        clock: the limit, its start, and its stops with their legal ground.
        on: the day asked about, Beijing calendar day.
        calendar: official rest days and make-up working days.

    Raises:
        CalendarNotPublished: the limit reaches a year without an official holiday notice.

    Source:
        行政许可法 第四十二条、第八十二条.
    """
    due = clock.due(calendar=calendar, as_of=on)
    working = clock.limit.unit == "working_days"
    left = calendar.count_working_days(on, due.day) if working else (due.day - on).days
    return left - sum(on < day <= due.day for day in due.taken_out)


def is_stopped(clock: Clock, *, on: date) -> bool:
    """Whether a day lies in a stop."""
    return any(one.first <= on and (one.last is None or on <= one.last) for one in clock.stops)


def corresponding_day(start: date, count: int) -> date:
    """The same day so many months later, the month's last day where there is none."""
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def _check(stops: tuple[Stop, ...]) -> None:
    ordered = sorted(stops, key=lambda stop: stop.first)
    for stop in ordered:
        if stop.last is not None and stop.last < stop.first:
            raise Refusal(f"中止期 {stop.first} 至 {stop.last} 的终止日早于起始日。", fix="请核对日期。")
    for before, after in pairwise(ordered):
        if before.last is None or after.first <= before.last:
            raise Refusal(
                f"中止期 {after.first} 与前一段 {before.first} 至 {before.last or '今'} 重叠。",
                fix="请合并为一段。",
            )


def _ended(stops: list[Stop], as_of: date | None, story: Story) -> Iterator[Stop]:
    """The stops with an end; an open one ends on `as_of`."""
    for one in stops:
        if one.last is not None:
            yield one
        elif as_of is None:
            raise ClockStopped(
                f"期限自 {one.first} 起停止计算（{one.ground}），尚未恢复，没有届满日。",
                fix="请先登记恢复日期，或指明按哪一天推算。",
                source=one.source,
            )
        elif as_of >= one.first:
            story.tell("note", one.first, f"{one.ground}自 {one.first} 起仍在继续，暂按 {as_of} 推算")
            yield replace(one, last=as_of)


def _advance(start: date, amount: int, limit: Limit, calendar: Calendar) -> date:
    back = ONE_DAY if limit.count_start else timedelta(0)
    if limit.unit == "working_days":
        return calendar.add_working_days(start - back, amount)
    if limit.unit == "days":
        return start - back + timedelta(days=amount)
    return corresponding_day(start, amount) - back


def _extended(
    start: date, day: date, limit: Limit, extensions: tuple[Extension, ...], order: Order, story: Story
) -> date:
    """Add the extensions; months of the limit and of its extensions are counted together from the start day."""
    together = limit.amount
    from_start = limit.unit == "months" and order == "limits_first"
    for one in extensions:
        before = day
        if one.unit == "months" and from_start:
            together += one.amount
            day = _advance(start, together, limit, story.calendar)
        else:
            from_start = False
            day = _advance(day, one.amount, Limit(one.amount, one.unit, roll=False), story.calendar)
        if one.unit == "working_days":
            story.departing(before, day)
        why = f"（{one.reason}）" if one.reason else ""
        words = f"{one.approved_by}批准延长 {one.amount} {UNIT_WORDS[one.unit]}{why}，计至 {in_words(day)}"
        story.tell("extension", day, words, one.source)
    return day


def _give_back(
    start: date, day: date, limit: Limit, stops: list[Stop], taken: set[date], story: Story
) -> date:
    """Give back what each stop took out that began while the limit ran; such stops leave the list."""
    working = limit.unit == "working_days"
    runs_from = start if limit.count_start else start + ONE_DAY
    while stops and stops[0].first <= day:
        stop = stops.pop(0)
        assert stop.last is not None
        first = max(stop.first, runs_from)
        span = [first + timedelta(days=step) for step in range((stop.last - first).days + 1)]
        out = [one for one in span if not working or story.calendar.is_working_day(one)]
        taken.update(out)
        later = story.calendar.add_working_days(day, len(out)) if working else day + timedelta(days=len(out))
        if working:
            story.departing(day, later)
        words = (
            f"{stop.ground} {stop.first} 至 {stop.last}（首尾都计）扣除 {len(out)} {'个工作日' if working else '日'}"
            f"，补回后计至 {in_words(later)}"
        )
        story.tell("stop", later, words, stop.source)
        day = later
    return day
