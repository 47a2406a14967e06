"""What a published rank says about the others: the second is at least the third's number, the fourth at most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_OPEN_ABOVE = {"at_least", "above"}
_OPEN_BELOW = {"below"}


@dataclass(frozen=True)
class RankPoint:
    """A rank somebody published together with a number.

    Args:
        rank: the place, 1 is the largest.
        value: the number that stands there.
        approx: exact, at_least, above, below or about; `about` bounds nobody.
    """

    rank: int
    value: Decimal
    approx: str = "exact"


@dataclass(frozen=True)
class Bound:
    """What is known of a number nobody published: between low and high, None where open."""

    low: Decimal | None
    high: Decimal | None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None


def bound_at(points: Iterable[RankPoint], first: int, last: int | None = None) -> Bound:
    """Return what the known ranks say about a place, or about a place between two.

    Who stands before a known place has at least its number, who stands behind has at most as much. Equal
    ranks say equal numbers.

    Args:
        points: known ranks of one ranking: same indicator, scope, period.
        first: best place possible.
        last: worst place possible; the same as `first` when left out.
    """
    worst = first if last is None else last
    low: Decimal | None = None
    high: Decimal | None = None
    for point in points:
        if point.approx == "about":
            continue
        if worst <= point.rank and point.approx not in _OPEN_BELOW:
            low = point.value if low is None else max(low, point.value)
        if first >= point.rank and point.approx not in _OPEN_ABOVE:
            high = point.value if high is None else min(high, point.value)
    return Bound(low, high)


def value_range(value: Decimal, approx: str) -> Bound:
    """Return the numbers that a rounded or hedged number may stand for.

    1300多 lies in 1300 to 1400: 多 and 余 hedge the last digit that is not nought. 约 allows five in a hundred.

    Args:
        value: the number as given, in its base unit.
        approx: exact, at_least, above, below or about.
    """
    if approx == "at_least":
        return Bound(value, value + _step(value))
    if approx == "above":
        return Bound(value, None)
    if approx == "below":
        return Bound(value - _step(value), value)
    if approx == "about":
        slack = abs(value) / 20
        return Bound(value - slack, value + slack)
    return Bound(value, value)


def _step(value: Decimal) -> Decimal:
    if value == 0:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)
