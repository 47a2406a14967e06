"""Plays the dated examples of a definition and says where one comes out otherwise than it states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhicheng.engines.procedures.clocks import deadline
from zhicheng.engines.procedures.definition import Example, ExampleStep, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.migrating import carried_out, migrate
from zhicheng.engines.procedures.running import apply, automatics, begin
from zhicheng.engines.procedures.state import State
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A step of an example that came out otherwise: which example, which step, what was expected and what came."""

    example: str
    line: int
    words: str


def play(matter: Matter, calendar: Calendar) -> tuple[Disagreement, ...]:
    """Play every example of a definition.

    Args:
        matter: the definition.
        calendar: official rest days and make-up working days.

    Returns:
        Where examples disagree; empty when all come out as stated.
    """
    found: list[Disagreement] = []
    for example in matter.examples:
        found += (
            Disagreement(example.name, example.line, words) for words in _play(matter, example, calendar)
        )
    return tuple(found)


def _play(matter: Matter, example: Example, calendar: Calendar) -> Iterator[str]:
    state = begin(matter, received_on=example.received_on)
    facts: dict[str, Value] = dict(example.facts)
    for number, step in enumerate(example.steps, 1):
        where = f"第 {number} 步（{step.on} {step.action}）"
        try:
            state = _take(matter, state, step, example, facts, calendar)
        except Refusal as refusal:
            if not step.refused or step.refused not in str(refusal):
                yield f"{where}被拒：{refusal}"
                return
            continue
        if step.refused:
            yield f"{where}应当被拒（{step.refused}），却办成了"
            return
        facts |= step.values
        yield from (f"{where}{words}" for words in _stands(matter, state, step, calendar))
    if example.outcome and state.outcome != example.outcome:
        yield f"结果应为 {example.outcome}，实为 {state.outcome or '无'}"


def _take(
    matter: Matter,
    state: State,
    step: ExampleStep,
    example: Example,
    facts: dict[str, Value],
    calendar: Calendar,
) -> State:
    counts_from = None
    if step.automatic:
        due = automatics(matter, state, on=step.on, calendar=calendar)
        ready = next((one for one in due if one.action.id == step.action), None)
        if ready is None:
            raise Refusal(f"系统此时不办理“{step.action}”。", fix="请核对示例的日期。")
        counts_from = ready.counts_from
    return apply(
        matter, state, step.action, role=step.role, by=step.role, on=step.on, calendar=calendar, facts=facts,
        values=step.values, documents=example.documents, counts_from=counts_from,
    ).state  # fmt: skip


def _stands(matter: Matter, state: State, step: ExampleStep, calendar: Calendar) -> Iterator[str]:
    if step.stage and state.stage != step.stage:
        yield f"之后应在环节 {step.stage}，实在 {state.stage}"
    for limit, expected in step.due.items():
        try:
            due = deadline(matter, limit, state.clock_events, calendar, as_of=step.on).day
        except Refusal as refusal:
            yield f"之后“{limit}”算不出届满日：{refusal}"
            continue
        if due != expected:
            yield f"之后“{limit}”应于 {expected} 届满，实为 {due}"


def replay(matter: Matter, example: Example, calendar: Calendar, *, versions: tuple[Matter, ...]) -> State:
    """Play an example while its case changes version after every step.

    Args:
        matter: the version it begins with.
        example: the dated steps.
        calendar: official rest days and make-up working days.
        versions: versions taken in turn.

    Returns:
        The state at the end.

    Raises:
        MigrationRefused: a version cannot take the case over.
    """
    state = begin(matter, received_on=example.received_on)
    facts: dict[str, Value] = dict(example.facts)
    for number, step in enumerate(example.steps):
        if step.refused:
            continue
        following = versions[number % len(versions)]
        state = carried_out(migrate(matter, following, state, on=step.on, calendar=calendar))
        matter = following
        state = _take(matter, state, step, example, facts, calendar)
        facts |= step.values
    return state
