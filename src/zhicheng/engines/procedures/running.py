"""Runs a case along its matter: what may be done now by whom, and what follows when it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from zhicheng.engines.procedures.clocks import (
    Readings,
    deadline,
    lights,
    phase_of,
    reminders,
    run_of,
    with_readings,
    worst,
)
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.effects import carry_out, move
from zhicheng.engines.procedures.guards import Value, holds
from zhicheng.engines.procedures.known import facts_of, findings, whole
from zhicheng.engines.procedures.parts import SYSTEM, Field, Material
from zhicheng.engines.procedures.state import Done, State, Step, Task, Visit
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import UNIT_WORDS, Limit, due_day
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal, Source

Facts = Mapping[str, Value]


class Incomplete(Refusal):
    """Something that must be entered or handed in is missing; the list is complete."""

    code = "incomplete"

    def __init__(
        self, what: str, missing: tuple[str, ...], *, fix: str, source: Source | None = None
    ) -> None:
        super().__init__(what, fix=fix, source=source)
        self.missing = missing


class GuardRefused(Refusal):
    """The condition of an action does not hold."""

    code = "guard"


@dataclass(frozen=True, slots=True)
class Offer:
    """An action a person might take now: ready, or not and why."""

    action: Action
    roles: tuple[str, ...]
    ready: bool
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Automatic:
    """An action the software takes because a limit ran out, and the day it counts from."""

    action: Action
    limit: str
    counts_from: date
    source: Source


def begin(matter: Matter, *, received_on: date) -> State:
    """The state of a new case: in the first stage, its task open, no clock running.

    Args:
        matter: the definition it will follow.
        received_on: the day it came in, or was begun as a draft.
    """
    first = matter.start
    tasks = (Task(first.id, first.role, first.task, received_on),) if first.role else ()
    return State(
        matter.code, matter.version, first.id, received_on, (Visit(first.id, received_on),), tasks=tasks
    )


def allowed_actions(
    matter: Matter,
    state: State,
    actor_roles: Collection[str],
    facts: Facts,
    on: date,
    *,
    by: str = "",
    documents: Collection[str] = (),
) -> tuple[Offer, ...]:
    """The actions that the holder of some roles might take now, each ready or with the reasons why not.

    Args:
        matter: the definition the case follows.
        state: where the case stands.
        actor_roles: roles of the matter the person holds in this case.
        facts: what is known of the case.
        on: the day.
        by: stable text for the person, for separation of duty; empty leaves that out.
        documents: materials and documents that are in the case.

    Returns:
        Offers in the order of the definition; fields still to be entered do not make an offer unready.
    """
    return tuple(
        Offer(action, roles, not (why := _reasons(matter, state, action, facts, on, by, documents)), why)
        for action in matter.actions_from(state.stage)
        if (roles := tuple(one for one in action.roles if one in actor_roles))
    )


def apply(
    matter: Matter,
    state: State,
    action: str,
    *,
    role: str,
    by: str,
    on: date,
    calendar: Calendar,
    facts: Facts,
    values: Facts | None = None,
    documents: Collection[str] = (),
    counts_from: date | None = None,
    readings: Readings | None = None,
) -> Step:
    """Take an action.

    Args:
        matter: the definition the case follows.
        state: where the case stands.
        action: name of the action.
        role: role of the matter in which it is taken; `system` for an automatic one.
        by: stable text for the person, kept for separation of duty.
        on: the day it is taken; not before the last one.
        calendar: official rest days and make-up working days.
        facts: what is known of the case before.
        values: what is entered with it; these become facts.
        documents: materials and documents that are in the case.
        counts_from: the day clocks start from, for an automatic action (视为受理 counts from receipt).
        readings: readings the city chose for open points.

    Returns:
        The new state and everything that follows; nothing is stored here.

    Raises:
        Conflict: the case is in a stage in which this is not possible.
        NotAllowed: the role may not, or the same person did what must be another's.
        GuardRefused: the condition does not hold.
        Incomplete: fields or documents are missing; all are named at once.
        Refusal: a day is out of order, too near, or the rules do not allow the extension.
        CalendarNotPublished: a count reaches a year without an official notice.
    """
    chosen = matter.action(action)
    known = facts_of(state, facts, values)
    _may(matter, state, chosen, role, by, on)
    refuse_guard(matter, chosen, known, on)
    refuse_missing(matter, chosen, known, values or {}, documents, on)
    _far_enough(matter, chosen, values or {}, on, calendar)
    step = Step(state, action)
    step = move(matter, step, chosen, on, leaving=True, readings=readings)
    step = carry_out(
        matter, step, chosen, role=role, on=on, calendar=calendar, facts=known, counts_from=counts_from or on,
        readings=readings,
    )  # fmt: skip
    step = move(matter, step, chosen, on, leaving=False, readings=readings)
    done = Done(action, on, by, role)
    return replace(step, state=replace(step.state, done=(*step.state.done, done)))


def automatics(
    matter: Matter, state: State, *, on: date, calendar: Calendar, readings: Readings | None = None
) -> tuple[Automatic, ...]:
    """Actions of the software that are due because a limit ran out unmet (视为受理, 逾期视为撤回 …).

    Args:
        matter: the definition the case follows.
        state: where the case stands.
        on: the day; a limit has run out when this day lies after its last.
        calendar: official rest days and make-up working days.
        readings: readings the city chose for open points.
    """
    found = []
    for limit in matter.limits:
        if limit.expiry is None or phase_of(limit.id, state.clock_events) != "running":
            continue
        action = matter.action(limit.expiry.action)
        due = deadline(matter, limit.id, state.clock_events, calendar, as_of=on, readings=readings).day
        if on > due and state.stage in action.from_stages:
            start = run_of(limit.id, state.clock_events)[0].day
            counts = start if limit.expiry.counts_from == "start" else due
            found.append(Automatic(action, limit.id, counts, limit.expiry.source))
    return tuple(found)


def counted_as(matter: Matter, facts: Facts, on: date) -> str:
    """The ledger's word under which a case with these facts counts, so that history and new cases are one fact."""
    types = matter.fact_types()
    return next(
        (word for word, when in matter.counts_as_when if holds(when, facts, types, on=on) is True),
        matter.counts_as,
    )


