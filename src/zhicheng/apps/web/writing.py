"""How numbers are written on pages: grouped digits, 万元 and 亿元 only here at the edge."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

YI = Decimal(100_000_000)
WAN = Decimal(10_000)


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
    """Return a value and its unit as a person reads them: 4207000000.00 元 → 42.07 亿元."""
    if value is None or value == "":
        return "—", unit
    number = Decimal(str(value))
    if unit != "元":
        return grouped(number), unit
    for size, name in ((YI, "亿元"), (WAN, "万元")):
        if abs(number) >= size:
            return grouped((number / size).quantize(Decimal("0.01"), ROUND_HALF_UP)), name
    return grouped(number, 2), unit
