"""Due days, lights and reminders of a case, computed from the rows of its clock events and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.limits import About, TimeLimit
from zhicheng.engines.procedures.state import ClockEvent, State
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Clock, Due, Extension, Stop, is_stopped, remaining_days
from zhicheng.kernel.derivation import Line, in_words
from zhicheng.kernel.lights import Light, escalated_to, standing
from zhicheng.kernel.lights import reminders as reminder_days
from zhicheng.kernel.refusals import Refusal, Source

Phase = Literal["running", "stopped", "met", "voided"]
# limit → point left open → reading chosen by the city for this case
Readings = Mapping[str, Mapping[About, str]]
ONE_DAY = timedelta(days=1)
NOT_STARTED_FIX = "请先登记启动期限的动作。"


class NotStarted(Refusal):
    """The limit has not begun, so there is no due day."""

    code = "clock_not_started"


def with_readings(limit: TimeLimit, readings: Readings | None) -> TimeLimit:
    """The limit with the readings that a city chose for points the rule leaves open."""
    chosen = (readings or {}).get(limit.id, {})
    opens = tuple(replace(one, chosen=chosen.get(one.about, one.chosen)) for one in limit.opens)
    return replace(limit, opens=opens) if chosen else limit


def run_of(limit: str, events: Sequence[ClockEvent]) -> tuple[ClockEvent, ...]:
    """The events of the present run of a limit: from its last start on; empty when it never began."""
    own = [one for one in events if one.limit == limit]
    starts = [place for place, one in enumerate(own) if one.kind == "started"]
    return tuple(own[starts[-1] :]) if starts else ()


def phase_of(limit: str, events: Sequence[ClockEvent]) -> Phase | None:
    """Whether a limit runs, stands still, was met or does not matter any more; None when it never began."""
    run = run_of(limit, events)
    if not run:
        return None
    last = next((one.kind for one in reversed(run) if one.kind in ("met", "voided")), None)
    if last is not None:
        return "met" if last == "met" else "voided"
    return "stopped" if open_grounds(limit, events) else "running"


def open_grounds(limit: str, events: Sequence[ClockEvent]) -> tuple[str, ...]:
    """Stop grounds in force now."""
    standing_still: dict[str, None] = {}
    for one in run_of(limit, events):
        if one.kind == "stopped":
            standing_still[one.ground] = None
        elif one.kind == "resumed":
            standing_still.pop(one.ground, None)
    return tuple(standing_still)


def clock_of(
    limit: TimeLimit,
    events: Sequence[ClockEvent],
    *,
    promised: bool = False,
    readings: Readings | None = None,
) -> Clock:
    """The kernel's clock of the present run of a limit.

    Args:
        limit: its definition.
        events: every clock event of the case, oldest first.
        promised: count the promised limit in place of the statutory one.
        readings: readings the city chose for open points.

    Raises:
        NotStarted: the limit has not begun.
        Refusal: a promised day is asked of a limit without a promise.
    """
    run = run_of(limit.id, events)
    if not run:
        raise NotStarted(f"时限“{limit.name}”还没有开始计算。", fix=NOT_STARTED_FIX, source=limit.source)
    limit = with_readings(limit, readings)
    if promised and limit.promised is None:
        raise Refusal(f"时限“{limit.name}”没有承诺时限。", fix="请查看法定时限。")
    counted = limit.promised if promised and limit.promised else limit.statutory
    added = tuple(
        Extension(one.amount, one.unit, one.approved_by, one.reason, one.day, _rule_source(limit, one))
        for one in run
        if one.kind == "extended"
    )
    return Clock(run[0].day, counted, _stops(limit, run), added, limit.order, limit.source)


def deadline(
    matter: Matter,
    limit: str,
    clock_events: Sequence[ClockEvent],
    calendar: Calendar,
    *,
    as_of: date | None = None,
    promised: bool = False,
    readings: Readings | None = None,
) -> Due:
    """The due day of a limit with its derivation (时限说明).

    Args:
        matter: the definition the case follows.
        limit: name of the limit.
        clock_events: every clock event of the case, oldest first.
        calendar: official rest days and make-up working days; `calendar.provisional()` only for the page of a case.
        as_of: the day up to which a stop without an end is counted.
        promised: the promised day in place of the statutory one.
        readings: readings the city chose for open points.

    Returns:
        The due day; `str()` of it prints the derivation, `as_data()` is plain values.

    Raises:
        NotStarted: the limit has not begun.
        CalendarNotPublished: the count reaches a year without an official notice.
        ClockStopped: a stop has no end and no `as_of` is given.

    Source:
        The citations of the limit, its stops and its extensions, line by line in the derivation.
    """
    definition = matter.limit(limit)
    run = run_of(limit, clock_events)
    if run and run[0].until is not None:
        return _given(definition, run[0], run[0].until)
    clock = clock_of(definition, clock_events, promised=promised, readings=readings)
    due = clock.due(calendar=calendar, as_of=as_of)
    chosen = tuple(
        Line(clock.started, f"规则未明确：{one.question}本机关采用：{words}", "note", one.source)
        for one in with_readings(definition, readings).opens
        if (words := next((each.words for each in one.readings if each.value == one.chosen), ""))
    )
    return replace(due, derivation=(*due.derivation[:1], *chosen, *due.derivation[1:]))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one limit of a case stands on a day.

    Args:
        limit: its definition.
        phase: runs, stands still, was met or does not matter any more.
        light: light of the statutory limit.
        remaining: units left until the statutory due day; negative when overdue.
        due: statutory due day with derivation.
        promised: promised due day, None where nothing is promised.
        promised_light: light of the promise, None where nothing is promised.
        met_on: the day it was met, None while it was not.
        late: met after the statutory day, or not met and past it.
        broke_promise: the same against the promised day.
        escalate_to: roles to be told by rule.
    """

    limit: TimeLimit
    phase: Phase
    light: Light
    remaining: int
    due: Due
    promised: Due | None
    promised_light: Light | None
    met_on: date | None
    late: bool
    broke_promise: bool
    escalate_to: tuple[str, ...]


