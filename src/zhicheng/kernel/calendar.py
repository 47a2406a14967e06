"""The Chinese working-day calendar: official rest days and make-up workdays, a year without a notice refused."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

from zhicheng.kernel.refusals import Refusal, Source

SOURCE = Source("全国年节及纪念日放假办法", article="第二条、第六条", date="2024-11-10")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SATURDAY = 5
ONE_DAY = timedelta(days=1)
# Holidays with a fixed date; the lunar ones are known only from the notice of the year.
FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
PROVISIONAL_YEARS = 10


class CalendarNotPublished(Refusal):
    """A day lies in a year for which no official holiday notice is loaded."""

    code = "calendar_not_published"

    def __init__(self, year: int, *, known: tuple[int, int]) -> None:
        super().__init__(
            f"{year} 年没有已公布的放假安排（现有 {known[0]}–{known[1]} 年），工作日无法计算。",
            fix=f"请待国务院办公厅公布 {year} 年放假通知后载入，再重新计算。",
            source=SOURCE,
        )
        self.year = year


class NoticeUnreadable(Refusal):
    """A holiday notice file cannot be used; names file and row."""

    code = "notice"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day on which the notice departs from the ordinary week.

    Args:
        day: the day.
        kind: `rest` (放假) or `work` (调休上班).
        name: the festival it belongs to.
    """

    day: date
    kind: Literal["rest", "work"]
    name: str


@dataclass(frozen=True, slots=True)
class DayKind:
    """What a day is, and why, in words."""

    day: date
    working: bool
    reason: str
    provisional: bool = False

    def __str__(self) -> str:
        return f"{self.day.isoformat()}（{WEEKDAYS[self.day.weekday()]}）{self.reason}"


