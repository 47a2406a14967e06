"""Points on which rules about time limits are silent: the question and each reading by name."""

from __future__ import annotations

from zhicheng.engines.procedures.limits import About, Open, Reading
from zhicheng.kernel.refusals import Source

QUESTIONS: dict[About, str] = {
    "order": "延长的期间与扣除的期间，先算哪一个？",
    "roll": "办理期限最后一日遇休息日，是否顺延？",
    "count_start": "起算的当日是否计入？",
    "resume_day": "停止事由消除的当日是否计入期限？",
}
READINGS: dict[About, tuple[Reading, ...]] = {
    "order": (
        Reading("limits_first", "先计期限与延长，再补回扣除的日数"),
        Reading("extensions_last", "先补回扣除的日数，再计延长"),
    ),
    "roll": (
        Reading("roll", "顺延至其后第一个工作日"),
        Reading("stay", "不顺延"),
    ),
    "count_start": (
        Reading("exclude", "当日不计入"),
        Reading("count", "当日计入"),
    ),
    "resume_day": (
        Reading("counts", "恢复当日计入期限"),
        Reading("excluded", "恢复当日仍不计入"),
    ),
}


def open_point(about: About, chosen: str, source: Source) -> Open:
    """A point the rule leaves open, with every reading and the one chosen."""
    return Open(about, QUESTIONS[about], READINGS[about], chosen, source)
