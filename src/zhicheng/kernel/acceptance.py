"""Acceptance of a filing: corrections are asked for once and in time, silence means accepted on receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.refusals import Source

SOURCE = Source("中华人民共和国行政许可法", article="第三十二条")
DAYS_TO_ASK = 5


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether and since when a filing counts as accepted.

    Args:
        accepted_on: the day of acceptance; None while it may still be corrected or decided.
        deemed: True when the law says so because nobody asked for corrections in time.
        ask_until: last day on which corrections could be asked for.
        reason: why, in Chinese.
        source: the article.
    """

    accepted_on: date | None
    deemed: bool
    ask_until: date
    reason: str
    source: Source = SOURCE


def acceptance(
    *,
    received_on: date,
    on: date,
    calendar: Calendar,
    corrections_asked_on: date | None = None,
    decided_on: date | None = None,
    days_to_ask: int = DAYS_TO_ASK,
) -> Acceptance:
    """Whether a filing is accepted on a day.

    Corrections must be asked for at once or, all together, within five working days of receipt; when they are
    not, the filing is accepted as of the day it was received.

    Args:
        received_on: day the filing came in; it does not count.
        on: the day asked about.
        calendar: official rest days and make-up working days.
        corrections_asked_on: day the one-time list of corrections went out.
        decided_on: day on which acceptance was recorded.
        days_to_ask: working days within which corrections may be asked for.

    Raises:
        CalendarNotPublished: the five days reach a year without an official holiday notice.

    Source:
        行政许可法 第三十二条.
    """
    ask_until = calendar.add_working_days(received_on, days_to_ask)
    if decided_on is not None and decided_on <= min(on, ask_until):
        return Acceptance(decided_on, False, ask_until, f"{decided_on} 受理。")
    asked_in_time = corrections_asked_on is not None and corrections_asked_on <= ask_until
    if asked_in_time and corrections_asked_on is not None and corrections_asked_on <= on:
        if decided_on is not None and decided_on <= on:
            return Acceptance(decided_on, False, ask_until, f"补正后于 {decided_on} 受理。")
        return Acceptance(None, False, ask_until, f"{corrections_asked_on} 已一次告知补正，补正前不计受理。")
    if on > ask_until:
        why = f"自 {received_on} 收到后 {days_to_ask} 个工作日（至 {ask_until}）内未告知补正，自收到之日起即为受理。"
        return Acceptance(received_on, True, ask_until, why)
    return Acceptance(None, False, ask_until, f"可在 {ask_until} 前一次告知需要补正的全部内容。")
