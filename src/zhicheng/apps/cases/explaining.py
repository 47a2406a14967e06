"""The due days of a case by the published calendar only: where a notice is missing the answer is no, not a guess."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from zhicheng.apps.accounts.public import acting_user
from zhicheng.apps.cases import queries
from zhicheng.apps.cases.access import case_for
from zhicheng.apps.cases.calendars import city_calendar
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.state_rows import clock_events
from zhicheng.engines.procedures.clocks import deadline, phase_of
from zhicheng.kernel.calendar import CalendarNotPublished
from zhicheng.kernel.derivation import Due


def explained(case: str, username: str, on: date | None) -> list[tuple[str, Due]]:
    """Return name and due day of every live limit, the promised one beside the statutory one.

    Args:
        case: number or id of the case.
        username: who asks; only their own cases are explained.
        on: the day up to which a stop is counted, by default today.

    Raises:
        CalendarNotPublished: a limit reaches a year without an official notice.
    """
    day = on or timezone.localdate()
    user = acting_user(username)
    row = case_for(user, int(case), day) if case.isdigit() else queries.one_by_number(user, case, day)
    matter, events, calendar = matter_version(row.matter, row.version), clock_events(row), city_calendar()
    found = []
    for one in matter.limits:
        if phase_of(one.id, events) not in ("running", "stopped"):
            continue
        for promised in (False, True) if one.promised else (False,):
            due = deadline(matter, one.id, events, calendar, as_of=day, promised=promised)
            if due.day.year not in calendar.years and one.amount:
                raise CalendarNotPublished(due.day.year, known=calendar.span)
            found.append((f"{one.name}（{'承诺' if promised else '法定'}）", due))
    return found
