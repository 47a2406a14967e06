"""Leads the lines of a BPMN drawing around its shapes: neighbours directly, all others along lanes below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhicheng.engines.procedures.layout import BOX_WIDTH, COLUMN, MARGIN

Spot = tuple[int, int, int, int]
Point = tuple[int, int]
# Between lanes; between lines that go down or up beside each other; from a shape to the first of them.
LANE, BESIDE, AWAY = 24, 6, 10
MOST_BESIDE = 8
LETTER, LINE = 12, 14


@dataclass(frozen=True, slots=True)
class Way:
    """A line and where its words stand: left, top, width and height."""

    points: tuple[Point, ...]
    words: Spot


def lead(flows: Sequence[tuple[str, str, str, str]], spots: Mapping[str, Spot]) -> dict[str, Way]:
    """Lead every line so that none crosses a shape.

    A line to the next column goes straight through the gap between the columns. Any other goes down in the gap behind
    its start, along a lane of its own below everything, and up in the gap before its end.

    Args:
        flows: name, start, end and words of each line.
        spots: left, top, width and height of each shape, which stands in a column of the layout.

    Returns:
        The points and the place of the words, by name of the line.
    """
    bottom = max(y + height for _, y, _, height in spots.values())
    found: dict[str, Way] = {}
    direct: set[tuple[str, str]] = set()
    ends: set[str] = set()
    out: Counter[int] = Counter()
    into: Counter[int] = Counter()
    lanes = 0
    for name, start, end, words in flows:
        here, there = _column(spots[start]), _column(spots[end])
        hangs = _hangs(start, spots)
        plain = not hangs and (start, end) not in direct
        if plain and (there == here + 1 or _touch(spots[start], spots[end])):
            direct.add((start, end))
            found[name] = _direct(spots[start], spots[end], beside_start=end in ends)
            ends.add(end)
            continue
        lanes += 1
        lane = bottom + 40 + lanes * LANE
        found[name] = _around(
            spots[start], spots[end], lane, words, out[here] % MOST_BESIDE, into[there] % MOST_BESIDE, hangs=hangs
        )  # fmt: skip
        out[here] += 1
        into[there] += 1
    return found


def _column(spot: Spot) -> int:
    return (spot[0] - MARGIN) // COLUMN


def _hangs(name: str, spots: Mapping[str, Spot]) -> bool:
    """Whether a shape sits on the lower border of another, as a timer does."""
    x, y, _, height = spots[name]
    return any(
        left < x < left + wide and top < y < top + high < y + height
        for other, (left, top, wide, high) in spots.items()
        if other != name
    )


def _touch(one: Spot, other: Spot) -> bool:
    """Whether two shapes stand side by side in one row with nothing between them."""
    level = one[1] + one[3] // 2 == other[1] + other[3] // 2
    return level and 0 < other[0] - one[0] - one[2] < COLUMN - BOX_WIDTH


def _direct(start: Spot, end: Spot, *, beside_start: bool) -> Way:
    """Straight over; the words stand before the end, where another line already has them there, behind the start."""
    (x1, y1, w1, h1), (x2, y2, _, h2) = start, end
    right, level, target = x1 + w1, y1 + h1 // 2, y2 + h2 // 2
    bend = max(right + AWAY, x2 - 2 * AWAY)
    points = ((right, level), (x2, target)) if level == target else (
        (right, level), (bend, level), (bend, target), (x2, target)
    )  # fmt: skip
    place = level if beside_start else target
    return Way(points, (right + 4, place - 2 * LINE - 4, max(x2 - right - 8, LETTER), 2 * LINE))


def _around(start: Spot, end: Spot, lane: int, words: str, out: int, into: int, *, hangs: bool) -> Way:
    (x1, y1, w1, h1), (x2, y2, _, h2) = start, end
    gap = MARGIN + _column(start) * COLUMN + BOX_WIDTH + 64 if hangs else x1 + w1
    down, up = gap + AWAY + out * BESIDE, x2 - AWAY - into * BESIDE
    first: tuple[Point, ...] = ((x1 + w1, y1 + h1 // 2), (down, y1 + h1 // 2))
    if hangs:
        middle, below = x1 + w1 // 2, y1 + h1 + 8
        first = ((middle, y1 + h1), (middle, below), (down, below))
    target = y2 + h2 // 2
    points = (*first, (down, lane), (up, lane), (up, target), (x2, target))
    return Way(points, (min(down, up) + 8, lane - LINE - 2, LETTER * len(words) + LETTER, LINE))
