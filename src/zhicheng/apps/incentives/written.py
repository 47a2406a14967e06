"""Money as people write it: full-width, with separators, 元 or 万元; exact to the 分 or not read at all."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

MONEY = re.compile(r"¥?(-?\d{1,14}(?:\.\d{1,8})?)(万)?元?")
FEN = Decimal("0.01")


def fen_of(text: str) -> Decimal | None:
    """Read an amount in 元: ６，１７２．８４, 6,172.84 元 and 1.1万 are amounts; what is finer than a 分 is none.

    Args:
        text: as it was typed, or stands in a bank's file.

    Returns:
        元 with two places, None where it is not exactly an amount.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    found = MONEY.fullmatch(plain)
    if found is None:
        return None
    value = Decimal(found[1]) * (10_000 if found[2] else 1)
    exact = value.quantize(FEN)
    return exact if exact == value else None
