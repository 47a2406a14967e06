"""Locarno classes: what an industrial design is for, ``21-01`` or with an item ``21-01-C0293``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("国际外观设计分类表（洛迦诺分类）", unverified=True)
NAME = "洛迦诺分类号"
CLASSES = 32
_EDITION = re.compile(r"\(\d+\)|^LOC|CL\.")
_SHAPE = re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/]?([A-Z]\d{4}))?(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class LocarnoClass:
    """Main class, subclass and item, each as written in the classification."""

    normal: str
    main: str
    sub: str
    item: str = ""
    warning: str = ""


def normalise(text: str) -> str:
    """Two digits, dash, two digits; edition marks such as LOC(10)Cl. are dropped."""
    written = _EDITION.sub("", squeeze(text)).replace(" ", "")
    match = _SHAPE.fullmatch(written)
    if not match:
        return squeeze(text)
    main, sub, item = match.groups()
    return f"{main:0>2}-{sub:0>2}" + (f"-{item}" if item else "")


def parse(text: str) -> LocarnoClass:
    """Take a class apart.

    Raises:
        IdentifierError: wrong shape or a main class outside 1 to 32.
    """
    normal = normalise(text)
    match = _SHAPE.fullmatch(normal)
    fix = "请写成 21-01 或 21-01-C0293 的形式。"
    if not match:
        raise refuse(NAME, text, "应为两位大类、两位小类，可带项号", fix=fix, source=SOURCE)
    main, sub, item = match.groups()
    if not 1 <= int(main) <= CLASSES:
        raise refuse(NAME, text, f"大类 {main} 不在 01 至 {CLASSES} 之间", fix=fix, source=SOURCE)
    return LocarnoClass(normal, main, sub, item or "")


def validate(text: str) -> Verdict:
    """Error for a wrong shape or class."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """What the parts mean."""
    one = parse(text)
    item = f"，项号 {one.item}" if one.item else ""
    return [f"{one.normal}：大类 {one.main}，小类 {one.sub}{item}", "分类号没有校验位"]
