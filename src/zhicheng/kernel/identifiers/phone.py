"""电话: Chinese mobile and fixed-line numbers, judged by shape and masked when shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("电信网编号计划", unverified=True)
NAME = "电话号码"
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_FIXED = re.compile(r"(0[0-9]{2,3})?([2-9][0-9]{6,7})", re.ASCII)
_SERVICE = re.compile(r"(?:400|800)[0-9]{7}|12[0-9]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number and its kind: mobile, fixed or service."""

    normal: str
    kind: str
    warning: str = ""


def mask(text: str) -> str:
    """A mobile number keeps three and four digits, any other its last three."""
    number = normalise(text)
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(len(number) - 3, 0) + number[-3:] if len(number) > 3 else "*" * len(number)


def normalise(text: str) -> str:
    """Digits only, without +86."""
    number = re.sub(r"[-()./]", "", squeeze(text))
    for country in ("+86", "0086"):
        number = number.removeprefix(country)
    return number[2:] if number.startswith("86") and _MOBILE.fullmatch(number[2:]) else number


def parse(text: str) -> Phone:
    """Tell the kind of a number.

    Raises:
        IdentifierError: none of the known shapes.
    """
    number = normalise(text)
    for kind, shape in (("mobile", _MOBILE), ("service", _SERVICE), ("fixed", _FIXED)):
        if shape.fullmatch(number):
            return Phone(number, kind)
    rule = f"既不是 11 位手机号，也不是带区号的固定电话，实为 {len(number)} 位"
    raise refuse(NAME, mask(text), rule, fix="请核对号码。", source=SOURCE)


def validate(text: str) -> Verdict:
    """Error for an unknown shape."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """Which shape the number has."""
    names = {"mobile": "手机号", "fixed": "固定电话", "service": "服务号码"}
    return [f"{mask(text)} 是{names[parse(text).kind]}", "电话号码没有校验位"]
