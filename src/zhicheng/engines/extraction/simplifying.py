"""Traditional characters to simplified ones, character for character, with the dictionaries of OpenCC."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

# OpenCC matches phrases: a piece this long keeps one call short and bounded.
PIECE = 2000


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415 - one C++ dictionary, loaded by the first text that needs it

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return the text in simplified characters, of the same length.

    Where OpenCC would change the number of characters, each is converted for itself.
    """
    pieces = (text[at : at + PIECE] for at in range(0, len(text), PIECE))
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    plain: str = _converter().convert(piece)
    return plain if len(plain) == len(piece) else "".join(simplify_character(char) for char in piece)


@lru_cache(maxsize=20_000)
def simplify_character(char: str) -> str:
    """Return the simplified form of one character, or the character where it has none of one character."""
    plain: str = _converter().convert(char)
    return plain if len(plain) == 1 else char


def simplify_characters(chars: Sequence[str]) -> list[str]:
    """Return the simplified form of each of many characters in one call."""
    plain: str = _converter().convert("\n".join(chars))
    return plain.split("\n")
