"""The form of an organisation's name in which two spellings of one name are equal."""

from __future__ import annotations

import re
from functools import lru_cache

from opencc import OpenCC

_HALF = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: None}
_BRACKETS = re.compile(r"[()（）\[\]【】<>《》“”\"'·\s,，.。、-]")
_FORMS = (
    ("股份有限责任公司", "股份公司"), ("股份有限公司", "股份公司"), ("有限责任公司", "公司"), ("有限公司", "公司"),
    ("集团公司", "集团"), ("普通合伙", "合伙"), ("有限合伙", "合伙"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


_TRADITIONAL = re.compile(
    "[國學業電機華東車長門開關發動萬與為專寧廠實驗醫藥環氣礦銀鐵鋼錦維納衛設計詩論譯財資軟製農紡織]"
)


@lru_cache(maxsize=200_000)
def normalise_name(name: str) -> str:
    """Return the comparable form: simplified, half-width, without brackets, legal forms made one."""
    text = name.translate(_HALF)
    if _TRADITIONAL.search(text):
        text = _simplifier().convert(text)
    text = _BRACKETS.sub("", text).upper()
    for long, short in _FORMS:
        text = text.replace(long, short)
    return text
