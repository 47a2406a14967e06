"""From quantities of one sentence to drafts: metric, count or change, named, tied to each other, with their ranks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhicheng.engines.extraction.changes import Growth, growth
from zhicheng.engines.extraction.figure import Kind, Rank
from zhicheng.engines.extraction.indicator_names import (
    MEASURE_ONLY,
    Aliases,
    clean,
    completed,
    ends_phrase,
    noun_after,
    of_former,
    says_new,
    split_list,
    with_measure,
)
from zhicheng.engines.extraction.layout import Sentence, clause_end, clause_start
from zhicheng.engines.extraction.numbers import Amount
from zhicheng.engines.extraction.ranks import Place

_JOINED = re.compile(r"\s?(?:、|和|与|及|以及|，|,)\s?")
_CHAINED = re.compile(r"\s?(?:、|和|与|及|以及)")
_RIGHT = re.compile(r"专利|商标|地理标志|知识产权|版权|著作权|标准(?!箱)|软件|植物新品种|案件")
_MEASURES = frozenset(
    "公里 千米 米 厘米 毫米 海里 平方公里 平方千米 平方米 立方米 吨 公吨 公斤 千克 斤 千瓦 千瓦时 兆瓦 亩 公顷 升 ℃ 度 摄氏度 标准箱 分钟 小时 个小时 天 个月 个工作日 秒 倍 成 周 年 月 日".split()  # noqa: SIM905 - a word list
)
_DURATIONS = frozenset(
    ["年", "月", "日", "天", "个月", "小时", "个小时", "分钟", "秒", "个工作日", "周", "个季度", "课时"]
)
_DURATION_MEASURE = re.compile(r"周期|时间|时长|期限|用时|时限|寿命|时效|全程|历时")
_NO_COUNT = frozenset(
    [
        "省",
        "市",
        "县",
        "国",
        "镇",
        "乡",
        "村",
        "岁",
        "届",
        "轮",
        "步",
        "点",
        "幕",
        "道",
        "口",
        "版",
        "门",
        "度",
        "级",
        "眼",
        "片",
        "羽",
        "尾",
    ]
)
_GENERIC = frozenset(("", "企业", "个人", "单位", "人", "机构", "项目"))
_SHARE = re.compile(r"占(?:比)?(?:[\u4e00-\u9fff]{0,10})$|^占")
_FORMER = re.compile(r"数量?$|总?量$")


@dataclass(slots=True)
class Draft:
    """A figure in the making."""

    amount: Amount
    floor: int
    kind: Kind = "metric"
    phrase: str = ""
    identity: str = ""
    growth: Growth | None = None
    of: Draft | None = None
    rank: Rank | None = None
    qualifiers: list[str] = field(default_factory=list)
    taken: int = 0
    noun_first: bool = False
    joined: bool = False
    doubt: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What the rules need of one text: itself, and itself with time phrases blanked at equal length."""

    plain: str
    masked: str
    aliases: Aliases


def draft_sentence(
    page: Page, sentence: Sentence, found: list[Amount], former: Draft | None = None
) -> list[Draft]:
    """Name and classify the quantities of one sentence; ``former`` is the text's last metric before it."""
    drafts: list[Draft] = []
    for at, amount in enumerate(found):
        draft = _placed(
            page,
            sentence,
            amount,
            drafts[-1] if drafts else None,
            found[at + 1] if at + 1 < len(found) else None,
        )
        if draft:
            drafts.append(draft)
    _share_kind(page, drafts)
    at = 0
    while at < len(drafts):
        group = _group(drafts, at)
        if len(group) > 1 and _name_group(page, sentence, drafts[:at], group):
            at += len(group)
            continue
        _name(page, sentence, drafts, at, former)
        at += 1
    for draft in drafts:
        _identify(page, sentence, draft)
    return drafts


def _placed(
    page: Page, sentence: Sentence, amount: Amount, former: Draft | None, following: Amount | None
) -> Draft | None:
    plain = page.plain
    start = clause_start(plain, amount.lead, sentence.start)
    floor = max(start, former.taken) if former and former.taken > start else start
    floor = min(floor, amount.lead)
    draft = Draft(amount, floor, taken=amount.unit_end)
    draft.joined = (
        former is not None and _JOINED.fullmatch(plain, former.amount.unit_end, amount.lead) is not None
    )
    if not _is_measured(plain, start, amount):
        return None
    end = clause_end(plain, amount.unit_end, sentence.end)
    limit = min(end, following.lead) if following and following.lead >= amount.unit_end else end
    after = page.masked[amount.unit_end : limit]
    draft.growth = growth(plain, floor, sentence.start, amount)
    if (
        not draft.growth
        and draft.joined
        and former
        and former.growth
        and former.amount.base_unit == amount.base_unit
    ):
        draft.growth = former.growth
    if draft.growth:
        draft.kind = "change"
    elif not ends_phrase(after):
        draft.noun_first = True
        draft.phrase, taken = noun_after(after)
        if draft.phrase in _GENERIC:
            spoken = clean(page.masked[floor : amount.lead]) if not draft.phrase else ""
            draft.phrase = spoken if len(spoken) > 1 else clean(re.split(r"[、\d]", after)[0])[:20]
        draft.taken = amount.unit_end + taken
    return draft


