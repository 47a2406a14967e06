"""Growth and decline: which numbers say how much something changed, in which direction, against what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.engines.extraction.numbers import Amount

_UP = "增长|增加|上升|提高|提升|上涨|扩大|增幅|涨幅|增速|增长率|上浮|上调|加快|攀升|(?<![新倍])增|涨"
_DOWN = "下降|减少|降低|下调|回落|缩减|下滑|收窄|降幅|跌幅|缩短|压减|压缩|下浮|下跌|减缓|(?<!同)降|减"
_WEAK_UP = "高出|高于|高|多|快"
_WEAK_DOWN = "低于|低|少|慢"
_FILL = r"(?:了|约|近|超|超过|逾|高达|达到|达|为|是|分别|均|也|仅|又|至少|不低于|幅度?|率|速|：|:|，|,|\s)*"
_DIRECT = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})){_FILL}$")
_WEAK = re.compile(rf"(?:(?P<up>{_WEAK_UP})|(?P<down>{_WEAK_DOWN})){_FILL}$")
_ANY = re.compile(rf"(?P<up>{_UP}|{_WEAK_UP})|(?P<down>{_DOWN}|{_WEAK_DOWN})")
_BASIS = re.compile(
    r"(?:与|和)?(?:同比|环比|比上年同期|较上年同期|比去年同期|较去年同期|比上年|较上年|比去年[底末]?|较去年[底末]?|比年初|较年初|比上月|较上月|年均|(?:比|较|与)(?:19|20)\d\d年(?:[底末]|同期)?(?:相比)?|(?:比|较)(?=[\u4e00-\u9fff]{1,16}$))"
)
_RESULT = re.compile(
    r"(?:增长|增加|上升|提高|提升|增|升|降|下降|减少|压减|缩短|扩大|压缩|降低|回落)(?:至|到|为)$"
)


@dataclass(frozen=True, slots=True)
class Growth:
    """A number that says how much something changed.

    Args:
        sign: 1 or -1.
        start: where the words of change begin; what stands before names the thing.
        basis: 同比, 比上年 … as written, empty when not said.
    """

    sign: int
    start: int
    basis: str


def growth(plain: str, floor: int, sentence_start: int, amount: Amount) -> Growth | None:
    """Tell whether a quantity is a change.

    Args:
        plain: the text.
        floor: where the words about this quantity begin (its clause, or the end of the one before).
        sentence_start: where its sentence begins, for a basis said earlier.
        amount: the quantity.
    """
    before = plain[floor : amount.lead]
    if _RESULT.search(before):
        return None
    basis = _last(_BASIS, before)
    points = amount.base_unit == "百分点"
    direct = _DIRECT.search(before) or (_WEAK.search(before) if basis else None)
    if not direct and points:
        direct = _last(_ANY, plain[sentence_start : amount.lead])
        if not direct:
            return None
        start = amount.lead if direct.end() <= floor - sentence_start else sentence_start + direct.start()
        return Growth(1 if direct["up"] else -1, max(floor, start), basis.group() if basis else "")
    if not direct:
        return None
    if not amount.percent and not basis and not (not amount.unit and direct):
        return None
    start = min(direct.start(), basis.start() if basis else direct.start())
    return Growth(1 if direct["up"] else -1, floor + start, basis.group() if basis else "")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None
