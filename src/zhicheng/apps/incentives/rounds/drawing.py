"""Lots that can be drawn again: an order from a recorded seed, and the time slots of a defence; no database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta


def drawn(codes: Sequence[str], seed: str) -> list[str]:
    """Codes in the order of their lots.

    The lot of a code is the SHA-256 of the seed, a line break and the code, so that anybody can draw again with
    `printf 'SEED\\nCODE' | sha256sum` and sort.

    Args:
        codes: what lots are drawn for, each once, in any order. seed: as it was recorded.

    Raises:
        ValueError: a code stands twice.
    """
    if len(set(codes)) != len(codes):
        raise ValueError("a code stands twice")
    return sorted(codes, key=lambda code: (lot(code, seed), code))


def lot(code: str, seed: str) -> str:
    """The lot of one code in hexadecimal."""
    return hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest()


def slots(start: datetime, minutes: int, number: int, rest: int = 0) -> list[tuple[datetime, datetime]]:
    """Begin and end of so many slots one after the other, with minutes of rest between them.

    Raises:
        ValueError: a slot has no length.
    """
    if minutes < 1 or rest < 0:
        raise ValueError(f"{minutes} minutes, {rest} of rest")
    step, length = timedelta(minutes=minutes + rest), timedelta(minutes=minutes)
    return [(start + step * place, start + step * place + length) for place in range(number)]
