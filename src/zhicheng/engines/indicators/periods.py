"""The days a period covers, ending on the as-of day."""

from __future__ import annotations

from datetime import date

from zhicheng.kernel.refusals import Refusal

PERIODS = {"ytd": "今年以来", "month": "本月", "quarter": "本季度", "year": "近一年"}


def period_bounds(period: str, as_of: date) -> tuple[date, date]:
    """Return first and last day, both included.

    Raises:
        Refusal: no such period.
    """
    if period == "ytd":
        return date(as_of.year, 1, 1), as_of
    if period == "month":
        return as_of.replace(day=1), as_of
    if period == "quarter":
        return date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1), as_of
    if period == "year":
        last = same_day_last_year(as_of)
        return date.fromordinal(last.toordinal() + 1), as_of
    raise Refusal(f"没有“{period}”这种期间。", fix=f"可用：{'、'.join(PERIODS)}。")


def same_day_last_year(day: date) -> date:
    """The same day of the year before; the last of February for a leap day."""
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
