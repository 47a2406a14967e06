"""How a due day came about, line by line: day 0, excluded days with reasons, stops, extensions, due day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from zhicheng.kernel.calendar import WEEKDAYS, Calendar
from zhicheng.kernel.refusals import Source

ONE_DAY = timedelta(days=1)
LineKind = Literal["day0", "limit", "excluded", "makeup", "stop", "extension", "roll", "note", "due"]


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a derivation.

    Args:
        kind: what sort of step.
        day: the day it is about; for a limit or an extension the day it ends on.
        text: the step in Chinese, complete by itself.
        source: the rule behind it, where there is one.
    """

    kind: LineKind
    day: date
    text: str
    source: Source | None = None

    def __str__(self) -> str:
        return f"{self.text}（依据：{self.source}）" if self.source else self.text

    def as_data(self) -> dict[str, str]:
        """The line as plain values for JSON."""
        return {"kind": self.kind, "day": self.day.isoformat(), "text": str(self)}


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a limit with its derivation (时限说明).

    Args:
        day: the last day on which the thing may be done.
        lines: the steps that led there.
        provisional: True when it rests on a year whose notice is not yet out.
        stopped: True while a stop lasts, the day then moves with every day.
    """

    day: date
    lines: tuple[Line, ...]
    provisional: bool = False
    stopped: bool = False

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)

    def as_data(self) -> dict[str, object]:
        """The due day as plain values for JSON."""
        return {
            "due": self.day.isoformat(),
            "provisional": self.provisional,
            "stopped": self.stopped,
            "derivation": [line.as_data() for line in self.lines],
        }


def in_words(day: date) -> str:
    """A day with its weekday, e.g. 2026-10-08（周四）."""
    return f"{day.isoformat()}（{WEEKDAYS[day.weekday()]}）"


class Story:
    """Collects the lines of one derivation while the days are counted."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.lines: list[Line] = []
        self.used_calendar = False

    def begin(self, day: date, *, counted: bool) -> None:
        """Day 0."""
        rule = "当日计入" if counted else "当日不计入"
        self.lines.append(Line("day0", day, f"起算日 {in_words(day)}，{rule}。"))

    def limit(self, start: date, end: date, words: str, *, working: bool, source: Source | None) -> None:
        """The limit itself, in working days with each day that departs from plain counting."""
        if working:
            self._each_day(start, end)
        self.lines.append(Line("limit", end, f"期限 {words}，计至 {in_words(end)}。", source))

    def extension(self, before: date, end: date, words: str, *, working: bool, source: Source | None) -> None:
        """An extension of the limit."""
        if working:
            self._each_day(before, end)
        self.lines.append(Line("extension", end, f"{words}，由 {before} 延至 {in_words(end)}。", source))

    def stop(
        self, first: date, last: date, ground: str, days: int, *, working: bool, before: date, end: date,
        source: Source | None,
    ) -> None:  # fmt: skip
        """A stop and the days it gives back."""
        unit = "个工作日" if working else "日"
        why = f"（{ground}）" if ground else ""
        if working:
            self._each_day(before, end)
        self.lines.append(
            Line(
                "stop", end,
                f"停止计算 {first} 至 {last}{why}，首尾两日均在内，扣除 {days} {unit}，由 {before} 顺延至 {in_words(end)}。",
                source,
            )
        )  # fmt: skip

    def roll(self, end: date, last: date, *, applies: bool) -> None:
        """What became of a last day on a rest day."""
        if applies:
            self.used_calendar = True
        if last == end:
            return
        for one in self.calendar.explain(end - ONE_DAY, last - ONE_DAY):
            self.lines.append(Line("roll", one.day, f"{one}，不作为期限最后一日。"))
        self.lines.append(Line("roll", last, f"最后一日遇休息日，顺延至其后第一个工作日 {in_words(last)}。"))

    def note(self, day: date, text: str) -> None:
        """Something the reader should know."""
        self.lines.append(Line("note", day, text))

    def end(self, start: date, last: date, *, stopped: bool) -> DueDay:
        """Close the story with the due day."""
        guessed = range(start.year, last.year + 1) if self.used_calendar else ()
        provisional = any(year in self.calendar.provisional_years for year in guessed)
        if provisional:
            self.note(last, "其中有的年份尚无放假通知，届满日为暂定，通知公布后重新计算。")
        elif (
            self.used_calendar
            and (last.month, last.day) >= (12, 25)
            and last.year + 1 not in self.calendar.years
        ):
            self.note(
                last,
                f"{last.year + 1} 年放假通知未公布，元旦调休可能变动 {last.year} 年最后几日，请届时复核。",
            )
        self.lines.append(Line("due", last, f"届满日 {in_words(last)}{'（暂定）' if provisional else ''}。"))
        return DueDay(last, tuple(self.lines), provisional, stopped)

    def _each_day(self, start: date, end: date) -> None:
        self.used_calendar = True
        for one in self.calendar.explain(start, end):
            kind: LineKind = "makeup" if one.working else "excluded"
            tail = "计入" if one.working else "不计入"
            self.lines.append(Line(kind, one.day, f"{one}，{tail}。"))
