"""专利公布号、公告号: publication and announcement numbers of Chinese patents (ZC 0007 and before)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("专利文献号标准", number="ZC 0007-2012", unverified=True)
NAME = "专利公布公告号"
KIND_CODES = {
    "A": "发明专利申请公布",
    "A8": "发明专利申请公布（扉页更正）",
    "A9": "发明专利申请公布（全文更正）",
    "B": "发明专利授权公告",
    "B8": "发明专利授权公告（扉页更正）",
    "B9": "发明专利授权公告（全文更正）",
    "C": "发明专利授权公告（2010 年以前）",
    "D": "外观设计专利授权公告（2010 年以前）",
    "U": "实用新型专利授权公告",
    "U8": "实用新型专利授权公告（扉页更正）",
    "U9": "实用新型专利授权公告（全文更正）",
    "Y": "实用新型专利授权公告（2010 年以前）",
    "S": "外观设计专利授权公告",
    "S8": "外观设计专利授权公告（扉页更正）",
    "S9": "外观设计专利授权公告（全文更正）",
} | {
    f"{letter}{number}": f"{name}专利部分无效宣告（第 {number} 次）"
    for letter, name in (("C", "发明"), ("Y", "实用新型"), ("S", "外观设计"))
    for number in range(1, 8)
}

_KINDS = {"A": "invention", "B": "invention", "C": "invention", "U": "utility_model", "Y": "utility_model"}
_KINDS |= {"S": "design", "D": "design"}
_TYPE_LETTERS = {"1": "ABC", "2": "UY", "3": "SD"}
# Nine digits since 2007, seven from 1989, eight (the application number itself) 1985 to 1988.
_SHAPE = re.compile(r"CN([123][0-9]{8}|[123][0-9]{6}|8[5-8][123][0-9]{5})([ABCDUYS][1-9]?)", re.ASCII)
_WRITTEN = re.compile(r"(?:ZL|CN)?([0-9]{7,9})([A-Z][0-9]?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PublicationNumber:
    """The parts of a number: running number, kind code and what kind of right it belongs to."""

    normal: str
    number: str
    kind_code: str
    kind: str
    granted: bool
    warning: str = ""


def normalise(text: str) -> str:
    """``CN107357789B``: country, number, kind code without blanks or dots."""
    number = squeeze(text).replace(".", "").replace("-", "")
    written = _WRITTEN.fullmatch(number)
    return f"CN{written[1]}{written[2]}" if written else number


def parse(text: str) -> PublicationNumber:
    """Take a publication or announcement number apart.

    Raises:
        IdentifierError: no kind code, wrong length, or a kind code that does not fit the type digit.
    """
    normal = normalise(text)
    match = _SHAPE.fullmatch(normal)
    if not match:
        rule = "应为 CN 加 7 至 9 位数字，再加文献种类代码（如 A、B、U、S）"
        raise refuse(NAME, text, rule, fix="请写成 CN107357789B 的形式。", source=SOURCE)
    number, code = match.groups()
    digit = number[2] if len(number) == 8 else number[0]
    if code not in KIND_CODES or code[0] not in _TYPE_LETTERS[digit]:
        allowed = "、".join(_TYPE_LETTERS[digit])
        rule = f"首位种类“{digit}”的文献种类代码应以 {allowed} 开头，实为 {code}"
        raise refuse(NAME, text, rule, fix="请核对公报上的文献号。", source=SOURCE)
    return PublicationNumber(normal, number, code, _KINDS[code[0]], code[0] != "A")


def validate(text: str) -> Verdict:
    """Error for a wrong shape or kind code."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """What the parts mean; these numbers have no check digit."""
    number = parse(text)
    return [
        f"文献号 {number.normal}：流水号 {number.number}，文献种类代码 {number.kind_code}",
        f"{number.kind_code} 表示{KIND_CODES[number.kind_code]}",
        "此号没有校验位",
    ]
