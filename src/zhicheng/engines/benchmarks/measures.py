"""What a number measures, facet by facet: definition, unit, stock or flow, what is counted, when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["", "stock", "flow", "cumulative", "ratio", "event", "target"]
PeriodKind = Literal["", "day", "span"]

# Words that make another quantity of the same noun; the order is the order of the answer.
_NARROWING: tuple[tuple[str, str], ...] = (
    ("高价值", r"高价值"),
    ("每万人口", r"每万人"),
    ("海外", r"海外|国外|境外|PCT|马德里|国际注册"),
    ("战略性新兴产业", r"战略性?新兴"),
    ("金奖", r"金奖"),
    ("银奖", r"银奖"),
    ("优秀奖", r"优秀奖"),
    ("失效", r"失效|终止"),
    ("申请", r"申请"),
    ("授权", r"授权"),
    ("许可", r"许可"),
    ("转让", r"(?<!技术)转让"),
    ("放款", r"放款|发放贷款|实际发放|到位"),
    ("授信", r"授信"),
    ("意向", r"意向|拟"),
)  # fmt: skip
_OF_WHOM = re.compile(
    r"(规上企业|企业|高校|院所|科研机构|医院|个人)(?:的|拥有|持有)?(?:有效)?(?:发明|专利|商标|高价值)"
)
_EVENT = re.compile(r"签约|仪式|现场(?=授信|签|达成|发放)|活动(?:上|现场)|推介会|对接会|启动会|当场")
_TARGET = re.compile(r"目标|力争|计划|到20\d\d年(?:底|末)?[，,]?.{0,6}(?:达到|突破)|将达到")
_HELD = re.compile(r"有效|拥有|保有|现有|在册")
_CUMULATIVE = re.compile(r"累计|历届|历年|总计|先后")
_FLOW = re.compile(
    r"新增|今年以来|去年|全年|上半年|下半年|[一二三四1-4]季度|\d{1,2}[—–-]\d{1,2}月|本月|当年|年内|新入选|新获"
)
_STOCK = re.compile(r"截至|截止|拥有量|保有量|存量|有效|现有|总量|在册")


@dataclass(frozen=True)
class Period:
    """When a number holds.

    Args:
        kind: day (a state, or a total up to it), span (events between two days), empty when not said.
        start: first day of a span.
        end: the day, or the last day of a span; None when the year is unknown.
        text: the words that say it.
    """

    kind: PeriodKind = ""
    start: date | None = None
    end: date | None = None
    text: str = ""

    def __str__(self) -> str:
        if self.end is None:
            return self.text or "期间未知"
        if self.kind == "span" and self.start is not None:
            return f"{self.start.isoformat()} 至 {self.end.isoformat()}"
        return f"截至 {self.end.isoformat()}"


@dataclass(frozen=True)
class Words:
    """What the words around a number say about its meaning.

    Args:
        kind: stock, flow, cumulative, event (one ceremony or campaign), target; empty when they do not say.
        narrowed: words that make it another quantity, e.g. `高价值`.
        counted: what is counted where the words decide it, e.g. `获奖和提名`; empty otherwise.
    """

    kind: Kind
    narrowed: frozenset[str]
    counted: str


@dataclass(frozen=True)
class Measure:
    """What a number measures, so that two of them can be held against each other.

    Args:
        subject: catalogue id, or the phrase where nobody mapped it.
        name: what people call it.
        unit: base unit, e.g. 元, 件, 人次.
        kind: stock, flow, cumulative, ratio, event, target; empty when nobody said.
        narrowed: words that make it another quantity.
        counted: the population counted, empty where the definition alone decides.
        period: when it holds.
    """

    subject: str
    name: str
    unit: str
    kind: Kind
    narrowed: frozenset[str] = frozenset()
    counted: str = ""
    period: Period = Period()


def read_words(words: str) -> Words:
    """Read from the words around a number what it measures.

    Args:
        words: indicator phrase with its qualifiers and the words of its period.

    Returns:
        What the words decide; what they leave open stays empty.
    """
    narrowed = {name for name, pattern in _NARROWING if re.search(pattern, words)}
    holder = _OF_WHOM.search(words)
    if holder:
        narrowed.add(f"限{holder[1]}")
    return Words(kind=_kind(words), narrowed=frozenset(narrowed), counted=_counted(words))


def _kind(words: str) -> Kind:
    if _HELD.search(words) and _CUMULATIVE.search(words) and not _FLOW.search(words):
        return (
            "target" if _TARGET.search(words) else "stock"
        )  # 累计拥有有效专利: held on a day, what lapsed is out
    order: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("target", _TARGET), ("event", _EVENT), ("cumulative", _CUMULATIVE), ("flow", _FLOW), ("stock", _STOCK),
    )  # fmt: skip
    return next((kind for kind, pattern in order if pattern.search(words)), "")


def _counted(words: str) -> str:
    if "提名" in words:
        both = re.search(r"奖(?:项)?(?:和|及|、|与|以及)(?:其)?(?:\S{0,8})提名", words)
        return "获奖和提名" if both else "提名"
    if re.search(r"(?:质量|专利|设计|科技|标准)\S{0,6}奖", words):
        return "获奖"
    return ""
