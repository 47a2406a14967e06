"""Every number of a program turned down and up by a tenth, for the question what each of them is worth."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zhicheng.catalogue.policy_changes import ChangeModel, applied
from zhicheng.catalogue.policy_dials import Dial, dials_of, dials_of_policy
from zhicheng.engines.incentives.rules import Program
from zhicheng.engines.incentives.sensitivity import Nudge

TENTH = Decimal("0.1")
PLACES = {"money": Decimal("0.01"), "rate": Decimal("0.000001"), "count": Decimal(1)}


def nudges_of(program: Program) -> Iterator[Nudge]:
    """The numbers of a program's clauses and documents, each a tenth lower and higher; counts move by one at least.

    Args:
        program: loaded from files; the numbers are read from them.

    Raises:
        CatalogueError: a file can no longer be read.
    """
    for clause in program.clauses:
        for dial in dials_of(clause, program.facts[clause.fact]):
            yield from _nudged(dial, clause.name, "clause", frozenset({clause.id}))
    for policy in program.policies.values():
        reached = frozenset(one.id for one in program.clauses if one.policy == policy.id)
        for dial in dials_of_policy(policy):
            yield from _nudged(dial, policy.title, "policy", reached)


def _nudged(dial: Dial, owner: str, kind: str, reached: frozenset[str]) -> Iterator[Nudge]:
    if dial.kind not in PLACES or not Decimal(dial.value):
        return
    value, unit = Decimal(dial.value), PLACES[dial.kind]
    turn = max((value * TENTH).quantize(unit), unit)

    def turned(program: Program, number: Decimal) -> Program:
        given = int(number) if dial.kind == "count" else number
        change = ChangeModel.model_validate({kind: dial.owner, "set": {dial.place: given}})
        return applied(change, program)

    yield Nudge(
        dial.owner, dial.place, f"{owner}：{dial.name}", dial.kind, value, max(value - turn, Decimal(0)), value + turn,
        reached, turned,
    )  # fmt: skip
