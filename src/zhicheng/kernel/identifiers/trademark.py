"""商标: application or registration numbers, alone or with their Nice class (a filing may have several)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("商标法实施条例", number="国务院令第651号", unverified=True)
NAME = "商标注册号"
_SHAPE = re.compile(r"(G?)([1-9][0-9]{0,8})([A-Z]?)(?:/([0-9]{1,2}))?", re.ASCII)
_WRITTEN = re.compile(
    r"(?:第)?(G?)0*([1-9][0-9]*)([A-Z]?)号?(?:[-/#,]?第?0*([0-9]{1,2})类|[-/#]0*([0-9]{1,2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class TrademarkNumber:
    """The parts of a number.

    Args:
        normal: ``12345678``, ``G1234567`` or with class ``12345678/25``.
        number: the number without class; key of the mark together with its class.
        madrid: True for a Madrid designation (G…).
        suffix: letter of a divided application.
        nice_class: 1 to 45, None when not given.
    """

    normal: str
    number: str
    madrid: bool
    suffix: str
    nice_class: int | None
    warning: str = ""


def normalise(text: str) -> str:
    """``12345678`` or ``12345678/25``, without 第, 号, 类 and leading noughts."""
    written = _WRITTEN.fullmatch(squeeze(text))
    if not written:
        return squeeze(text)
    madrid, number, suffix, spelled, plain = written.groups()
    nice_class = spelled or plain
    return f"{madrid}{number}{suffix}" + (f"/{int(nice_class)}" if nice_class else "")


def parse(text: str) -> TrademarkNumber:
    """Take a number apart.

    Raises:
        IdentifierError: wrong shape or a class outside 1 to 45.
    """
    normal = normalise(text)
    match = _SHAPE.fullmatch(normal)
    fix = "请写成 12345678、G1234567 或 12345678/25 的形式。"
    if not match or len(match[2]) > 8:
        rule = "应为至多 8 位数字（马德里注册前加 G，分割申请后加一个字母），可带 /类别"
        raise refuse(NAME, text, rule, fix=fix, source=SOURCE)
    madrid, number, suffix, nice = match.groups()
    if nice and not 1 <= int(nice) <= 45:
        raise refuse(NAME, text, f"类别 {nice} 不在 1 至 45 之间", fix=fix, source=SOURCE)
    return TrademarkNumber(
        normal, madrid + number + suffix, bool(madrid), suffix, int(nice) if nice else None
    )


def validate(text: str) -> Verdict:
    """Error for a wrong shape or class."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """What the parts mean."""
    mark = parse(text)
    lines = [f"{'马德里国际注册号' if mark.madrid else '申请号（注册号）'} {mark.number}"]
    if mark.suffix:
        lines.append(f"后缀 {mark.suffix} 表示分割申请")
    if mark.nice_class:
        lines.append(f"尼斯分类第 {mark.nice_class} 类（{'商品' if mark.nice_class <= 34 else '服务'}）")
    return [*lines, "商标号没有校验位"]
