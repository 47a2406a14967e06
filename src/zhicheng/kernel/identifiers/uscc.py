"""统一社会信用代码: the 18-character code of every Chinese organisation (GB 32100-2015)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("法人和其他组织统一社会信用代码编码规则", number="GB 32100-2015")
NAME = "统一社会信用代码"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_VALUES = bytes(ALPHABET.find(chr(code)) % 256 for code in range(256))
_FOREIGN = re.compile(r"[^0-9A-HJ-NPQRTUWXY]")

CATEGORIES = {
    "11": "机关",
    "12": "事业单位",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
}


@dataclass(frozen=True, slots=True)
class Uscc:
    """The parts of a code; ``warning`` is set when the check character does not fit."""

    normal: str
    category: str
    region: str
    org_code: str
    check: str
    expected: str
    warning: str = ""


def check_character(first17: str) -> str:
    """The 18th character for the first seventeen."""
    total = sum(map(mul, WEIGHTS, first17.encode().translate(_VALUES)))
    return ALPHABET[-total % 31]


def with_check(first17: str) -> str:
    """Complete a code; for generated data and tests."""
    code = normalise(first17)
    if not _SHAPE.fullmatch(code + "0"):
        raise refuse(NAME, first17, _broken_rule(code, 17), fix="请给出前 17 位。", source=SOURCE)
    return code + check_character(code)


def normalise(text: str) -> str:
    """Upper case, half width, without blanks, dots and dashes."""
    if _SHAPE.fullmatch(text):
        return text
    return squeeze(text).replace("-", "").replace(".", "")


def parse(text: str) -> Uscc:
    """Take a code apart.

    Raises:
        IdentifierError: wrong length or a character outside the standard's alphabet.
    """
    code = normalise(text)
    if not _SHAPE.fullmatch(code):
        rule = _broken_rule(code, 18)
        raise refuse(NAME, text, rule, fix="请对照营业执照重新录入 18 位代码。", source=SOURCE)
    expected = check_character(code[:17])
    warning = "" if expected == code[17] else _warning(code, expected)
    return Uscc(code, code[:2], code[2:8], code[8:17], code[17], expected, warning)


def validate(text: str) -> Verdict:
    """Error for a wrong shape, warning for a wrong check character."""
    if _SHAPE.fullmatch(text) and check_character(text[:17]) == text[17]:
        return Verdict("ok", "", text)
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """The check character step by step."""
    code = parse(text)
    values = [ALPHABET.index(letter) for letter in code.normal[:17]]
    total = sum(map(mul, WEIGHTS, values))
    terms = "＋".join(f"{value}×{weight}" for value, weight in zip(values, WEIGHTS, strict=True))
    verdict = "一致，校验通过" if code.check == code.expected else f"与末位 {code.check} 不一致，校验不通过"
    category = f"{code.category}（{CATEGORIES.get(code.category, '其他')}）"
    return [
        f"代码 {code.normal}：机构类别 {category}，登记机关行政区划 {code.region}",
        f"主体标识码 {code.org_code}，校验码 {code.check}",
        f"前 17 位的代码字符值：{' '.join(map(str, values))}",
        f"各位加权因子（3 的幂除以 31 的余数）：{' '.join(map(str, WEIGHTS))}",
        f"加权和：{terms}＝{total}",
        f"{total} 除以 31 余 {total % 31}；31 减余数再除以 31，余 {-total % 31}，对应字符 {code.expected}",
        f"应有校验码 {code.expected}，{verdict}",
    ]


def _warning(code: str, expected: str) -> str:
    return (
        f"{NAME}“{code}”的校验码不符：末位是 {code[17]}，按前 17 位应为 {expected}。"
        f"请对照营业执照核对；确属登记如此的，请写明理由后保留。（依据：{SOURCE}）"
    )


def _broken_rule(code: str, length: int) -> str:
    if len(code) != length:
        return f"应为 {length} 位，实为 {len(code)} 位"
    foreign = _FOREIGN.search(code)
    if foreign:
        return f"第 {foreign.start() + 1} 位“{foreign.group()}”不是代码字符（不用 I、O、S、V、Z）"
    return f"第 3 至 8 位“{code[2:8]}”应为六位数字的行政区划代码"
