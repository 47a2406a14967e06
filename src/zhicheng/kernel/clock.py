"""The statutory clock: a limit from a day, its stops and extensions, the due day and how it came about."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.derivation import DueDay, Line, Story
from zhicheng.kernel.refusals import Refusal, Source

ONE_DAY = timedelta(days=1)
LONGEST = 36_600


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"

    @property
    def words(self) -> str:
        """The unit as it follows a number in Chinese."""
        return {"working_days": "个工作日", "calendar_days": "日", "months": "个月"}[self.value]


class StopOrder(StrEnum):
    """Where the days of a stop are given back; 局令第81号第三十七条 leaves it open, so it is a setting."""

    LIMITS_FIRST = "limits_first"  # limit and extensions as one period, then the days taken out
    EXTENSIONS_LAST = "extensions_last"  # limit, then the days taken out, extensions from there


class ClockStopped(Refusal):
    """A stop has no end yet, so there is no due day."""

    code = "clock_stopped"


class LimitUnreadable(Refusal):
    """A limit or a stop makes no sense as given."""

    code = "limit"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of a unit; at least one.

    Args:
        amount: how many.
        unit: working days, calendar days or months.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= LONGEST:
            raise LimitUnreadable(
                f"期限“{self.amount}{self.unit.words}”不在 1 至 {LONGEST} 之间。", fix="请填写正整数。"
            )

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.words}"


@dataclass(frozen=True, slots=True)
class Stop:
    """A span that does not count, both its days included.

    Args:
        first: first day taken out.
        last: last day taken out; None while it lasts.
        ground: why, e.g. 鉴定.
        source: the legal ground.
    """

    first: date
    last: date | None
    ground: str = ""
    source: Source | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise LimitUnreadable(
                f"停止计算的终日 {self.last} 早于始日 {self.first}。", fix="请把两个日期对调或改正。"
            )


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, as somebody approved it.

    Args:
        limit: how much more.
        approved_by: role that approved, e.g. 负责人.
        reason: why.
        told_on: day the applicant was told.
        source: the rule that allows it.
    """

    limit: Limit
    approved_by: str
    reason: str = ""
    told_on: date | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A running time limit.

    Args:
        started: the day it runs from.
        limit: how long.
        stops: spans that do not count.
        extensions: time added, in the order approved.
        roll: whether a last day on a rest day moves to the next working day.
        order: whether extensions are counted before or after the days of stops are given back.
        count_start: True where the start day itself counts; the laws cited here exclude it.
        source: where the limit comes from.
    """

    started: date
    limit: Limit
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Extension, ...] = ()
    roll: bool = True
    order: StopOrder = StopOrder.LIMITS_FIRST
    count_start: bool = False
    source: Source | None = None

    def with_stop(self, stop: Stop) -> Clock:
        """This clock with one more stop."""
        return replace(self, stops=(*self.stops, stop))

    def resumed(self, last: date) -> Clock:
        """This clock with its open stop ended; `last` is the last day that does not count."""
        ended = tuple(replace(one, last=last) if one.last is None else one for one in self.stops)
        return replace(self, stops=ended)


def add_months(day: date, months: int) -> date:
    """The corresponding day of a later month, or the month's last day when there is none.

    Source:
        专利法实施细则（2023） 第五条.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_day(clock: Clock, *, calendar: Calendar, as_of: date | None = None) -> DueDay:
    """The last day of a time limit, with every step that led there.

    The start day does not count. Days of a stop are given back after the limit itself was counted: working
    days for a limit in working days, calendar days for one in days or months. Days that two stops share
    count once, and a stop that begins after the limit has ended gives nothing back.

    Args:
        clock: limit, start, stops, extensions and the readings chosen.
        calendar: official rest days and make-up working days.
        as_of: the day up to which a stop without an end is counted.

    Raises:
        CalendarNotPublished: the limit reaches a year without an official holiday notice.
        ClockStopped: a stop has no end and no `as_of` is given.

    Source:
        专利法实施细则（2023） 第五条; 国家知识产权局令第81号 第三十七条; 行政许可法 第八十二条.
    """
    return _count(clock, calendar, as_of)[0]


def remaining_days(clock: Clock, *, on: date, calendar: Calendar) -> int:
    """Days left of a time limit on a day; negative when overdue.

    Working days for a limit in working days, else calendar days. Stopped days are given back, so the number
    stands still while the clock is stopped.

    Args:
        clock: limit, start, and its stops with their legal ground.
        on: the day asked about, Beijing calendar day.
        calendar: official rest days and make-up working days.

    Raises:
        CalendarNotPublished: the limit reaches a year without an official holiday notice.

    Source:
        行政许可法 第四十二条、第八十二条.
    """
    due, taken_out = _count(clock, calendar, on)
    if on > due.day:
        return -_length(on=due.day, until=on, unit=clock.limit.unit, calendar=calendar)
    still_out = sum(1 for day in taken_out if day > on)
    return _length(on=on, until=due.day, unit=clock.limit.unit, calendar=calendar) - still_out


