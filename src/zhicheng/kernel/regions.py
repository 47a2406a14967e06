"""Regions: GB/T 2260 codes with levels, parents, years of validity and successors."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

from zhicheng.kernel.refusals import NotFound, Refusal, Source
from zhicheng.kernel.verdicts import Verdict, squeeze

SOURCE = Source("中华人民共和国行政区划代码", number="GB/T 2260")

Level = Literal["province", "city", "county"]

# Codes that only gather other codes and name no place.
_PLACEHOLDERS = frozenset(
    (
        "市辖区",
        "县",
        "市",
        "市区",
        "省直辖县级行政区划",
        "自治区直辖县级行政区划",
        "省直辖县级行政单位",
        "省直辖行政单位",
    )
)
_CODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族"
    "|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族?|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|裕固族|保安族|鄂温克族"
    "|独龙族|鄂伦春|怒族|普米族|塔吉克|各族|蒙古|回"
)
_SUFFIX = re.compile(rf"(?:(?:{_PEOPLES})*自治[区州县旗]|特别行政区|地区|新区|林区|省|市|区|县|盟|旗)$")
_RANK = re.compile(r"(?:自治[区州县旗]|[省市区县旗])$")


@dataclass(frozen=True, slots=True)
class Region:
    """A region code and what it stood for.

    Args:
        code: six digits.
        name: full name.
        level: province, city (prefecture) or county.
        parent: code one level up that exists, empty for a province.
        valid_from: first year in force; None when before the first list held (2002).
        valid_to: last year in force; None while in force.
        approximate: True when a year is only a bound (the change lies between two known lists).
        successors: codes that took over the area, empty while in force or when unknown.
        extra: True for a zone that the city entered itself.
    """

    code: str
    name: str
    level: Level
    parent: str
    valid_from: int | None = None
    valid_to: int | None = None
    approximate: bool = False
    successors: tuple[str, ...] = ()
    extra: bool = False

    @property
    def successor(self) -> str:
        """The one code that took over, empty when none or several did."""
        return self.successors[0] if len(self.successors) == 1 else ""

    def in_force(self, on: date | None = None) -> bool:
        """Whether the code is in force on a day; without a day, in the newest list."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from or 0) <= on.year <= (self.valid_to or 9999)


def level_of(code: str) -> Level:
    """The level that a code's shape tells."""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parse(code: str, *, extra: Mapping[str, str] | None = None) -> Region:
    """The region of a code, in force or not.

    Args:
        code: six digits.
        extra: zones outside GB/T 2260 that the city keeps, code → name.

    Raises:
        Refusal: not six digits. NotFound: neither in GB/T 2260 nor in ``extra``.
    """
    found = _table().get(code)
    if found:
        return found
    if extra and code in extra and _CODE.fullmatch(code):
        return Region(code, extra[code], level_of(code), _parent_of(code, current=True), extra=True)
    if not _CODE.fullmatch(code):
        raise Refusal(f"行政区划代码“{code}”应为六位数字。", fix="请写成 370700 的形式。", source=SOURCE)
    raise NotFound(
        f"行政区划代码“{code}”不在 GB/T 2260 中。",
        fix="请核对代码；开发区等统计用代码请先在本市的区域表中登记。",
        source=SOURCE,
    )


def normalise(text: str) -> str:
    """Six digits; the two or four digits of a province or city are filled up with noughts."""
    code = squeeze(text)
    return code.ljust(6, "0") if code.isascii() and code.isdigit() and len(code) in (2, 4) else code


def validate(text: str, *, extra: Mapping[str, str] | None = None) -> Verdict:
    """Error for an unknown code; warning for one that is no longer in force."""
    code = normalise(text)
    try:
        found = parse(code, extra=extra)
    except Refusal as refusal:
        return Verdict("error", str(refusal), code)
    if found.in_force():
        return Verdict("ok", "", code)
    now = f"现为 {'、'.join(found.successors)}" if found.successors else "没有后继代码"
    return Verdict("warning", f"行政区划代码“{code}”（{found.name}）已不再使用，{now}。请核对。", code)


def explain(text: str) -> list[str]:
    """Level, name and the regions above."""
    levels = {"province": "省级", "city": "地级", "county": "县级"}
    one = parse(normalise(text))
    return [
        f"{step.code} {levels[step.level]}：{step.name}" for step in (*reversed(ancestors(one.code)), one)
    ]