def _is_measured(plain: str, start: int, amount: Amount) -> bool:
    """Durations and bare area words count things only beside a word that says so."""
    unit = amount.base_unit
    if unit in _NO_COUNT and amount.unit == unit:
        return False
    if unit in _DURATIONS:
        return _DURATION_MEASURE.search(plain, start, amount.lead) is not None
    return True


def _share_kind(page: Page, drafts: list[Draft]) -> None:
    """Kinds of things counted before their noun; `36种、5000多万只候鸟` are both counts of the noun."""
    for at in range(len(drafts) - 1, -1, -1):
        one = drafts[at]
        following = drafts[at + 1] if at + 1 < len(drafts) else None
        if one.kind == "change":
            continue
        if (
            following
            and following.joined
            and following.noun_first
            and not one.noun_first
            and not clean(page.masked[one.floor : one.amount.lead])
        ):
            one.noun_first, one.phrase = True, following.phrase
        measure = one.amount.money or one.amount.percent or one.amount.base_unit in _MEASURES
        if one.noun_first and not measure and not _RIGHT.search(one.phrase):
            one.kind = "count"


def _group(drafts: list[Draft], at: int) -> list[Draft]:
    group = [drafts[at]]
    for one in drafts[at + 1 :]:
        if not one.joined:
            break
        group.append(one)
    return group


def _name_group(page: Page, sentence: Sentence, before: list[Draft], group: list[Draft]) -> bool:
    """`X和Y分别为A、B`, `同比分别增长A和B`, `总量分别达到A、B`: give each number its own subject."""
    first = group[0]
    start = first.floor
    end = first.growth.start if first.growth else first.amount.lead
    words = page.masked[start : max(end, start)]
    whole = page.plain[start : first.amount.lead]
    spread = re.search(r"分别|各(?=为|达|增|是)", whole)
    if any(one.noun_first for one in group) or (not spread and not first.growth):
        return False
    subject = clean(words)
    if not subject:
        former = [one for one in before if one.kind in {"metric", "count"}][-len(group) :]
        if first.growth and len(former) == len(group):
            for one, target in zip(group, former, strict=True):
                _tie(one, target)
            return True
        subject = _clause_before(page, sentence, start)
    parts = split_list(subject)
    if subject in MEASURE_ONLY:
        former = [one for one in before if one.kind in {"metric", "count"}][-len(group) :]
        if len(former) == len(group):
            for one, target in zip(group, former, strict=True):
                one.phrase, one.doubt = of_former(subject, target.phrase), 1
            return True
    names = completed(parts) if len(parts) == len(group) else [subject] * len(group)
    for one, name in zip(group, names, strict=True):
        one.phrase = name
        one.doubt = 0 if len(parts) == len(group) else 2
    return True


def _tie(change: Draft, target: Draft) -> None:
    change.of = target
    change.phrase = target.phrase


def _name(page: Page, sentence: Sentence, drafts: list[Draft], at: int, said: Draft | None) -> None:
    draft = drafts[at]
    if draft.noun_first:
        if not draft.phrase:
            draft.phrase = clean(page.masked[draft.floor : draft.amount.lead])
        return
    if draft.growth:
        _name_change(page, sentence, drafts[:at], draft)
        return
    words = page.masked[draft.floor : draft.amount.lead]
    phrase = clean(words)
    former = next((one for one in reversed(drafts[:at]) if one.kind != "change"), None)
    if former and phrase in MEASURE_ONLY:
        phrase, draft.doubt = of_former(phrase, former.phrase), 1
    elif not phrase:
        phrase, draft.doubt = _unsaid(page, sentence, draft, former), 2
    elif former and _SHARE.search(words.strip("\x00 ")):
        phrase = former.phrase + phrase if phrase.startswith("占") else phrase
    elif former and _CHAINED.match(page.plain, draft.floor):
        phrase = _elliptic(page, former, phrase, draft.amount.base_unit)
    elif former and former.amount.base_unit == draft.amount.base_unit and 1 < len(phrase) <= 3:
        phrase = completed([former.phrase, phrase])[1]
    if "其中" in page.plain[max(sentence.start, draft.floor - 3) : draft.amount.lead]:
        leading = next((one.phrase for one in drafts[:at] if one.kind == "metric"), "") or (
            former.phrase if former else said.phrase if said else ""
        )
        known = page.aliases.by_phrase(phrase, draft.amount.base_unit)
        phrase = phrase if known else with_measure(phrase, leading)
    draft.phrase = phrase


