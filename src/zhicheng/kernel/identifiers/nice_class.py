"""尼斯分类: the 45 classes of goods and services that trademarks are registered for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("类似商品和服务区分表（尼斯分类）", unverified=True)
NAME = "商品服务类别"
_WRITTEN = re.compile(r"(?:第|CLASS|CL\.?)?0*([1-9][0-9]{0,2})类?", re.ASCII)


@dataclass(frozen=True, slots=True)
class NiceClass:
    """A class and whether it holds goods (1 to 34) or services (35 to 45)."""

    normal: str
    number: int
    goods: bool
    warning: str = ""


def normalise(text: str) -> str:
    """The bare number: ``9`` for ``第09类``."""
    written = _WRITTEN.fullmatch(squeeze(text))
    return written[1] if written else squeeze(text)


def parse(text: str) -> NiceClass:
    """Read a class.

    Raises:
        IdentifierError: not a whole number from 1 to 45.
    """
    normal = normalise(text)
    if not normal.isascii() or not normal.isdigit() or not 1 <= int(normal) <= 45:
        raise refuse(NAME, text, "应为 1 至 45 的整数", fix="请核对商标公告上的类别。", source=SOURCE)
    return NiceClass(normal, int(normal), int(normal) <= 34)


def validate(text: str) -> Verdict:
    """Error outside 1 to 45."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """Goods or services."""
    one = parse(text)
    return [f"第 {one.number} 类，{'商品' if one.goods else '服务'}", "类别没有校验位"]
