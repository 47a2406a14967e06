"""A holiday notice is loaded: every due day that rested on an estimate is computed again, and the changed ones are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import ClockEvent, Handling, HolidayDay, LimitStanding
from zhicheng.apps.cases.standings import LIVE, computed, nearest, place
from zhicheng.apps.cases.state_rows import engine_event
from zhicheng.engines.procedures import state as engine
from zhicheng.kernel.calendar import Calendar

STEP = 2000
EVENT = ("limit", "kind", "day", "ground", "amount", "unit", "approved_by", "reason", "action", "until")
STANDING = ("due_on", "promised_due_on", "warn_on", "provisional")
PLACE = ("due_on", "warn_on", "provisional", "stopped", "sort_on")


@dataclass(frozen=True)
class Recomputed:
    """What a run found.

    Args:
        limits: limits computed again.
        changed: limits whose statutory or promised day moved.
        settled: limits that are provisional no longer.
        cases: cases whose place in the lists changed.
    """

    limits: int
    changed: int
    settled: int
    cases: int


@transaction.atomic
def load_notice(*, path: Path, by: User) -> tuple[int, Recomputed]:
    """Load a holiday notice and compute again what rested on an estimate.

    Args:
        path: CSV with columns date, kind (rest, work), name.
        by: who loads it.

    Returns:
        How many days were loaded, and what changed.

    Raises:
        NoticeUnreadable: a row is not readable.
    """
    require(by, "cases.calendar", region=by.region_code)
    calendar = Calendar.official().with_notice(path)
    before = {one.day: (one.kind, one.name) for one in HolidayDay.objects.all()}
    official = Calendar.official()
    fresh = {day: ("rest", name) for day, name in calendar.rest.items() if official.rest.get(day) != name}
    fresh |= {day: ("work", name) for day, name in calendar.work.items() if official.work.get(day) != name}
    HolidayDay.objects.filter(day__in=fresh).delete()
    HolidayDay.objects.bulk_create(
        HolidayDay(day=day, kind=kind, name=name, source=path.name[:120])
        for day, (kind, name) in fresh.items()
    )
    found = recompute(years=sorted({day.year for day in fresh}), by=by)
    record_event(
        by=by, action="cases.load_notice", subject=f"notice:{path.name}",
        after={"days": len(fresh), "changed_before": sum(before.get(day) == one for day, one in fresh.items()),
               "limits": found.limits, "changed": found.changed},
    )  # fmt: skip
    return len(fresh), found


@transaction.atomic
def recompute(*, years: Sequence[int] = (), by: User | None = None, every: bool = False) -> Recomputed:
    """Compute due days again.

    Args:
        years: years whose notice changed; limits that end in them are computed again besides all provisional ones.
        by: who asked.
        every: all limits that live, not only those a notice can move.
    """
    calendar = page_calendar()
    limits = changed = settled = moved = 0
    for cases in _in_steps(years, every=every):
        one, two, three, four = _recompute(cases, calendar)
        limits, changed, settled, moved = limits + one, changed + two, settled + three, moved + four
    record_event(
        by=by, action="cases.recompute", subject="cases:due_days",
        after={"limits": limits, "changed": changed, "settled": settled, "cases": moved},
    )  # fmt: skip
    return Recomputed(limits, changed, settled, moved)


def _in_steps(years: Sequence[int], *, every: bool) -> Iterator[list[Handling]]:
    rows = LimitStanding.objects.filter(state__in=LIVE)
    last = 0
    while True:
        found = rows.filter(case_id__gt=last)
        if not every:
            found = found.filter(provisional=True) | found.filter(due_on__year__in=list(years))
        keys = list(found.order_by("case_id").values_list("case_id", flat=True).distinct()[:STEP])
        if not keys:
            return
        last = keys[-1]
        yield list(Handling.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _recompute(cases: Sequence[Handling], calendar: Calendar) -> tuple[int, int, int, int]:
    keys = [one.pk for one in cases]
    events: dict[int, list[engine.ClockEvent]] = defaultdict(list)
    for case, *row in ClockEvent.objects.filter(case__in=keys).order_by("pk").values_list("case_id", *EVENT):
        events[case].append(engine_event(tuple(row)))
    before: dict[tuple[int, str], LimitStanding] = {
        (one.case_id, one.limit): one for one in LimitStanding.objects.filter(case__in=keys)
    }
    touched: list[LimitStanding] = []
    moved: list[Handling] = []
    limits = changed = settled = 0
    for case in cases:
        matter = matter_version(case.matter, case.version)
        rows = computed(case, matter, tuple(events[case.pk]), calendar)
        for row in rows:
            old = before[case.pk, row.limit]
            if row.state not in LIVE:
                continue
            limits += 1
            if all(getattr(old, name) == getattr(row, name) for name in STANDING):
                continue
            changed += (old.due_on, old.promised_due_on) != (row.due_on, row.promised_due_on)
            settled += old.provisional and not row.provisional
            for name in STANDING:
                setattr(old, name, getattr(row, name))
            touched.append(old)
        if not case.closed and place(case, nearest(rows)):
            moved.append(case)
    LimitStanding.objects.bulk_update(touched, STANDING, batch_size=500)
    Handling.objects.bulk_update(moved, PLACE, batch_size=500)
    return limits, changed, settled, len(moved)


def days_loaded() -> list[tuple[int, int]]:
    """Return year and number of days of what the city loaded itself."""
    counted: dict[int, int] = defaultdict(int)
    for day in HolidayDay.objects.values_list("day", flat=True):
        counted[day.year] += 1
    return sorted(counted.items())


__all__ = ["Recomputed", "date", "days_loaded", "load_notice", "recompute"]
