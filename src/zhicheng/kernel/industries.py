"""Industries: GB/T 4754 codes (editions 2017 and 2011) with level, name and parents."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import IdentifierError, Verdict, judge, refuse, squeeze

NAME = "行业代码"

Edition = Literal["2017", "2011"]
Level = Literal["section", "division", "group", "class"]
LEVEL_NAMES: dict[Level, str] = {"section": "门类", "division": "大类", "group": "中类", "class": "小类"}
_LEVELS: dict[int, Level] = {1: "section", 2: "division", 3: "group", 4: "class"}


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry: ``C`` 门类, ``39`` 大类, ``391`` 中类, ``3911`` 小类.

    Args:
        code: without the section letter, except for a section itself.
        name: Chinese name.
        level: section, division, group or class.
        section: letter of the section.
        parent: code one level up, empty for a section.
        edition: year of the standard.
    """

    code: str
    name: str
    level: Level
    section: str
    parent: str
    edition: Edition

    @property
    def normal(self) -> str:
        """The form to store."""
        return self.code

    @property
    def warning(self) -> str:
        """Nothing about a known code is odd."""
        return ""


def normalise(text: str) -> str:
    """Digits without the section letter written before them: ``3911`` for ``C3911``."""
    code = squeeze(text)
    return code[1:] if code[:1].isalpha() and code[1:].isdecimal() else code


def parse(text: str, *, edition: Edition = "2017") -> Industry:
    """The industry of a code, written with or without its section letter.

    Raises:
        IdentifierError: no such code in the edition, or a section letter that does not fit.
    """
    source = Source("国民经济行业分类", number=f"GB/T 4754-{edition}")
    found = _table(edition).get(normalise(text))
    if not found:
        fix = "请核对代码和版本（2017 或 2011）。"
        raise refuse(NAME, text, f"不在 GB/T 4754-{edition} 中", fix=fix, source=source)
    letter = squeeze(text)[0]
    if letter.isalpha() and letter != found.section:
        rule = f"门类应为 {found.section}，实为 {letter}"
        raise refuse(NAME, text, rule, fix=f"请改为 {found.section}{found.code}。", source=source)
    return found


def validate(text: str) -> Verdict:
    """Error for a code that the edition of 2017 does not hold; one of 2011 only is a warning."""
    verdict = judge(parse, normalise, text)
    if verdict.level != "error":
        return verdict
    try:
        older = parse(text, edition="2011")
    except IdentifierError:
        return verdict
    message = f"{NAME}“{text}”只在 GB/T 4754-2011 中（{older.name}）。请改用 2017 年版的代码。"
    return Verdict("warning", message, older.code)


def explain(text: str) -> list[str]:
    """The levels of a code with their names, from the section down."""
    one = parse(text)
    return [f"{LEVEL_NAMES[step.level]} {step.code}：{step.name}" for step in (*reversed(parents(text)), one)]


def exists(text: str, *, edition: Edition = "2017") -> bool:
    """Whether the edition holds the code."""
    return normalise(text) in _table(edition)


def name(text: str, *, edition: Edition = "2017") -> str:
    """The name of a code."""
    return parse(text, edition=edition).name


def parents(text: str, *, edition: Edition = "2017") -> tuple[Industry, ...]:
    """The industries above one, nearest first."""
    one, above = parse(text, edition=edition), []
    while one.parent:
        one = _table(edition)[one.parent]
        above.append(one)
    return tuple(above)


def children(text: str, *, edition: Edition = "2017") -> tuple[Industry, ...]:
    """The industries right below one."""
    code = parse(text, edition=edition).code
    return tuple(one for one in _table(edition).values() if one.parent == code)


def find(name: str, *, edition: Edition = "2017") -> tuple[Industry, ...]:
    """Industries with exactly this name; 中类 and 小类 often share one."""
    return tuple(one for one in _table(edition).values() if one.name == name.strip())


@cache
def _table(edition: Edition) -> dict[str, Industry]:
    packed = resources.files("zhicheng.kernel.data").joinpath("industries.csv.gz").read_bytes()
    lines = (line for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#"))
    return {
        row["code"]: Industry(
            row["code"], row["name"], _LEVELS[len(row["code"])], row["section"], row["parent"], edition
        )
        for row in csv.DictReader(lines)
        if row["edition"] == edition
    }