@dataclass(frozen=True)
class Calendar:
    """Which days are working days, year by year as the notices say.

    Args:
        special: every day on which a notice departs from the ordinary week.
        years: years whose notice is loaded.
        provisional_years: later years estimated from weekends and holidays of fixed date; only for showing.

    Source:
        全国年节及纪念日放假办法 and the yearly notices of the General Office of the State Council.
    """

    special: Mapping[date, SpecialDay]
    years: frozenset[int]
    provisional_years: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def official(cls) -> Calendar:
        """The calendar of the packaged notices, 2004–2026."""
        return _official()

    def with_notice(self, notice: Path | str | Iterable[SpecialDay]) -> Calendar:
        """This calendar with one more notice, merged by date.

        A year counts as published once 1 October of it is known to be a rest day: a notice of one year
        may hold days of the next, which then still lacks its own.

        Args:
            notice: a CSV file with columns date, kind (rest/work), name, or its rows.

        Raises:
            NoticeUnreadable: a row is not readable, or no row is there.
        """
        days = list(notice_rows(notice) if isinstance(notice, (Path, str)) else notice)
        if not days:
            raise NoticeUnreadable("放假通知没有一行数据。", fix="请按“date,kind,name”三列填写。")
        merged = {**self.special, **{one.day: one for one in days}}
        opened = {
            one.day.year for one in days if (one.day.month, one.day.day) == (10, 1) and one.kind == "rest"
        }
        return Calendar(merged, self.years | opened, self.provisional_years - opened)

    def provisional(self) -> Calendar:
        """This calendar with the next years estimated, each answer marked; only for the page of a case."""
        last = max(self.years)
        coming = frozenset(range(last + 1, last + 1 + PROVISIONAL_YEARS)) - self.years
        return Calendar(self.special, self.years, coming)

    def is_provisional(self, day: date) -> bool:
        """Whether the answer about a day rests on an estimate."""
        return day.year in self.provisional_years

    def kind_of(self, day: date) -> DayKind:
        """What a day is, with its reason.

        Raises:
            CalendarNotPublished: the year has no notice.
        """
        self._require(day.year)
        special = self.special.get(day)
        weekday = WEEKDAYS[day.weekday()]
        if special is not None:
            working = special.kind == "work"
            reason = f"{special.name}调休上班" if working else f"{special.name}放假"
            return DayKind(day, working, reason, self.is_provisional(day))
        if self.is_provisional(day):
            fixed = FIXED_HOLIDAYS.get((day.month, day.day))
            if fixed:
                return DayKind(day, False, f"{fixed}放假（暂估）", True)
        if day.weekday() >= SATURDAY:
            return DayKind(day, False, f"{weekday}休息", self.is_provisional(day))
        return DayKind(day, True, "工作日", self.is_provisional(day))

    def is_working_day(self, day: date) -> bool:
        """Whether a day is a working day, make-up days included.

        Raises:
            CalendarNotPublished: the year has no notice.
        """
        return self.kind_of(day).working

    def add_working_days(self, start: date, days: int) -> date:
        """The working day so many working days after a day; the start day does not count.

        Args:
            start: the day counted from; it may itself be a rest day.
            days: working days; 0 gives the start day back, negative counts backwards.

        Raises:
            CalendarNotPublished: the count reaches a year without a notice.
        """
        if days == 0:
            return start
        known = self._working_ordinals
        place = bisect_right(known, start.toordinal()) + days - 1 if days > 0 else self._before(start) + days
        end = date.fromordinal(known[place]) if 0 <= place < len(known) else None
        self._require_between(start, end, forward=days > 0)
        assert end is not None
        return end

    def count_working_days(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`.

        Raises:
            CalendarNotPublished: a counted day lies in a year without a notice.
        """
        if end < start:
            return -self.count_working_days(end, start)
        self._require_between(start, end, forward=True)
        known = self._working_ordinals
        return bisect_right(known, end.toordinal()) - bisect_right(known, start.toordinal())

    def next_working_day(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def explain(self, start: date, end: date) -> list[DayKind]:
        """Each day after `start` up to `end` that departs from plain counting, with its reason.

        These are the rest days, which do not count, and the make-up days, which do although they fall on a weekend.
        """
        days = (self.kind_of(day) for day in days_between(start, end))
        return [one for one in days if not one.working or one.day in self.special]

    @cached_property
    def _working_ordinals(self) -> list[int]:
        every = sorted(self.years | self.provisional_years)
        return [
            day.toordinal()
            for year in every
            for day in days_between(date(year - 1, 12, 31), date(year, 12, 31))
            if self.kind_of(day).working
        ]

    def _before(self, start: date) -> int:
        return bisect_right(self._working_ordinals, start.toordinal() - 1)

    def _require(self, year: int) -> None:
        if year not in self.years and year not in self.provisional_years:
            raise CalendarNotPublished(year, known=(min(self.years), max(self.years)))

    def _require_between(self, start: date, end: date | None, *, forward: bool) -> None:
        """Refuse when any counted day lies in an unpublished year; without an end, name the first one met."""
        if start == end:
            return
        step = 1 if forward else -1
        year = (start + step * ONE_DAY).year
        self._require(year)
        while end is None or year != end.year:
            year += step
            self._require(year)


def days_between(start: date, end: date) -> Iterator[date]:
    """Every day after `start` up to and including `end`."""
    day = start
    while day < end:
        day += ONE_DAY
        yield day


def notice_rows(path: Path | str) -> Iterator[SpecialDay]:
    """Read a notice file: CSV with columns date, kind (rest/work, or holiday/workday_makeup), name.

    Raises:
        NoticeUnreadable: file, row and value are named.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from _rows(lines, path.name)
    except OSError as error:
        raise NoticeUnreadable(f"打不开放假通知文件“{path}”。", fix="请核对路径。") from error
    except UnicodeDecodeError as error:
        raise NoticeUnreadable(f"{path.name} 不是 UTF-8 编码。", fix="请另存为 UTF-8 的 CSV。") from error


def _rows(lines: Iterable[str], name: str) -> Iterator[SpecialDay]:
    kinds: dict[str, Literal["rest", "work"]] = {
        "rest": "rest", "holiday": "rest", "放假": "rest", "work": "work", "workday_makeup": "work", "上班": "work",
    }  # fmt: skip
    seen: dict[date, str] = {}
    for row_number, row in enumerate(csv.DictReader(lines), 2):
        raw, kind = (row.get("date") or "").strip(), (row.get("kind") or "").strip()
        try:
            day = date.fromisoformat(raw)
        except ValueError as error:
            raise NoticeUnreadable(
                f"{name} 第 {row_number} 行的日期“{raw}”看不懂。", fix="请写成 2027-01-01。"
            ) from error
        if kind not in kinds:
            raise NoticeUnreadable(
                f"{name} 第 {row_number} 行的类别“{kind}”不认识。", fix="放假写 rest，调休上班写 work。"
            )
        if seen.setdefault(day, kinds[kind]) != kinds[kind]:
            raise NoticeUnreadable(
                f"{name} 第 {row_number} 行的 {day} 既放假又上班。", fix="请按通知原文只保留一行。"
            )
        yield SpecialDay(day, kinds[kind], (row.get("name") or row.get("name_zh") or "").strip() or "节日")


@cache
def _official() -> Calendar:
    text = resources.files("zhicheng.kernel.data").joinpath("rest_days.csv").read_text(encoding="utf-8")
    days = list(_rows(text.splitlines(), "rest_days.csv"))
    return Calendar({one.day: one for one in days}, frozenset(one.day.year for one in days))
