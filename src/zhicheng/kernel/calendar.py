"""The Chinese working-day calendar: official rest days, make-up working days, and no guess beyond the last notice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

from zhicheng.kernel.refusals import Refusal, Source

RULE = Source("全国年节及纪念日放假办法", "国令795号", date="2024-11-10")
WEEKDAYS = "一二三四五六日"


class CalendarNotPublished(Refusal):
    """A count reaches a year for which no official holiday notice is loaded."""

    code = "calendar_not_published"

    def __init__(self, year: int) -> None:
        super().__init__(
            f"{year} 年的放假安排还没有公布或没有载入，不能推算工作日。",
            fix="请在国务院办公厅通知公布后载入。",
            source=RULE,
        )
        self.year = year


@dataclass(frozen=True)
class Calendar:
    """Official rest days and make-up working days by date.

    Args:
        rest: day → name of the holiday it is taken for.
        work: weekend day → name of the holiday it makes up for.
        years: years with a notice.
    """

    rest: Mapping[date, str]
    work: Mapping[date, str]
    years: frozenset[int]

    @staticmethod
    @lru_cache(maxsize=1)
    def official() -> Calendar:
        """The published table, 2004 to 2026."""
        text = resources.files("zhicheng.kernel.data").joinpath("holidays.csv").read_text(encoding="utf-8")
        return Calendar({}, {}, frozenset()).with_notice(csv.DictReader(text.splitlines()))

    def with_notice(self, rows: Iterable[Mapping[str, str]]) -> Calendar:
        """This calendar with a further notice: rows of date, kind (rest, work), name; merged by date."""
        rest, work, years = dict(self.rest), dict(self.work), set(self.years)
        for row in rows:
            day = date.fromisoformat(row["date"])
            years.add(day.year)
            (rest if row["kind"] == "rest" else work)[day] = row["name"]
        return Calendar(rest, work, frozenset(years))

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on a day.

        Raises:
            CalendarNotPublished: the year has no notice.
        """
        if day.year not in self.years:
            raise CalendarNotPublished(day.year)
        return day in self.work or (day.weekday() < 5 and day not in self.rest)

    def why_rest(self, day: date) -> str:
        """Why a day is no working day, in words; empty for a working day."""
        if self.is_working_day(day):
            return ""
        return f"{self.rest[day]}放假" if day in self.rest else f"星期{WEEKDAYS[day.weekday()]}"

    def add_working_days(self, start: date, count: int) -> date:
        """The count-th working day after a day; the start day does not count."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def count_working_days(self, first: date, last: date) -> int:
        """Working days after the first day up to and including the last; negative when it lies before."""
        if last < first:
            return -self.count_working_days(last, first)
        days = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def next_working_day(self, day: date) -> date:
        """The day itself when offices work, else the first working day after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day
