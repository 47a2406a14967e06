"""The time a figure speaks about: 截至目前, 今年以来, 2023年, 1-10月, “十四五”期间 …"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhicheng.engines.extraction.figure import Period, PeriodKind
from zhicheng.kernel.quantities import chinese_number

_CN = "一二三四五六七八九十"
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)年|(?P<this>今年|本年)|(?P<last>去年|上年))"
_UNTIL = r"截[至止]到?"
_PLAN = rf"[“\"「]?(?P<plan>[{_CN}]{{1,3}})五[”\"」]?(?:时期|期间|以来|规划)"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("until_now", rf"{_UNTIL}(?:目前|今日|今天|现在|当前|今|记者发稿时)|迄今(?:为止)?|至今"),
    ("until", rf"{_UNTIL}\s?(?:{_YEAR}\s?年?)?(?:(?P<month>\d{{1,2}})月(?:份)?)?(?:(?P<day>\d{{1,2}})日)?(?P<edge>[底末初])?"),
    ("ytd", r"今年(?:年初)?以来|年初以来|今年截至目前|今年到目前"),
    ("since", rf"(?:自|从)?(?:{_YEAR}|{_PLAN}|党的[\u4e00-\u9fff]{{2,4}}|改革开放|[^，。；、\s]{{2,16}}?)以来"),
    ("range", rf"(?:{_YEAR}\s?)?(?P<from>\d{{1,2}})月?份?\s?[-—–~～至到]+\s?(?P<to>\d{{1,2}})月份?(?![\d日])"),
    ("first", rf"(?:{_YEAR})?前(?P<count>[{_CN}\d]+)个?(?P<what>月|季度)"),
    ("half", rf"(?:{_YEAR})?(?P<half>[上下])半年"),
    ("quarter", rf"(?:{_YEAR})?第?(?P<quarter>[一二三四1-4])季度"),
    ("month_end", rf"(?:{_YEAR})?(?P<month>\d{{1,2}})月[底末]"),
    ("month", rf"{_YEAR}(?P<month>\d{{1,2}})月份?(?!\d)|(?P<month2>\d{{1,2}})月份"),
    ("year_end", rf"(?:{_YEAR}年?|(?P<now>年))[底末](?=[，,]|前)"),
    ("target", r"(?:预计|计划|力争|提出|争取)?到(?P<year>20\d\d)年[底末]?"),
    ("plan", _PLAN),
    ("year", rf"{_YEAR}度?(?:全年)?(?!\s?\d{{1,2}}月)|全年"),
    ("span", rf"近[{_CN}两\d]*年来?|过去[{_CN}两\d]+年|[{_CN}两\d]+年[来间]"),
    ("now", r"目前|现有|眼下|如今|当前"),
)  # fmt: skip
_ANY = [(name, re.compile(pattern)) for name, pattern in _PATTERNS]
# a pattern is only run over a text that holds one of these: most texts lack most of them
_NEEDS: dict[str, tuple[str, ...]] = {
    "until_now": ("截", "今"), "until": ("截",), "ytd": ("以来", "今年"), "since": ("以来",), "range": ("月",), "first": ("月", "季度"),
    "half": ("半年",), "quarter": ("季度",), "month_end": ("月底", "月末"), "month": ("月",), "year_end": ("底", "末"), "target": ("到20",),
    "plan": ("五",), "now": ("目前", "现有", "眼下", "如今", "当前"),
}  # fmt: skip
_HINT = re.compile(r"截|迄今|至今|年|月|目前|现有|眼下|如今|当前|季度|以来|五")
_COMPARED = re.compile(r"(?:比|较|与|和|同|于)$")
STOCK = re.compile(r"拥有量|保有量|有效量|存量|余额|总量|总数|总规模|现有|拥有|共有|已有|总计|在册|有效")
FLOW = re.compile(
    r"新增|新入选|新获评?|新认定|新培育|新登记|新举办|新签|新注册|新授权|新设|新建|新立|新收|新评"
)


_KINDS: dict[str, PeriodKind] = {
    "until_now": "state", "now": "state", "until": "state", "month_end": "state", "year_end": "state",
    "plan": "plan", "target": "target", "year": "year", "quarter": "quarter", "month": "month",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One time phrase in the text; ``compared`` marks the base of a comparison (比2022年), never a figure's own time."""

    start: int
    end: int
    period: Period
    compared: bool


