"""A firm's own facts in the ledger, and what the engine would say if an application were accepted."""

from __future__ import annotations

# ruff: noqa: S608 - column names come from the declared shape of a fact, values are quoted
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb

from zhicheng.apps.incentives.applications.fields import same
from zhicheng.apps.incentives.batches.matters import who_of
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import Evaluation, evaluation_over
from zhicheng.apps.incentives.runs.fact_views import PRIVATE
from zhicheng.apps.incentives.runs.supplied import APPLIED, Stated, with_stated
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.engines.incentives.compiling import expression_sql
from zhicheng.engines.incentives.rules import Clause, FactShape, Program
from zhicheng.engines.incentives.tables import text_sql


@dataclass(frozen=True)
class OwnFact:
    """A fact of a firm that the ledger holds.

    Args:
        fact: its number. day: of the event, None where the ledger lacks it. values: column → text, only what is known.
    """

    fact: str
    day: date | None
    values: dict[str, str] = field(default_factory=dict)


def own_facts(
    evaluation: Evaluation, clause: Clause, organisation: Organisation, *, fact: str = ""
) -> list[OwnFact]:
    """Facts of a firm that may trigger a clause, the latest first; one of them where its number is given."""
    shape = evaluation.program.facts[clause.fact]
    columns = [one for one in shape.columns if one != shape.ended]
    picked = ", ".join(f'cast("{one}" as varchar)' for one in columns)
    when = expression_sql(clause.versions[-1].when, shape, evaluation.as_of)
    only = f" and fact = {text_sql(fact)}" if fact else ""
    sql = (
        f'select fact, "{shape.date}", {picked} from fact_{shape.id} where z_who = {text_sql(who_of(organisation))}'
        f' and ({when}) is not false{only} order by "{shape.date}" desc nulls last, fact'
    )
    try:
        with evaluation.lock:
            rows = evaluation.run.query(sql)
    except duckdb.CatalogException:
        return []  # the ledger has no table of this fact
    return [
        OwnFact(row[0], row[1], {n: v for n, v in zip(columns, row[2:], strict=True) if v is not None})
        for row in rows
    ]


def own_fact(evaluation: Evaluation, clause: Clause, row: PolicyApplication) -> OwnFact | None:
    """The fact of the ledger an application is for, None where the ledger does not hold it."""
    found = own_facts(evaluation, clause, row.organisation, fact=row.fact) if row.fact else []
    return found[0] if found else None


def held_by_another(evaluation: Evaluation, clause: Clause, organisation: Organisation, fact: str) -> str:
    """The other organisation under which the ledger holds a fact of this number, empty when none."""
    sql = f"select z_who from fact_{clause.fact} where fact = {text_sql(fact)} and z_who is not null limit 5"
    try:
        with evaluation.lock:
            found = [row[0] for row in evaluation.run.query(sql)]
    except duckdb.CatalogException:
        return ""
    if not found or who_of(organisation) in found:
        return ""
    return str(evaluation.names.get(found[0], found[0]))


def stated_of(row: PolicyApplication, applied_on: date) -> list[Stated]:
    """What an application states, as the evaluation reads it."""
    organisation = row.organisation
    # PRIVATE is the list as SQL writes it
    kind = "enterprise" if f"'{organisation.kind or ''}'" in PRIVATE else "institution"
    items = {APPLIED: applied_on.isoformat(), **{name: str(value) for name, value in row.values.items()}}
    return [
        Stated(
            row.fact_kind, row.fact, who_of(organisation), organisation.region_code, kind, name, value, row.clause,
            applied_on.isoformat(),
        )
        for name, value in items.items()
    ]  # fmt: skip


def as_if(row: PolicyApplication, evaluation: Evaluation, *, on: date) -> Outcome | None:
    """What the engine would say if an application were accepted as it stands.

    Args:
        row: the application.
        evaluation: over the ledger as it is now.
        on: the day it counts as applied for, where it was not handed in yet.

    Returns:
        The outcome of its fact under its clause, None where the fact triggers nothing.
    """
    program = tied(evaluation.program, row.clause)
    sources = with_stated(dict(evaluation.sources), program, stated_of(row, row.applied_on or on))
    known = frozenset(program.facts)
    wanted = {one.fact for one in program.clauses}
    sources = {name: one for name, one in sources.items() if name in wanted or name not in known}
    found = evaluation_over(
        program, sources, evaluation.snapshot, max(evaluation.as_of, row.applied_on or on)
    )
    outcomes = found.explain(who_of(row.organisation), row.clause)
    return next((one for one in outcomes if one.fact == row.fact), None)


def tied(program: Program, clause_id: str) -> Program:
    """The documents that have a say in a clause's amount: its own, and those that pay for the same matter."""
    clause = program.clause(clause_id)
    if clause is None:
        return program
    groups = {one.same_matter.group for one in clause.versions if one.same_matter}
    names = {
        one.policy for one in program.clauses
        if one.policy == clause.policy or any(v.same_matter and v.same_matter.group in groups for v in one.versions)
    }  # fmt: skip
    found = program.only(frozenset(names))
    # what no clause covers is not asked here
    bare = {key: replace(one, scope={}) for key, one in found.policies.items()}
    return Program(found.facts, bare, found.clauses)


def differing(own: OwnFact | None, values: Mapping[str, str], shape: FactShape) -> tuple[str, ...]:
    """Columns in which what a firm states is not what the ledger holds."""
    held = own.values if own else {}
    return tuple(
        name
        for name, column in shape.columns.items()
        if held.get(name) and values.get(name) and not same(column.type, held[name], values[name])
    )
