"""Reward rules: for what, on which condition, to whom, how much: 对首次获得…的单位，分别给予一次性资助100万元、50万元."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhicheng.engines.extraction.indicator_names import completed
from zhicheng.engines.extraction.numbers import Amount

_GIVE = r"(?:给予|予以|给与|奖励|奖补|资助|补助|补贴|发放)"
_SEGMENT = re.compile(r"[^。；;！!？?\n]+")
_OPENS = re.compile(
    r"(?:^|(?<=[，,：:、]))\s*(?:\d[.、)）]\s?)?(?:对于?|凡是?|支持|鼓励)|(?<=[市县区局府政])对(?=首次|新|获|荣获|被|通过|入选|每)"
)
_PAYEE_WORD = "单位|企业|个人|组织|机构|团队|项目|主体|园区|高校|院所|专利权人|申请人|发明人|商户|平台|集群|产品|品牌|地区|县市区"
_CONDITION = re.compile(
    rf"(?P<for>.*?(?:获|评为|认定|入选|列入|通过|首次|新增|主导|参与|牵头|授权|注册|取得|承担|实施|建设|引进|开展|购买|办理|设立|达到|完成).*?)"
    rf"(?:的(?P<payee>[^，,的]*?(?:{_PAYEE_WORD})[^，,的]{{0,6}})|的)?[，,]?$"
)
_PAY = re.compile(
    rf"(?P<payer>[\u4e00-\u9fff]{{0,12}}?)(?:再|可|均|将|按照?[^，,]{{0,16}})?(?:分别|各|最高|一次性)*{_GIVE}"
)
_FIRST = re.compile(r"首次|首个|第一次")
_NEW = re.compile(r"新获评|新认定|新入选|新获得?|新评为|新通过|新增|新注册|新授权")
_TRIGGER = re.compile(
    r"(?:首次|第一次|新)?(?P<verb>获得|荣获|获评为?|评为|认定为?|入选|列入|通过|获|主导制定|参与制定|主导|参与|牵头|取得|承担|授权|注册)(?:为|了)?(?P<objects>.+)"
)
_BARE_VERB = re.compile(r"(?:首次|新)?(?P<verb>获得|荣获|获评|评为|认定|入选|列入|获批|授权|注册)")
_ONCE = re.compile(r"一次性")
_CAP = re.compile(r"最高(?:可|不超过)?|不超过|上限|至多|最多")
_MODE = re.compile(r"奖励|资助|补助|补贴|奖补|奖金|配套|扶持")
_AND = re.compile(r"、|以及|(?<![一-龥]奖)[和与及](?!提名)|或者?")
_PAST = re.compile(r"累计|共(?:为|给予|发放|兑现)|已(?:为|兑现|发放)|今年以来|去年|截至")


@dataclass(frozen=True, slots=True)
class Reward:
    """One amount of a reward rule with what it is for."""

    amount: Amount
    trigger: str
    conditions: tuple[str, ...]
    payee: str
    payer: str
    mode: str
    segment: tuple[int, int]


def rewards(plain: str, start: int, end: int, found: list[Amount]) -> list[Reward]:
    """Reward rules of one sentence.

    A rule needs its condition (对…的, 凡…) and a word of giving; what was paid already is a fact, no rule.
    """
    result: list[Reward] = []
    if not re.search(_GIVE, plain[start:end]):
        return result
    for m in _SEGMENT.finditer(plain, start, end):
        inside = [
            one for one in found if m.start() <= one.start < m.end() and (one.money or one.base_unit == "%")
        ]
        if inside and not _PAST.search(m.group()):
            result += _of_segment(plain, m.start(), m.end(), inside)
    return result


def _of_segment(plain: str, start: int, end: int, inside: list[Amount]) -> list[Reward]:
    text = plain[start:end]
    first = inside[0]
    gives = [m for m in re.finditer(_GIVE, text[: first.lead - start]) if m.start() > 2]
    if not gives:
        return []
    head = text[: _comma_before(text, gives[0].start())]
    opens = list(_OPENS.finditer(head))
    if not opens and not head.rstrip("，,").endswith("的"):
        return []
    condition = _CONDITION.match(head, opens[-1].end() if opens else 0)
    if not condition:
        return []
    triggers, verb = _triggers(condition["for"])
    payee = (condition["payee"] or "").strip("的、和及")
    if not triggers:
        # 新认定的某某企业: the payee says what was gained as well
        triggers, payee = [payee], next(iter(re.findall(_PAYEE_WORD, payee)[-1:]), payee)
    payer = _payer(text, len(head), gives[0].start())
    return [
        _reward(
            text,
            start,
            end,
            one,
            _nth(triggers, at, len(inside)),
            verb,
            condition["for"],
            payee,
            payer,
        )
        for at, one in enumerate(inside)
    ]


def _comma_before(text: str, at: int) -> int:
    """The condition ends at the last comma before the word of giving, or at that word."""
    comma = max(text.rfind("，", 0, at), text.rfind(",", 0, at))
    return comma + 1 if comma > 0 else at


def _payer(text: str, start: int, end: int) -> str:
    words = re.sub(r"分别|各|再|一次性|可|均|将|最高", "", text[start:end]).strip("，, 由按")
    return words if 2 <= len(words) <= 14 and re.search(r"财政|政府|市|区|县|局|基金|资金", words) else ""


def _triggers(subject: str) -> tuple[list[str], str]:
    words = subject.strip("，,的 ")
    bare = _BARE_VERB.fullmatch(words)
    if bare:
        return [], bare["verb"]
    m = _TRIGGER.search(words)
    if not m:
        return [words], ""
    parts = [one.strip("，, ") for one in _AND.split(m["objects"].removesuffix("的")) if one.strip("，, ")]
    return completed(parts) if parts else [m["objects"]], m["verb"]


def _nth(triggers: list[str], at: int, count: int) -> str:
    return triggers[at] if len(triggers) == count else "、".join(triggers)


def _reward(
    text: str,
    start: int,
    end: int,
    amount: Amount,
    trigger: str,
    verb: str,
    subject: str,
    payee: str,
    payer: str,
) -> Reward:
    near = text[max(0, amount.lead - start - 24) : amount.unit_end - start + 6]
    conditions = []
    first, new, cap = (
        _FIRST.search(subject),
        _NEW.search(subject),
        _CAP.search(text[max(0, amount.lead - start - 8) : amount.start - start]),
    )
    for hit in (first, new):
        if hit:
            conditions.append(hit.group())
    if _ONCE.search(text):
        conditions.append("一次性")
    if cap:
        conditions.append("最高")
    mode = _MODE.search(near[near.find("给予") :] if "给予" in near else near) or _MODE.search(text)
    return Reward(
        amount,
        verb + trigger,
        tuple(conditions),
        payee,
        payer,
        mode.group() if mode else "",
        (start, end),
    )
