"""Carries out what an action does besides moving the case: clocks, documents, notices, further cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zhicheng.engines.procedures.clocks import Readings, clock_of, open_grounds, phase_of, with_readings
from zhicheng.engines.procedures.definition import Action, Effect, Matter
from zhicheng.engines.procedures.guards import Value, holds
from zhicheng.engines.procedures.known import whole
from zhicheng.engines.procedures.parts import SYSTEM
from zhicheng.engines.procedures.state import ClockEvent, DocumentOrder, Notice, Step, Task, Visit
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.extensions import extend
from zhicheng.kernel.refusals import Refusal
from zhicheng.kernel.zoned import beijing_day, in_zone_words

ONE_DAY = timedelta(days=1)
LIVE = ("running", "stopped")
EXTENSION_AMOUNT = "extension_amount"
EXTENSION_REASON = "extension_reason"


@dataclass(frozen=True, slots=True)
class _Now:
    """The circumstances in which an action is taken."""

    matter: Matter
    action: Action
    role: str
    on: date
    calendar: Calendar
    facts: Mapping[str, Value]
    counts_from: date
    readings: Readings | None


def carry_out(
    matter: Matter,
    step: Step,
    action: Action,
    *,
    role: str,
    on: date,
    calendar: Calendar,
    facts: Mapping[str, Value],
    counts_from: date,
    readings: Readings | None = None,
) -> Step:
    """Carry out the effects of an action in the order written; one whose condition does not hold is left out."""
    now = _Now(matter, action, role, on, calendar, facts, counts_from, readings)
    types = matter.fact_types()
    full = whole(matter, facts, on)
    for effect in action.effects:
        if holds(effect.when, full, types, on=on) is True:
            step = _EFFECTS[effect.kind](now, step, effect)
    return step


def move(
    matter: Matter, step: Step, action: Action, on: date, *, leaving: bool, readings: Readings | None = None
) -> Step:
    """Leave the present stage, or enter the next: visits, tasks, and stops that hold while a case is in a stage."""
    if not action.to_stage:
        return step
    return _leave(matter, step, on, readings) if leaving else _enter(matter, step, action, on)


def _leave(matter: Matter, step: Step, on: date, readings: Readings | None) -> Step:
    state = step.state
    stage = matter.stage(state.stage)
    visits = tuple(replace(one, left_on=on) if one.left_on is None else one for one in state.visits)
    closed = tuple(replace(one, closed_on=on) for one in state.tasks if one.closed_on is None)
    tasks = tuple(replace(one, closed_on=on) if one.closed_on is None else one for one in state.tasks)
    step = replace(
        step, state=replace(state, visits=visits, tasks=tasks), left=stage.id, closed=(*step.closed, *closed)
    )
    return _resume(matter, step, stage.stops, on, step.action, readings) if stage.stops else step


def _enter(matter: Matter, step: Step, action: Action, on: date) -> Step:
    state, stage = step.state, matter.stage(action.to_stage)
    tasks = (Task(stage.id, stage.role, stage.task, on),) if stage.role else ()
    was_final = matter.stage(state.stage).kind == "final" and stage.kind != "final"
    if stage.kind == "final" and not state.outcome:
        raise Refusal(
            f"“{action.name}”没有得出办理结果，不能办结。", fix="请填写决定结果的字段。", source=action.source
        )
    state = replace(
        state, stage=stage.id, visits=(*state.visits, Visit(stage.id, on)), tasks=(*state.tasks, *tasks),
        reopened=state.reopened + was_final, outcome="" if was_final else state.outcome,
    )  # fmt: skip
    step = replace(step, state=state, entered=stage.id, opened=(*step.opened, *tasks))
    if stage.stops:
        step = _stop(matter, step, stage.stops, on, action.id)
    if stage.kind == "final":
        left_over = [
            one.id
            for one in matter.limits
            if not one.after_end and phase_of(one.id, step.state.clock_events) in LIVE
        ]
        for limit in left_over:
            step = _add(step, ClockEvent(limit, "voided", on, action=action.id))
    return step


def _add(step: Step, event: ClockEvent) -> Step:
    state = replace(step.state, clock_events=(*step.state.clock_events, event))
    return replace(step, state=state, clock_changes=(*step.clock_changes, event))


def _stop(matter: Matter, step: Step, ground: str, on: date, action: str) -> Step:
    """Stop every limit that runs and knows the ground."""
    for limit in matter.limits:
        events = step.state.clock_events
        knows = limit.ground(ground) is not None and ground not in open_grounds(limit.id, events)
        if knows and phase_of(limit.id, events) in LIVE:
            step = _add(step, ClockEvent(limit.id, "stopped", on, ground=ground, action=action))
    return step


def _resume(
    matter: Matter, step: Step, ground: str, on: date, action: str, readings: Readings | None
) -> Step:
    """Resume every limit that stands still on a ground; whether the day itself counts is read as chosen."""
    for limit in matter.limits:
        if ground in open_grounds(limit.id, step.state.clock_events):
            excluded = with_readings(limit, readings).chosen("resume_day") == "excluded"
            last = on if excluded else on - ONE_DAY
            step = _add(step, ClockEvent(limit.id, "resumed", last, ground=ground, action=action))
    return step


def _start_clock(now: _Now, step: Step, effect: Effect) -> Step:
    limit = now.matter.limit(effect.target)
    day = now.counts_from
    if effect.from_field:
        given = now.facts.get(effect.from_field)
        if not isinstance(given, date):
            raise Refusal(f"没有“{limit.name}”的起算日。", fix="请填写该日期。", source=limit.source)
        day = given
    until, words = None, ""
    if limit.day_field:
        moment = now.facts.get(limit.day_field)
        if not isinstance(moment, str) or not moment:
            return step
        until, words = beijing_day(moment), in_zone_words(moment)
    return _add(step, ClockEvent(limit.id, "started", day, action=now.action.id, until=until, reason=words))


def _stop_clock(now: _Now, step: Step, effect: Effect) -> Step:
    return _stop(now.matter, step, effect.target, now.on, now.action.id)


def _resume_clock(now: _Now, step: Step, effect: Effect) -> Step:
    return _resume(now.matter, step, effect.target, now.on, now.action.id, now.readings)


def _end_clock(now: _Now, step: Step, effect: Effect) -> Step:
    if phase_of(effect.target, step.state.clock_events) not in LIVE:
        return step
    kind = "met" if effect.kind == "meet_clock" else "voided"
    return _add(
        step, ClockEvent(effect.target, "met" if kind == "met" else "voided", now.on, action=now.action.id)
    )


def _extend_clock(now: _Now, step: Step, effect: Effect) -> Step:
    limit = now.matter.limit(effect.target)
    approver = str(now.matter.role(now.role).name) if now.role != SYSTEM else SYSTEM
    rule = next((one for one in limit.extensions if one.approver == approver), None)
    asked = now.facts.get(EXTENSION_AMOUNT)
    amount = asked if isinstance(asked, int) else (rule.at_most if rule else 0)
    unit = rule.unit if rule else limit.unit
    reason = str(now.facts.get(EXTENSION_REASON) or "")
    clock = clock_of(limit, step.state.clock_events, readings=now.readings)
    extend(
        clock, by=approver, amount=amount, unit=unit, reason=reason, told_on=now.on, rules=limit.extensions,
        calendar=now.calendar,
    )  # fmt: skip
    event = ClockEvent(
        limit.id, "extended", now.on, amount=amount, unit=unit, approved_by=approver, reason=reason,
        action=now.action.id,
    )  # fmt: skip
    return _add(step, event)


def _set_outcome(now: _Now, step: Step, effect: Effect) -> Step:
    return replace(step, state=replace(step.state, outcome=effect.target))


def _issue(now: _Now, step: Step, effect: Effect) -> Step:
    template = now.matter.template(effect.target)
    order = DocumentOrder(template.id, template.series, template.to)
    return replace(step, documents=(*step.documents, order))


def _notify(now: _Now, step: Step, effect: Effect) -> Step:
    return replace(step, notices=(*step.notices, Notice(effect.target, effect.text)))


def _open_matter(now: _Now, step: Step, effect: Effect) -> Step:
    return replace(step, opens=(*step.opens, effect.target))


def _transfer(now: _Now, step: Step, effect: Effect) -> Step:
    return replace(step, transfers=(*step.transfers, effect.target))


def _publish(now: _Now, step: Step, effect: Effect) -> Step:
    return replace(step, publishes=(*step.publishes, effect.target))


def _number(now: _Now, step: Step, effect: Effect) -> Step:
    return replace(step, numbers=(*step.numbers, effect.target))


_EFFECTS: dict[str, Callable[[_Now, Step, Effect], Step]] = {
    "start_clock": _start_clock, "stop_clock": _stop_clock, "resume_clock": _resume_clock,
    "meet_clock": _end_clock, "void_clock": _end_clock, "extend_clock": _extend_clock,
    "set_outcome": _set_outcome, "issue_document": _issue, "open_matter": _open_matter, "transfer": _transfer,
    "notify": _notify, "publish": _publish, "number": _number,
}  # fmt: skip
