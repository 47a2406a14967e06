"""Places among others: 居全省第三位, 前两位, 全国首位, 数量均居全省前列."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.engines.extraction.figure import Bound, Rank
from zhicheng.kernel.quantities import chinese_number

_N = r"[一二三四五六七八九十百\d]+"
_CN = "一二三四五六七八九十"
_GROUP = r"[全本我][国省市县区球]|世界|全球|亚洲|国际|国内|行业|同行业|同类|副省级城市|计划单列市|中西部|东部|西部|长三角|珠三角"
_AREA = rf"(?:{_GROUP}|[\u4e00-\u9fff]{{2,4}}[省市县区州])"
_VERB = r"(?:继续|稳|保持|连续|蝉联|均|分别|也|已|仍|再次|首次)*(?:位居|位列|居于|居|排名|排在|排|名列|列|跃居|跃升至|升至|升到|跻身|进入|进到|蝉联|保持|处于|领跑|荣获|达|获得?|获)"
_PLACE = re.compile(
    rf"(?P<lead>(?P<verb>{_VERB})?(?P<scope>[^，,。；;、：:\s第前首]{{0,24}}?))"
    rf"(?:第\s?(?P<exact>{_N})(?P<unit>[位名])?|前(?P<within>[{_CN}两\d]+)(?:(?P<unit2>[位名强])|(?P<bare>(?=[，,。；;、）)\s]|$)))|(?P<first>首位|榜首|之首|第一方阵|首名|头名)|(?P<front>前列|前茅|前位|领先位置))"
)
_VERB_IN = re.compile(_VERB)
_LEADS = re.compile(rf"(?P<text>领跑(?P<scope>{_AREA})|(?P<scope2>{_AREA})(?:遥遥)?领先)")
_AFTER_BARE = re.compile(r"[，,。；;、）)\s]|和|与|$|并")
# a group (全省) first: a place's name may not swallow the words before it (数量均居全省)
_AREA_AT_END = re.compile(
    rf"(?:{_GROUP})$|(?<=[居列在位于入是])[\u4e00-\u9fff]{{2,4}}[省市县区州]$|^[\u4e00-\u9fff]{{2,4}}[省市县区州]$"
)
_STREAK = re.compile(rf"连续第?[{_CN}两\d]+(?:年|届|次|个?季度|个月)")
_SKIP = re.compile(
    r"(?:数量|总量|总数|规模|金额|增速|指标|排名|位次|居|均|分别|继续|稳|也|已|仍|蝉联|连续|保持|位|并|且|其|该|，|,|、|\s|均居)*"
)
_BOTH = re.compile(r"均|都|分别")


@dataclass(frozen=True, slots=True)
class Place:
    """A rank expression.

    Args:
        start: first character of the expression (verb or scope); ``end`` after it.
        number: span of the number as written, None when there is none.
        rank: what it says.
        streak: `连续4年` before it, empty when none.
        shared: whether it says 均, 都 or 分别.
        free: whether only filler words stand between the clause's beginning and it.
        subject: the words before it in its clause.
    """

    start: int
    end: int
    number: tuple[int, int] | None
    rank: Rank
    streak: str
    shared: bool
    free: bool
    subject: str


def places(plain: str, start: int, end: int) -> list[Place]:
    """Rank expressions of one sentence."""
    found: list[Place] = []
    if not _WORTH.search(plain, start, end):
        return found
    for m in _PLACE.finditer(plain, start, end):
        place = _place(plain, m, start)
        if place:
            found.append(place)
    for m in _LEADS.finditer(plain, start, end):
        if not any(one.start <= m.start() < one.end for one in found):
            rank = Rank(m["text"], None, "front", m["scope"] or m["scope2"])
            found.append(_build(plain, m.start(), m.end(), None, rank, start))
    return sorted(found, key=lambda one: one.start)


_WORTH = re.compile(
    rf"第\s?{_N}|前[{_CN}两\d]+[位名强]|首位|榜首|之首|第一方阵|前列|前茅|前位|领跑|领先|首名|头名"
)


def _place(plain: str, m: re.Match[str], floor: int) -> Place | None:
    verb, scope, at = _verb_and_scope(m)
    area = _last_area(scope)
    unit = m["unit"] or m["unit2"]
    if m["bare"] is not None and not verb:
        return None
    if m["exact"] and not unit:
        # 第二 alone is a rank only beside a verb or an area, and with nothing behind it (第二届, 第一书记, 第二场)
        if not (verb or area or plain[m.start() - 1 : m.start()] in "和与、") or not _AFTER_BARE.match(
            plain, m.end()
        ):
            return None
        if scope and not area and not verb:
            return None
    elif m["exact"] and not (verb or area) and scope:
        return None
    if (m["front"] or m["first"]) and not (verb or area or scope.endswith(("位", "数位"))):
        return None
    begin = at if verb else m.end("scope") - len(area)
    number, value, bound = _number(m)
    scope_words = area if (area and (not verb or scope.endswith(area))) else scope
    rank = Rank(plain[begin : m.end()], value, bound, scope_words)
    return _build(plain, begin, m.end(), number, rank, floor)


def _verb_and_scope(m: re.Match[str]) -> tuple[str, str, int]:
    """The last verb before the place, the words between the two, and where the verb begins."""
    words, start = m["lead"], m.start("lead")
    verbs = list(_VERB_IN.finditer(words))
    if not verbs:
        return "", words, start
    last = verbs[-1]
    return last.group(), words[last.end() :], start + last.start()


def _last_area(scope: str) -> str:
    found = _AREA_AT_END.search(scope)
    return found.group() if found else ""


def _number(m: re.Match[str]) -> tuple[tuple[int, int] | None, int | None, Bound]:
    bounds: tuple[tuple[str, Bound], ...] = (("exact", "exact"), ("within", "at_most"))
    for name, bound in bounds:
        if m[name]:
            word = m[name]
            return m.span(name), int(word) if word.isdigit() else chinese_number(word), bound
    first = bool(m["first"]) and "方阵" not in m["first"]
    return None, 1 if first else None, "exact" if first else "front"


def _build(plain: str, begin: int, end: int, number: tuple[int, int] | None, rank: Rank, floor: int) -> Place:
    clause = max((plain.rfind(mark, floor, begin) for mark in "，,；;：:"), default=-1) + 1
    clause = max(clause, floor)
    before = plain[clause:begin]
    listed = plain[max(clause, plain.rfind("、", clause, begin) + 1) : begin]
    streak = _STREAK.search(before) or _STREAK.search(rank.text)
    rest = _STREAK.sub("", before)
    free = _SKIP.fullmatch(_STREAK.sub("", listed)) is not None
    shared = _BOTH.search(before + rank.text) is not None
    return Place(begin, end, number, rank, streak.group() if streak else "", shared, free, rest.strip())
