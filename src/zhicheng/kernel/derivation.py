"""How a due day came about, line by line: day 0, excluded days with reasons, stops, extensions, due day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from zhicheng.kernel.calendar import WEEKDAYS, Calendar
from zhicheng.kernel.refusals import Source

ONE_DAY = timedelta(days=1)
LineKind = Literal["day0", "limit", "excluded", "makeup", "stop", "extension", "roll", "note", "due"]


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a derivation.

    Args:
        day: the day it is about; for a limit, a stop or an extension the day it leads to.
        words: the step in Chinese, complete by itself.
        kind: what sort of step.
        source: the rule behind it, where there is one.
    """

    day: date
    words: str
    kind: LineKind = "note"
    source: Source | None = None

    def __str__(self) -> str:
        return f"{self.words}（依据：{self.source}）" if self.source else self.words

    def as_data(self) -> dict[str, str]:
        """The line as plain values for JSON."""
        cited = {"source": str(self.source)} if self.source else {}
        return {"day": self.day.isoformat(), "kind": self.kind, "words": self.words, **cited}


@dataclass(frozen=True, slots=True)
class Due:
    """The due day and how it came about (时限说明).

    Args:
        day: the last day on which the thing may be done.
        derivation: the steps that led there.
        provisional: True when it rests on a year whose notice is not yet out.
        stopped: True while a stop lasts; the day then moves with every day.
        taken_out: the days that stops took out.
    """

    day: date
    derivation: tuple[Line, ...]
    provisional: bool = False
    stopped: bool = False
    taken_out: frozenset[date] = frozenset()

    def __str__(self) -> str:
        return "\n".join(f"{line.day}  {line}" for line in self.derivation)

    def as_data(self) -> dict[str, Any]:
        """The due day as plain values for JSON."""
        return {
            "due": self.day.isoformat(),
            "provisional": self.provisional,
            "stopped": self.stopped,
            "derivation": [line.as_data() for line in self.derivation],
        }


def in_words(day: date) -> str:
    """A day with its weekday, e.g. 2026-10-08（星期四）."""
    return f"{day.isoformat()}（星期{WEEKDAYS[day.weekday()]}）"


class Story:
    """Collects the lines of one derivation while the days are counted."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.lines: list[Line] = []
        self.used_calendar = False

    def tell(self, kind: LineKind, day: date, words: str, source: Source | None = None) -> None:
        """Add a line."""
        self.lines.append(Line(day, words, kind, source))

    def departing(self, start: date, end: date) -> None:
        """Tell each day of a count in working days that departs from plain counting, with its reason."""
        self.used_calendar = True
        for one in self.calendar.explain(start, end):
            kind: LineKind = "makeup" if one.working else "excluded"
            self.tell(kind, one.day, f"{'计入' if one.working else '不计'}：{one.reason}")

    def roll(self, end: date, last: date) -> None:
        """Tell why a last day moved to the next working day."""
        self.used_calendar = True
        for one in self.calendar.explain(end - ONE_DAY, last - ONE_DAY):
            self.tell("roll", one.day, f"最后一日遇{one.reason}，顺延")

    def close(self, start: date, last: date) -> bool:
        """Add the due day; return whether it is provisional."""
        years = range(start.year, last.year + 1) if self.used_calendar else range(0)
        provisional = any(year in self.calendar.provisional_years for year in years)
        if provisional:
            self.tell("note", last, "其中有的年份尚无放假通知，届满日为暂定，通知公布后重新计算")
        elif (
            self.used_calendar
            and (last.month, last.day) >= (12, 25)
            and last.year + 1 not in self.calendar.years
        ):
            words = f"{last.year + 1} 年放假通知尚未载入，元旦调休可能变动 {last.year} 年最后几日，请届时复核"
            self.tell("note", last, words)
        self.tell("due", last, f"届满日 {in_words(last)}{'（暂定）' if provisional else ''}")
        return provisional
