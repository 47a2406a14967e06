"""Walks a definition with real steps, so that each action is shown to be possible, not merely written."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from math import prod

from tests.engines.procedures.laws import CALENDAR
from zhicheng.engines.procedures.clocks import deadline, phase_of
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import SYSTEM, Field
from zhicheng.engines.procedures.proving_words import conditions_of
from zhicheng.engines.procedures.running import allowed_actions, apply, automatics, begin, findings
from zhicheng.engines.procedures.state import State
from zhicheng.kernel.refusals import Refusal

FIRST = date(2026, 1, 5)
ONE_DAY = timedelta(days=1)
# States looked at for one way of filling in the form; what needs more is not a main road.
AT_MOST = 250
# Combinations of answers to one form that are all tried.
FEW = 12


@dataclass(frozen=True)
class Reached:
    """A state of a case that was reached, with everything known then and how it was reached."""

    state: State
    facts: dict[str, Value]
    on: date
    route: tuple[str, ...] = ()


def plain_value(one: Field, on: date) -> Value:
    """Return a value that a field takes."""
    later = on + timedelta(days=30)
    plain: dict[str, Value] = {
        "boolean": True, "integer": 1, "money": 1, "date": later, "instant": f"{later}T17:00 America/New_York",
    }  # fmt: skip
    return one.choices[0][0] if one.choices else plain.get(one.type, "示例")


@dataclass
class Walk:
    """A search for a way to every action; `found` holds, for each, what stands after a first sequence that ends in it."""

    matter: Matter
    found: dict[str, Reached] = field(default_factory=dict)
    outcomes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        texts = " ".join(
            text for place, text in conditions_of(self.matter) if place[0] in ("actions", "prechecks")
        )
        self.read = {one for one in self.matter.fact_types() if re.search(rf"\b{one}\b", texts)}
        self.papers = [one.id for one in (*self.matter.materials, *self.matter.templates)]
        self.roles = [one.id for one in self.matter.roles if one.id != SYSTEM]
        self.fitting = self.passing_every_check()
        for facts in self.variants(self.matter.fields, FIRST):
            self.search(Reached(begin(self.matter, received_on=FIRST), facts, FIRST))

    def passing_every_check(self) -> dict[str, Value]:
        """Return the yes-or-no answers with which no check by rule refuses."""
        every = (*self.matter.fields, *(one for action in self.matter.actions for one in action.fields))
        facts = {one.id: plain_value(one, FIRST) for one in every}
        for name in [one.id for one in every if one.type == "boolean" and self.matter.prechecks]:
            other = {**facts, name: not facts[name]}
            facts = min(facts, other, key=self.refusals)
        return {name: value for name, value in facts.items() if isinstance(value, bool)}

    def refusals(self, facts: dict[str, Value]) -> int:
        """Return how many checks by rule refuse."""
        return sum(one.refuse is True for one in findings(self.matter, facts, FIRST))

    @property
    def complete(self) -> bool:
        """Tell whether a way to every action and to every outcome is known."""
        known = len(self.found) + len(self.outcomes - {""})
        return known == len(self.matter.actions) + len(self.matter.outcomes)

    def search(self, first: Reached) -> None:
        """Go on from where a case begins until every action was taken or nothing new turns up."""
        waiting, seen = deque([first]), set()
        while waiting and len(seen) < AT_MOST and not self.complete:
            here = waiting.popleft()
            for action, after in self.steps(here):
                new = action not in self.found or after.state.outcome not in self.outcomes
                self.outcomes.add(after.state.outcome)
                self.found.setdefault(action, after)
                mark = self.signature(after)
                if mark not in seen:
                    seen.add(mark)
                    # where something was just shown to be possible for the first time, more is likely to follow
                    (waiting.appendleft if new else waiting.append)(after)

    def variants(self, fields: tuple[Field, ...], on: date) -> Iterator[dict[str, Value]]:
        """Return values that conditions can tell apart: every combination of a few answers, of many each in its turn."""
        plain = {one.id: self.fitting.get(one.id, plain_value(one, on)) for one in fields}
        answers = {
            one.id: [True, False] if one.type == "boolean" else [value for value, _ in one.choices]
            for one in fields
            if one.id in self.read and (one.type == "boolean" or one.choices)
        }
        yield plain
        if prod(len(one) for one in answers.values()) <= FEW:
            yield from (
                {**plain, **dict(zip(answers, one, strict=True))} for one in product(*answers.values())
            )
            return
        for name, values in answers.items():
            yield from ({**plain, name: each} for each in values if each != plain[name])

    def steps(self, here: Reached) -> Iterator[tuple[str, Reached]]:
        """Take every step that people may take the next day, and those the software takes once limits ran out."""
        on, events = here.on + ONE_DAY, here.state.clock_events
        for offer in allowed_actions(
            self.matter, here.state, self.roles, here.facts, on, documents=self.papers
        ):
            for values in self.variants(offer.action.fields, on) if offer.ready else ():
                yield from self.taken(here, offer.action, offer.roles[0], on, values)
        for limit in self.matter.limits:
            if limit.expiry is not None and phase_of(limit.id, events) == "running":
                due = deadline(self.matter, limit.id, events, CALENDAR, as_of=on).day
                day = max(due + ONE_DAY, on)
                for one in automatics(self.matter, here.state, on=day, calendar=CALENDAR):
                    yield from self.taken(here, one.action, SYSTEM, day, {}, one.counts_from)

    def taken(
        self, here: Reached, action: Action, role: str, on: date, values: dict[str, Value],
        counts_from: date | None = None,
    ) -> Iterator[tuple[str, Reached]]:  # fmt: skip
        """Take a step; nothing when the rules refuse it now."""
        try:
            step = apply(
                self.matter, here.state, action.id, role=role, by=f"{role}/{len(here.route)}", on=on, calendar=CALENDAR,
                facts=here.facts, values=values, documents=self.papers, counts_from=counts_from,
            )  # fmt: skip
        except Refusal:
            return
        yield action.id, Reached(step.state, {**here.facts, **values}, on, (*here.route, action.id))

    def signature(self, here: Reached) -> object:
        """Return what decides about further steps: stage, answers, how often each step that counts was taken, clocks."""
        state, done = here.state, [one.action for one in here.state.done]
        counted = [(one, min(done.count(one[4:]), 3)) for one in sorted(self.read) if one.startswith("did_")]
        answers = [(one, here.facts.get(one)) for one in sorted(self.read)]
        clocks = [
            phase_of(one.id, state.clock_events) for one in self.matter.limits if one.expiry or one.extensions
        ]
        extended = [one.limit for one in state.clock_events if one.kind == "extended"]
        return state.stage, tuple(answers), tuple(counted), tuple(clocks), tuple(extended)
