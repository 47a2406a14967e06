"""Outcomes on which no other fact has a say: kept narrow, as a pointer to their fact, and widened when read.

Nearly every outcome of a large register is of this kind: all conditions hold, and neither an earlier fact of the
beneficiary nor a cap that is reached changes it. Only the rest is judged with its whole history, in `evaluation.py`.
"""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from zhicheng.engines.incentives.amounts import MONEY, matches_of
from zhicheng.engines.incentives.compiled import Compiled, Rule
from zhicheng.engines.incentives.compiling import KIND, WHO
from zhicheng.engines.incentives.rules import FactShape
from zhicheng.engines.incentives.stages import SLOTS, by_rule, caps_limit_sql, caps_of, is_shared

PARTS = {"object": ["z_who", "z_object"], "beneficiary": ["z_who"], "all": []}
HISTORY = "z_history"


@dataclass(frozen=True)
class Kept:
    """What was kept narrow.

    Args:
        tables: the narrow tables.
        wide: for each of them a select with the columns of outcomes.
        clauses: numbers of the clauses asked this way.
        again: numbers of those among them that have facts to be judged beside others.
    """

    tables: tuple[str, ...]
    wide: tuple[str, ...]
    clauses: frozenset[int]
    again: frozenset[int]


def keep(connection: duckdb.DuckDBPyConnection, compiled: Compiled, table: str) -> Kept:
    """Ask the clauses that pay the holder of one fact; leaves the facts to be judged again in `again_FACT`.

    Args:
        connection: has the fact tables attached.
        compiled: the program.
        table: name of the table of outcomes, from which the names of the narrow tables are made.

    Returns:
        The narrow tables and what is left to do.
    """
    by_fact: dict[str, list[Rule]] = {}
    for rule in compiled.rules:
        if rule.clause.id in compiled.clauses and _is_narrow(rule.clause.id, compiled):
            by_fact.setdefault(rule.clause.fact, []).append(rule)
    tables, wide = [], []
    again: set[int] = set()
    for fact, rules in by_fact.items():
        name, ties = f"{table}_on_{fact}", _ties(rules)
        rows = "\nunion all\n".join(_narrow_sql(one, ties, compiled) for one in rules)
        connection.execute(f"create or replace temp table {name} as {rows}")
        connection.execute(f"create or replace temp table again_{fact} as {_again_sql(name, rules, ties)}")
        connection.execute(f"delete from {name} where rowid in (select z_row from again_{fact})")
        found = connection.execute(f"select distinct z_clause from again_{fact}").fetchall()
        again.update(number for (number,) in found)
        tables.append(name)
        wide.append(_wide_sql(name, rules, compiled.program.facts[fact]))
    clauses = frozenset(one.clause_number for rules in by_fact.values() for one in rules)
    return Kept(tuple(tables), tuple(wide), clauses, frozenset(again))


def _is_narrow(clause: str, compiled: Compiled) -> bool:
    """Tell whether a clause pays the holder of a fact, by the fact alone or with facts of the same clause only."""
    rules = [one for one in compiled.rules if one.clause.id == clause]
    return all(
        one.clause.payee.mode == "holder" and not matches_of(one.version.amount) and not is_shared(one)
        for one in rules
    )


def _looks_back(rule: Rule) -> bool:
    return rule.version.first_time or rule.version.newly_awarded or rule.version.once


def _ties(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Columns that say which facts can change each other's outcome: those of one history, those under one cap."""
    slots = {SLOTS.index(slot) for one in rules for slot in caps_of(one)}
    history = [HISTORY] if any(_looks_back(one) for one in rules) else []
    return (*history, *(f"z_cap_{place}" for place in sorted(slots)))


def _narrow_sql(rule: Rule, ties: Sequence[str], compiled: Compiled) -> str:
    """The narrow rows of a rule with a number for each tie; a number two ties share by chance only costs time."""
    numbers = {f"z_cap_{SLOTS.index(slot)}": _cap_parts(slot) for slot in caps_of(rule)}
    if any(_looks_back(one) for one in compiled.rules if one.clause_number == rule.clause_number):
        numbers[HISTORY] = PARTS["beneficiary"]
    tied = "".join(
        f"hash({', '.join([str(rule.clause_number), *numbers[one]])}) as {one}, "
        if one in numbers
        else f"null::UBIGINT as {one}, "
        for one in ties
    )
    rows = compiled.clauses[rule.clause.id].bare[rule.number]
    return f"select z_rule, z_clause, z_place, z_sound, {tied}z_base, z_gross, z_amount from ({rows})"


def _cap_parts(slot: tuple[str, str, str]) -> list[str]:
    per, _, period = slot
    return [*PARTS[per], *(["year(z_day)"] if period == "year" else [])]


def _again_sql(name: str, rules: Sequence[Rule], ties: Sequence[str]) -> str:
    """Rows with a condition that does not hold, with a history, or under a cap that is reached."""
    picked = [f"select rowid as z_row, z_place, z_clause from {name} where not z_sound"]
    for tie in ties:
        if tie == HISTORY:
            reached = f"select {tie} from {name} where {tie} is not null group by {tie} having count(*) > 1"
        else:
            limit = caps_limit_sql(rules, SLOTS[int(tie.removeprefix("z_cap_"))], rule="z_rule")
            reached = (
                f"select {tie} from {name} where {tie} is not null and z_sound"
                f" group by {tie} having sum(z_amount) > min({limit})"
            )
        picked.append(f"select rowid, z_place, z_clause from {name} where {tie} in ({reached})")
    return " union ".join(picked)


def _wide_sql(name: str, rules: Sequence[Rule], shape: FactShape) -> str:
    """The narrow rows with all columns of an outcome, read from their facts."""
    objects = {one.number: f't."{one.clause.object}"' if one.clause.object else "null" for one in rules}
    return (
        f"select k.z_rule as rule, k.z_clause as clause, t.fact, {WHO} as beneficiary, {KIND} as kind,"
        f' t."{shape.date}" as event_date, cast({by_rule(objects, rule="k.z_rule")} as VARCHAR) as object, t.region,'
        " 0::BIGINT as fail, 0::BIGINT as missing, '' as found, k.z_base as base, k.z_gross as gross,"
        f" k.z_amount as amount, k.z_amount as after_matter, cast(0 as {MONEY}) as counted,"
        f" k.z_amount as after_caps, 0 as cut, k.z_amount as after_budget, cast(null as {MONEY}) as budget"
        f" from {name} k join fact_{shape.id} t on t.rowid = k.z_place"
    )