def _unsaid(page: Page, sentence: Sentence, draft: Draft, former: Draft | None) -> str:
    """No words of its own: the number before with the same unit, else the clause before."""
    if former and former.amount.base_unit == draft.amount.base_unit:
        return former.phrase
    return _clause_before(page, sentence, draft.floor) or (former.phrase if former else "")


def _clause_before(page: Page, sentence: Sentence, at: int) -> str:
    if at <= sentence.start:
        return ""
    start = clause_start(page.plain, at - 1, sentence.start)
    return clean(re.split(r"\d", page.masked[start : at - 1])[0])


def _elliptic(page: Page, former: Draft, phrase: str, unit: str) -> str:
    """`中国专利奖金奖4项、银奖3项`: the shortest beginning of the former name that makes a known phrase, else a shared head."""
    if page.aliases.by_phrase(phrase, unit):
        return phrase
    for length in range(len(former.phrase) - 1, 1, -1):
        if page.aliases.by_phrase(former.phrase[:length] + phrase, unit):
            return former.phrase[:length] + phrase
    return completed([former.phrase, phrase])[1]


def _name_change(page: Page, sentence: Sentence, before: list[Draft], draft: Draft) -> None:
    assert draft.growth is not None
    own = clean(page.masked[draft.floor : max(draft.growth.start, draft.floor)])
    own = "" if own in {"增速", "增幅", "降幅", "同比", "环比", "比", "较"} else own
    own = re.sub(r"^(?:比|较|与)(?:去年|上年|年初)?[底末初]?", "", own)
    if draft.growth.basis:
        draft.qualifiers.append(draft.growth.basis)
    metrics = [one for one in before if one.kind in {"metric", "count"}]
    same = next((one for one in reversed(metrics) if one.phrase == own), None)
    if own and not same:
        draft.phrase = own
        return
    target = same or (metrics[-1] if metrics else None)
    if target:
        _tie(draft, target)
        return
    draft.phrase, draft.doubt = _clause_before(page, sentence, draft.floor), 2


def _identify(page: Page, sentence: Sentence, draft: Draft) -> None:
    if draft.kind == "change":
        draft.identity = draft.of.identity if draft.of else page.aliases.of_change(draft.phrase)
        return
    amount = draft.amount
    draft.identity = page.aliases.by_frame(page.plain, sentence.start, sentence.end, amount) or _by_words(
        page, draft
    )
    if draft.identity and draft.kind == "count":
        draft.kind = "metric"


def _by_words(page: Page, draft: Draft) -> str:
    """`新增13个某品牌`: the verb stands before the number, the thing behind it; both make the phrase."""
    unit = draft.amount.base_unit
    if draft.noun_first:
        verb = clean(page.masked[draft.floor : draft.amount.lead])
        found = page.aliases.by_phrase(verb + draft.phrase, unit) if verb else ""
        if found or says_new(verb):
            return found
    return page.aliases.by_phrase(draft.phrase, unit)


def attach_ranks(places: list[Place], drafts: list[Draft], earlier: list[Draft]) -> list[Place]:
    """Give each place to the figure it ranks; return those that stand alone.

    Args:
        places: rank expressions of the sentence.
        drafts: figures of the sentence.
        earlier: figures of the text so far, for a later sentence that names them again.
    """
    alone: list[Place] = []
    for place in places:
        ranked = [
            one for one in drafts if one.kind in {"metric", "count"} and one.amount.unit_end <= place.start
        ]
        if place.free and ranked:
            targets = [one for one in ranked if one.rank is None] if place.shared else ranked[-1:]
            _give(place, targets or ranked[-1:])
            continue
        named = [
            one
            for part in split_list(place.subject)
            for one in reversed(earlier)
            if one.kind == "metric" and one.phrase in {part, _FORMER.sub("", part)}
        ]
        if named:
            _give(place, named)
        elif place.number:
            alone.append(place)
    return alone


def _give(place: Place, targets: list[Draft]) -> None:
    for one in targets:
        one.rank = one.rank or place.rank
        if place.streak and place.streak not in one.qualifiers:
            one.qualifiers.append(place.streak)
