"""Finds answers copied from a template: the same sentences under another item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zhicheng.engines.resemblance.terms import plain

# Long enough that two officials do not write it twice by chance, short enough to survive a changed name or date.
LENGTH = 8
SHORTEST = 24
_NUMBERS = re.compile(r"[0-9零一二三四五六七八九十百千万亿]+")


@dataclass(frozen=True)
class Copy:
    """The earlier answer that an answer repeats most.

    Args:
        key: the caller's own key of the earlier answer. share: part of the answer found there, 0 to 1.
    """

    key: int
    share: float


def _pieces(text: str) -> frozenset[str]:
    """Runs of eight characters, every number read as the same one: only figures and dates differ in a template."""
    clean = _NUMBERS.sub("#", plain(text))
    return frozenset(clean[i : i + LENGTH] for i in range(len(clean) - LENGTH + 1))


def copied_share(answer: str, other: str) -> float:
    """Return the part of an answer that also stands in another one, between 0 and 1.

    Args:
        answer: the answer looked at; below 24 characters nothing can be said and 0 is returned.
        other: an answer to something else.
    """
    return _share(_pieces(answer), _pieces(other), len(plain(answer)))


def _share(own: frozenset[str], others: frozenset[str], length: int) -> float:
    if length < SHORTEST or not own:
        return 0.0
    return len(own & others) / len(own)


def most_copied(answer: str, others: Mapping[int, str]) -> Copy | None:
    """Return the other answer that holds most of this one, None when no eight characters agree.

    Args:
        answer: the new answer. others: key → answer to other items.
    """
    own, length = _pieces(answer), len(plain(answer))
    best: Copy | None = None
    for key, text in others.items():
        share = _share(own, _pieces(text), length)
        if share > 0 and (best is None or share > best.share):
            best = Copy(key, share)
    return best
