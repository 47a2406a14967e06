"""The laws that hold of a case whatever is done in whatever order, and the way by which any case can be ended."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from zhicheng.engines.procedures.clocks import clock_of, open_grounds, phase_of, run_of
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import SYSTEM
from zhicheng.engines.procedures.running import GuardRefused, allowed_actions, apply, deadline
from zhicheng.engines.procedures.state import State
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.extensions import ExtensionRefused

CALENDAR = Calendar.official().provisional()


def check_clocks(matter: Matter, before: State, after: State, on: date) -> None:
    """The laws of the clocks: history only grows, a stop only moves a due day on, nothing runs in a closed case."""
    assert after.clock_events[: len(before.clock_events)] == before.clock_events
    for limit in matter.limits:
        run = run_of(limit.id, after.clock_events)
        if not run:
            continue
        phase = phase_of(limit.id, after.clock_events)
        due = deadline(matter, limit.id, after.clock_events, CALENDAR, as_of=on)
        assert due.derivation[-1].day == due.day
        if run[0].until is not None:
            continue
        clock = clock_of(limit, after.clock_events)
        bare = clock.limit
        plain = type(clock)(clock.started, bare, order=clock.order).due(calendar=CALENDAR).day
        assert due.day >= plain
        ordered = sorted(clock.stops, key=lambda one: one.first)
        assert all(a.last is not None and a.last < b.first for a, b in pairwise(ordered))
        assert (phase == "stopped") == bool(open_grounds(limit.id, after.clock_events)) or phase in (
            "met",
            "voided",
        )
        if matter.stage(after.stage).kind == "final" and not limit.after_end:
            assert phase in ("met", "voided")


def check_rows(matter: Matter, state: State) -> None:
    """One open visit in the stage itself, one task for it, an outcome exactly when it has ended."""
    open_visits = [one for one in state.visits if one.left_on is None]
    assert [one.stage for one in open_visits] == [state.stage]
    stage = matter.stage(state.stage)
    assert [one.role for one in state.tasks if one.closed_on is None] == ([stage.role] if stage.role else [])
    assert bool(state.outcome) == (stage.kind == "final")
    for before, after in pairwise(state.visits):
        assert before.left_on == after.entered_on


def distances(matter: Matter) -> dict[str, int]:
    """How many steps each stage is from an end."""
    far = {one.id: 0 for one in matter.stages if one.kind == "final"}
    for _ in matter.stages:
        for action in matter.actions:
            for stage in action.from_stages:
                if action.to_stage in far:
                    far[stage] = min(far.get(stage, 99), far[action.to_stage] + 1)
    return far


def candidates(action: Action, on: date) -> list[dict[str, Value]]:
    """A few ways to fill in an action: everything yes, everything no, each choice in turn."""
    later = on + timedelta(days=60)
    plain: dict[str, Value] = {
        one.id: {"integer": 1, "money": 1, "date": later, "instant": f"{later}T17:00+00:00"}.get(
            one.type, "示例"
        )
        for one in action.fields
    }
    found = []
    longest = max([len(one.choices) for one in action.fields] or [1]) or 1
    for answer in (True, False):
        for at in range(longest):
            values = {one.id: answer for one in action.fields if one.type == "boolean"}
            chosen = {one.id: one.choices[at % len(one.choices)][0] for one in action.fields if one.choices}
            found.append({**plain, **values, **chosen})
    return found


def bring_to_an_end(matter: Matter, state: State, facts: dict[str, Value], on: date) -> None:
    """From wherever a case is, the people who hold its roles can end it, and then it has an outcome."""
    far, every = distances(matter), [one.id for one in (*matter.materials, *matter.templates)]
    tried: set[tuple[str, int, str]] = set()
    for _ in range(40):
        if matter.stage(state.stage).kind == "final":
            assert state.outcome
            return
        offers = allowed_actions(matter, state, [one.id for one in matter.roles], facts, on, documents=every)
        ready = [one for one in offers if one.ready and one.roles != (SYSTEM,)]
        ready.sort(key=lambda one: far[one.action.to_stage] if one.action.to_stage else far[state.stage])
        for offer, values in ((one, values) for one in ready for values in candidates(one.action, on)):
            mark = (state.stage, len(state.done), repr((offer.action.id, values)))
            if mark in tried or (offer.action.id, state.stage) in {(one[2], one[0]) for one in tried}:
                continue
            role = next(one for one in offer.roles if one != SYSTEM)
            try:
                done = apply(
                    matter, state, offer.action.id, role=role, by=f"{role}/{len(state.done)}", on=on,
                    calendar=CALENDAR, facts=facts, values=values, documents=every,
                )  # fmt: skip
            except (GuardRefused, ExtensionRefused):
                continue
            tried.add(mark)
            if not offer.action.to_stage or far[offer.action.to_stage] >= far[state.stage]:
                tried.add((state.stage, 0, offer.action.id))
            state, facts = done.state, {**facts, **values}
            break
        else:
            pytest.fail(f"{state.stage} 没有出路：{facts}")
    pytest.fail(f"{state.stage} 走了 40 步没有办结")
