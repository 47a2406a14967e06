"""专利申请号: Chinese patent application numbers, old eight-digit and new twelve-digit ones (ZC 0006)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("专利申请号标准", number="ZC 0006-2003")
NAME = "专利申请号"
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
TYPES = {
    "1": "发明专利",
    "2": "实用新型专利",
    "3": "外观设计专利",
    "8": "进入中国国家阶段的 PCT 发明专利",
    "9": "进入中国国家阶段的 PCT 实用新型专利",
}
KINDS = {"1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design"}

_CANONICAL = re.compile(r"20[0-9]{2}[12389][0-9]{7}[0-9X]", re.ASCII)
_USUAL = re.compile(r"(?:ZL|CN)?(20[0-9]{2}[12389][0-9]{7})\.?([0-9X])", re.ASCII)
_NEW = re.compile(r"(20[0-9]{2}[12389][0-9]{7})([0-9X])", re.ASCII)
_OLD = re.compile(r"((?:8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5})([0-9X]?)", re.ASCII)
_WRITTEN = re.compile(r"(?:ZL|CN)*([0-9]{12}|[0-9]{8})(?:\.?([0-9X]))?", re.ASCII)
_PREFIX = re.compile(r"(?:ZL|CN)+")
_CHECKS = "0123456789X"
# The digits of the bytes are 48 too large each: their weighted share is taken off the sum.
_OFFSET = {length: 48 * sum(WEIGHTS[:length]) for length in (8, 12)}


@dataclass(frozen=True, slots=True)
class ApplicationNumber:
    """The parts of a number.

    Args:
        normal: stored form, digits and check digit without a dot.
        display: the form people read, ``201710601862.3``.
        year: year of filing.
        type: type digit, see ``TYPES``.
        kind: invention, utility_model or design.
        serial: running number in the year.
        check: check digit as written, empty when it was left out.
        expected: check digit by the rule.
        warning: set when an old number came without its check digit.
    """

    normal: str
    display: str
    year: int
    type: str
    kind: str
    serial: str
    check: str
    expected: str
    warning: str = ""


def check_digit(body: str) -> str:
    """The check digit for the 8 or 12 digits before the dot."""
    return _CHECKS[(sum(map(mul, WEIGHTS, body.encode())) - _OFFSET[len(body)]) % 11]


def with_check(first12: str) -> str:
    """Complete a number of 12 (or, old style, 8) digits; for generated data and tests."""
    body = _PREFIX.sub("", squeeze(first12))
    if not (_NEW.fullmatch(body + "0") or _OLD.fullmatch(body + "0")):
        fix = "请给出小数点前的 12 位（2003 年 10 月以前 8 位）数字。"
        raise refuse(NAME, first12, _broken_rule(body), fix=fix, source=SOURCE)
    return body + check_digit(body)


def normalise(text: str) -> str:
    """Digits and check digit without prefix and dot; an old number gets the check digit it lacks."""
    if _CANONICAL.fullmatch(text):
        return text
    number = squeeze(text)
    written = _WRITTEN.fullmatch(number)
    if not written:
        return number
    body, check = written.groups()
    if not check and len(body) == 8 and _OLD.fullmatch(body):
        check = check_digit(body)
    return body + (check or "")


def display(text: str) -> str:
    """The form people read: ``201710601862.3``."""
    normal = normalise(text)
    return f"{normal[:-1]}.{normal[-1]}" if len(normal) in (9, 13) else normal


def parse(text: str) -> ApplicationNumber:
    """Take a number apart, with or without ZL or CN, dot and blanks.

    Raises:
        IdentifierError: wrong length, a type that does not exist, or a wrong check digit.
    """
    number = _PREFIX.sub("", squeeze(text))
    written = _WRITTEN.fullmatch(number)
    plain = "".join(part or "" for part in written.groups()) if written else number
    match = _NEW.fullmatch(plain) or _OLD.fullmatch(plain)
    if not match:
        fix = "请核对受理通知书，写成 201710601862.3 的形式。"
        raise refuse(NAME, text, _broken_rule(number), fix=fix, source=SOURCE)
    body, check = match.groups()
    expected = check_digit(body)
    if check and check != expected:
        rule = f"校验位是 {check}，按前 {len(body)} 位应为 {expected}"
        raise refuse(NAME, text, rule, fix="请核对各位数字。", source=SOURCE)
    year, at = (int(body[:4]), 4) if len(body) == 12 else (_old_year(body), 2)
    warning = "" if check else f"{NAME}“{text}”没有校验位，已按规则补为 {body}.{expected}。请核对号码。"
    return ApplicationNumber(
        normal=body + expected,
        display=f"{body}.{expected}",
        year=year,
        type=body[at],
        kind=KINDS[body[at]],
        serial=body[at + 1 :],
        check=check,
        expected=expected,
        warning=warning,
    )


def validate(text: str) -> Verdict:
    """Error for shape, type or check digit; warning for an old number without check digit."""
    usual = _USUAL.fullmatch(text)
    if usual and check_digit(usual[1]) == usual[2]:
        return Verdict("ok", "", usual[1] + usual[2])
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """The check digit step by step."""
    number = parse(text)
    body = number.normal[:-1]
    weights = WEIGHTS[: len(body)]
    total = sum(map(mul, map(int, body), weights))
    terms = "＋".join(f"{digit}×{weight}" for digit, weight in zip(body, weights, strict=True))
    return [
        f"申请号 {number.display}：{number.year} 年，{TYPES[number.type]}，流水号 {number.serial}",
        f"各位加权因子：{' '.join(map(str, weights))}",
        f"加权和：{terms}＝{total}",
        f"{total} 除以 11 余 {total % 11}，校验位为 {number.expected}（余 10 时写 X）",
        "号码没有校验位，已补上" if number.warning else f"所写校验位 {number.check}，一致，校验通过",
    ]


def _old_year(body: str) -> int:
    short = int(body[:2])
    return 1900 + short if short >= 85 else 2000 + short


def _broken_rule(number: str) -> str:
    body, dot, check = number.partition(".")
    if not re.fullmatch(r"[0-9.X]+", number):
        return "只应有数字、小数点和末位的 X"
    if dot and (len(body) not in (8, 12) or len(check) != 1):
        seen = f"实为 {len(body)} 位和 {len(check)} 位"
        return f"小数点应在第 12 位（2003 年 10 月以前第 8 位）之后，其后只有一位，{seen}"
    digits = number.replace(".", "")
    if len(digits) not in (8, 9, 12, 13):
        return f"应为 12 位加校验位（2003 年 10 月以前 8 位加校验位），实为 {len(digits)} 位"
    at = 4 if len(digits) >= 12 else 2
    if digits[at] not in TYPES:
        return f"第 {at + 1} 位“{digits[at]}”不是专利种类（1、2、3、8、9）"
    if len(digits) == 12:
        return "缺第 13 位校验位"
    return f"年份“{digits[:at]}”不在可能的范围内，或数字中夹有 X"