def is_stopped(clock: Clock, *, on: date) -> bool:
    """Whether a day lies in a stop."""
    return any(one.first <= on and (one.last is None or on <= one.last) for one in clock.stops)


def _length(*, on: date, until: date, unit: Unit, calendar: Calendar) -> int:
    return calendar.count_working_days(on, until) if unit is Unit.WORKING_DAYS else (until - on).days


def _count(clock: Clock, calendar: Calendar, as_of: date | None) -> tuple[DueDay, frozenset[date]]:
    story = Story(calendar)
    taken: set[date] = set()
    story.begin(clock.started, counted=clock.count_start)
    end = _advance(clock, clock.started, clock.limit, calendar)
    story.limit(
        clock.started,
        end,
        str(clock.limit),
        working=clock.limit.unit is Unit.WORKING_DAYS,
        source=clock.source,
    )
    stops = sorted(_closed(clock, as_of, story), key=lambda one: one.first)
    if clock.order is StopOrder.EXTENSIONS_LAST:
        end = _give_back(clock, end, stops, taken, story, calendar)
    end = _extend(clock, end, story, calendar)
    end = _give_back(clock, end, stops, taken, story, calendar)
    for unused in stops:
        story.note(unused.first, f"停止计算始于 {unused.first}，期限已先届满，不再补回。")
    last = calendar.next_working_day(end) if clock.roll else end
    story.roll(end, last, applies=clock.roll)
    return story.end(clock.started, last, stopped=_open_stop(clock, as_of)), frozenset(taken)


def _closed(clock: Clock, as_of: date | None, story: Story) -> Iterator[Stop]:
    for one in clock.stops:
        if one.last is not None:
            yield one
        elif as_of is None:
            raise ClockStopped(
                f"期限自 {one.first} 起停止计算{f'（{one.ground}）' if one.ground else ''}，尚未恢复，没有届满日。",
                fix="请先登记恢复日期，或指明按哪一天推算。",
                source=one.source,
            )
        elif as_of >= one.first:
            story.note(one.first, f"停止计算自 {one.first} 起仍在继续，暂按 {as_of} 推算。")
            yield replace(one, last=as_of)


def _open_stop(clock: Clock, as_of: date | None) -> bool:
    return as_of is not None and any(one.last is None and one.first <= as_of for one in clock.stops)


def _advance(clock: Clock, start: date, limit: Limit, calendar: Calendar) -> date:
    origin = start - ONE_DAY if clock.count_start and start == clock.started else start
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(origin, limit.amount)
    if limit.unit is Unit.CALENDAR_DAYS:
        return origin + timedelta(days=limit.amount)
    return add_months(start, limit.amount) - (start - origin)


def _extend(clock: Clock, end: date, story: Story, calendar: Calendar) -> date:
    """Add the extensions; months of the limit and its extensions are counted together from the start day."""
    months = clock.limit.amount if clock.limit.unit is Unit.MONTHS else None
    together = clock.order is StopOrder.LIMITS_FIRST
    for one in clock.extensions:
        before = end
        if one.limit.unit is Unit.MONTHS and months is not None and together:
            months += one.limit.amount
            end = _advance(clock, clock.started, Limit(months, Unit.MONTHS), calendar)
        else:
            months = None
            end = _advance(clock, end, one.limit, calendar)
        by = f"，{one.approved_by}批准" if one.approved_by else ""
        why = f"，事由：{one.reason}" if one.reason else ""
        working = one.limit.unit is Unit.WORKING_DAYS
        story.extension(before, end, f"延长 {one.limit}{by}{why}", working=working, source=one.source)
    return end


def _give_back(
    clock: Clock, end: date, stops: list[Stop], taken: set[date], story: Story, calendar: Calendar
) -> date:
    """Give back the days of every stop that began while the clock ran; those used are removed from the list."""
    working = clock.limit.unit is Unit.WORKING_DAYS
    first_counted = clock.started if clock.count_start else clock.started + ONE_DAY
    while stops and stops[0].first <= end:
        stop = stops.pop(0)
        assert stop.last is not None
        span = (stop.last - stop.first).days + 1
        days = {stop.first + timedelta(days=n) for n in range(span)} - taken
        days = {day for day in days if day >= first_counted and (not working or calendar.is_working_day(day))}
        taken |= days
        before = end
        if days:
            end = calendar.add_working_days(end, len(days)) if working else end + timedelta(days=len(days))
        story.stop(
            stop.first,
            stop.last,
            stop.ground,
            len(days),
            working=working,
            before=before,
            end=end,
            source=stop.source,
        )
    return end


__all__ = [
    "Clock", "ClockStopped", "DueDay", "Extension", "Limit", "LimitUnreadable", "Line", "Stop", "StopOrder", "Unit",
    "add_months", "due_day", "is_stopped", "remaining_days",
]  # fmt: skip
