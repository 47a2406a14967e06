"""How numbers are written on pages: grouped digits, 万元 and 亿元 only here at the edge."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language

Sizes = tuple[tuple[Decimal, str], ...]
MONEY = "元"
CHINESE: Sizes = ((Decimal(100_000_000), "亿元"), (Decimal(10_000), "万元"), (Decimal(1), MONEY))
ENGLISH: Sizes = ((Decimal(1_000_000_000), "bn yuan"), (Decimal(1_000_000), "m yuan"), (Decimal(1), "yuan"))


def in_english() -> bool:
    """Whether the page is read in English."""
    return (get_language() or "").startswith("en")


def said(one: Any, what: str) -> str:
    """What a catalogue entry calls itself or its unit in the language of the page: `name_zh` or `name_en`.

    Args:
        one: an indicator, or its definition as a signed figure keeps it. what: `name` or `unit`.
    """
    for name in (f"{what}_en", f"{what}_zh") if in_english() else (f"{what}_zh",):
        if found := one.get(name) if isinstance(one, dict) else getattr(one, name, ""):
            return MONEY if name == "unit_en" and found == "yuan" else str(found)
    return ""


def money_sizes() -> Sizes:
    """The sizes at which the language of the page writes money, the largest first."""
    return ENGLISH if in_english() else CHINESE


def grouped(value: Decimal | int | float | str | None, places: int | None = None) -> str:
    """Return a number with thousands separators, an em dash when there is none.

    Args:
        value: the number. places: decimals to round to; None keeps those it has, without trailing zeros.
    """
    if value is None or value == "":
        return "—"
    number = Decimal(str(value))
    if places is not None:
        return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
    if number == number.to_integral_value():
        return f"{int(number):,}"
    return f"{number.normalize():,f}"


def amount(value: Decimal | int | str | None, unit: str) -> tuple[str, str]:
    """Return a value and its unit as a person reads them: 4207000000.00 元 → 42.07 亿元, 4.21 bn yuan in English."""
    if value is None or value == "":
        return "—", unit
    number = Decimal(str(value))
    if unit != MONEY:
        return grouped(number), unit
    *large, (_, plain) = money_sizes()
    for size, name in large:
        if abs(number) >= size:
            return grouped((number / size).quantize(Decimal("0.01"), ROUND_HALF_UP)), name
    return grouped(number, 2), plain
