"""Money exact to the 分: rounding, splitting without losing a 分, and 万元/亿元 at the edges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def yuan(value: Decimal | int | str) -> Decimal:
    """Return an amount in 元 with two places, half up."""
    return Decimal(value).quantize(FEN, ROUND_HALF_UP)


def split(total: Decimal | int, weights: Sequence[Decimal | int], *, places: int = 2) -> list[Decimal]:
    """Split a total by weights so that the parts sum to it exactly (largest remainder, ties in order).

    Args:
        total: what is split, in 元 or any unit.
        weights: non-negative weights, not all zero.
        places: decimal places of a part; 0 splits whole things.

    Raises:
        ValueError: a weight is negative, or all are zero.
    """
    if not weights or any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("weights must be non-negative and not all zero")
    unit = Decimal(1).scaleb(-places)
    whole = Decimal(total)
    sum_of_weights = sum((Decimal(weight) for weight in weights), Decimal(0))
    exact = [whole * Decimal(weight) / sum_of_weights for weight in weights]
    parts = [share.quantize(unit, ROUND_DOWN) for share in exact]
    left = int((whole - sum(parts, Decimal(0))) / unit)
    order = sorted(range(len(parts)), key=lambda index: (-(exact[index] - parts[index]), index))
    for index in order[:left]:
        parts[index] += unit
    return parts


def shown(amount: Decimal, *, unit: str = "万元", places: int = 2) -> str:
    """Write an amount in 万元 or 亿元 with thousands separators, half up, without trailing zeros.

    Raises:
        KeyError: the unit is none of 元, 万元, 亿元.
    """
    factor = {"元": 1, "万元": 10_000, "亿元": 100_000_000}[unit]
    value = (amount / factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{value:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit
