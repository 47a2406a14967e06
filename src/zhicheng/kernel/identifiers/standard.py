"""标准编号: national, industry, local, group, enterprise and international standard numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, tidy

SOURCE = Source("标准化法", date="2017-11-04", unverified=True)
NAME = "标准编号"
FIX = "请写成 GB/T 42748-2023、DB37/T 4563-2022、T/CAS 123-2024 或 Q/HR001 002-2024 的形式。"
LEVELS = {
    "national": "国家标准",
    "industry": "行业标准",
    "local": "地方标准",
    "group": "团体标准",
    "enterprise": "企业标准",
    "international": "国际标准",
}
_INDUSTRY_WORDS = """
    AQ BB CB CH CJ CY DA DB DL DY DZ EJ FZ GA GC GD GH GM GY HB HG HJ HS HY JB JC JG JR JT JY
    KA LB LD LS LY MH MR MT MZ NB NY QB QC QJ QX RB RF SB SC SF SH SJ SL SN SW SY TB TD TY WB
    WH WJ WM WS WW XB XF XJ YB YC YD YJ YS YY YZ ZY
"""
INDUSTRY_CODES = frozenset(_INDUSTRY_WORDS.split())

_ISSUER = re.compile(
    r"(?P<national>GB(?:/[TZ])?)|(?P<local>DB[0-9]{2}(?:[0-9]{2})?(?:/T)?)|T/(?P<group>[A-Z0-9]{2,12})"
    r"|Q/(?P<enterprise>[A-Z0-9\u4e00-\u9fff][-A-Z0-9\u4e00-\u9fff.]*)"
    r"|(?P<international>(?:ISO|IEC)(?:/(?:IEC|IEEE|TS|TR|PAS|GUIDE))*)|(?P<industry>[A-Z]{2}(?:/[TZ])?)"
)
_NUMBER = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,3})?)-([0-9]{4})", re.ASCII)
_ENTERPRISE_NUMBER = re.compile(r"([A-Z0-9]+(?:[-.][A-Z0-9]+)*)-([0-9]{4})", re.ASCII)
_INTERNATIONAL_NUMBER = re.compile(r"([0-9]{1,6}(?:-[0-9]{1,3})?)(?:[-:]([0-9]{4}))?", re.ASCII)
_ROUND_MARKS = re.compile(r" ?([-/:]) ?")
_GLUED = re.compile(
    r"((?:GB|[A-Z]{2})(?:/[TZ])?|DB[0-9]{2}(?:[0-9]{2})?/T|(?:ISO|IEC)(?:/[A-Z]+)*|T/[A-Z0-9]*[A-Z])([0-9][-0-9.:]*)",
    re.ASCII,
)
_NATIONAL_WORD = re.compile(r"GB ?([TZ])(?=[ 0-9])")


@dataclass(frozen=True, slots=True)
class StandardNumber:
    """The parts of a number.

    Args:
        normal: ``GB/T 42748-2023``.
        level: key of ``LEVELS``.
        issuer: code before the number: GB, NY, DB37, the group's or enterprise's code, ISO/IEC.
        recommended: True for /T, False where compulsory, None where the question does not arise.
        region: six-digit region code of a local standard, else empty.
        number: running number with its part.
        year: year of issue, None for an undated international standard.
    """

    normal: str
    level: str
    issuer: str
    recommended: bool | None
    region: str
    number: str
    year: int | None
    warning: str = ""


def normalise(text: str) -> str:
    """Issuer, one blank, number, dash, year: ``GB/T 42748-2023``."""
    written = _NATIONAL_WORD.sub(r"GB/\1", _ROUND_MARKS.sub(r"\1", tidy(text)))
    glued = _GLUED.fullmatch(written)
    if glued:
        written = f"{glued[1]} {glued[2]}"
    if written.startswith(("ISO", "IEC")):
        return re.sub(r"(?<=[0-9])-((?:19|20)[0-9]{2})$", r":\1", written)
    return written


def parse(text: str) -> StandardNumber:
    """Take a standard's number apart.

    Raises:
        IdentifierError: no known issuer, no number, or no year of four digits.
    """
    normal = normalise(text)
    prefix, _, body = normal.partition(" ")
    issuer = _ISSUER.fullmatch(prefix)
    level = str(issuer.lastgroup) if issuer else ""
    if not issuer:
        raise refuse(NAME, text, f"“{prefix}”不是标准代号", fix=FIX, source=SOURCE)
    shapes = {"enterprise": _ENTERPRISE_NUMBER, "international": _INTERNATIONAL_NUMBER}
    match = shapes.get(level, _NUMBER).fullmatch(body)
    if not match:
        raise refuse(NAME, text, _broken_rule(body), fix=FIX, source=SOURCE)
    number, year = match.groups()
    if year and not 1949 <= int(year) <= 2099 and level != "international":
        raise refuse(NAME, text, f"年份 {year} 不可能", fix=FIX, source=SOURCE)
    code, _, nature = (
        issuer[level].partition("/")
        if level in ("national", "industry", "local")
        else (issuer[level], "", "")
    )
    warning = ""
    if level == "industry" and code not in INDUSTRY_CODES:
        warning = f"{NAME}“{text}”的行业标准代号 {code} 不在已知代号中。请核对。"
    return StandardNumber(
        normal=normal,
        level=level,
        issuer=code,
        recommended=nature == "T" if level in ("national", "industry", "local") else None,
        region=code[2:].ljust(6, "0") if level == "local" else "",
        number=number,
        year=int(year) if year else None,
        warning=warning,
    )


def validate(text: str) -> Verdict:
    """Error for an unknown issuer, number or year; warning for an industry code not in the list."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """What the parts mean."""
    one = parse(text)
    nature = {True: "，推荐性", False: "", None: ""}[one.recommended]
    region = f"，区域 {one.region}" if one.region else ""
    year = f"{one.year} 年发布" if one.year else "未注年份"
    return [
        f"{one.normal}：{LEVELS[one.level]}{nature}，代号 {one.issuer}{region}，顺序号 {one.number}，{year}",
        "标准编号没有校验位",
    ]


def _broken_rule(body: str) -> str:
    if not body:
        return "代号之后应有顺序号和年份"
    if "-" not in body:
        return f"顺序号“{body}”之后缺年份"
    return f"“{body}”应为顺序号、连接号和四位年份"
