"""GS1 numbers: GTIN-8/12/13/14 of goods, GLN of places, SSCC of parcels, with their mod-10 check digit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("商品条码 零售商品编码与条码表示", number="GB 12904", unverified=True)
NAME = "商品条码"
LENGTHS = {8: "GTIN-8", 12: "GTIN-12", 13: "GTIN-13", 14: "GTIN-14", 18: "SSCC"}
_DIGITS = re.compile(r"[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gtin:
    """A number, its kind (a GLN has the shape of a GTIN-13) and whether GS1 China gave its prefix."""

    normal: str
    kind: str
    check: str
    chinese: bool
    warning: str = ""


def check_digit(body: str) -> str:
    """The check digit: weights 3 and 1 in turn from the right."""
    return str(-_weighted(body) % 10)


def with_check(body: str) -> str:
    """Complete a number; for generated data and tests."""
    return body + check_digit(body)


def normalise(text: str) -> str:
    """Digits without blanks, dashes and dots."""
    return squeeze(text).replace("-", "").replace(".", "")


def parse(text: str) -> Gtin:
    """Tell the kind of a number.

    Raises:
        IdentifierError: wrong length, other characters, or a wrong check digit.
    """
    number = normalise(text)
    fix = "请对照包装上的条码重新录入。"
    if not _DIGITS.fullmatch(number) or len(number) not in LENGTHS:
        rule = f"应为 8、12、13、14 位（SSCC 为 18 位）数字，实为 {len(number)} 位"
        raise refuse(NAME, text, rule, fix=fix, source=SOURCE)
    expected = check_digit(number[:-1])
    if number[-1] != expected:
        raise refuse(NAME, text, f"校验位是 {number[-1]}，应为 {expected}", fix=fix, source=SOURCE)
    company = number[1:] if len(number) in (14, 18) else number
    chinese = len(number) != 12 and company[:2] == "69"
    return Gtin(number, LENGTHS[len(number)], number[-1], chinese)


def validate(text: str) -> Verdict:
    """Error for a wrong length or check digit."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """The check digit step by step."""
    number = parse(text)
    total = _weighted(number.normal[:-1])
    terms = "＋".join(f"{digit}×{3 - 2 * (at % 2)}" for at, digit in enumerate(reversed(number.normal[:-1])))
    return [
        f"{number.kind} {number.normal}" + ("，前缀 69 属中国物品编码中心" if number.chinese else ""),
        f"自右向左加权（3、1 交替）：{terms}＝{total}",
        f"{total} 补足到 10 的倍数需 {number.check}，校验位 {number.check}，校验通过",
    ]


def _weighted(body: str) -> int:
    return 3 * sum(map(int, body[::-2])) + sum(map(int, body[-2::-2]))
