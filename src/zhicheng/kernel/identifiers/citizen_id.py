"""公民身份号码: the 18-digit number of a citizen, judged and masked (GB 11643-1999)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("公民身份号码", number="GB 11643-1999")
NAME = "公民身份号码"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class CitizenId:
    """The parts of a number; its text form is masked so that it never slips into a log."""

    normal: str
    region: str
    born: date
    check: str
    warning: str = ""

    def __repr__(self) -> str:
        return f"CitizenId({mask(self.normal)})"


def mask(text: str) -> str:
    """First three and last two characters, the rest hidden."""
    number = normalise(text)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if len(number) > 7 else "*" * len(number)


def normalise(text: str) -> str:
    """Upper case, half width, without blanks."""
    return squeeze(text).replace("-", "")


def parse(text: str) -> CitizenId:
    """Take a number apart. Refusals show the masked number only.

    Raises:
        IdentifierError: wrong shape, impossible birthday or wrong check character.
    """
    number = normalise(text)
    fix = "请对照身份证重新录入。"
    if not _SHAPE.fullmatch(number):
        rule = f"应为 17 位数字加 1 位校验码（数字或 X），实为 {len(number)} 位"
        raise refuse(NAME, mask(text), rule, fix=fix, source=SOURCE)
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise refuse(NAME, mask(text), "第 7 至 14 位不是一个日期", fix=fix, source=SOURCE) from None
    if number[17] != check_character(number[:17]):
        raise refuse(NAME, mask(text), "校验码不符", fix=fix, source=SOURCE)
    return CitizenId(number, number[:6], born, number[17])


def check_character(first17: str) -> str:
    """The 18th character for the first seventeen digits."""
    return _CHECKS[sum(map(mul, WEIGHTS, map(int, first17))) % 11]


def validate(text: str) -> Verdict:
    """Error for a wrong shape, birthday or check character."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """The check character step by step, without showing the digits."""
    number = parse(text)
    total = sum(map(mul, WEIGHTS, map(int, number.normal[:17])))
    return [
        f"号码 {mask(number.normal)}：前 6 位为行政区划代码，第 7 至 14 位为出生日期",
        f"加权因子：{' '.join(map(str, WEIGHTS))}",
        f"前 17 位加权和除以 11 余 {total % 11}，对应校验码 {number.check}，校验通过",
    ]
