"""Everything a condition may read of a case: its facts, what is entered, what its state and its checks tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value, holds
from zhicheng.engines.procedures.parts import Precheck
from zhicheng.engines.procedures.state import State


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check by rule found: `refuse` True refuses, False passes, None asks a person."""

    check: Precheck
    refuse: bool | None


def findings(matter: Matter, facts: Mapping[str, Value], on: date) -> tuple[Finding, ...]:
    """What each check by rule finds on a day, in the order of the definition.

    Args:
        matter: the definition with its checks.
        facts: what is known of the case; an unknown fact leaves its check open.
        on: the day.
    """
    types = matter.fact_types()
    return tuple(Finding(one, holds(one.refuse_when, facts, types, on=on)) for one in matter.prechecks)


def facts_of(
    state: State, facts: Mapping[str, Value], values: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    """Everything a guard may read: the case's facts, what is entered now, and what the state itself tells."""
    counted = {f"did_{one.action}": 0 for one in state.done}
    for one in state.done:
        counted[f"did_{one.action}"] += 1
    own: dict[str, Value] = {"stage": state.stage, "received_on": state.received_on, **counted}
    return {**facts, **(values or {}), **own}


def whole(matter: Matter, facts: Mapping[str, Value], on: date) -> dict[str, Value]:
    """The facts with actions never taken counted as 0 and the checks by rule counted."""
    full: dict[str, Value] = {**{f"did_{one.id}": 0 for one in matter.actions}, **facts}
    if matter.prechecks:
        found = findings(matter, full, on)
        full["prechecks_failed"] = sum(one.refuse is True for one in found)
        full["prechecks_open"] = sum(one.refuse is None for one in found)
    return full
