"""A speech cut into what was settled and what was not: every character belongs to exactly one piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """A stretch of a speech.

    Args:
        start: position of its first character. end: position after its last.
        text: the words. passage: what became of it, None while nothing did.
        blank: nothing but spaces and punctuation; needs no fate.
    """

    start: int
    end: int
    text: str
    passage: Any = None
    blank: bool = False

    @property
    def open(self) -> bool:
        """Tell whether it still waits for a fate."""
        return self.passage is None and not self.blank


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return where each line that is not empty begins and ends, blanks at its ends left out."""
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            first = start + line.index(body)
            spans.append((first, first + len(body)))
        start += len(line)
    return spans


def pieces(text: str, passages: Sequence[Any]) -> list[list[Piece]]:
    """Cut a speech into pieces, paragraph by paragraph.

    Args:
        text: the speech. passages: things with start and end, not overlapping.
    """
    marked = sorted(passages, key=lambda one: one.start)
    return [_cut(text, start, end, marked) for start, end in paragraphs(text)]


def _cut(text: str, start: int, end: int, marked: Sequence[Any]) -> list[Piece]:
    found, place = [], start
    for one in marked:
        first, last = max(one.start, start), min(one.end, end)
        if first >= last:
            continue
        if first > place:
            found.append(_free(text, place, first))
        found.append(Piece(first, last, text[first:last], passage=one))
        place = last
    if place < end:
        found.append(_free(text, place, end))
    return found


def _free(text: str, start: int, end: int) -> Piece:
    words = text[start:end]
    return Piece(start, end, words, blank=not any(one.isalnum() for one in words))


def unsettled(text: str, passages: Sequence[Any]) -> int:
    """Return how many pieces of a speech have no fate yet."""
    return sum(piece.open for line in pieces(text, passages) for piece in line)
