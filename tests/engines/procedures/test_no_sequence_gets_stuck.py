"""Whatever people do in whatever order: no case gets stuck, no clock breaks its laws, none ends without an outcome."""

from datetime import date, timedelta
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

from tests.engines.procedures.laws import CALENDAR, bring_to_an_end, check_clocks, check_rows
from zhicheng.catalogue.matter_loader import load_matters
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import SYSTEM, Field
from zhicheng.engines.procedures.running import (
    GuardRefused,
    allowed_actions,
    apply,
    automatics,
    begin,
    lights,
)
from zhicheng.kernel.extensions import ExtensionRefused

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
def test_long_walks_keep_the_same_laws(matter):
    machine = type(f"Walk_{matter.code}", (CaseMachine,), {"matter": matter})
    for seed in range(15):
        chance, case = Random(seed), machine()
        case.arrives(seed)
        for _ in range(30):
            case.time_passes(chance.randint(0, 9))
            case.somebody_acts(chance.getrandbits(32))
            case.rows_agree()
        case.teardown()