def lights(
    matter: Matter, state: State, *, on: date, calendar: Calendar, readings: Readings | None = None
) -> tuple[Standing, ...]:
    """How every limit of a case that has begun stands on a day, in the order of the definition.

    Args:
        matter: the definition the case follows.
        state: where the case stands.
        on: the day asked about.
        calendar: official rest days; `calendar.provisional()` only for the page of a case.
        readings: readings the city chose for open points.

    Raises:
        CalendarNotPublished: a limit reaches a year without an official notice.
    """
    return tuple(
        _standing(matter, one, state, on=on, calendar=calendar, readings=readings)
        for one in matter.limits
        if run_of(one.id, state.clock_events)
    )


def _standing(
    matter: Matter, limit: TimeLimit, state: State, *, on: date, calendar: Calendar, readings: Readings | None
) -> Standing:
    events = state.clock_events
    phase = phase_of(limit.id, events)
    assert phase is not None
    run = run_of(limit.id, events)
    ended = next((one.day for one in run if one.kind in ("met", "voided")), None)
    asked = on if ended is None else min(on, ended)
    due = deadline(matter, limit.id, events, calendar, as_of=asked, readings=readings)
    clock = clock_of(limit, events, readings=readings)
    if run[0].until is not None:
        light, left = _plain_light(limit, run[0].day, due.day, asked)
    else:
        found = standing(clock, on=asked, calendar=calendar, yellow_share=limit.yellow_share)
        light, left = found.light, found.remaining
    promised = promised_light = None
    if limit.promised is not None:
        promise = clock_of(limit, events, promised=True, readings=readings)
        shown = standing(promise, on=asked, calendar=calendar, yellow_share=limit.yellow_share)
        promised = deadline(matter, limit.id, events, calendar, as_of=asked, promised=True, readings=readings)
        promised_light = shown.light
    met = ended if phase == "met" else None
    live = phase in ("running", "stopped")
    return Standing(
        limit, phase, light, left, due, promised, promised_light, met,
        late=phase != "voided" and asked > due.day,
        broke_promise=phase != "voided" and promised is not None and asked > promised.day,
        escalate_to=escalated_to(left, limit.escalation) if live else (),
    )  # fmt: skip


