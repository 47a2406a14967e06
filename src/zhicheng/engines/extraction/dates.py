"""Dates as Chinese public texts write them; a day without a year stays without one."""

from __future__ import annotations

import re
from datetime import date

_DAY = "(3[01]|[12][0-9]|0?[1-9])"
_MONTH = "(1[0-2]|0?[1-9])"
# 2023年1-10月 is a span of months, not a day: both marks must be of one kind
FULL = re.compile(
    rf"(?<![0-9.])((?:19|20)[0-9]{{2}})(?:年\s?{_MONTH}月\s?{_DAY}(?:日|号|(?![0-9月]))|([-/.]){_MONTH}\4{_DAY}(?![0-9]))"
)
MONTH_DAY = re.compile(r"(?<![0-9年])(1[0-2]|0?[1-9])月(3[01]|[12][0-9]|0?[1-9])日")
YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=年)")


def full_date(text: str) -> date | None:
    """The first full date in a text that is a real day."""
    for one in FULL.finditer(text):
        day = real_day(int(one[1]), int(one[2] or one[5]), int(one[3] or one[6]))
        if day:
            return day
    return None


def real_day(year: int, month: int, day: int) -> date | None:
    """The day, or None for one that no calendar has."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_before(month: int, day: int, published: date) -> date | None:
    """The day of that name on or right before the day of publication."""
    this_year = real_day(published.year, month, day)
    if this_year and this_year <= published:
        return this_year
    return real_day(published.year - 1, month, day)
