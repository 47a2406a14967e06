"""Finds quantities in running text: the number as written, its unit, how exact it claims to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.extraction.traps import Trap, trap_mask
from zhicheng.kernel.quantities import chinese_number, parse_quantity

_CN = "一二三四五六七八九十百千两零"
MONEY = r"元(?:人民币)?|美元|欧元|港元|日元|英镑|澳元"
PERCENT = r"个百分点|百分点|%|‰"
# Units after which a count of things, people or work follows; longer ones first.
CLASSIFIERS = ["个工作日", "个小时", "个月", "个季度", "平方公里", "平方千米", "平方米", "立方米", "千瓦时", "标准箱", "摄氏度", "公里每小时", "人次", "件次", "家次", "户次", "场次", "批次", "课时", "千瓦", "兆瓦", "公里", "千米", "公斤", "千克", "公顷", "公吨", "海里", "分钟", "小时", "厘米", "毫米", "个", "件", "项", "家", "户", "人", "名", "位", "种", "只", "份", "次", "期", "场", "笔", "本", "册", "条", "所", "座", "处", "单", "部", "篇", "起", "宗", "批", "艘", "架", "辆", "台", "套", "枚", "吨", "亩", "米", "天", "日", "年", "月", "秒", "款", "类", "支", "张", "对", "双", "间", "栋", "幢", "头", "株", "棵", "斤", "升", "度", "℃", "周", "班", "列", "盒", "箱", "村", "镇", "乡", "县", "市", "省", "国", "席", "组", "队", "幅", "首", "集", "封", "桶", "瓶", "节", "顶", "轮", "届", "字", "票", "例", "床", "格", "点", "步", "岁", "幕", "道", "口", "匹", "尾", "羽", "眼", "片", "块", "条次", "组次", "对次", "斛", "卷", "版", "门", "孔", "站", "所次", "桩", "股", "户均", "岗", "席位"]  # fmt: skip
_CLASS = "|".join(
    {"人": "人(?!口|民|均)", "台": "台(?!阶)"}.get(one, one)
    for one in sorted(CLASSIFIERS, key=len, reverse=True)
)
_UNIT = rf"{MONEY}|{PERCENT}|成(?!立|为|功|果|员|都|渝|长|品|套|效|绩|就|熟|分|批|本|交)|倍|{_CLASS}"
_SCALE = r"万亿|千亿|百亿|十亿|千万|百万|十万|万|亿"
_ARABIC = re.compile(
    rf"(?P<sign>(?<![\d\u4e00-\u9fff])[-−－](?=\d))?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<more>[多余]?)(?P<scale>{_SCALE})?(?P<more2>[多余]?)\s?(?P<unit>{_UNIT})?"
)
_CHINESE = re.compile(
    rf"(?<![第数几每]|[{_CN}万亿])(?P<cent>百分之)?(?P<number>[{_CN}]+(?:万[{_CN}]*)?(?:亿[{_CN}]*)?(?:点[{_CN}]+)?|[百千]?[万亿])"
    rf"(?P<more>[多余]?)(?P<scale>万亿|万|亿)?(?P<more2>[多余]?)(?P<unit>{_UNIT})?"
)
_BEFORE: dict[str, str] = {
    "近": "below", "将近": "below", "接近": "below", "不到": "below", "不足": "below", "低于": "below", "不超过": "below",
    "至多": "below", "最多": "below", "约": "about", "大约": "about", "约为": "about", "大概": "about", "约占": "about",
    "超": "above", "超过": "above", "超出": "above", "逾": "above", "高于": "above", "大于": "above", "已超": "above",
    "突破": "at_least", "至少": "at_least", "不少于": "at_least", "不低于": "at_least",
}  # fmt: skip
_BEFORE_AT = re.compile(
    rf"(?<![节合契预条公签附临邻靠])(?P<word>{'|'.join(sorted(_BEFORE, key=len, reverse=True))})了?$"
)
_AFTER: dict[str, str] = {
    "以上": "at_least", "及以上": "at_least", "以下": "below", "以内": "below", "左右": "about", "上下": "about",
}  # fmt: skip
_AFTER_AT = re.compile(r"(?:及以上|以上|以下|以内|左右|上下)")
_OVER = re.compile(r"(?<![迈以跃登站加])上$")
_JOIN = re.compile(r"\s?(?:、|和|与|及|以及|，|,|至|到|-|—|~)\s?")
# 8亿至12亿立方米: the first number of a range has a scale of its own and the unit of the second
_RANGE = re.compile(r"\s?(?:至|到|[-—~～]+)\s?\d")
# 约为全国平均水平5.7倍: what it is a multiple of stands between the hedge and the number
_HEDGED_MULTIPLE = re.compile(r"约(?:为|是|占)?[^，,。；;、\d]{2,12}$")
_STRONG = re.compile(r"(?:共|共有|累计|达|达到|现有|已有|新增|仅|拥有|为)$")
_BARE_BEFORE = re.compile(
    r"(?:指数|得分|评分|总分|均分|系数|比值|得票|分值)[\u4e00-\u9fff]{0,6}?(?:为|达|达到|是|:|：)$|(?:提高|上升|下降|回落|降低|增长|提升)了?$"
)
_STOP = re.compile(r"[，。；、,;）)！!]|$|\n")
_ABSTRACT = re.compile(
    r"(?:个|大|种|类|条|项)?(?:方面|领域|环节|问题|关键|维度|层面|渠道|毫不|实施意见|指标|阶段|步骤|率先|转变|导向)"
)
_FUZZY = frozenset("百千万亿")
_CALENDAR_OR_AREA = frozenset("年月日天岁国省市县")
_COUNTED = frozenset("个件项家户人名场笔种")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in the text.

    Args:
        start: first character of the number; ``end`` is after its scale and 多/余, before the unit.
        unit_end: after the unit and after 以上/左右.
        lead: where the words before it end (before 近, 超过 …).
        value: the number as written, before its scale.
        unit: scale and unit as written.
        base_value: exact value in ``base_unit``.
        approx: exact, at_least, about, below, above.
    """

    start: int
    end: int
    unit_end: int
    lead: int
    value: Decimal
    unit: str
    base_value: Decimal
    base_unit: str
    approx: str

    @property
    def percent(self) -> bool:
        """Whether it is a percentage, a number of percentage points or a multiple."""
        return self.base_unit in {"%", "‰", "百分点", "倍"}

    @property
    def money(self) -> bool:
        """Whether it is a sum of money."""
        return self.base_unit.endswith("元") or self.base_unit == "英镑"


