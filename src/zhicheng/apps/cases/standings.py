"""How the limits of a case stand: due days and lights computed from clock events, kept so that lists can be sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhicheng.apps.cases.models import Handling, LimitStanding
from zhicheng.engines.procedures.clocks import clock_of, deadline, phase_of, run_of
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.engines.procedures.state import ClockEvent
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Clock, remaining_days
from zhicheng.kernel.lights import Light

# Cases without a limit stand behind all others.
NEVER = date(9999, 12, 31)
LIVE = (LimitStanding.State.RUNNING, LimitStanding.State.STOPPED)
COMPUTED = ("started_on", "due_on", "promised_due_on", "warn_on", "provisional", "state", "ended_on")


@dataclass(frozen=True)
class Nearest:
    """The day a case is sorted and lit by.

    Args:
        due_on: promised day where one is promised, else the statutory one; None while nothing runs.
        warn_on: first day with a yellow light.
        provisional: rests on a year without a notice.
        stopped: every limit that lives stands still.
    """

    due_on: date | None = None
    warn_on: date | None = None
    provisional: bool = False
    stopped: bool = False


def computed(
    handling: Handling, matter: Matter, events: Sequence[ClockEvent], calendar: Calendar
) -> list[LimitStanding]:
    """Return the standing of every limit that has begun, not stored yet.

    Args:
        handling: the case.
        matter: the version it follows.
        events: all its clock events.
        calendar: with provisional years, which are marked.
    """
    return [
        _computed(handling, matter, one, events, calendar) for one in matter.limits if run_of(one.id, events)
    ]


def _computed(
    handling: Handling, matter: Matter, limit: TimeLimit, events: Sequence[ClockEvent], calendar: Calendar
) -> LimitStanding:
    run, phase = run_of(limit.id, events), phase_of(limit.id, events)
    row = LimitStanding(
        case=handling, limit=limit.id, name=str(limit.name)[:120], of_party=limit.whose == "party",
        started_on=run[0].day, state=str(phase),
    )  # fmt: skip
    ended = next((one.day for one in reversed(run) if one.kind in ("met", "voided")), None)
    row.ended_on = ended
    if phase == "stopped":
        return row
    # a limit that was voided during a stop has no due day of its own: its stop is counted up to that day
    due = deadline(matter, limit.id, events, calendar, as_of=ended)
    row.due_on, row.provisional = due.day, due.provisional
    nearest = due.day
    if limit.promised is not None and run[0].until is None:
        promised = deadline(matter, limit.id, events, calendar, as_of=ended, promised=True)
        row.promised_due_on = nearest = promised.day
        row.provisional = row.provisional or promised.provisional
    if phase == "met" and ended and ended > due.day:
        row.state = LimitStanding.State.LATE
    if phase == "running":
        row.warn_on = _first_yellow(limit, events, nearest, calendar)
    return row


def _first_yellow(limit: TimeLimit, events: Sequence[ClockEvent], due: date, calendar: Calendar) -> date:
    """Return the first day on which so little is left that the light is yellow."""
    run = run_of(limit.id, events)
    if run[0].until is not None:
        return due - timedelta(days=int((due - run[0].day).days * limit.yellow_share))
    clock: Clock = clock_of(limit, events, promised=limit.promised is not None)
    whole = remaining_days(clock, on=clock.started, calendar=calendar)
    few = int(whole * limit.yellow_share)
    if clock.limit.unit == "working_days":
        return calendar.add_working_days(due, -few) if few > 0 else due
    return due - timedelta(days=max(0, few))


def nearest(rows: Sequence[LimitStanding]) -> Nearest:
    """Return the day a case is sorted by: the nearest limit of the authority, else the party's."""
    live = [one for one in rows if one.state in LIVE]
    own = [one for one in live if not one.of_party] or live
    running = [one for one in own if one.state == LimitStanding.State.RUNNING and one.due_on]
    if not running:
        return Nearest(stopped=bool(own))
    first = min(running, key=lambda one: one.promised_due_on or one.due_on or NEVER)
    return Nearest(first.promised_due_on or first.due_on, first.warn_on, first.provisional)


def place(handling: Handling, found: Nearest) -> bool:
    """Put the nearest day into the row that lists are sorted by; tells whether anything changed."""
    before = (handling.due_on, handling.warn_on, handling.provisional, handling.stopped)
    handling.due_on, handling.warn_on = found.due_on, found.warn_on
    handling.provisional, handling.stopped = found.provisional, found.stopped
    handling.sort_on = found.due_on or NEVER
    return before != (handling.due_on, handling.warn_on, handling.provisional, handling.stopped)


def refresh(handling: Handling, matter: Matter, events: Sequence[ClockEvent], calendar: Calendar) -> None:
    """Compute every limit of a case again and keep it; the caller saves the case."""
    rows = computed(handling, matter, events, calendar)
    LimitStanding.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=[*COMPUTED, "name", "of_party"],
        unique_fields=["case", "limit"],
    )
    place(handling, nearest(rows))


def light_on(handling: Handling, on: date) -> Light | None:
    """Return the light of a case on a day; None when nothing runs."""
    if handling.closed_on is not None:
        return None
    if handling.stopped:
        return Light.STOPPED
    if handling.due_on is None:
        return None
    if on > handling.due_on:
        return Light.RED
    return Light.YELLOW if handling.warn_on and on >= handling.warn_on else Light.GREEN
