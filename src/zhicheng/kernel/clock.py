"""Statutory time limits: from a first day and a limit to the due day, with every excluded day named."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.refusals import Refusal

Unit = Literal["working_days", "days", "months"]
UNIT_WORDS = {"working_days": "个工作日", "days": "日", "months": "个月"}


@dataclass(frozen=True)
class Stop:
    """Days that do not count, both ends included, with their legal ground."""

    first: date
    last: date
    ground: str = "中止"


@dataclass(frozen=True)
class Limit:
    """A time limit.

    Args:
        amount: how much of the unit.
        unit: working days, calendar days or months.
        roll: whether a last day on a rest day moves to the next working day; the law differs by procedure.
    """

    amount: int
    unit: Unit
    roll: bool


@dataclass(frozen=True)
class Line:
    """One step of a derivation."""

    day: date
    words: str


@dataclass(frozen=True)
class Due:
    """The due day and how it came about."""

    day: date
    derivation: tuple[Line, ...]


def due_day(start: date, limit: Limit, stops: tuple[Stop, ...] = (), *, calendar: Calendar) -> Due:
    """Compute a due day.

    The start day does not count. Months end on the corresponding day, or the month's last. The limit is counted
    first; then the days that stops took out are given back: working days for a limit in working days, calendar
    days otherwise.

    Args:
        start: day of acceptance, receipt or filing.
        limit: amount, unit and roll-over.
        stops: stopped periods; they must not overlap.
        calendar: official rest days and make-up working days.

    Raises:
        CalendarNotPublished: the count reaches a year without an official notice.
        Refusal: a stop ends before it begins, or two overlap.

    Source:
        专利法实施细则 第四条至第六条; 局令第81号 第三十七条; 行政许可法 第四十五条、第八十二条.
    """
    _check(stops)
    lines = [Line(start, "第 0 日：起算日不计入")]
    if limit.unit == "working_days":
        day = _working(start, limit.amount, lines, calendar)
    elif limit.unit == "days":
        day = start + timedelta(days=limit.amount)
        lines.append(Line(day, f"起算日后第 {limit.amount} 日"))
    else:
        day = corresponding_day(start, limit.amount)
        lines.append(Line(day, f"{limit.amount} 个月后的对应日"))
    for stop in stops:
        day = _give_back(day, stop, limit, lines, calendar)
    if limit.roll and limit.unit != "working_days":
        day = _rolled(day, lines, calendar)
    lines.append(Line(day, "届满日"))
    return Due(day, tuple(lines))


def _check(stops: tuple[Stop, ...]) -> None:
    ordered = sorted(stops, key=lambda stop: stop.first)
    for stop in ordered:
        if stop.last < stop.first:
            raise Refusal(f"中止期 {stop.first} 至 {stop.last} 的终止日早于起始日。", fix="请核对日期。")
    for before, after in pairwise(ordered):
        if after.first <= before.last:
            raise Refusal(
                f"中止期 {after.first} 与前一段 {before.first} 至 {before.last} 重叠。", fix="请合并为一段。"
            )


def _working(start: date, amount: int, lines: list[Line], calendar: Calendar) -> date:
    day, count = start, 0
    while count < amount:
        day += timedelta(days=1)
        why = calendar.why_rest(day)
        if why:
            lines.append(Line(day, f"不计：{why}"))
            continue
        count += 1
        made_up = f"（{calendar.work[day]}调休上班）" if day in calendar.work else ""
        lines.append(Line(day, f"第 {count} 个工作日{made_up}"))
    return day


def _give_back(day: date, stop: Stop, limit: Limit, lines: list[Line], calendar: Calendar) -> date:
    span = [stop.first + timedelta(days=step) for step in range((stop.last - stop.first).days + 1)]
    if limit.unit == "working_days":
        count = sum(calendar.is_working_day(one) for one in span)
        later = calendar.add_working_days(day, count)
        unit = "个工作日"
    else:
        count, later, unit = len(span), day + timedelta(days=len(span)), "日"
    lines.append(Line(later, f"{stop.ground} {stop.first} 至 {stop.last}（首尾都计）共 {count} {unit}，补回"))
    return later


def _rolled(day: date, lines: list[Line], calendar: Calendar) -> date:
    later = calendar.next_working_day(day)
    while day < later:
        lines.append(Line(day, f"最后一日遇{calendar.why_rest(day)}，顺延"))
        day += timedelta(days=1)
    return later


def corresponding_day(start: date, count: int) -> date:
    """The same day so many months later, the month's last day where there is none."""
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))
