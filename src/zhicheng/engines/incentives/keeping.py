"""Outcomes on which no other fact has a say: kept narrow, as a pointer to their fact, and widened when read.

Nearly every outcome of a large register is of this kind: all conditions hold, and neither an earlier fact of the
beneficiary nor a cap that is reached changes it. Only the rest is judged with its whole history, in `evaluation.py`.
"""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from zhicheng.engines.incentives.amounts import MONEY, matches_of
from zhicheng.engines.incentives.compiled import Compiled, Rule
from zhicheng.engines.incentives.compiling import base_sql
from zhicheng.engines.incentives.history import looks_back
from zhicheng.engines.incentives.rules import FactShape
from zhicheng.engines.incentives.stages import SLOTS, by_rule, caps_limit_sql, caps_of, is_shared


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
        connection.execute(f"create or replace temp table picked_{fact} as {_again_sql(name, rules, ties)}")
        connection.execute(
            f"create or replace temp table again_{fact} as select t.*, p.z_clause"
            f" from fact_{fact} t join picked_{fact} p on p.z_place = t.rowid"
        )
        connection.execute(f"delete from {name} where rowid in (select z_row from picked_{fact})")
        found = connection.execute(f"select distinct z_clause from picked_{fact}").fetchall()
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


def _ties(rules: Sequence[Rule]) -> dict[str, tuple[str, str, str]]:
    """Columns with a number that facts under one cap share, by the cap; chance equals only cost time."""
    slots = {slot for one in rules for slot in caps_of(one)}
    return {f"z_cap_{place}": slot for place, slot in enumerate(SLOTS) if slot in slots}


def _narrow_sql(rule: Rule, ties: Mapping[str, tuple[str, str, str]], compiled: Compiled) -> str:
    """The narrow rows of a rule."""
    tied = "".join(
        f"{f'hash({_parts_sql(slot)})' if slot in caps_of(rule) else 'null::UBIGINT'} as {name}, "
        for name, slot in ties.items()
    )
    rows = compiled.clauses[rule.clause.id].bare[rule.number]
    return f"select z_rule, z_clause, z_place, z_sound, z_number, {tied}z_gross, z_amount from ({rows})"


def _parts_sql(slot: tuple[str, str, str]) -> str:
    per, _, period = slot
    parts = {"object": ["z_number", "z_object"], "beneficiary": ["z_number"], "all": ["0"]}[per]
    return ", ".join([*parts, *(["year(z_day)"] if period == "year" else [])])


def _again_sql(name: str, rules: Sequence[Rule], ties: Mapping[str, tuple[str, str, str]]) -> str:
    """Rows with a condition that does not hold, with a history, or under a cap that is reached."""
    picked = [f"select rowid as z_row, z_place, z_clause from {name} where not z_sound"]

    def add(number: int, tie: str, having: str) -> None:
        # clause by clause: forty small groupings stay in the processor's cache, one large one does not
        own = f"from {name} where z_clause = {number}"
        reached = f"select {tie} {own} and {tie} is not null group by {tie} having {having}"
        picked.append(f"select rowid, z_place, z_clause {own} and {tie} in ({reached})")

    for number in dict.fromkeys(one.clause_number for one in rules if looks_back(one)):
        add(number, "z_number", "count(*) > 1")
    for tie, slot in ties.items():
        for number in dict.fromkeys(one.clause_number for one in rules if slot in caps_of(one)):
            limit = caps_limit_sql([one for one in rules if one.clause_number == number], slot, rule="z_rule")
            add(number, tie, f"sum(case when z_sound then z_amount end) > min({limit})")
    return " union ".join(picked)


def _wide_sql(name: str, rules: Sequence[Rule], shape: FactShape) -> str:
    """The narrow rows with all columns of an outcome, read from their facts."""
    bases = {one.number: base_sql(one, shape) for one in rules}
    objects = {one.number: f't."{one.clause.object}"' if one.clause.object else "null" for one in rules}
    return (
        f"select k.z_rule as rule, k.z_clause as clause, t.fact, t.z_who as beneficiary, t.z_kind as kind,"
        f' t."{shape.date}" as event_date, cast({by_rule(objects, rule="k.z_rule")} as VARCHAR) as object, t.region,'
        " 0::BIGINT as fail, 0::BIGINT as missing, '' as found,"
        f" cast({by_rule(bases, rule='k.z_rule')} as DECIMAL(38,10)) as base, k.z_gross as gross,"
        f" k.z_amount as amount, k.z_amount as after_matter, cast(0 as {MONEY}) as counted,"
        f" k.z_amount as after_caps, 0 as cut, k.z_amount as after_budget, cast(null as {MONEY}) as budget"
        f" from {name} k join fact_{shape.id} t on t.rowid = k.z_place"
    )
