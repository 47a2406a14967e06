"""What a reader hands on: the raw text, the characters to work on, and what the format says about their place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from zhicheng.engines.extraction.mapped import Mapped


@dataclass(frozen=True)
class Zone:
    """A part of the raw file that its format gives a role.

    Args:
        start: first code point in the raw file.
        end: code point after the last one.
        role: heading, page_title, navigation, caption, related, advertisement, link or cell.
    """

    start: int
    end: int
    role: str


@dataclass(frozen=True)
class Declared:
    """What the page declares in its head; empty where it does not."""

    publisher: str = ""
    author: str = ""
    published_on: date | None = None


@dataclass(frozen=True)
class SourceText:
    """One file, read but not yet repaired."""

    raw: str
    encoding: str
    mapped: Mapped
    zones: tuple[Zone, ...] = ()
    declared: Declared = field(default_factory=Declared)
    hard_wrapped: bool = False


class Zones:
    """Looks up which zones cover a place in the raw file."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._by_role: dict[str, tuple[list[int], list[int]]] = {}
        for zone in sorted(zones, key=lambda one: one.start):
            starts, ends = self._by_role.setdefault(zone.role, ([], []))
            if ends and zone.start < ends[-1]:
                ends[-1] = max(ends[-1], zone.end)
            else:
                starts.append(zone.start)
                ends.append(zone.end)

    def share(self, role: str, start: int, end: int) -> float:
        """The share of ``start``..``end`` that zones of a role cover."""
        starts, ends = self._by_role.get(role, ([], []))
        at = max(bisect_right(starts, start) - 1, 0)
        covered = 0
        while at < len(starts) and starts[at] < end:
            covered += max(0, min(end, ends[at]) - max(start, starts[at]))
            at += 1
        return covered / max(end - start, 1)
