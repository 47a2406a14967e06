"""Quantities as people write them: 1.1万, 42.07亿元, ４０００多, 近百; value, unit, approximation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from zhicheng.kernel.refusals import Refusal

Approximation = Literal["exact", "at_least", "about", "below", "above"]
_FULL = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
_DIGITS = dict(zip("零〇一二三四五六七八九两", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True))
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_BEFORE: dict[str, Approximation] = {
    "近": "below", "不到": "below", "不足": "below", "将近": "below", "低于": "below",
    "约": "about", "大约": "about", "左右": "about", "超": "above", "超过": "above", "逾": "above",
    "突破": "at_least", "至少": "at_least", "不少于": "at_least", "达": "exact", "共": "exact",
}  # fmt: skip
_AFTER: dict[str, Approximation] = {
    "多": "at_least", "余": "at_least", "几": "at_least", "以上": "at_least", "左右": "about", "上下": "about", "以下": "below",
}  # fmt: skip
_CHINESE = r"[零〇一二三四五六七八九两十百千万亿]+(?:点[零一二三四五六七八九]+)?"
_NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_CHINESE}"
_PATTERN = re.compile(
    rf"^(?P<before>{'|'.join(sorted(_BEFORE, key=len, reverse=True))})?\s*(?P<sign>[-−－])?\s*"
    rf"(?P<number>{_NUMBER})\s*(?P<more>多|余|几)?\s*(?P<scale>万亿|[十百千]?万|[百千]?亿|百|千)?\s*(?P<more2>多|余|几)?\s*"
    r"(?P<unit>[^\d\s]*?)\s*(?P<after>多|余|以上|左右|上下|以下)?$"
)
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
           "亿": 10**8, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}  # fmt: skip
_MONEY = {"元", "人民币", "块"}


class QuantityError(Refusal):
    """The text is no quantity."""

    code = "quantity_invalid"


@dataclass(frozen=True)
class Quantity:
    """A quantity with the way it was written.

    Args:
        value: the number as written, before 万 or 亿.
        unit: scale and unit as written, e.g. `亿元`.
        base_value: exact value in the base unit.
        base_unit: the unit without its scale, e.g. `元`.
        approx: exact, at_least (多、余), about (约、左右), below (近、不到), above (超).
    """

    value: Decimal
    unit: str
    base_value: Decimal
    base_unit: str
    approx: Approximation


def parse_quantity(text: str) -> Quantity:
    """Read one quantity.

    Raises:
        QuantityError: the text is no quantity.
    """
    plain = text.translate(_FULL).strip()
    found = _PATTERN.match(plain)
    if not found:
        raise QuantityError(f"“{text}”不是数量。", fix="请写成 1234、1,234、1.1万 或 42.07亿元。")
    number = _read_number(found["number"], text)
    if found["sign"]:
        number = -number
    scale = found["scale"] or ""
    unit = found["unit"] or ""
    if not scale and unit[:1] in _LARGE:
        scale, unit = unit[0], unit[1:]
    base = number * _SCALES.get(scale, 1)
    approx: Approximation = _BEFORE.get(found["before"] or "", "exact")
    for mark in (found["more"], found["more2"], found["after"]):
        if mark:
            approx = _AFTER[mark]
    if not found["before"] and not scale and found["number"] in {"百", "千", "万"}:
        approx = "about"
    return Quantity(number, scale + unit, base, "元" if unit in _MONEY else unit, approx)


def _read_number(word: str, text: str) -> Decimal:
    if word[0].isascii():
        return Decimal(word.replace(",", ""))
    whole, _, part = word.partition("点")
    value = Decimal(chinese_number(whole))
    if part:
        if not all(char in _DIGITS for char in part):
            raise QuantityError(f"“{text}”不是数量。", fix="请改用阿拉伯数字。")
        value += Decimal("0." + "".join(str(_DIGITS[char]) for char in part))
    return value


def chinese_number(word: str) -> int:
    """Return the value of a Chinese numeral up to 亿: 一百零五 → 105, 十 → 10, 二〇二五 → 2025."""
    if all(char in _DIGITS for char in word):
        return int("".join(str(_DIGITS[char]) for char in word))
    total = section = digit = 0
    for char in word:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        elif char == "万":
            total += (section + digit or 1) * _LARGE[char]
            section = digit = 0
        else:  # 亿 multiplies all before it: 三万亿
            total = (total + section + digit or 1) * _LARGE[char]
            section = digit = 0
    return total + section + digit


def shown(value: Decimal, *, scale: str = "", places: int = 1) -> str:
    """Write a value at a scale with so many places, half up; trailing zeros stay: 10400 → 1.0万."""
    factor = _SCALES.get(scale, 1)
    rounded = (value / factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:f}{scale}"


def rounded_down(value: Decimal, *, step: int) -> str:
    """Write `1300多`: rounded down to a step; exact multiples carry no 多."""
    low = int(value) // step * step
    return f"{low}多" if value > low else f"{low}"
