"""The text as the rules see it: half-width digits at equal length, sentences, paragraphs, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HALF = {
    code + 0xFEE0: chr(code)
    for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), 0x25, 0x2E)
}
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)]*|\n|$)")
# the longest sentence seen in a published text has 600 characters
LONGEST_SENTENCE = 800
CLAUSE_END = re.compile(r"[，,。；;：:！!？?\n]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text; ``paragraph`` counts lines."""

    start: int
    end: int
    paragraph: int


def half_width(text: str) -> str:
    """Digits, Latin letters, percent sign and point at half width; every offset stays."""
    return text.translate(_HALF)


def sentences(text: str) -> list[Sentence]:
    """Split at full stops and line ends; empty ones are left out."""
    found: list[Sentence] = []
    paragraph = 0
    for m in _SENTENCE.finditer(text):
        if m.group().strip():
            found += (Sentence(start, end, paragraph) for start, end in _pieces(text, m.start(), m.end()))
        if m.group().endswith("\n"):
            paragraph += 1
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One sentence, or pieces of a run-on one: the rules look at all of a sentence for every number in it."""
    while end - start > LONGEST_SENTENCE:
        mark = CLAUSE_END.search(text, start + LONGEST_SENTENCE, min(end, start + 2 * LONGEST_SENTENCE))
        cut = mark.end() if mark else min(end, start + LONGEST_SENTENCE)
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def clause_start(text: str, at: int, floor: int) -> int:
    """Where the clause that holds ``at`` begins, not before ``floor``."""
    best = floor
    for mark in "，。；;：:！!？?\n":
        best = max(best, text.rfind(mark, best, at) + 1)
    comma = at
    while (comma := text.rfind(",", best, comma)) >= 0:
        # 1,234: a comma between digits groups them
        if not (text[comma - 1 : comma].isdigit() and text[comma + 1 : comma + 2].isdigit()):
            return comma + 1
    return best


def clause_end(text: str, at: int, ceiling: int) -> int:
    """Where the clause that holds ``at`` ends, not after ``ceiling``."""
    m = CLAUSE_END.search(text, at, ceiling)
    return m.start() if m else ceiling
