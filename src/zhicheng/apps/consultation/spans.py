"""A speech cut into what was settled and what was not: every character belongs to exactly one piece."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

# Beyond this many pairs of characters the changed middle is taken as replaced whole, so that no correction takes long.
COMPARED = 4_000_000


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


def shifted(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where stretches of a text stand after it was corrected.

    When it applies: a speech is corrected after its passages were marked.

    Args:
        old: the text before. new: after. spans: start and end of each stretch in the old text, in order, not overlapping.

    Returns:
        Start and end in the new text, in the same order, not overlapping; start equals end where the words are gone.
    """
    blocks = _changes(old, new)
    starts = [one[1] for one in blocks]

    def block(place: int) -> tuple[str, int, int, int, int]:
        return blocks[bisect_right(starts, place) - 1]

    found, free = [], 0
    for start, end in spans:
        tag, first, _, there, _ = block(start)
        begin = there + start - first if tag == "equal" else there
        tag, first, _, there, until = block(end - 1)
        stop = there + end - first if tag == "equal" else until
        begin = max(begin, free)
        stop = max(stop, begin)
        found.append((begin, stop))
        free = stop
    return found


def _changes(old: str, new: str) -> list[tuple[str, int, int, int, int]]:
    """Return the blocks in which two texts agree or differ, as `difflib` names them, insertions left out."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(left) * len(right) > COMPARED:
        middle = [("replace", 0, len(left), 0, len(right))]
    else:
        middle = list(SequenceMatcher(None, left, right, autojunk=False).get_opcodes())
    blocks = [("equal", 0, head, 0, head)]
    blocks += [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle]
    blocks.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return [one for one in blocks if one[1] < one[2]]