def amounts(plain: str, traps: list[Trap]) -> list[Amount]:
    """Read every quantity of a text with half-width digits, in order."""
    mask = trap_mask(plain, traps)
    found = [*_arabic(plain, mask), *_chinese(plain, mask)]
    found.sort(key=lambda one: one.start)
    return _without_overlap(found)


def _arabic(plain: str, mask: bytearray) -> Iterator[Amount]:
    bare: list[re.Match[str]] = []
    for m in _ARABIC.finditer(plain):
        start, end = m.span("number")
        if any(mask[start:end]):
            yield from _unitless(plain, bare)
            bare.clear()
            continue
        opens_range = m["scale"] and _RANGE.match(plain, m.end()) is not None
        if not m["unit"] and (not m["scale"] or opens_range):
            if bare and not _JOIN.fullmatch(plain, bare[-1].end(), start):
                yield from _unitless(plain, bare)
                bare.clear()
            bare.append(m)
            continue
        if bare and _JOIN.fullmatch(plain, bare[-1].end(), start):
            yield from (_shared(plain, one, m) for one in bare)
        else:
            yield from _unitless(plain, bare)
        bare.clear()
        yield _amount(plain, m, m["number"])
    yield from _unitless(plain, bare)


def _unitless(plain: str, bare: list[re.Match[str]]) -> Iterator[Amount]:
    """A bare number counts only after a word that says it is a score or an index."""
    for m in bare:
        stops = _STOP.match(plain, m.end("number")) is not None
        if stops and _BARE_BEFORE.search(plain, max(0, m.start() - 14), m.start()):
            yield _amount(plain, m, m["number"])


def _shared(plain: str, m: re.Match[str], last: re.Match[str]) -> Amount:
    """`201.15、221.64万千瓦时`: a bare number of a list takes scale and unit of the last one."""
    words = (m["scale"] or last["scale"] or "") + (last["unit"] or "")
    quantity = _quantity(m["number"], words)
    start, end = m.start("number"), m.end("scale") if m["scale"] else m.end("number")
    return Amount(start, end, end, _lead(plain, start)[0], *quantity, "exact")


def _quantity(number: str, words: str) -> tuple[Decimal, str, Decimal, str]:
    words = words.replace("元人民币", "元")
    if words.endswith("成"):
        value = parse_quantity(number).base_value
        return value, "成", value * 10, "%"
    if words.endswith("百分点"):
        value = Decimal(number.replace(",", ""))
        return value, words, value, "百分点"
    read = parse_quantity(number + words)
    return read.value, words, read.base_value, read.base_unit


