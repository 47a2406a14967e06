"""Whatever people do in whatever order: no case gets stuck, no clock breaks its laws, none ends without an outcome."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from zhicheng.catalogue.matter_loader import load_matters
from zhicheng.engines.procedures.clocks import clock_of, open_grounds, phase_of, run_of
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import SYSTEM, Field
from zhicheng.engines.procedures.running import (
    GuardRefused,
    allowed_actions,
    apply,
    automatics,
    begin,
    deadline,
    lights,
)
from zhicheng.engines.procedures.state import State
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.extensions import ExtensionRefused

CALENDAR = Calendar.official().provisional()
MATTERS = load_matters()
FIRST = date(2024, 1, 2)
# a seed spreads choices evenly, where hypothesis itself would prefer the first of everything
SEEDS = st.integers(0, 2**32 - 1)


def value_of(field: Field, chance: Random, on: date) -> Value:
    """A value a person might enter in a field."""
    if field.type == "choice":
        return chance.choice(field.choices)[0]
    if field.type == "boolean":
        return chance.random() < 0.5
    if field.type in ("integer", "money"):
        return chance.randint(1, 3)
    if field.type == "date":
        return on + timedelta(days=chance.randint(0, 60))
    if field.type == "instant":
        return f"{on + timedelta(days=20)}T17:00 America/New_York"
    return "示例"


def entered(action: Action, chance: Random, on: date) -> dict[str, Value]:
    values = {one.id: value_of(one, chance, on) for one in action.fields}
    for one in action.ahead:
        values[one.field] = on + timedelta(days=60)
    return values


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


class CaseMachine(RuleBasedStateMachine):
    """One case of one matter, handled in any order by anybody who may."""

    matter: Matter

    @initialize(seed=SEEDS)
    def arrives(self, seed: int) -> None:
        """A case comes in with any facts."""
        chance = Random(seed)
        self.on = FIRST
        self.papers = [one.id for one in (*self.matter.materials, *self.matter.templates)]
        self.facts: dict[str, Value] = {one.id: value_of(one, chance, self.on) for one in self.matter.fields}
        self.state = begin(self.matter, received_on=self.on)

    @rule(days=st.integers(0, 25))
    def time_passes(self, days: int) -> None:
        """Days go by, and the software does what limits that ran out ask of it."""
        self.on += timedelta(days=days)
        for one in automatics(self.matter, self.state, on=self.on, calendar=CALENDAR)[:1]:
            self.take(one.action, SYSTEM, {}, one.counts_from)

    @rule(seed=SEEDS)
    def somebody_acts(self, seed: int) -> None:
        """Anybody takes any step that is offered; ending the case is the rarer choice."""
        chance = Random(seed)
        if self.state.stage == self.matter.start.id:  # a draft may be edited before it is filed
            self.facts = {one.id: value_of(one, chance, self.on) for one in self.matter.fields}
        roles = [one.id for one in self.matter.roles if one.id != SYSTEM]
        offers = allowed_actions(self.matter, self.state, roles, self.facts, self.on, documents=self.papers)
        ready = [one for one in offers if one.ready]
        ends = {one.id for one in self.matter.stages if one.kind == "final"}
        going_on = [one for one in ready if one.action.to_stage not in ends]
        if going_on and chance.random() < 0.93:
            ready = going_on
        if ready:
            chosen = chance.choice(ready)
            values = entered(chosen.action, chance, self.on)
            self.take(chosen.action, chance.choice(chosen.roles), values, None)

    def take(self, action: Action, role: str, values: dict[str, Value], counts_from: date | None) -> None:
        """Take a step, or be refused in words and change nothing."""
        try:
            step = apply(
                self.matter, self.state, action.id, role=role, by=f"{role}/{len(self.state.done)}", on=self.on,
                calendar=CALENDAR, facts=self.facts, values=values, documents=self.papers, counts_from=counts_from,
            )  # fmt: skip
        except (GuardRefused, ExtensionRefused):
            return
        check_clocks(self.matter, self.state, step.state, self.on)
        self.state, self.facts = step.state, {**self.facts, **values}
        TAKEN.setdefault(self.matter.code, set()).add(action.id)

    @invariant()
    def rows_agree(self) -> None:
        """Visits, tasks and outcome always fit the stage."""
        if hasattr(self, "state"):
            check_rows(self.matter, self.state)

    def teardown(self) -> None:
        """Wherever the case stands now, it can be brought to an end."""
        if hasattr(self, "state"):
            lights(self.matter, self.state, on=self.on, calendar=CALENDAR)
            bring_to_an_end(self.matter, self.state, self.facts, self.on)


TAKEN: dict[str, set[str]] = {}


@pytest.mark.parametrize("matter", MATTERS, ids=lambda one: f"{one.code}-{one.version}")
def test_no_sequence_of_allowed_actions_breaks_a_clock_or_leaves_a_case_that_cannot_be_ended(matter):
    machine = type(f"Case_{matter.code}", (CaseMachine,), {"matter": matter})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.parametrize("matter", MATTERS, ids=lambda one: f"{one.code}-{one.version}")
def test_long_walks_reach_nearly_every_action_and_keep_the_same_laws(matter):
    machine = type(f"Walk_{matter.code}", (CaseMachine,), {"matter": matter})
    TAKEN[matter.code] = set()
    for seed in range(60):
        chance, case = Random(seed), machine()
        case.arrives(seed)
        for _ in range(30):
            case.time_passes(chance.randint(0, 9))
            case.somebody_acts(chance.getrandbits(32))
            case.rows_agree()
        case.teardown()
    never = {one.id for one in matter.actions} - TAKEN[matter.code]
    assert len(never) <= len(matter.actions) // 5, never
