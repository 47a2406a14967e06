"""Finds earlier items that a new one resembles, to be set beside it for a person to decide."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhicheng.engines.resemblance.concepts import Concepts, Named, agreement, rarity
from zhicheng.engines.resemblance.terms import Terms, terms_of

# The least at which, on the older labelled sets, every second proposal of three is right; measured on a set written
# afterwards: docs/consultation.md.
RECURS_FROM = 0.42
# Subjects carry most: people name one thing in many words. Words and pairs tell two of one subject apart.
ONE_SUBJECT = 0.7
SHARES = {"subjects": 0.4, "words": 0.3, "pairs": 0.3}
# What is added for one thing with one trouble, and for one thing alone; chosen with the threshold.
MEANT, THING = 0.7, 0.2
NO_CONCEPTS = Concepts()
# Who raised something before may be raising it again; too little to make a proposal of nothing. Not measured.
SAME_VOICE = 0.1


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


@dataclass(frozen=True)
class _Text:
    """A text taken apart in both ways."""

    terms: Terms
    named: Named


class _Corpus:
    """Texts of one kind, and how much each part of a text tells among them."""

    def __init__(self, texts: Iterable[_Text]) -> None:
        rows = list(texts)
        self.count = len(rows)
        self.seen = _rarity([one.terms for one in rows])
        self.weight = rarity(one.named for one in rows)

    def score(self, left: _Text, right: _Text) -> float:
        """Return how much two texts say the same: in their words, and in thing and trouble together."""
        words = _score(left.terms, right.terms, self.seen, self.count)
        things, troubles = agreement(left.named, right.named, self.weight)
        # One thing without one trouble is the field, one trouble without one thing is a mood: both count, or little.
        meant = math.sqrt(things * troubles)
        return min(1.0, words + MEANT * meant + THING * things)


def _taken(text: str, concepts: Concepts) -> _Text:
    return _Text(terms_of(text), concepts.named_by(unicodedata.normalize("NFKC", text).lower()))


def resemblance(
    left: str, right: str, *, among: Iterable[str] = (), concepts: Concepts = NO_CONCEPTS
) -> float:
    """Return how much two texts say the same, between 0 and 1.

    Args:
        left: one text. right: the other.
        among: texts of the same kind; what many of them say counts for less.
        concepts: the field's words for things and troubles.
    """
    corpus = _Corpus(_taken(one, concepts) for one in among)
    return corpus.score(_taken(left, concepts), _taken(right, concepts))


def nearest(
    text: str, earlier: Mapping[int, str], *, limit: int = 3, at_least: float = RECURS_FROM,
    concepts: Concepts = NO_CONCEPTS, same_voice: Collection[int] = (),
) -> list[Match]:  # fmt: skip
    """Return the earlier texts a new one resembles most, best first.

    When it applies: a new problem or suggestion was taken up and the office asks whether it was raised before.

    Args:
        text: title and content of the new item.
        earlier: key → title and content of those raised before.
        limit: how many at most. at_least: score from which a resemblance is worth a person's look.
        concepts: the field's words for things and troubles.
        same_voice: keys of earlier texts by the same organisation.

    Returns:
        Matches of at least that score; empty when nothing resembles it.
    """
    own = _taken(text, concepts)
    taken = {key: _taken(one, concepts) for key, one in earlier.items()}
    corpus = _Corpus(taken.values())
    scored = [
        Match(key, min(1.0, corpus.score(own, one) + (SAME_VOICE if key in same_voice else 0.0)))
        for key, one in taken.items()
    ]
    scored.sort(key=lambda match: (-match.score, match.key))
    return [match for match in scored if match.score >= at_least][:limit]
