"""Small drawings the server makes itself as SVG: sparklines and bars, without a line of inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

WIDTH, HEIGHT, MARGIN = 120, 32, 3
SHADES = 5


@dataclass(frozen=True)
class Sparkline:
    """Points of a small line, broken where a value is missing."""

    lines: tuple[str, ...]
    area: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Sequence[Any]) -> Sparkline | None:
    """Return the drawing of a short series, None when fewer than two values are known.

    Args:
        values: oldest first; None where nothing is known (a gap, never zero).
    """
    numbers = [None if value is None else float(value) for value in values]
    known = [number for number in numbers if number is not None]
    if len(known) < 2:
        return None
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = WIDTH / (len(numbers) - 1)
    points = [
        None
        if number is None
        else f"{index * step:.1f},{HEIGHT - MARGIN - (number - low) / span * (HEIGHT - 2 * MARGIN):.1f}"
        for index, number in enumerate(numbers)
    ]
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    lines = tuple(" ".join(run) for run in runs if len(run) > 1)
    whole = all(point is not None for point in points)
    area = f"0,{HEIGHT} {lines[0]} {WIDTH},{HEIGHT}" if whole and lines else ""
    return Sparkline(lines=lines, area=area)


def shades(values: Sequence[Decimal | int | None]) -> list[int]:
    """Return for each value a shade from 1 (least) to 5 (most), 0 where it is missing."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return [0 for _value in values]
    low, high = known[0], known[-1]
    if low == high:
        return [0 if value is None else 3 for value in values]
    return [
        0 if value is None else 1 + min(SHADES - 1, int((value - low) * SHADES / (high - low)))
        for value in values
    ]


def bar_length(value: Any, largest: Any, width: int = 100) -> str:
    """Return the length of a bar, from the value and the largest of its group."""
    if value is None or not largest:
        return "0"
    return f"{max(0.0, float(value) / float(largest) * width):.1f}"
