"""The text as the rules see it: half-width digits at equal length, sentences, paragraphs, clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HALF = {
    code + 0xFEE0: chr(code)
    for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), 0x25, 0x2E)
}
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)]*|\n|$)")
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
            found.append(Sentence(m.start(), m.end(), paragraph))
        if m.group().endswith("\n"):
            paragraph += 1
    return found


def clause_start(text: str, at: int, floor: int) -> int:
    """Where the clause that holds ``at`` begins, not before ``floor``."""
    for i in range(at - 1, floor - 1, -1):
        if text[i] in "，,。；;：:！!？?\n" and not (
            text[i] == "," and text[i - 1 : i].isdigit() and text[i + 1 : i + 2].isdigit()
        ):
            return i + 1
    return floor


def clause_end(text: str, at: int, ceiling: int) -> int:
    """Where the clause that holds ``at`` ends, not after ``ceiling``."""
    m = CLAUSE_END.search(text, at, ceiling)
    return m.start() if m else ceiling
