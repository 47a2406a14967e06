"""Numerals that are no figure: dates, ordinals, plans, slogans, telephone numbers, names, broken numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel import regions

_CN = "一二三四五六七八九十百千"
# bounded: an unbounded run looked at from each of its characters is quadratic
_N = rf"[\d{_CN}零〇两]{{1,12}}"

# name → pattern; a number that touches a match is never a figure. Order does not matter.
TRAPS: dict[str, str] = {
    "address": r"https?://\S+|www\.\S+|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+",
    "title": r"《[^《》\n]{1,80}》",
    "numeric date": r"(?<!\d)(?:19|20)\d\d\s?(?:[.\-/]\s?\d{1,2}\s?[.\-/]\s?\d{1,2}(?!\d)|[\-/]\d{1,2}(?![\d%])|\.(?:0?[1-9]|1[0-2])(?=\s*$))",
    "date": rf"(?:(?:19|20)\d\d|[〇零一二三四五六七八九]{{4}})年(?:度|{_N}月(?:{_N}[日号])?)?|(?<!\d)\d{{1,2}}月(?:\d{{1,2}}[日号])?",
    "day": r"(?<![\d.])[0-3]?\d[日号](?![均本新志记])",
    "year range": r"(?:19|20)\d\d\s?[-—–~～至到]+\s?(?:19|20)?\d\d(?!\d)(?:年度?)?",
    "month range": rf"(?:今年|去年|年)?\s?\d{{1,2}}月?\s?[-—–~～至到]+\s?\d{{1,2}}月|前{_N}个?(?:月|季度)|[一二三四1-4]季度",
    "bare year": r"(?<![\d.,])(?:19|20)\d\d(?=[\u4e00-\u9fff“”‘’（）()《》·]|$|\s)(?!多|余|万|亿|个|件|家|项|户|人|名|位|吨|元|种|公|亩|平|立|米|处|台|辆|份|场|次|笔|期|只|套|起|条|所|座|千瓦|年)",
    "year tail": r"(?:19|20)\d\d年(?:代|底|末|初|前|后|版)?",
    "clock": r"(?<!\d)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?|(?<!\d)\d{1,2}[时点](?:\d{1,2}分|许|整|半|左右|档|钟)?(?!线)",
    "ordinal": rf"第\s?{_N}",
    "plan": r"[“\"「]?(?:十[一二三四五六七八九]?|[一二三四五六七八九]|二十)五[”\"」]?(?=规划|时期|期间|以来|末|开局|收官|前|后|[”\"」])",
    "congress": rf"(?:党的|的|学习|贯彻)?[{_CN}]{{1,3}}(?:大(?=[以精报和、，,\s]|及)|届[{_CN}]*(?:中全会|次会议|次全会|中)?)",
    "two sessions": r"两会|两岸|两院|两国|两地|两者|两侧|双[一1]流",
    "enumerator": rf"(?:^|(?<=[。；;：:！!？?\n”“]))\s*(?:[（(][{_CN}\d]{{1,3}}[）)]|[{_CN}]{{1,2}}(?:[、.．]|[是要](?!人|件|个))|\d{{1,2}}[、.．](?!\d)|\d{{1,2}}[)）])",
    "idiom": rf"一[企县区村园镇乡业地案人品校院链群馆码网窗门件]+一[策业品案码法档人方图册标]|[{_CN}]{{1,2}}[院区县市企园校][{_CN}]{{1,2}}[企人品家园中心枢纽]+",
    "set phrase": r"一(?:般|些|定|直|起|步|体|致|系列|批|流|线|站|带|路|揽子|样|同|并|次性|律|切|旦|方面|时间|经|向|度|把手|把|心|贯|再|跃|举|道|级|手|代|期工程|半以上|对一|旁|边|块|场|台|款|篇|片|种|笔|个个|些|声|门式|网通|窗|大批|部分|张网|刀切|盘棋|股)",
    "fraction": rf"(?!百分之)[{_CN}]{{1,12}}分之[{_CN}]{{1,12}}",
    "one of": r"之一",
    "anniversary": rf"{_N}周年|百年(?!一遇)|{_N}[岁届轮]",
    "document number": r"[〔\[【（(]\s?(?:19|20)\d\d\s?[〕\]】）)]\s?第?\d+号|(?<![\d.])\d+号(?:文|令|公告|公报|楼|院|线|馆|厅|星|车|机|门|产品)?",
    "hotline": r"(?:电话|热线|传真|手机|邮编|邮政编码|QQ群?|qq|微信号?|联系方式|举报|报料|咨询)[号码]*\s?[:：为是]?\s?[+\d(（][\d\-\s()（）—]{4,}",
    "phone": r"(?<!\d)(?:0\d{2,3}[-—－ ]\d{7,8}|1[3-9]\d{9}|400[-—]?\d{3}[-—]?\d{4})(?!\d)|(?<!\d)1\d{4}(?=(?:平台|热线|电话|政务|便民|[、和]1\d{4}))",
    "latin": r"(?:GB|ISO|IEC|DB\d{2})(?:/[TZ])?\s?\d[\d.\-/]*|[A-Za-z][A-Za-z.\-/_+]{0,30}\d[\d.\-/]*(?![\d.,]*[万亿]?(?:件|项|家|个|元|%))|(?<![\d.])\d{1,20}(?:\.\d{1,20})?[A-Za-z]{1,30}",
    "sum": r"(?<!\d)\d{1,6}\s?[+＋]\s?(?:\d+|[NnXx])(?:\s?[+＋]\s?(?:\d+|[NnXx]))*",
    "broken by a space": r"(?<![\d.,%])\d+[ \t\u3000]+\d+(?:\.\d+)?(?=\s?[万亿个件家项元%余多])",
    "broken by noise": r"(?<!\d)\d{1,20}[?？□■▯◆●*×#�＊※…_^~`|\\]{1,20}\d{0,20}(?:\.\d{1,20})?|[?？□■▯�＊※]\d{1,20}(?:\.\d{1,20})?",
    "broken grouping": r"(?<![\d,.])\d{1,3}(?:,\d{3})*,(?:\d{1,2}|\d{4,})(?=[万亿多余]?[个件家项元户人份次])|(?<!\d)\d{1,20}\.(?:[万亿个件家项元%]|\.)\S?|(?<![\d.])\d{1,20}\.\d{1,20}\.\d[\d.]{0,60}",
    "truncated": r"(?<![\d.,])\d[\d.,]{0,40}(?:\.\.\.|…|[.,]?$)",
    "vague": rf"(?:数|几|好几|成|若干|无数)[{_CN}万亿]+|十[几多来](?=分钟|秒|天)|[{_CN}]{{1,2}}几|千[千万]万|千家万户|万千|千方百计|千[行帆]|[百千万]花|百强|万物|万众|百姓|千里|[两二三四五六七八九]千年",
    "big list": rf"{_N}大(?=[\u4e00-\u9fff])(?!学|型|量|约|于|赛|幅)",
    "version": r"(?<!\d)\d\.0(?=版|时代|模式|工程)",
    "word with a numeral": r"三角|三七|八宝|双城|千瓦|千兆|千米|千克|百货|百科",
}

# a pattern is only run over a text that holds one of these: most texts lack most of them
_NEEDS: dict[str, tuple[str, ...]] = {
    "address": ("http", "www", "@"), "title": ("《",), "day": ("日", "号"), "month range": ("月", "季度"), "clock": (":", "：", "时", "点"), "ordinal": ("第",),
    "plan": ("五",), "congress": ("大", "届"), "fraction": ("分之",), "one of": ("之一",), "anniversary": ("周年", "百年", "岁", "届", "轮"),
    "document number": ("号",), "sum": ("+", "＋"), "broken grouping": (",", "."), "big list": ("大",), "version": (".0",), "year tail": ("年",),
    "broken by noise": tuple("?？□■▯◆●*×#�＊※…_^~`|\\"), "latin": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trap:
    """A stretch of text in which no number is a figure."""

    start: int
    end: int
    why: str


def _place_names() -> str:
    """Places of the register whose names begin with a numeral, longest first."""
    names: set[str] = set()
    for code in regions.codes():
        place = regions.parse(code)
        short = regions.short_name(place.name)
        # the two-character short name of a county may as well be a number and its unit (五台)
        names |= {place.name} if place.level == "county" and len(short) < 3 else {place.name, short}
    numbered = [
        name for name in names if name[0] in _CN + "两万" and (len(name) > 2 or name[1] not in "区县市")
    ]
    return "|".join(sorted(numbered, key=lambda name: (-len(name), name)))


_COMPILED = [
    (why, re.compile(pattern, re.MULTILINE))
    for why, pattern in (*TRAPS.items(), ("place name", f"(?=[{_CN}两万])(?:{_place_names()})"))
]
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"\n]{1,16})[”」』\"]")
_DIGIT = re.compile(rf"[\d{_CN}两万]")
_CLAUSE = re.compile(r"[，,。；;]")


def trap_spans(plain: str) -> list[Trap]:
    """Find every stretch of a text in which a numeral is no figure."""
    found = [
        Trap(m.start(), m.end(), why)
        for why, pattern in _COMPILED
        if why not in _NEEDS or any(word in plain for word in _NEEDS[why])
        for m in pattern.finditer(plain)
    ]
    found += [
        Trap(m.start(1), m.end(1), "slogan or name")
        for m in _QUOTED.finditer(plain)
        if _DIGIT.search(m[1]) and not _CLAUSE.search(m[1])
    ]
    return found


def trap_mask(plain: str, traps: list[Trap]) -> bytearray:
    """One byte a character: 1 where a number must not be read."""
    mask = bytearray(len(plain) + 1)
    for one in traps:
        mask[one.start : one.end] = b"\x01" * (one.end - one.start)
    return mask
