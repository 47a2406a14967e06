"""Finds earlier items that a new one resembles, to be set beside it for a person to decide."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhicheng.engines.resemblance.terms import Terms, terms_of

# Chosen on one half of the labelled set, measured on the other: docs/consultation.md.
RECURS_FROM = 0.30
# Subjects carry most: people name one thing in many words. Words and pairs tell two of one subject apart.
ONE_SUBJECT = 0.7
SHARES = {"subjects": 0.4, "words": 0.3, "pairs": 0.3}


@dataclass(frozen=True)
class Match:
    """An earlier text and how much a new one resembles it.

    Args:
        key: the caller's own key of the earlier text. score: 0 to 1.
    """

    key: int
    score: float


def _rarity(texts: Sequence[Terms]) -> dict[str, Counter[str]]:
    """Return for each part how many texts hold each term."""
    return {part: Counter(term for one in texts for term in getattr(one, part)) for part in SHARES}


def _cosine(left: Mapping[str, int], right: Mapping[str, int], seen: Mapping[str, int], count: int) -> float:
    def weight(term: str, times: int) -> float:
        return (1 + math.log(times)) * math.log(1 + (count + 1) / (seen.get(term, 0) + 0.5))

    a = {term: weight(term, times) for term, times in left.items()}
    b = {term: weight(term, times) for term, times in right.items()}
    if not a or not b:
        return 0.0
    dot = sum(value * b[term] for term, value in a.items() if term in b)
    norm = math.sqrt(sum(value * value for value in a.values()) * sum(value * value for value in b.values()))
    return dot / norm if norm else 0.0


def _score(left: Terms, right: Terms, seen: Mapping[str, Mapping[str, int]], count: int) -> float:
    total = sum(
        share * _cosine(getattr(left, part), getattr(right, part), seen[part], count)
        for part, share in SHARES.items()
    )
    shared = len(left.subjects & right.subjects)
    # One subject in common is not yet one problem: exports come up in many.
    return total if shared > 1 or not (left.subjects and right.subjects) else total * ONE_SUBJECT


def resemblance(left: str, right: str, *, among: Iterable[str] = ()) -> float:
    """Return how much two texts say the same, between 0 and 1.

    Args:
        left: one text. right: the other.
        among: texts of the same kind; what many of them say counts for less.
    """
    corpus = [terms_of(one) for one in among]
    return _score(terms_of(left), terms_of(right), _rarity(corpus), len(corpus))


def nearest(
    text: str, earlier: Mapping[int, str], *, limit: int = 3, at_least: float = RECURS_FROM
) -> list[Match]:
    """Return the earlier texts a new one resembles most, best first.

    When it applies: a new problem or suggestion was taken up and the office asks whether it was raised before.

    Args:
        text: title and content of the new item.
        earlier: key → title and content of those raised before.
        limit: how many at most. at_least: score from which a resemblance is worth a person's look.

    Returns:
        Matches of at least that score; empty when nothing resembles it.
    """
    own = terms_of(text)
    taken = {key: terms_of(one) for key, one in earlier.items()}
    seen = _rarity(list(taken.values()))
    scored = [Match(key, _score(own, one, seen, len(taken))) for key, one in taken.items()]
    scored.sort(key=lambda match: (-match.score, match.key))
    return [match for match in scored if match.score >= at_least][:limit]