def _lead(plain: str, start: int) -> tuple[int, str]:
    m = _BEFORE_AT.search(plain, max(0, start - 5), start)
    return (m.start(), _BEFORE[m["word"]]) if m else (start, "exact")


def _amount(plain: str, m: re.Match[str], number: str) -> Amount:
    value, unit, base, base_unit = _quantity(number, (m["scale"] or "") + (m["unit"] or ""))
    start = m.start("sign") if m.groupdict().get("sign") else m.start("number")
    if start < m.start("number"):
        value, base = -value, -base
    end = m.end("more2")
    lead, approx = _lead(plain, start)
    if base_unit == "倍" and approx == "exact" and _HEDGED_MULTIPLE.search(plain, max(0, start - 16), start):
        approx = "about"
    if m["more"] or m["more2"]:
        approx = "at_least"
    unit_end = m.end("unit") if m["unit"] else end
    if plain.startswith(("多", "余"), unit_end) and unit_end > end:
        approx, unit_end = "at_least", unit_end + 1
    after = _AFTER_AT.match(plain, unit_end)
    if after:
        approx, unit_end = _AFTER[after.group()], after.end()
    return Amount(start, end, unit_end, lead, value, unit, base, base_unit, approx)


def _chinese(plain: str, mask: bytearray) -> Iterator[Amount]:
    for m in _CHINESE.finditer(plain):
        start, end = m.span("number")
        if any(mask[start:end]) or not _stands(plain, m):
            continue
        if m["cent"]:
            value = parse_quantity(m["number"]).base_value
            lead, approx = _lead(plain, m.start())
            yield Amount(m.start(), end, end, lead, value, "%", value, "%", approx)
            continue
        if m["number"][0] in _FUZZY:
            yield _fuzzy(plain, m)
            continue
        yield _amount(plain, m, m["number"])


def _fuzzy(plain: str, m: re.Match[str]) -> Amount:
    """`近百人`, `超千亿元`: the round word is the number itself."""
    words = m["number"] + (m["scale"] or "")
    value = Decimal(1)
    for char in words:
        value *= {"百": 100, "千": 1000, "万": 10_000, "亿": 10**8}[char]
    unit = m["unit"] or ""
    base_unit = "元" if unit == "元人民币" else unit
    start, end = m.start("number"), m.end("more2")
    lead, approx = _lead(plain, start)
    if lead == start:
        lead, approx = start - 1, "at_least"
    return Amount(start, end, m.end("unit") if unit else end, lead, value, unit, value, base_unit, approx)


def _stands(plain: str, m: re.Match[str]) -> bool:
    """Whether a Chinese numeral is meant as a figure; most are parts of words and slogans."""
    unit, number = m["unit"], m["number"]
    if m["cent"]:
        return True
    if number[0] in _FUZZY:
        start = m.start("number")
        led = _lead(plain, start)[0] < start or _OVER.search(plain, max(0, start - 2), start) is not None
        return bool(unit) and set(number + (m["scale"] or "")) <= _FUZZY and led
    if not unit or "几" in plain[m.start() : m.end()]:
        return False
    if unit in {"成", "倍"}:
        return number != "一" or unit == "成"
    if _ABSTRACT.match(plain, m.start("unit")):
        return False
    return _is_count(plain, m, unit, number)


def _is_count(plain: str, m: re.Match[str], unit: str, number: str) -> bool:
    """Eleven and more written out, sums of money, and small numbers right behind 共有, 新增 …"""
    if re.fullmatch(MONEY, unit) and (m["scale"] or len(number) > 1):
        return True
    large = chinese_number(number.partition("点")[0])
    if len(number) > 1 and large >= 11 and unit not in _CALENDAR_OR_AREA:
        return True
    # 超过十家, 十余名: whoever rounds ten has counted
    rounded = bool(m["more"] or m["more2"]) or _lead(plain, m.start("number"))[0] < m.start("number")
    if large == 10 and rounded and unit not in _CALENDAR_OR_AREA:
        return True
    stated = _STRONG.search(plain, max(0, m.start() - 4), m.start()) is not None
    return stated and number not in {"一", "零", "两"} and unit in _COUNTED


def _without_overlap(found: list[Amount]) -> list[Amount]:
    kept: list[Amount] = []
    for one in found:
        if kept and one.start < kept[-1].unit_end:
            continue
        kept.append(one)
    return kept
