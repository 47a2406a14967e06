"""Exact splits of money: by largest remainder, so that the parts always sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

FEN = Decimal("0.01")


def largest_remainder(total: Decimal, weights: Sequence[int | Decimal]) -> list[Decimal]:
    """Split an amount by weights, to the 分.

    Each part is rounded down; the 分 left over go to the largest remainders, the earlier part first.

    Args:
        total: 元 with two places, not negative.
        weights: one per part, not negative, not all zero.

    Returns:
        One amount per weight in 元; they sum to `total`.

    Raises:
        ValueError: no weight, a negative weight, or all zero.

    Source:
        市县分担 and 按比例兑付 as worked in docs/policies.md.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    cents = int(total / FEN)
    exact = [cents * Decimal(one) for one in weights]
    parts = [int(one // whole) for one in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(exact[i] % whole), i))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return [FEN * one for one in parts]


def scale_to_budget(claims: Sequence[Decimal], budget: Decimal) -> list[Decimal]:
    """Pay claims in proportion when they exceed a budget (预算上限按比例兑付).

    Args:
        claims: approved amounts in 元.
        budget: 元 available.

    Returns:
        What each claim is paid; the claims themselves when the budget suffices.
    """
    if sum(claims, Decimal(0)) <= budget:
        return list(claims)
    return largest_remainder(budget, claims)
