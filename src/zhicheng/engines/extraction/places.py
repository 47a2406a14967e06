"""Which region a public text is about: names of GB/T 2260 counted where they carry weight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from zhicheng.kernel import regions

_GENERIC = frozenset(("市辖区", "县", "市", "市区"))
# A place in brackets belongs to a name: 检验中心(某市)有限公司, 某某(某市)大会.
_BRACKETED = re.compile(r"[(（][^()（）]{1,6}[)）]")
# A city must be named this often, measured by its province's own mentions, to be the subject.
_OWN_RIGHT = 0.3
# weight of a mention where articles name their subject: headline, publisher, dateline, start of the lead
_PROMINENT = 2.0


@dataclass(frozen=True)
class Mention:
    """A region named in a text.

    Args:
        start: position of the name.
        name: as written.
        codes: codes the name can mean, several for names that more than one county bears.
    """

    start: int
    name: str
    codes: tuple[str, ...]


def mentions(text: str) -> list[Mention]:
    """Every region named, longest name first; provinces and cities also by their short names."""
    named = _names()
    found: list[Mention] = []
    at = 0
    while at < len(text) - 1:
        for size in named.sizes.get(text[at : at + 2], ()):
            codes = named.codes.get(text[at : at + size])
            if codes and not _part_of_a_word(text, at, size):
                found.append(Mention(at, text[at : at + size], codes))
                at += size - 1
                break
        at += 1
    return found


def subject(parts: Iterable[tuple[str, float]], *, nation: int = 0) -> str:
    """The code of the region a text is about, empty when none stands out.

    Args:
        parts: pieces of the text with the weight of a mention in each; a weight of 2 and more marks a
            place where an article names its subject.
        nation: how often the text speaks of the whole country.
    """
    scores: dict[str, float] = {}
    named: set[str] = set()
    unsure: list[tuple[tuple[str, ...], float]] = []
    for text, weight in parts:
        for one in mentions(_BRACKETED.sub("", text)):
            if len(one.codes) == 1:
                scores[one.codes[0]] = scores.get(one.codes[0], 0.0) + weight
                if weight >= _PROMINENT:
                    named.add(one.codes[0])
            else:
                unsure.append((one.codes, weight))
    for codes, weight in unsure:
        # several counties bear the name: the one whose city the text names
        own = [code for code in codes if code[:4] + "00" in scores or code[:2] + "0000" in scores]
        if len(own) == 1:
            scores[own[0]] = scores.get(own[0], 0.0) + weight
    chosen = _best(scores)
    if any(regions.is_within(code, chosen) for code in named if chosen):
        return chosen
    # only mentioned in passing: it takes several mentions, more than of any other place or the country
    weight_of_it = sum(score for code, score in scores.items() if chosen and regions.is_within(code, chosen))
    apart = weight_of_it >= 3.0 and weight_of_it > nation and weight_of_it * 2 > sum(scores.values())
    return chosen if apart else ""


def name_of(code: str) -> str:
    """The full name of a region code."""
    return regions.parse(code).name if code else ""


def _best(scores: Mapping[str, float]) -> str:
    """From the province that weighs most down to the city and county that can stand beside it."""
    if not scores:
        return ""
    totals: dict[str, float] = {}
    for code, score in scores.items():
        for above in {code, code[:4] + "00", code[:2] + "0000"}:
            totals[above] = totals.get(above, 0.0) + score
    provinces = [code for code in totals if code.endswith("0000")]
    chosen = max(provinces, key=lambda code: (totals[code], code))
    for ending in ("00", ""):
        below = [
            code
            for code in totals
            if code.endswith(ending) and code != chosen and regions.is_within(code, chosen)
            and code.endswith("00") == bool(ending) and regions.exists(code)
        ]  # fmt: skip
        if not below:
            break
        one = max(below, key=lambda code: (totals[code], code))
        own = scores.get(chosen, 0.0)
        rivals = sum(totals[code] for code in below) - totals[one]
        needed = _OWN_RIGHT if ending else 1.0
        if totals[one] < needed * own or totals[one] <= rivals or totals[one] < 2.0:
            break
        chosen = one
    return chosen if regions.exists(chosen) else ""


def _part_of_a_word(text: str, at: int, size: int) -> bool:
    """Whether a two-character name is only the tail of a longer word or the head of another name."""
    after = text[at + size : at + size + 2]
    return size == 2 and after[:1] in ("路", "街", "籍", "话", "菜")


@dataclass(frozen=True)
class _Names:
    codes: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, tuple[int, ...]]


@cache
def _names() -> _Names:
    codes: dict[str, list[str]] = {}
    for code in regions.codes():
        one = regions.parse(code)
        if not one.in_force() or one.name in _GENERIC or "直辖" in one.name:
            continue
        # the short names of counties are everyday words far too often
        for name in {one.name} if one.level == "county" else {one.name, regions.short_name(one.name)}:
            codes.setdefault(name, []).append(code)
    sizes: dict[str, set[int]] = {}
    for name in codes:
        sizes.setdefault(name[:2], set()).add(len(name))
    return _Names(
        {name: tuple(_highest(found)) for name, found in codes.items()},
        {head: tuple(sorted(found, reverse=True)) for head, found in sizes.items()},
    )


def _highest(codes: list[str]) -> list[str]:
    """A province and a city of one short name: the higher one is meant (吉林), like for the register."""
    level = min(_depth(code) for code in codes)
    return sorted(code for code in codes if _depth(code) == level)


def _depth(code: str) -> int:
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2
