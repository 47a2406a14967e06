"""Where figures stand in a text: the map between raw and repaired text, and the text cut at its figures."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int, int]  # start, end (exclusive), key of the figure


@dataclass(frozen=True)
class Piece:
    """A stretch of text with the figures that stand in it, none for plain text."""

    text: str
    keys: tuple[int, ...] = ()

    @property
    def key(self) -> int:
        """Return the figure a click on this piece leads to."""
        return self.keys[0] if self.keys else 0


def runs_of(origin: Sequence[int]) -> list[list[int]]:
    """Write the map text → raw as runs [text position, raw position] in which both count up together."""
    runs: list[list[int]] = []
    for place, raw in enumerate(origin):
        if not runs or raw - runs[-1][1] != place - runs[-1][0]:
            runs.append([place, raw])
    return runs


def origin_of(runs: Sequence[Sequence[int]], length: int) -> list[int]:
    """Undo `runs_of` for a text of so many characters."""
    origin: list[int] = []
    for index, (place, raw) in enumerate(runs):
        last = runs[index + 1][0] if index + 1 < len(runs) else length
        origin.extend(range(raw, raw + max(0, last - place)))
    return origin[:length]


def in_text(spans: Iterable[Span], runs: Sequence[Sequence[int]], length: int) -> list[Span]:
    """Carry spans of the raw file over to the repaired text; what was cut away there is left out."""
    back = sorted((raw, place) for place, raw in enumerate(origin_of(runs, length)))
    raws = [raw for raw, _ in back]
    found: list[Span] = []
    for start, end, key in spans:
        places = [place for _, place in back[bisect_left(raws, start) : bisect_left(raws, end)]]
        if places:
            found.append((min(places), max(places) + 1, key))
    return found


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Cut a text at the borders of its figures; figures that overlap share the pieces they share."""
    kept = sorted((max(0, start), min(end, len(text)), key) for start, end, key in spans if start < end)
    borders = sorted({0, len(text), *(start for start, _, _ in kept), *(end for _, end, _ in kept)})
    found: list[Piece] = []
    active: list[Span] = []
    following = 0
    for start, end in pairwise(borders):
        while following < len(kept) and kept[following][0] <= start:
            active.append(kept[following])
            following += 1
        active = [one for one in active if one[1] > start]
        found.append(Piece(text[start:end], tuple(key for _, _, key in active)))
    return [one for one in found if one.text]
