"""Which character stood where a byte was lost: every candidate is weighed by what surrounds it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from zhicheng.engines.extraction.commonness import LOST, is_han, is_ordinary
from zhicheng.engines.extraction.pinyin_notes import is_reading
from zhicheng.engines.extraction.simplifying import simplify_character

# Characters of context on either side: longer repeats add nothing that four did not decide.
_REACH = 4
_ENOUGH = 0.6
_SHOWN = 5
_NEVER_CERTAIN = Decimal("0.99")
_ENDERS = "。！？"
_PAUSES = "，、；："
_CLOSERS = "”’」』"
_LEADS = range(0x81, 0xFF)
_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


@dataclass(frozen=True)
class Gap:
    """A character of which only a part is known.

    Args:
        lead: first byte, None when lost.
        trail: second byte, None when lost.
        note: pinyin that followed it, empty when none did.
    """

    lead: int | None
    trail: int | None
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """The character chosen, or the mark for a lost one, with the candidates best first."""

    char: str
    confidence: Decimal
    candidates: tuple[str, ...]


def choose(gap: Gap, *, left: str, right: str, around: str, note_follows_traditional: bool = False) -> Choice:
    """Choose the character that the surroundings decide; nothing decided leaves the mark.

    Args:
        gap: what is known of it.
        left: simplified text right before it.
        right: simplified text right after it.
        around: the rest of the document, simplified, without notes, to find repeated phrases in.
        note_follows_traditional: the document's notes only follow traditional characters.
    """
    best: dict[str, float] = {}
    for char in candidates(gap):
        plain = simplify_character(char)
        score = _score(plain, left, right, around)
        if gap.note and note_follows_traditional:
            score += 2.0 if plain != char else -2.0
        best[plain] = max(score, best.get(plain, -math.inf))
    if not best:
        return Choice(LOST, Decimal(0), ())
    ranked = sorted(best, key=lambda char: (-best[char], char))
    top = best[ranked[0]]
    share = 1 / sum(math.exp(best[char] - top) for char in ranked)
    shown = tuple(char for char in ranked[:_SHOWN] if best[char] > 0) or tuple(ranked[:1])
    confidence = Decimal(1) if len(best) == 1 else min(Decimal(str(round(share, 2))), _NEVER_CERTAIN)
    # A bare guess by frequency is an invention: some evidence must speak for the winner.
    decided = share >= _ENOUGH and (top >= 2.0 or len(best) == 1)
    return Choice(ranked[0] if decided else LOST, confidence, shown)


def candidates(gap: Gap) -> list[str]:
    """Every Chinese character or mark whose known byte and reading fit."""
    leads = _LEADS if gap.lead is None else (gap.lead,)
    trails = _TRAILS if gap.trail is None else (gap.trail,)
    chars = [
        char
        for lead in leads
        for trail in trails
        if (char := bytes((lead, trail)).decode("gb18030", "ignore")) and len(char) == 1
    ]
    if gap.note:
        return [char for char in chars if is_han(char) and is_reading(gap.note, char)]
    return [char for char in chars if is_han(char) or char in _ENDERS + _PAUSES + _CLOSERS + "“‘（）《》—"]


def _score(char: str, left: str, right: str, around: str) -> float:
    if not is_han(char):
        return _mark_score(char, left, right) + _repeat_score(char, left, right, around) / 2
    score = 1.0 if is_ordinary(char) else -1.0
    score += min(around.count(char), 5) / 5
    return score + _repeat_score(char, left, right, around) + _word_score(char, left, right)


def _mark_score(char: str, left: str, right: str) -> float:
    """How well a punctuation mark sits between its neighbours."""
    after = right[:1]
    before = left[-1:]
    if char in _ENDERS:
        spoken = after != "" and after in _CLOSERS and _quotes_a_sentence(left)
        fits = after in ("", "\n") or spoken
        # a statement ends in 。 unless something asks or exclaims; speech hardly ever closes without a mark
        return (
            (7.0 if spoken else 5.0) - (0.0 if char == "。" else 3.0)
            if fits and is_han(before or " ")
            else 0.0
        )
    if char in _PAUSES:
        return 2.0 if is_han(before or " ") and (is_han(after or " ") or after in "“《") and after else 0.0
    if char in _CLOSERS:
        return 1.0
    return 0.0


def _quotes_a_sentence(left: str) -> bool:
    """Whether the quotation before the gap is speech; a quoted term has no pause and takes no full stop."""
    quoted = left[max(left.rfind("“"), left.rfind("「")) + 1 :]
    # a question or exclamation mark may itself be half of a damaged character
    return any(mark in quoted for mark in "，。；,;")


def _repeat_score(char: str, left: str, right: str, around: str) -> float:
    """The longest phrase around the gap that stands elsewhere in the document, one character at least."""
    longest = 0
    for before in range(min(_REACH, len(left)) + 1):
        head = left[len(left) - before :] + char
        if before and head not in around:
            break
        after = 0
        while after < min(_REACH, len(right)) and head + right[: after + 1] in around:
            after += 1
        longest = max(longest, before + after)
    return 3.0 + 1.5 * longest if longest else 0.0


def _word_score(char: str, left: str, right: str) -> float:
    """The longest dictionary word that the character makes with its neighbours."""
    best = 0.0
    for before in range(min(3, len(left)) + 1):
        for after in range(min(3, len(right)) + 1):
            size = before + after + 1
            if 2 <= size <= 4 and is_word(left[len(left) - before :] + char + right[:after]):
                best = max(best, float(size))
    return best


@lru_cache(maxsize=50_000)
def is_word(word: str) -> bool:
    """Whether a word stands in the dictionary."""
    import rjieba  # noqa: PLC0415 - its dictionary is only loaded for a damaged text

    return all(map(is_han, word)) and bool(rjieba.has_word(word))
