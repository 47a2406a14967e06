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

from zhicheng.kernel.refusals import Refusal, Source

SOURCE = Source("全国年节及纪念日放假办法", article="第二条、第六条", date="2024-11-10")
WEEKDAYS = "一二三四五六日"
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
NATIONAL_DAY = (10, 1)
PROVISIONAL_YEARS = 10
KINDS = {"rest": "rest", "holiday": "rest", "work": "work", "workday_makeup": "work"}


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
class DayKind:
    """What a day is, and why, in words."""

    day: date
    working: bool
    reason: str
    provisional: bool = False

    def __str__(self) -> str:
        return f"{self.day.isoformat()}（星期{WEEKDAYS[self.day.weekday()]}）{self.reason.removeprefix('星期' + WEEKDAYS[self.day.weekday()])}"


@dataclass(frozen=True)
class Calendar:
    """Which days are working days, year by year as the notices say.

    Args:
        rest: weekday or weekend day off → name of the festival.
        work: make-up working day → name of the festival it makes up for.
        years: years whose notice is loaded.
        provisional_years: later years estimated from weekends and holidays of fixed date; only for showing.

    Source:
        全国年节及纪念日放假办法 and the yearly notices of the General Office of the State Council.
    """

    rest: Mapping[date, str]
    work: Mapping[date, str]
    years: frozenset[int]
    provisional_years: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def official(cls) -> Calendar:
        """The calendar of the packaged notices, 2004–2026."""
        return _official()

    @property
    def span(self) -> tuple[int, int]:
        """First and last year with a notice."""
        return min(self.years), max(self.years)

    def with_notice(self, notice: Path | Iterable[Mapping[str, str]]) -> Calendar:
        """This calendar with one more notice, merged by date.

        A year counts as published once 1 October of it is known to be a rest day: a notice of one year
        may hold days of the next, which then still lacks its own.

        Args:
            notice: a CSV file with columns date, kind (rest, work), name, or its rows.

        Raises:
            NoticeUnreadable: a row is not readable, or no row is there.
        """
        rows = _read(notice) if isinstance(notice, Path) else enumerate(notice, 2)
        name = notice.name if isinstance(notice, Path) else "放假通知"
        fresh: dict[str, dict[date, str]] = {"rest": {}, "work": {}}
        for number, row in rows:
            day, kind, festival = _special_day(row, where=f"{name} 第 {number} 行")
            if day in fresh["work" if kind == "rest" else "rest"]:
                raise NoticeUnreadable(
                    f"{name} 第 {number} 行的 {day} 既放假又上班。", fix="请按通知原文只保留一行。"
                )
            fresh[kind][day] = festival
        if not fresh["rest"]:
            raise NoticeUnreadable(f"{name}没有一个放假日。", fix="请按“date,kind,name”三列填写。")
        opened = {day.year for day in fresh["rest"] if (day.month, day.day) == NATIONAL_DAY}
        rest = {day: name for day, name in self.rest.items() if day not in fresh["work"]} | fresh["rest"]
        work = {day: name for day, name in self.work.items() if day not in fresh["rest"]} | fresh["work"]
        return Calendar(rest, work, self.years | opened, self.provisional_years - opened)

    def provisional(self) -> Calendar:
        """This calendar with the next years estimated, each answer marked; only for the page of a case."""
        last = max(self.years)
        coming = frozenset(range(last + 1, last + 1 + PROVISIONAL_YEARS)) - self.years
        return Calendar(self.rest, self.work, self.years, coming)

    def is_provisional(self, day: date) -> bool:
        """Whether the answer about a day rests on an estimate."""
        return day.year in self.provisional_years

    def kind_of(self, day: date) -> DayKind:
        """What a day is, with its reason.

        Raises:
            CalendarNotPublished: the year has no notice.
        """
        self._require(day.year)
        guessed = self.is_provisional(day)
        if day in self.work:
            return DayKind(day, True, f"{self.work[day]}调休上班", guessed)
        if day in self.rest:
            return DayKind(day, False, f"{self.rest[day]}放假", guessed)
        if guessed and (day.month, day.day) in FIXED_HOLIDAYS:
            return DayKind(day, False, f"{FIXED_HOLIDAYS[day.month, day.day]}放假（暂估）", True)
        if day.weekday() >= SATURDAY:
            return DayKind(day, False, f"星期{WEEKDAYS[day.weekday()]}", guessed)
        return DayKind(day, True, "工作日", guessed)

    def why_rest(self, day: date) -> str:
        """Why a day is no working day, in words; empty for a working day."""
        kind = self.kind_of(day)
        return "" if kind.working else kind.reason

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
        return [one for one in days if not one.working or one.day in self.work]

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
            raise CalendarNotPublished(year, known=self.span)

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


def _read(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NoticeUnreadable(f"打不开放假通知文件“{path.name}”。", fix="请核对路径。") from error
    except UnicodeDecodeError as error:
        raise NoticeUnreadable(f"{path.name} 不是 UTF-8 编码。", fix="请另存为 UTF-8 的 CSV。") from error
    yield from enumerate(csv.DictReader(text.splitlines()), 2)


def _special_day(row: Mapping[str, str], *, where: str) -> tuple[date, str, str]:
    raw, kind = (row.get("date") or "").strip(), (row.get("kind") or "").strip()
    try:
        day = date.fromisoformat(raw)
    except ValueError as error:
        raise NoticeUnreadable(f"{where}的日期“{raw}”看不懂。", fix="请写成 2027-01-01。") from error
    if kind not in KINDS:
        raise NoticeUnreadable(f"{where}的类别“{kind}”不认识。", fix="放假写 rest，调休上班写 work。")
    return day, KINDS[kind], (row.get("name") or "").strip() or "节日"


@cache
def _official() -> Calendar:
    text = resources.files("zhicheng.kernel.data").joinpath("holidays.csv").read_text(encoding="utf-8")
    return Calendar({}, {}, frozenset()).with_notice(csv.DictReader(text.splitlines()))
