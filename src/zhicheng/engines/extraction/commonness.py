"""How ordinary a character is in Chinese public texts: the measure behind encodings and shifted bytes."""

from __future__ import annotations

from functools import cache

from zhicheng.engines.extraction.simplifying import simplify_characters

PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕—…·～　￥％")
LOST = "\ufffd"
_RARE = -1.5


def commonness(char: str) -> float:
    """Score one character: 1 for ordinary Chinese and its punctuation, below 0 for what hardly occurs."""
    if char in PUNCTUATION or char in _everyday():
        return 1.0
    if char.isascii():
        return 0.5 if char.isprintable() or char in "\r\n\t" else -3.0
    if is_private(char):
        return -4.0
    if char == LOST:
        return -1.0
    if char in _second_level():
        return -0.3
    return 0.0 if char in "\xa0\u3000•·" or char in _TONED else _RARE


def is_private(char: str) -> bool:
    """Whether a character lies in the private area, where no published text has any business."""
    return "\ue000" <= char <= "\uf8ff"


def is_ordinary(char: str) -> bool:
    """Whether a Chinese character, simplified or traditional, is among the 3,755 everyday ones."""
    return char in _everyday()


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return (
        "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "〇" or char >= "\U00020000"
    )


_TONED = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ")


@cache
def _everyday() -> frozenset[str]:
    return _with_traditional(_rows(0xB0, 0xD8))


@cache
def _second_level() -> frozenset[str]:
    return _with_traditional(_rows(0xD8, 0xF8))


def _rows(first: int, last: int) -> frozenset[str]:
    """The characters of GB 2312 in some rows: level one is sorted by sound, level two by radical."""
    pairs = (bytes((lead, trail)) for lead in range(first, last) for trail in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in pairs))


def _with_traditional(simplified: frozenset[str]) -> frozenset[str]:
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    pairs = zip(every, simplify_characters(every), strict=True)
    return simplified | {char for char, plain in pairs if plain in simplified}