def region(code: str, on: date | None = None, *, extra: Mapping[str, str] | None = None) -> Region:
    """The region of a code; with a day, only if it is in force on that day.

    Raises:
        Refusal: see ``parse``; also for a code not in force on the day, naming its successors.
    """
    found = parse(code, extra=extra)
    if on is None or found.in_force(on):
        return found
    if found.valid_to is not None and on.year > found.valid_to:
        fix = f"请改用 {'、'.join(found.successors)}。" if found.successors else "请核对日期或代码。"
        raise NotFound(
            f"{found.name}（{code}）{found.valid_to} 年以后不再使用，所问日期为 {on}。",
            fix=fix,
            source=SOURCE,
        )
    what = f"{found.name}（{code}）{found.valid_from} 年起才使用，所问日期为 {on}。"
    raise NotFound(what, fix="请核对日期或使用当时的代码。", source=SOURCE)


def exists(code: str, on: date | None = None) -> bool:
    """Whether GB/T 2260 knows the code (on a day)."""
    found = _table().get(code)
    return found is not None and (on is None or found.in_force(on))


def codes() -> tuple[str, ...]:
    """Return every code that ever was."""
    return tuple(_table())


def children(code: str, on: date | None = None) -> tuple[Region, ...]:
    """The regions right below one, in code order; without a day, those of the newest list."""
    below = _children().get(code, ())
    return tuple(one for one in below if one.in_force(on) and one.name not in _PLACEHOLDERS)


def ancestors(code: str, *, extra: Mapping[str, str] | None = None) -> tuple[Region, ...]:
    """The regions above one, nearest first."""

    def climb(one: Region) -> Iterator[Region]:
        while one.parent:
            one = parse(one.parent)
            yield one

    return tuple(climb(parse(code, extra=extra)))


def is_within(code: str, ancestor: str) -> bool:
    """Whether a code is the ancestor or lies below it; told by the shape, so zones count as well."""
    return code.startswith(prefix(ancestor)) and len(code) == 6


def prefix(code: str) -> str:
    """The leading digits that every code below a region shares."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def short_name(name: str) -> str:
    """The name without its rank: 潍坊 for 潍坊市; names of one remaining character stay whole."""
    for suffix in (_SUFFIX, _RANK):
        short = suffix.sub("", name)
        if len(short) >= 2:
            return short
    return name


def find(name: str, within: str | None = None) -> tuple[Region, ...]:
    """Regions of the newest list with a full or short name, higher levels first.

    A full name beats a short one: 寿光市 finds the city, not another 寿光.
    """
    table = _names()
    wanted = name.strip()
    found = table.get(wanted, ())
    full = tuple(one for one in found if one.name == wanted)
    return tuple(one for one in (full or found) if within is None or is_within(one.code, within))


@cache
def _rows() -> dict[str, dict[str, str]]:
    packed = resources.files("zhicheng.kernel.data").joinpath("regions.csv.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    return {row["code"]: row for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


@cache
def _table() -> dict[str, Region]:
    return {code: _region_of(row) for code, row in _rows().items()}


def _region_of(row: dict[str, str]) -> Region:
    code = row["code"]
    return Region(
        code=code,
        name=row["name"],
        level=level_of(code),
        parent=_parent_of(code, current=not row["to"]),
        valid_from=int(row["from"]) if row["from"] else None,
        valid_to=int(row["to"]) if row["to"] else None,
        approximate=row["approximate"] == "1",
        successors=tuple(row["successors"].split()),
    )


def _parent_of(code: str, *, current: bool) -> str:
    """The next code up that stands for a place; counties of 北京 or 河南's 济源 hang on the province."""
    if code.endswith("0000"):
        return ""
    city = _rows().get(code[:4] + "00") if not code.endswith("00") else None
    if city and city["name"] not in _PLACEHOLDERS and not (current and city["to"]):
        return city["code"]
    province = code[:2] + "0000"
    return province if province in _rows() else ""


@cache
def _children() -> dict[str, tuple[Region, ...]]:
    below: dict[str, list[Region]] = {}
    for one in _table().values():
        below.setdefault(one.parent, []).append(one)
    return {code: tuple(sorted(found, key=lambda one: one.code)) for code, found in below.items()}


@cache
def _names() -> dict[str, tuple[Region, ...]]:
    named: dict[str, list[Region]] = {}
    order = ("province", "city", "county")
    for one in sorted(_table().values(), key=lambda one: (order.index(one.level), one.code)):
        if one.in_force() and one.name not in _PLACEHOLDERS:
            for word in {one.name, short_name(one.name)}:
                named.setdefault(word, []).append(one)
    return {word: tuple(found) for word, found in named.items()}