def needed_materials(matter: Matter, facts: Facts, on: date) -> tuple[Material, ...]:
    """The papers this filing needs; a condition the facts do not answer does not ask for one."""
    types = matter.fact_types()
    return tuple(one for one in matter.materials if holds(one.required_when, facts, types, on=on) is True)


def missing_materials(
    matter: Matter, facts: Facts, documents: Collection[str], on: date
) -> tuple[Material, ...]:
    """The one-time complete list of what is missing (一次性告知); what the city holds already is not asked."""
    return tuple(
        one for one in needed_materials(matter, facts, on) if one.id not in documents and not one.held_by
    )


def missing_fields(matter: Matter, fields: Collection[Field], facts: Facts, on: date) -> tuple[Field, ...]:
    """The fields that must be filled and are not."""
    types = matter.fact_types()
    return tuple(
        one
        for one in fields
        if facts.get(one.id) in (None, "")
        and (one.required or (one.required_when and holds(one.required_when, facts, types, on=on) is True))
    )


def refuse_guard(matter: Matter, action: Action, facts: Facts, on: date) -> None:
    """Refuse when the condition of an action does not hold or cannot be told."""
    if holds(action.guard, whole(matter, facts, on), matter.fact_types(), on=on) is not True:
        raise GuardRefused(
            f"现在不能“{action.name}”：{action.guard_words or action.guard}。", fix="请先满足条件。",
            source=action.source,
        )  # fmt: skip


