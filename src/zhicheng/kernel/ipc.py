"""IPC: symbols of the International Patent Classification, their titles and WIPO technology fields."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import IdentifierError, Verdict, judge, refuse, squeeze

SOURCE = Source("国际专利分类表", number="IPC 2026.01")
NAME = "IPC 分类号"
_SHAPE = re.compile(r"([A-H])(?:([0-9]{2})(?:([A-Z])(?:([0-9]{1,4})(?:/([0-9]{2,6}))?)?)?)?", re.ASCII)
_EDITION = re.compile(r"\(((?:19|20)\d{2}\.\d{2}|\d{1,2})\)([A-Z]*)$|^\(?INT\.?CL\.?\d*\)?:?", re.ASCII)
_MARKS = re.compile(r"[;,|；，、\n]+")


@dataclass(frozen=True, slots=True)
class IpcSymbol:
    """The parts of a symbol; parts below its depth are empty.

    Args:
        normal: ``A61K31/00``, without blank and edition.
        section: ``A``.
        class_: ``A61``.
        subclass: ``A61K``.
        group: ``A61K31/00``, the main group, of a symbol that reaches it.
        subgroup: the whole symbol when it is deeper than the main group.
    """

    normal: str
    section: str
    class_: str = ""
    subclass: str = ""
    group: str = ""
    subgroup: str = ""
    warning: str = ""

    @property
    def display(self) -> str:
        """The printed form: ``A61K 31/00``."""
        return f"{self.subclass} {self.normal[4:]}" if self.group else self.normal


@dataclass(frozen=True, slots=True)
class TechnologyField:
    """One of WIPO's 35 fields of technology."""

    number: int
    sector: str
    name: str


def normalise(text: str) -> str:
    """``G06F17/30`` for ``G06F 17/30 (2006.01) I``."""
    symbol = squeeze(text)
    symbol = _EDITION.sub("", _EDITION.sub("", symbol))
    match = _SHAPE.fullmatch(symbol.replace("-", "/"))
    if not match or not match[4]:
        return symbol
    section, class_, subclass, main, sub = match.groups()
    return f"{section}{class_}{subclass}{int(main)}/{sub or '00'}"


def parse(text: str) -> IpcSymbol:
    """Take a symbol apart.

    Raises:
        IdentifierError: not a symbol of sections A to H.
    """
    normal = normalise(text)
    match = _SHAPE.fullmatch(normal)
    if not match:
        rule = "应为部（A–H）、两位大类、小类字母、大组/小组"
        raise refuse(NAME, text, rule, fix="请写成 A61K 31/00 的形式。", source=SOURCE)
    section, number, letter, main, sub = match.groups()
    class_ = section + number if number else ""
    subclass = class_ + letter if letter else ""
    group = f"{subclass}{main}/00" if main else ""
    return IpcSymbol(normal, section, class_, subclass, group, normal if main and sub != "00" else "")


def validate(text: str) -> Verdict:
    """Error for a wrong shape; whether a symbol is in the newest edition is not judged."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """The levels of a symbol with their titles."""
    one = parse(text)
    words = (
        ("部", one.section),
        ("大类", one.class_),
        ("小类", one.subclass),
        ("大组", one.group),
        ("小组", one.subgroup),
    )
    return [f"{word} {symbol}：{title(symbol) or '标题未收录'}" for word, symbol in words if symbol]


def split(text: str) -> tuple[str, ...]:
    """The symbols of a cell that lists several, in order, each once; what is no symbol is left out."""
    symbols: dict[str, None] = {}
    for part in _MARKS.split(text):
        try:
            symbols[parse(part).normal] = None
        except IdentifierError:
            continue
    return tuple(symbols)


def is_within(symbol: str, ancestor: str) -> bool:
    """Whether a symbol lies in a section, class, subclass or main group, or is the subgroup itself."""
    below, above = parse(symbol), parse(ancestor)
    levels = (below.section, below.class_, below.subclass, below.group, below.subgroup)
    return above.normal in levels


def title(symbol: str) -> str:
    """The Chinese title, empty when the packaged edition does not hold the symbol."""
    return _titles().get(normalise(symbol), "")


def technology_field(symbol: str) -> TechnologyField | None:
    """The WIPO field of a symbol; None for one above subclass or outside the table."""
    one = parse(symbol)
    main = one.group[4:].removesuffix("/00")
    table = _fields()
    return table.get((one.subclass, main)) or table.get((one.subclass, ""))


def _lines(name: str) -> Iterator[str]:
    packed = resources.files("zhicheng.kernel.data").joinpath(name).read_bytes()
    return (line for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#"))


@cache
def _titles() -> dict[str, str]:
    return {row["code"]: row["title"] for row in csv.DictReader(_lines("ipc.csv.gz"))}


@cache
def _fields() -> dict[tuple[str, str], TechnologyField]:
    return {
        (row["subclass"], row["group"]): TechnologyField(int(row["field"]), row["sector"], row["name"])
        for row in csv.DictReader(_lines("wipo35.csv.gz"))
    }