def mentions(plain: str, *, year: int | None, today: date | None) -> list[Mention]:
    """Every time phrase of a text, in order, none inside another.

    Args:
        plain: text with half-width digits.
        year: year of the event; None when the text does not give it, then 今年 has no dates.
        today: day of the event or publication, for 截至目前 and 今年以来.
    """
    taken = bytearray(len(plain) + 1)
    found: list[Mention] = []
    if not _HINT.search(plain):
        return found
    for name, pattern in _ANY:
        needs = _NEEDS.get(name)
        if needs and not any(word in plain for word in needs):
            continue
        for m in pattern.finditer(plain):
            if m.start() == m.end() or any(taken[m.start() : m.end()]):
                continue
            period = _period(name, m, year, today)
            if period is None:
                continue
            taken[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
            compared = _COMPARED.search(plain, max(0, m.start() - 1), m.start()) is not None
            found.append(Mention(m.start(), m.end(), period, compared))
    found.sort(key=lambda one: one.start)
    return found


def _period(name: str, m: re.Match[str], year: int | None, today: date | None) -> Period | None:
    groups = m.groupdict()
    text = m.group().strip("，, ")
    at = _year_of(groups, year)
    if name == "until" and not any(groups.get(key) for key in ("year", "this", "last", "month", "day")):
        return None
    if name == "month":
        groups["month"] = groups["month"] or groups["month2"]
    kind, start, end = _bounds(name, groups, at, year, today)
    return Period(text, kind, start, end)


def _year_of(groups: dict[str, str | None], year: int | None) -> int | None:
    if groups.get("year"):
        return int(groups["year"] or 0)
    if groups.get("last"):
        return year - 1 if year else None
    return year


def _bounds(
    name: str, groups: dict[str, str | None], at: int | None, year: int | None, today: date | None
) -> tuple[PeriodKind, date | None, date | None]:
    kind, start, end = _KINDS.get(name, "range"), None, today
    if name == "ytd" or (name == "year" and groups.get("this")):
        kind, start = "ytd", _day(year, 1, 1)
    elif name in {"since", "span"}:
        kind, start, end = _since(groups, at, today)
    elif name == "plan":
        start, end = _plan(groups["plan"] or "")
    elif name in {"target", "until", "month_end", "year_end"}:
        end = _edge(groups, at)
    elif name not in {"until_now", "now"}:
        months = _months(name, groups)
        start, end = _day(at, months[0], 1), _last(at, months[1])
    return kind, start, end


def _since(
    groups: dict[str, str | None], at: int | None, today: date | None
) -> tuple[PeriodKind, date | None, date | None]:
    if groups.get("plan"):
        return "plan", _plan(groups["plan"] or "")[0], today
    if groups.get("year") or groups.get("last"):
        return "range", _day(at, 1, 1), today
    return "span", None, today


def _plan(word: str) -> tuple[date | None, date | None]:
    """The five years of a plan: the first ran from 1953; from the third (1966) on each began five years later."""
    number = chinese_number(word)
    if number < 3:
        return None, None
    start = 1966 + (number - 3) * 5
    return date(start, 1, 1), date(start + 4, 12, 31)


def _edge(groups: dict[str, str | None], at: int | None) -> date | None:
    month, day = groups.get("month"), groups.get("day")
    if not month:
        return _day(at, 1, 1) if groups.get("edge") == "初" else _day(at, 12, 31)
    return _day(at, int(month), int(day)) if day else _last(at, int(month))


def _months(name: str, groups: dict[str, str | None]) -> tuple[int, int]:
    if name == "range":
        return int(groups["from"] or 1), int(groups["to"] or 12)
    if name == "first":
        word = groups["count"] or "1"
        count = int(word) if word.isdigit() else chinese_number(word)
        return 1, count * 3 if groups["what"] == "季度" else count
    if name == "half":
        return (1, 6) if groups["half"] == "上" else (7, 12)
    if name == "quarter":
        word = groups["quarter"] or "1"
        number = int(word) if word.isdigit() else chinese_number(word)
        return number * 3 - 2, number * 3
    if name == "month":
        return int(groups["month"] or 1), int(groups["month"] or 1)
    return 1, 12


def _day(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else None
    except ValueError:
        return None


def _last(year: int | None, month: int) -> date | None:
    return _day(year, month, calendar.monthrange(year, month)[1]) if year and 1 <= month <= 12 else None


@dataclass(frozen=True, slots=True)
class EventDate:
    """A day or month on which something happened, as the text writes it."""

    start: int
    end: int
    value: str
    resolved: date | None
    unit: str


_EVENT = re.compile(
    r"(?<![\d\-—–~～])(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?(?!份|[底末初]|\d)"
)
_NO_EVENT_BEFORE = re.compile(r"(?:截[至止]|自|从|至|到|于?每年|日期[:：]|时间[:：])\s?(?:今年|去年)?$")
_NO_EVENT_AFTER = re.compile(r"\s?(?:[-—–~～至到起]|讯|电(?![视影子商力])|消息|报道|\d{1,2}[:：]\d\d)")


def event_dates(plain: str, traps: Iterator[tuple[int, int]], *, year: int | None) -> list[EventDate]:
    """Dates of events in running text; datelines, ranges and ends of periods are none.

    Args:
        plain: text with half-width digits.
        traps: spans whose dates do not count (titles, addresses).
        year: year of the event when the text gives it.
    """
    shut = bytearray(len(plain) + 1)
    for start, end in traps:
        shut[start:end] = b"\x01" * (end - start)
    found: list[EventDate] = []
    for m in _EVENT.finditer(plain):
        bare = not m["day"] and (not m["year"] or plain[m.end() : m.end() + 1] in set("-—–~～至到"))
        if (
            bare
            or shut[m.start()]
            or _NO_EVENT_BEFORE.search(plain, max(0, m.start() - 6), m.start())
            or _NO_EVENT_AFTER.match(plain, m.end())
        ):
            continue
        one = _event(m, year)
        if one:
            found.append(one)
    return found


def _event(m: re.Match[str], year: int | None) -> EventDate | None:
    month, day = int(m["month"]), int(m["day"] or 0)
    if not 1 <= month <= 12 or not (day <= 31):
        return None
    shown = m["year"] or "-"
    at = int(m["year"]) if m["year"] else year
    if not day:
        return EventDate(m.start(), m.end(), f"{shown}-{month:02d}", None, "月")
    return EventDate(m.start(), m.end(), f"{shown}-{month:02d}-{day:02d}", _day(at, month, day), "日")
