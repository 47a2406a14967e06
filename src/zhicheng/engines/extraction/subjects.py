"""Who and where: regions named in the text, 全市/我省 resolved by the article's region, organisations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from zhicheng.kernel import regions

_GENERIC = frozenset(
    "市辖区 县 市 市区 省直辖县级行政区划 自治区直辖县级行政区划 省直辖县级行政单位 省直辖行政单位".split()  # noqa: SIM905 - a word list
)
_COLLECTIVE = re.compile(
    r"[全我本](?P<level>国|省|自治区|市|州|县|区)(?!际|道|委|政|场|里|有(?=企|资|控|林|土)|外|内外|产|首[批个家次]|最|前|率先|领先|平均|人大|性|先进|文明|优秀|重点|示范)"
)
# 中国质量(某地)大会: a place in brackets inside a name is a part of the name
_IN_A_NAME = re.compile(r"(?<=[\u4e00-\u9fff])[(（][^()（）\n]{2,8}[)）](?=[\u4e00-\u9fff])")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]{2,16}?(?:有限公司|集团|公司|银行|大学|学院|研究所|研究院|人民法院|法院|法庭|检察院|海关|知识产权局|市场监管局|监督管理局|市场监管总局|总局|知识产权组织|委员会|协会|中心)(?![\u4e00-\u9fff]{0,1}[局会])"
)
_QUOTED = re.compile(r"[“「『][^“”「」『』\n]{1,12}[”」』]|《[^《》\n]{1,60}》")
_BEFORE = re.compile(
    r"^(?:记者)?(?:今天|昨天|日前|近日)?(?:据|由|在|从|与|和|对|为|向|以及|其中|位于|会同|联合|中国的)+"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A region or body named in the text; ``code`` is empty when not certain or no region."""

    start: int
    end: int
    name: str
    code: str


@cache
def _index() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """First two characters → names with the codes they may mean, longest first."""
    names: dict[str, set[str]] = {}
    for code in regions.codes():
        one = regions.parse(code)
        if not one.in_force() or one.name in _GENERIC:
            continue
        names.setdefault(one.name, set()).add(code)
        if one.level != "county":
            short = regions.short_name(one.name)
            if len(short) >= 2:
                names.setdefault(short, set()).add(code)
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, codes in names.items():
        if len(name) >= 2:
            index.setdefault(name[:2], []).append((name, tuple(sorted(codes))))
    return {key: tuple(sorted(found, key=lambda one: -len(one[0]))) for key, found in index.items()}


def region_mentions(plain: str, *, home: str) -> list[Mention]:
    """Regions named in a text, in order.

    Args:
        plain: the text.
        home: region code of the article, empty when unknown; it settles 全市 and names that several places bear.
    """
    index = _index()
    quoted = [m.span() for pattern in (_QUOTED, _IN_A_NAME) for m in pattern.finditer(plain)]
    found: list[Mention] = []
    at, last = 0, len(plain) - 1
    while at < last:
        names = index.get(plain[at : at + 2])
        hit = next((one for one in names if plain.startswith(one[0], at)), None) if names else None
        if hit:
            code = _certain(hit[1], home)
            name = regions.parse(code).name if code else hit[0]
            found.append(Mention(at, at + len(hit[0]), name, code))
            at += len(hit[0])
        else:
            at += 1
    found += [Mention(m.start(), m.end(), *_collective(m, home)) for m in _COLLECTIVE.finditer(plain)]
    inside = [one for one in found if not any(start <= one.start < end for start, end in quoted)]
    return sorted(inside, key=lambda one: one.start)


def _certain(codes: tuple[str, ...], home: str) -> str:
    if len(codes) == 1:
        return codes[0]
    for width in (6, 4, 2):
        near = [code for code in codes if home and code[:width] == home[:width]]
        if len(near) == 1:
            return near[0]
    highest = [code for code in codes if code.endswith("0000")] or [
        code for code in codes if code.endswith("00")
    ]
    return highest[0] if len(highest) == 1 else ""


def _collective(m: re.Match[str], home: str) -> tuple[str, str]:
    level = m["level"]
    if level == "国":
        return "全国", ""
    if not home:
        return m.group(), ""
    code = home
    if level in {"省", "自治区"}:
        code = home[:2] + "0000"
    elif level in {"市", "州"}:
        code = home if home.endswith("0000") else home[:4] + "00"
    elif home.endswith("00"):
        return m.group(), ""
    return (regions.parse(code).name, code) if regions.exists(code) else (m.group(), "")


def organisations(plain: str, start: int, end: int) -> list[Mention]:
    """Bodies named in one sentence."""
    found = []
    for m in _ORGANISATION.finditer(plain, start, end):
        skip = _BEFORE.match(m.group())
        begin = m.start() + (skip.end() if skip else 0)
        found.append(Mention(begin, m.end(), plain[begin : m.end()], ""))
    return found


def nearest(mentions: list[Mention], at: int, floor: int) -> Mention | None:
    """The last mention that ends before ``at`` and begins at or after ``floor``."""
    best = None
    for one in mentions:
        if one.end > at:
            break
        if one.start >= floor:
            best = one
    return best
