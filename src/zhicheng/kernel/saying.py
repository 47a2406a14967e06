"""Words of the kernel and the engines in the language of whoever reads them: Chinese until the house names a translator."""

from __future__ import annotations

from collections.abc import Callable


def _as_written(words: str) -> str:
    return words


_translate: Callable[[str], str] = _as_written


def translate_by(translate: Callable[[str], str]) -> None:
    """Name the function that puts Chinese words into the reader's language; the house does so once when it starts."""
    global _translate  # noqa: PLW0603 - one house speaks one way
    _translate = translate


def said(words: str) -> str:
    """Chinese words as the reader of this moment reads them."""
    return _translate(words)