def refuse_missing(
    matter: Matter, action: Action, facts: Facts, values: Facts, documents: Collection[str], on: date
) -> None:
    """Refuse with the complete list of fields and documents that are missing."""
    fields = [
        one.label.zh for one in missing_fields(matter, action.fields, {**facts, **_own(action, values)}, on)
    ]
    names = {one.id: str(one.label) for one in matter.materials} | {
        one.id: str(one.title) for one in matter.templates
    }
    papers = [names.get(one, one) for one in action.documents if one not in documents]
    if fields or papers:
        missing = tuple(fields + papers)
        raise Incomplete(
            f"“{action.name}”还缺：{'、'.join(missing)}。",
            missing,
            fix="请一次补齐后再办理。",
            source=action.source,
        )


def _own(action: Action, values: Facts) -> dict[str, Value]:
    """What was entered now for the fields of an action: an old value does not fill them."""
    return {one.id: values.get(one.id) for one in action.fields}


def _reasons(
    matter: Matter, state: State, action: Action, facts: Facts, on: date, by: str, documents: Collection[str]
) -> tuple[str, ...]:
    why = []
    if by and (before := _did(state, action, by)):
        why.append(f"您办过“{matter.action(before).name}”，这一步须由他人办理")
    full = whole(matter, facts_of(state, facts), on)
    # a guard may read what is entered with the action: that is asked when it is taken
    entered = {one.id for one in action.fields}
    answer = holds(action.guard, full, matter.fact_types(), on=on)
    if answer is False or (answer is None and not entered):
        why.append(action.guard_words or action.guard)
    names = {one.id: str(one.label) for one in matter.materials} | {
        one.id: str(one.title) for one in matter.templates
    }
    why += [f"还缺“{names.get(one, one)}”" for one in action.documents if one not in documents]
    return tuple(why)


def _did(state: State, action: Action, by: str) -> str:
    return next((one.action for one in state.done if one.by == by and one.action in action.not_by), "")


def _may(matter: Matter, state: State, action: Action, role: str, by: str, on: date) -> None:
    if state.stage not in action.from_stages:
        able = "、".join(str(matter.stage(one).name) for one in action.from_stages)
        raise Conflict(
            f"办件在“{matter.stage(state.stage).name}”环节，不能“{action.name}”。", fix=f"该步只在：{able}。"
        )
    if role not in action.roles:
        able = "、".join(str(matter.role(one).name) for one in action.roles)
        raise NotAllowed(f"“{action.name}”不是您的职责。", fix=f"请由{able}办理。", source=action.source)
    before = _did(state, action, by) if role != SYSTEM else ""
    if before:
        raise NotAllowed(
            f"您办过“{matter.action(before).name}”，不能再由您“{action.name}”。", fix="请换一人办理。",
            source=action.source,
        )  # fmt: skip
    last = max(
        [state.received_on, *(one.entered_on for one in state.visits), *(one.on for one in state.done)]
    )
    if on < last:
        raise Refusal(f"日期 {on} 早于上一步的 {last}。", fix="请核对日期；各步须按先后登记。")


def _far_enough(matter: Matter, action: Action, values: Facts, on: date, calendar: Calendar) -> None:
    for one in action.ahead:
        day = values.get(one.field)
        if not isinstance(day, date):
            continue
        earliest = due_day(on, Limit(one.amount, one.unit, roll=False), calendar=calendar).day
        if day < earliest:
            label = next(each.label for each in action.fields if each.id == one.field)
            raise Refusal(
                f"{label} {day} 距 {on} 不足 {one.amount} {UNIT_WORDS[one.unit]}。", fix=f"最早可定在 {earliest}。",
                source=one.source,
            )  # fmt: skip


__all__ = [
    "Automatic", "Facts", "GuardRefused", "Incomplete", "Offer", "Readings", "allowed_actions", "apply", "automatics",
    "begin", "counted_as", "deadline", "facts_of", "findings", "lights", "missing_fields", "missing_materials", "needed_materials",
    "refuse_guard", "refuse_missing", "reminders", "with_readings", "worst",
]  # fmt: skip
