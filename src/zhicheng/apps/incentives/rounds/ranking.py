"""From experts' marks to a ranking: trimmed means, weighted stages, ties, and who gets which tier; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PLACES = Decimal("0.0001")
CRITERION, BOTH, EARLIER = "criterion", "both", "earlier"


@dataclass(frozen=True)
class Entrant:
    """One candidate with what decides its place.

    Args:
        key: id of the candidate. total: weighted total, four places.
        criteria: mean per criterion, in the order of the criteria, over all stages.
        submitted: when the application was handed in.
        votes: share of votes in favour, then that of a second ballot; empty where nobody voted.
    """

    key: int
    total: Decimal
    criteria: tuple[Decimal, ...] = ()
    submitted: datetime | None = None
    votes: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A candidate with its place."""

    key: int
    total: Decimal
    rank: int


def trimmed_mean(scores: Sequence[Decimal], trimmed: int) -> Decimal:
    """Mean of scores without so many of the highest and of the lowest.

    Args:
        scores: totals of the sheets, 0 to 100.
        trimmed: how many to leave out at each end.

    Returns:
        The mean to four places, half up.

    Raises:
        ValueError: nothing is left after trimming.
    """
    kept = sorted(scores)[trimmed : len(scores) - trimmed] if trimmed else list(scores)
    if not kept:
        raise ValueError(f"{len(scores)} scores, {trimmed} trimmed at each end: nothing is left")
    return (sum(kept, Decimal(0)) / len(kept)).quantize(PLACES, ROUND_HALF_UP)


def weighted(means: Sequence[Decimal], weights: Sequence[int]) -> Decimal:
    """Total over stages whose weights sum to 100."""
    total = sum((mean * weight for mean, weight in zip(means, weights, strict=True)), Decimal(0))
    return (total / 100).quantize(PLACES, ROUND_HALF_UP)


def ranked(entrants: Sequence[Entrant], tie: str) -> list[Placed]:
    """Candidates in order, by votes where there was a vote and then by total; what the tie rule cannot part shares a place.

    Args:
        entrants: everybody who is still in, each with as many shares of votes as the others.
        tie: criterion (mark by mark in the order of the criteria), both (equal totals share the place),
            earlier (who applied first stands first).
    """

    def sort_key(one: Entrant) -> tuple[object, ...]:
        extra: tuple[object, ...] = ()
        if tie == CRITERION:
            extra = tuple(-mark for mark in one.criteria)
        elif tie == EARLIER:
            extra = (one.submitted.timestamp() if one.submitted else float("inf"),)
        return (*(-share for share in one.votes), -one.total, *extra)

    ordered = sorted(entrants, key=lambda one: (*sort_key(one), one.key))
    placed: list[Placed] = []
    last: tuple[object, ...] | None = None
    for number, one in enumerate(ordered, start=1):
        mine = sort_key(one)
        rank = placed[-1].rank if placed and mine == last else number
        placed.append(Placed(one.key, one.total, rank))
        last = mine
    return placed


def seated(placed: Sequence[Placed], tiers: Sequence[tuple[str, int]]) -> Mapping[int, str]:
    """Who gets which tier: seats are filled in order of place; those who share a place share the tier.

    A shared place that begins inside a tier's seats is seated whole, and the next tier has so many seats fewer.
    """
    found: dict[int, str] = {}
    bounds: list[tuple[str, int]] = []
    end = 0
    for tier, seats in tiers:
        end += seats
        bounds.append((tier, end))
    for one in placed:
        tier = next((name for name, last in bounds if one.rank <= last), "")
        if tier:
            found[one.key] = tier
    return found
