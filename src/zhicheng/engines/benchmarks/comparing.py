"""Whether two numbers may stand beside each other, which facets differ if not, and what would come nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from zhicheng.engines.benchmarks.measures import Kind, Measure, Period
from zhicheng.kernel.refusals import Refusal

Facet = Literal["definition", "unit", "kind", "counted", "period"]
# Refusing on what is counted weighs more than on the day it was counted.
_WEIGHT: dict[Facet, int] = {"definition": 100, "counted": 60, "kind": 40, "unit": 20, "period": 5}
FACET_NAMES: dict[Facet, str] = {
    "definition": "口径", "unit": "单位", "kind": "存量与期间量", "counted": "统计对象", "period": "期间",
}  # fmt: skip
KIND_NAMES: dict[Kind, str] = {
    "": "未说明", "stock": "存量", "flow": "期间量", "cumulative": "累计", "ratio": "比率", "event": "一次活动的数",
    "target": "目标或计划",
}  # fmt: skip
# Measure words that count the same thing; all others differ: a pledge (笔) is not a patent (件).
_SAME_UNIT = (frozenset("家户"), frozenset("人名位"), frozenset("起宗例"), frozenset(("场", "场次")))
T = TypeVar("T")


@dataclass(frozen=True)
class Difference:
    """One facet in which two numbers differ, with both sides in words."""

    facet: Facet
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{FACET_NAMES[self.facet]}不同（{self.ours}／{self.theirs}）"


class NotComparable(Refusal):
    """Two numbers do not measure the same thing."""

    code = "not_comparable"


def compare(ours: Measure, theirs: Measure, *, tolerance: int = 0) -> tuple[Difference, ...]:
    """Return every facet in which two numbers differ; empty when they may stand side by side.

    Args:
        ours: the number the table is about.
        theirs: the number held against it.
        tolerance: days by which the dates may lie apart.

    """
    found: list[Difference] = []
    if ours.subject != theirs.subject or ours.narrowed != theirs.narrowed:
        found.append(Difference("definition", *_named(ours, theirs)))
    if not _same_unit(ours.unit, theirs.unit):
        found.append(Difference("unit", ours.unit or "未说明", theirs.unit or "未说明"))
    if not ours.kind or ours.kind != theirs.kind:
        found.append(Difference("kind", KIND_NAMES[ours.kind], KIND_NAMES[theirs.kind]))
    if ours.counted != theirs.counted:
        found.append(Difference("counted", ours.counted or "未细分", theirs.counted or "未细分"))
    if not _same_period(ours.period, theirs.period, tolerance):
        found.append(Difference("period", str(ours.period), str(theirs.period)))
    return tuple(found)


def nearest(wanted: Measure, candidates: Iterable[tuple[Measure, T]], *, tolerance: int = 0) -> T | None:
    """Return the candidate that differs least from what is wanted, None where nothing shares its meaning.

    A candidate that differs in definition is never near: it is another quantity.

    Args:
        wanted: what the table needs.
        candidates: numbers at hand, each with what it stands for.
        tolerance: days by which the dates may lie apart.
    """
    best: tuple[int, int] | None = None
    chosen: T | None = None
    for measure, thing in candidates:
        facets = [one.facet for one in compare(wanted, measure, tolerance=tolerance)]
        if "definition" in facets or "counted" in facets:
            continue
        score = (sum(_WEIGHT[one] for one in facets), _days_apart(wanted.period, measure.period))
        if best is None or score < best:
            best, chosen = score, thing
    return chosen


def refuse(
    ours: Measure, theirs: Measure, differences: tuple[Difference, ...], *, near: str = ""
) -> NotComparable:
    """Return the refusal of a pair: what differs, and the nearest comparable figure.

    Args:
        near: the nearest comparable figure in words; empty when there is none at hand.
    """
    words = "；".join(str(one) for one in differences)
    fix = f"最接近的可比数据：{near}。" if near else f"需要{wanted_in_words(ours)}的数据。"
    return NotComparable(f"“{ours.name}”与“{theirs.name}”不可比：{words}。", fix=fix)


def wanted_in_words(measure: Measure) -> str:
    """Say which figure would be comparable."""
    parts = [
        measure.name,
        KIND_NAMES[measure.kind] if measure.kind else "",
        measure.counted,
        str(measure.period),
    ]
    return "、".join(one for one in [*parts, f"单位{measure.unit}"] if one)


def _named(ours: Measure, theirs: Measure) -> tuple[str, str]:
    if ours.subject != theirs.subject:
        return ours.name, theirs.name
    left, right = ours.narrowed - theirs.narrowed, theirs.narrowed - ours.narrowed
    return "、".join(sorted(left)) or "全部", "、".join(sorted(right)) or "全部"


def _same_unit(ours: str, theirs: str) -> bool:
    return ours == theirs or any(ours in group and theirs in group for group in _SAME_UNIT if ours and theirs)


def _same_period(ours: Period, theirs: Period, tolerance: int) -> bool:
    if ours.end is None or theirs.end is None or ours.kind != theirs.kind:
        return False
    if abs((ours.end - theirs.end).days) > tolerance:
        return False
    if ours.kind != "span":
        return True
    if ours.start is None or theirs.start is None:
        return False
    return abs((ours.start - theirs.start).days) <= tolerance


def _days_apart(ours: Period, theirs: Period) -> int:
    if ours.end is None or theirs.end is None:
        return 10**6
    return abs((ours.end - theirs.end).days)
