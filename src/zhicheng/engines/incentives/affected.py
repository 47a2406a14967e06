"""Which clauses a change can reach, the evaluation of these alone beside a finished baseline, and its cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from zhicheng.engines.incentives.evaluation import Run, run
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import Clause, Program


def _links(program: Program, clause: Clause) -> set[str]:
    """What ties a clause to others: shared matters, a document's caps and budget, and its uncovered facts."""
    policy = program.policies[clause.policy]
    tied = {f"matter:{one.same_matter.group}" for one in clause.versions if one.same_matter}
    shared_caps = any(cap.over == "policy" for one in clause.versions for cap in one.caps)
    if policy.caps or policy.budget or shared_caps:
        tied.add(f"policy:{policy.id}")
    return tied


def affected(baseline: Program, variant: Program) -> frozenset[str]:
    """Clauses whose outcome can differ between two programs, those tied to a changed one included."""
    before = {one.id: one for one in baseline.clauses}
    after = {one.id: one for one in variant.clauses}
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    policies = {
        key
        for key in baseline.policies.keys() | variant.policies.keys()
        if baseline.policies.get(key) != variant.policies.get(key)
    }
    links: dict[str, set[str]] = {}
    for program in (baseline, variant):
        for one in program.clauses:
            links.setdefault(one.id, set()).update(_links(program, one))
            if one.policy in policies:
                changed.add(one.id)
    while True:
        ties = set().union(*(links[key] for key in changed)) if changed else set()
        wider = changed | {key for key, tied in links.items() if tied & ties}
        if wider == changed:
            return frozenset(changed)
        changed = wider


def _part(program: Program, keep: frozenset[str]) -> Program:
    """A program with some clauses only; facts without a clause are not asked about."""
    clauses = tuple(one for one in program.clauses if one.id in keep)
    policies = {
        key: replace(one, scope={})
        for key, one in program.policies.items()
        if any(clause.policy == key for clause in clauses)
    }
    return Program(program.facts, policies, clauses)


def what_if(
    base: Run, variant: Program, *, as_of: date, table: str = "variant", told: Told = nobody
) -> tuple[Run, frozenset[str]]:
    """Evaluate a variant over the facts of a finished baseline, only where it can differ.

    Args:
        base: the baseline, kept.
        variant: the changed program.
        as_of: the day asked about.
        table: name of the table of the variant's outcomes.
        told: is told how many clauses are done, of those that have to be asked.

    Returns:
        The variant's run over the affected clauses, and which these are.
    """
    changed = affected(base.compiled.program, variant)
    part = _part(variant, changed)
    return run(
        part, base.connection, tables=base.compiled.tables, as_of=as_of, table=table, told=told
    ), changed


def difference(base: Run, program: Program, *, as_of: date, told: Told = nobody) -> Decimal:
    """What a changed program costs more (less: negative) than a finished baseline, in 元."""
    single, changed = what_if(base, program, as_of=as_of, table="single", told=told)
    numbers = [n for n, one in enumerate(base.compiled.program.clauses) if one.id in changed]
    before = base.total(f"clause in ({', '.join(map(str, numbers)) or '-2'})")
    return single.total() - before
