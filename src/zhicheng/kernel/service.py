"""When a paper counts as received: posted, sent electronically, or announced."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from zhicheng.kernel.clock import corresponding_day
from zhicheng.kernel.refusals import Source

Way = Literal["posted", "electronic", "announced", "handed_over"]
POSTED_DAYS = 15
ANNOUNCED_MONTHS = 1
SOURCE = Source("中华人民共和国专利法实施细则", number="国务院令第769号", article="第四条", date="2023-12-11")


def received_on(sent_on: date, way: Way) -> date:
    """The day on which a paper of the patent office counts as received; this day is day 0 of the term it sets.

    Posted papers count as received fifteen days after they were issued, and that day is not moved by a rest day;
    electronic ones on the day they enter the recognised system; announced ones after one month.

    Args:
        sent_on: day of issue, entry into the system, announcement or hand-over.
        way: how it was sent.

    Source:
        专利法实施细则 第四条.
    """
    if way == "posted":
        return sent_on + timedelta(days=POSTED_DAYS)
    if way == "announced":
        return corresponding_day(sent_on, ANNOUNCED_MONTHS)
    return sent_on
