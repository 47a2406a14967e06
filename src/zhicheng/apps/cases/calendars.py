"""The calendar cases are counted by: the packaged holiday notices and those the city loaded since."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection

from zhicheng.apps.cases.models import HolidayDay
from zhicheng.kernel.calendar import Calendar


def city_calendar() -> Calendar:
    """Return the calendar as published; a year without a notice is refused."""
    return _calendar(*_mark())


def page_calendar() -> Calendar:
    """Return the calendar for a case's page, where a year without a notice is estimated and marked."""
    return _provisional(*_mark())


def _mark() -> tuple[int, int]:
    """Which days are loaded; asked at every step of a case, hence without the ORM."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), MAX(id) FROM cases_holidayday")
        count, last = cursor.fetchone()
    return count, last or 0


@lru_cache(maxsize=4)
def _provisional(count: int, last: int) -> Calendar:
    return _calendar(count, last).provisional()


@lru_cache(maxsize=4)
def _calendar(count: int, last: int) -> Calendar:
    calendar = Calendar.official()
    if not count:
        return calendar
    rows = HolidayDay.objects.order_by("day")
    return calendar.with_notice(
        [{"date": one.day.isoformat(), "kind": one.kind, "name": one.name} for one in rows]
    )