def worst(standings: Sequence[Standing]) -> Light | None:
    """The light of a case: the worst of its live limits of the authority, the promise counted; None without any."""
    order = [Light.STOPPED, Light.GREEN, Light.YELLOW, Light.RED]
    shown = [
        one.promised_light if one.promised_light and one.light is not Light.RED else one.light
        for one in standings
        if one.phase in ("running", "stopped") and one.limit.whose == "authority"
    ]
    return max(shown, key=order.index) if shown else None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day on which somebody is told of a limit; `offset` is negative before the due day, 0 on it, positive after."""

    day: date
    limit: str
    offset: int
    role: str
    promised: bool = False


def reminders(
    matter: Matter, state: State, *, on: date, calendar: Calendar, readings: Readings | None = None
) -> tuple[Reminder, ...]:
    """Every reminder of the limits that run, by day; a limit that stands still reminds nobody.

    Args:
        matter: the definition the case follows.
        state: where the case stands.
        on: the day asked about; a due day may move while a limit is stopped.
        calendar: official rest days and make-up working days.
        readings: readings the city chose for open points.

    Returns:
        Reminders of the promised day where one is promised, else of the statutory day; told to the role of the
        stage the case is in.
    """
    role = matter.stage(state.stage).role
    found: list[Reminder] = []
    for limit in matter.limits:
        if phase_of(limit.id, state.clock_events) != "running":
            continue
        promised = limit.promised is not None
        due = deadline(
            matter, limit.id, state.clock_events, calendar, as_of=on, promised=promised, readings=readings
        )
        days = reminder_days(due.day, unit=limit.unit, calendar=calendar, offsets=limit.reminders)
        found += [Reminder(one.day, limit.id, one.offset, role, promised) for one in days]
    return tuple(sorted(found, key=lambda one: (one.day, one.limit)))


def _plain_light(limit: TimeLimit, started: date, last: date, on: date) -> tuple[Light, int]:
    left, whole = (last - on).days, (last - started).days
    if left < 0:
        return Light.RED, left
    return (Light.GREEN if left > whole * limit.yellow_share else Light.YELLOW), left


def _given(limit: TimeLimit, started: ClockEvent, last: date) -> Due:
    lines = (
        Line(started.day, f"{in_words(started.day)} 登记", "day0"),
        Line(last, started.reason or f"{limit.name}由对方机关指定为 {last}", "limit", limit.source),
        Line(last, f"届满日 {in_words(last)}", "due"),
    )
    return Due(last, lines)


def _rule_source(limit: TimeLimit, event: ClockEvent) -> Source | None:
    return next((one.source for one in limit.extensions if one.approver == event.approved_by), None)


def _stops(limit: TimeLimit, run: Sequence[ClockEvent]) -> tuple[Stop, ...]:
    """The stops of a run; two that overlap are one period with both grounds, so that no day is given back twice."""
    opened: dict[str, date] = {}
    spans: list[Stop] = []
    for one in run:
        if one.kind == "stopped":
            opened.setdefault(one.ground, one.day)
        elif one.kind == "resumed" and one.ground in opened:
            first = opened.pop(one.ground)
            if first <= one.day:
                spans.append(_stop(limit, one.ground, first, one.day))
    spans += [_stop(limit, ground, first, None) for ground, first in opened.items()]
    merged: list[Stop] = []
    for span in sorted(spans, key=lambda one: one.first):
        before = merged[-1] if merged else None
        if before is None or (before.last is not None and span.first > before.last):
            merged.append(span)
            continue
        last = None if before.last is None or span.last is None else max(before.last, span.last)
        names = (
            before.ground if span.ground in before.ground.split("、") else f"{before.ground}、{span.ground}"
        )
        merged[-1] = replace(before, last=last, ground=names)
    return tuple(merged)


def _stop(limit: TimeLimit, ground: str, first: date, last: date | None) -> Stop:
    known = limit.ground(ground)
    return Stop(first, last, known.name if known else ground, known.source if known else None)


__all__ = [
    "NotStarted", "Phase", "Readings", "Reminder", "Standing", "clock_of", "deadline", "is_stopped", "lights",
    "open_grounds", "phase_of", "remaining_days", "reminders", "run_of", "with_readings", "worst",
]  # fmt: skip
