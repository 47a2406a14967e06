"""What a text speaks of and what is wrong with it: things and troubles, each known by many words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# A thing or trouble that half of all texts name tells nothing; one that no other names tells most.
FACETS = ("things", "troubles")


@dataclass(frozen=True)
class Concepts:
    """Groups of words that stand for one thing or one trouble.

    Args:
        things: name → words for what is spoken of. troubles: name → words for what is wrong with it.
    """

    things: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    troubles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named_by(self, text: str) -> Named:
        """Return what a text names; a group counts once however often its words occur."""
        return Named(*(frozenset(name for name, words in getattr(self, facet).items() if any(one in text for one in words)) for facet in FACETS))  # fmt: skip


@dataclass(frozen=True)
class Named:
    """The things and troubles that a text names."""

    things: frozenset[str]
    troubles: frozenset[str]


def rarity(texts: Iterable[Named]) -> dict[str, dict[str, float]]:
    """Return how much each thing and trouble tells: the logarithm of how few of the texts name it.

    Args:
        texts: what texts of the same kind name, e.g. the city's earlier items.
    """
    rows = list(texts)
    found: dict[str, dict[str, float]] = {}
    for facet in FACETS:
        seen: dict[str, int] = {}
        for one in rows:
            for name in getattr(one, facet):
                seen[name] = seen.get(name, 0) + 1
        found[facet] = {name: math.log(1 + (len(rows) + 1) / (times + 0.5)) for name, times in seen.items()}
        found[facet][""] = math.log(1 + (len(rows) + 1) / 0.5)
    return found


def agreement(left: Named, right: Named, weight: Mapping[str, Mapping[str, float]]) -> tuple[float, float]:
    """Return how far two texts agree in things and in troubles, each between 0 and 1.

    Args:
        left: what one text names. right: the other. weight: from `rarity`.
    """

    def share(facet: str) -> float:
        a, b = getattr(left, facet), getattr(right, facet)
        if not a or not b:
            return 0.0
        heavy = weight[facet]

        def total(names: frozenset[str]) -> float:
            return sum(heavy.get(one, heavy[""]) ** 2 for one in names)

        return total(a & b) / math.sqrt(total(a) * total(b))

    return share("things"), share("troubles")
