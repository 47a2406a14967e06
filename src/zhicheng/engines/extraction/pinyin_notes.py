"""Pinyin notes that conversion sites put after a character: 協(xié) is 協."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from zhicheng.engines.extraction.commonness import is_han
from zhicheng.engines.extraction.mapped import CERTAIN, Edit
from zhicheng.engines.extraction.simplifying import simplify_character

_TONE_LETTERS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿếềê"
SYLLABLE = rf"[a-zɑɡü{_TONE_LETTERS}\u0300\u0301\u0304\u030c\u0308]{{1,8}}"
_NOTE = re.compile(rf"[(（]({SYLLABLE})[)）]")
_TONE = re.compile(r"[\u0300\u0301\u0304\u030c]")
# So many toned notes show that a conversion site wrote the file; then 們(men) is one as well.
_ENOUGH = 3
_TONELESS_CONFIDENCE = Decimal("0.9")


def notes(text: str) -> Iterator[Edit]:
    """Edits that drop every note which is a reading of the character before it; other brackets stay."""
    found = [one for one in _NOTE.finditer(text) if one.start() and is_han(text[one.start() - 1])]
    toned = sum(is_toned(one[1]) for one in found)
    for one in found:
        char = text[one.start() - 1]
        if not is_reading(one[1], char):
            continue
        if is_toned(one[1]):
            yield Edit(
                one.start(), one.end(), "", "pinyin_note", f"“{one[1]}”是“{char}”的读音，属注音", CERTAIN
            )
        elif toned >= _ENOUGH:
            reason = f"“{one[1]}”是“{char}”的轻声读音，全文有 {toned} 处注音"
            yield Edit(one.start(), one.end(), "", "pinyin_note", reason, _TONELESS_CONFIDENCE)


def is_toned(syllable: str) -> bool:
    """Whether a syllable carries exactly one tone mark."""
    return len(_TONE.findall(unicodedata.normalize("NFD", syllable))) == 1


def is_reading(syllable: str, char: str) -> bool:
    """Whether a character, or its simplified form, can be read so."""
    return plain_syllable(syllable) in readings(char)


def plain_syllable(syllable: str) -> str:
    """The syllable in one spelling: composed letters, and the plain a and g of the alphabet."""
    return unicodedata.normalize("NFC", syllable).replace("ɑ", "a").replace("ɡ", "g")


@lru_cache(maxsize=20_000)
def readings(char: str) -> frozenset[str]:
    """Every reading of a character with its tone, those of its simplified form included."""
    # 0.3 s to load: only a text that has notes pays for it
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415

    forms = {char, simplify_character(char)}
    found = (pinyin_dict.get(ord(form), "") for form in forms)
    return frozenset(unicodedata.normalize("NFC", one) for each in found for one in each.split(",") if one)
