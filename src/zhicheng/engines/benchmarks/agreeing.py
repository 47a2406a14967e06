"""Which quotes say the same, which replace an earlier one, and which contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zhicheng.engines.benchmarks.bounding import value_range
from zhicheng.engines.benchmarks.comparing import compare
from zhicheng.engines.benchmarks.measures import Measure

Relation = Literal["", "duplicate", "superseded", "contradicts"]


@dataclass(frozen=True)
class Quote:
    """A number somebody published about a region.

    Args:
        key: who it is for the caller, e.g. a row id.
        region: region code.
        measure: what it measures.
        value: in its base unit.
        approx: exact, at_least, above, below or about.
        publisher: who published it.
        published_on: when; None when unknown.
    """

    key: int
    region: str
    measure: Measure
    value: Decimal
    approx: str
    publisher: str
    published_on: date | None


def agree(ours: Quote, theirs: Quote) -> bool:
    """Tell whether two numbers can both be right: 1300多 and 1,343 can."""
    one, other = value_range(ours.value, ours.approx), value_range(theirs.value, theirs.approx)
    below = one.high is not None and other.low is not None and one.high < other.low
    above = other.high is not None and one.low is not None and other.high < one.low
    return not (below or above)


def relation(older: Quote, newer: Quote) -> Relation:
    """Say how two quotes of one region stand to each other; empty when they measure different things.

    Args:
        older: the one published first.
        newer: the one published later, or on the same day.
    """
    if older.region != newer.region:
        return ""
    differences = {one.facet for one in compare(older.measure, newer.measure)}
    if not differences:
        if agree(older, newer):
            return "duplicate"
        same_voice = bool(older.publisher) and older.publisher == newer.publisher
        return "superseded" if same_voice and _later(newer, older) else "contradicts"
    if differences == {"period"} and _moved_on(older, newer):
        return "superseded"
    return ""


def latest_first(quotes: Iterable[Quote]) -> list[Quote]:
    """Order quotes by the day they hold, then by the day they were published, newest first."""
    return sorted(
        quotes, key=lambda one: (_day(one.measure.period.end), _day(one.published_on), one.key), reverse=True
    )


def _moved_on(older: Quote, newer: Quote) -> bool:
    # A state of a later day replaces an earlier one; two years' events stand beside each other.
    then, now = older.measure.period, newer.measure.period
    if then.end is None or now.end is None or then.kind != "day" or now.kind != "day":
        return False
    return now.end > then.end


def _later(newer: Quote, older: Quote) -> bool:
    if newer.published_on is None or older.published_on is None:
        return False
    return newer.published_on > older.published_on


def _day(day: date | None) -> date:
    return day or date.min
