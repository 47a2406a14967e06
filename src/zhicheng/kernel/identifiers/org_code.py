"""组织机构代码: the nine-character body inside a USCC, and the older code on its own (GB 11714)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("全国组织机构代码编制规则", number="GB 11714-1997")
NAME = "组织机构代码"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]", re.ASCII)
_CHECKS = "0123456789X"


@dataclass(frozen=True, slots=True)
class OrgCode:
    """The eight-character body and its check character."""

    normal: str
    body: str
    check: str
    warning: str = ""


def check_character(body: str) -> str:
    """The check character for the first eight; 10 is written X, 11 is written 0."""
    return _CHECKS[-sum(map(mul, WEIGHTS, (int(letter, 36) for letter in body))) % 11]


def normalise(text: str) -> str:
    """Nine characters without the dash before the last."""
    return squeeze(text).replace("-", "").replace(".", "")


def parse(text: str) -> OrgCode:
    """Take a code apart.

    Raises:
        IdentifierError: wrong shape or wrong check character.
    """
    code = normalise(text)
    fix = "请对照组织机构代码证重新录入。"
    if not _SHAPE.fullmatch(code):
        rule = f"应为 8 位字母或数字加 1 位校验码（数字或 X），实为 {len(code)} 位"
        raise refuse(NAME, text, rule, fix=fix, source=SOURCE)
    expected = check_character(code[:8])
    if code[8] != expected:
        raise refuse(NAME, text, f"校验码是 {code[8]}，按前 8 位应为 {expected}", fix=fix, source=SOURCE)
    return OrgCode(code, code[:8], code[8])


def validate(text: str) -> Verdict:
    """Error for a wrong shape or check character."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """The check character step by step."""
    code = parse(text)
    values = [int(letter, 36) for letter in code.body]
    total = sum(map(mul, values, WEIGHTS))
    terms = "＋".join(f"{value}×{weight}" for value, weight in zip(values, WEIGHTS, strict=True))
    return [
        f"本体代码 {code.body} 的字符值（A＝10 至 Z＝35）：{' '.join(map(str, values))}",
        f"加权因子：{' '.join(map(str, WEIGHTS))}",
        f"加权和：{terms}＝{total}",
        f"11 减去 {total} 除以 11 的余数 {total % 11} 得 {11 - total % 11}（10 写 X，11 写 0）",
        f"校验码 {code.check}，校验通过",
    ]
