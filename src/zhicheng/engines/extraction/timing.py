"""Which time phrase a figure speaks of: its own, the paragraph's, or the one the text opened with."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from zhicheng.engines.extraction import periods
from zhicheng.engines.extraction.drafting import Draft
from zhicheng.engines.extraction.figure import Period
from zhicheng.engines.extraction.layout import Sentence, clause_start

_TOTAL = re.compile(r"累计")
_FLOWING = frozenset({"ytd", "year", "quarter", "month", "range", "plan"})
_OPENING = re.compile(r"(?:^|[。\n；;])\s*$")


class Clock:
    """Time phrases of one text, asked in the order of its figures."""

    def __init__(
        self, plain: str, times: list[periods.Mention], *, today: date | None, year: int | None
    ) -> None:
        self.plain = plain
        self.times = [one for one in times if not one.compared]
        self.today = today
        self.year = year
        opening = (
            one for one in self.times
            if one.period.kind == "ytd" and _OPENING.search(plain, max(0, one.start - 2), one.start)
        )  # fmt: skip
        self.opening = next(opening, None)

    def period_of(self, sentence: Sentence, draft: Draft) -> tuple[Period | None, bool]:
        """The period of a figure, and whether it was taken over from words before its sentence."""
        at = draft.amount.start
        said = self._said(sentence, at)
        words = self._words(sentence, draft)
        if _TOTAL.search(words):
            if said:
                return replace(
                    said, kind="cumulative", start=None if said.kind == "state" else said.start
                ), False
            return Period("累计", "cumulative", None, self.today), False
        if draft.of is not None and not said:
            return self.period_of(sentence, draft.of)
        if said:
            return said, False
        return self._unsaid(sentence, at, words)

    def of_words(self, words: str) -> Period | None:
        """The first period named in a few words, e.g. a table header."""
        found = periods.mentions(words, year=self.year, today=self.today)
        return found[0].period if found else None

    def _said(self, sentence: Sentence, at: int) -> Period | None:
        best = None
        for one in self.times:
            if one.start >= at:
                break
            if one.start >= sentence.start:
                best = one.period
        return best

    def _words(self, sentence: Sentence, draft: Draft) -> str:
        start = clause_start(self.plain, draft.amount.lead, sentence.start)
        return self.plain[start : draft.amount.lead] + draft.phrase

    def _unsaid(self, sentence: Sentence, at: int, words: str) -> tuple[Period | None, bool]:
        carried = self._carried(sentence, at)
        fresh, stock = periods.FLOW.search(words), periods.STOCK.search(words)
        if stock and not fresh:
            state = carried if carried and carried.kind in {"state", "year", "cumulative"} else None
            return (state, True) if state else (Period(stock.group(), "state", None, self.today), False)
        flowing = carried if carried and carried.kind in _FLOWING else None
        flowing = flowing or (self.opening.period if self.opening and self.opening.start < at else None)
        if fresh:
            kind = flowing.kind if flowing else "flow"
            return Period(
                fresh.group(), kind, flowing.start if flowing else None, flowing.end if flowing else None
            ), flowing is not None
        return flowing, flowing is not None

    def _carried(self, sentence: Sentence, at: int) -> Period | None:
        """The last time phrase of the paragraph before this sentence."""
        floor = self.plain.rfind("\n", 0, at) + 1
        best = None
        for one in self.times:
            if one.start >= sentence.start:
                break
            if one.start >= floor and one.period.kind not in {"target", "span"}:
                best = one.period
        return best
