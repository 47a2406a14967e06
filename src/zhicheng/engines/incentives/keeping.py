"""Outcomes on which no other fact has a say: kept narrow, as a pointer to their fact, and widened when read.

Nearly every outcome of a large register is of this kind: all conditions hold, and neither an earlier fact of the
beneficiary nor a cap that is reached changes it. Only the rest is judged with its whole history, in `evaluation.py`.
"""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from zhicheng.engines.incentives.amounts import MONEY, matches_of
from zhicheng.engines.incentives.compiled import Compiled, Kept, Rule
from zhicheng.engines.incentives.compiling import asked_columns, base_sql
from zhicheng.engines.incentives.history import looks_back
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import FactShape
from zhicheng.engines.incentives.stages import SLOTS, by_rule, caps_limit_sql, caps_of, is_shared, least_sql

HISTORY = len(SLOTS)  # the tie of those who look back, beside the ties of the caps
STANDING_ASKED = ("fact", "region", "z_who", "z_kind")


def keep(
    connection: duckdb.DuckDBPyConnection, compiled: Compiled, table: str, *, told: Told = nobody
) -> Kept:
    """Ask the clauses that pay the holder of one fact; leaves the facts to be judged again in `again_FACT`.

    Args:
        connection: has the fact tables attached.
        compiled: the program.
        table: name of the table of outcomes, from which the names of the narrow tables are made.
        told: is told how many clauses have been asked, of all.

    Returns:
        The narrow tables and what is left to do.
    """
    by_fact: dict[str, list[Rule]] = {}
    for rule in compiled.rules:
        if rule.clause.id in compiled.clauses and _is_narrow(rule.clause.id, compiled):
            by_fact.setdefault(rule.clause.fact, []).append(rule)
    tables, wide, asked = [], [], 0
    again: set[int] = set()
    for fact, rules in by_fact.items():
        picked = []
        for ties, own in _by_ties(rules).items():
            name = "_".join([table, "on", fact, *(str(one) for one in ties)])
            if found := _kept_apart(connection, name, own, ties, compiled):
                picked.append(f"select z_place, z_clause from {name}_picked")
                again.update(found)
            tables.append(name)
            wide.append(_wide_sql(name, own, compiled.program.facts[fact]))
            asked += len({one.clause_number for one in own})
            told(asked, len(compiled.clauses))
        if picked:
            connection.execute(
                f"create or replace temp table again_{fact} as select {_asked_sql(rules, compiled)}, p.z_clause"
                f" from fact_{fact} t join ({' union all '.join(picked)}) p on p.z_place = t.rowid"
            )
    clauses = frozenset(one.clause_number for rules in by_fact.values() for one in rules)
    return Kept(tuple(tables), tuple(wide), clauses, frozenset(again))


def _kept_apart(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rules: Sequence[Rule],
    ties: Sequence[int],
    compiled: Compiled,
) -> list[int]:
    """Fill one narrow table, move what must be judged again to `NAME_picked`; the clauses that have such facts."""
    rows = "\nunion all\n".join(_narrow_sql(one, ties, compiled) for one in rules)
    connection.execute(f"create or replace temp table {name} as {rows}")
    connection.execute(f"create or replace temp table {name}_picked as {_again_sql(name, rules, ties)}")
    found = connection.execute(f"select distinct z_clause from {name}_picked").fetchall()
    if found:
        connection.execute(f"delete from {name} where rowid in (select z_row from {name}_picked)")
    return [number for (number,) in found]


def _asked_sql(rules: Sequence[Rule], compiled: Compiled) -> str:
    """The columns of a fact that its clauses ask about or answer with; copying the others takes longer than asking."""
    columns = set(STANDING_ASKED)
    for rule in rules:
        columns |= asked_columns(rule.clause, compiled.program.facts[rule.clause.fact])
    return ", ".join(f't."{one}"' for one in sorted(columns))


def _is_narrow(clause: str, compiled: Compiled) -> bool:
    """Tell whether a clause pays the holder of a fact, by the fact alone or with facts of the same clause only."""
    rules = [one for one in compiled.rules if one.clause.id == clause]
    return all(
        one.clause.payee.mode == "holder" and not matches_of(one.version.amount) and not is_shared(one)
        for one in rules
    )


def _by_ties(rules: Sequence[Rule]) -> dict[tuple[int, ...], list[Rule]]:
    """Rules by what ties their facts to others: a table holds only the columns that its clauses need for that."""
    found: dict[tuple[int, ...], list[Rule]] = {}
    for number in dict.fromkeys(one.clause_number for one in rules):
        own = [one for one in rules if one.clause_number == number]
        ties = {SLOTS.index(slot) for one in own for slot in caps_of(one)}
        if any(looks_back(one) for one in own):
            ties.add(HISTORY)
        found.setdefault(tuple(sorted(ties)), []).extend(own)
    return found


def _narrow_sql(rule: Rule, ties: Sequence[int], compiled: Compiled) -> str:
    """The narrow rows of a rule; facts under one cap share a number, and chance equals only cost time."""
    tied = "".join(f"{_tie_sql(one, rule)} as z_tie_{one}, " for one in ties)
    rows = compiled.clauses[rule.clause.id].bare[rule.number]
    return f"select z_rule, z_clause, z_place, z_sound, {tied}z_gross, z_amount from ({rows})"


def _tie_sql(tie: int, rule: Rule) -> str:
    if tie == HISTORY:
        return "z_number"
    return f"hash({_parts_sql(SLOTS[tie])})" if SLOTS[tie] in caps_of(rule) else "null::UBIGINT"


def _parts_sql(slot: tuple[str, str, str]) -> str:
    per, _, period = slot
    parts = {"object": ["z_number", "z_object"], "beneficiary": ["z_number"], "all": ["0"]}[per]
    return ", ".join([*parts, *(["year(z_day)"] if period == "year" else [])])


def _again_sql(name: str, rules: Sequence[Rule], ties: Sequence[int]) -> str:
    """Rows with a condition that does not hold, with a history, or under a cap that is reached."""
    picked = [f"select rowid as z_row, z_place, z_clause from {name} where not z_sound"]

    def add(number: int, tie: int, counted: str, having: str) -> None:
        # clause by clause: forty small groupings stay in the processor's cache, one large one does not
        own = f"from {name} where z_clause = {number}"
        reached = f"select z_tie_{tie} {own} and {counted} group by z_tie_{tie} having {having}"
        picked.append(f"select rowid, z_place, z_clause {own} and z_tie_{tie} in ({reached})")

    for number in dict.fromkeys(one.clause_number for one in rules):
        own_rules = [one for one in rules if one.clause_number == number]
        for tie in ties:
            if tie == HISTORY:
                add(number, tie, "true", "count(*) > 1")
            elif any(SLOTS[tie] in caps_of(one) for one in own_rules):
                limit = caps_limit_sql(own_rules, SLOTS[tie], rule="z_rule")
                add(
                    number, tie, f"z_sound and z_tie_{tie} is not null", f"sum(z_amount) > {least_sql(limit)}"
                )
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
