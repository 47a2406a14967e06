"""Many indicators of one fact in one scan: every condition is asked once, however many indicators share it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp

from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators.compiling import condition_sql, value_sql
from zhicheng.engines.indicators.definition import Indicator

BITS = 62  # of a whole number, clear of its sign


def scan_sql(fact: Fact, indicators: Sequence[Indicator], source: str) -> str:
    """One scan of a fact for all its indicators: a row for each region, a value and a row count for each indicator.

    An indicator that counts rows has one column `v…` for both; one that adds up or counts distinct values has
    `n…` beside it.

    Args:
        fact: the fact all of them stand on.
        indicators: what is asked.
        source: SQL of the fact's rows, such as `read_parquet('…')`.
    """
    distinct = any(one.value.startswith("distinct") for one in indicators)
    conditions = [conjuncts(condition_sql(one, fact)) for one in indicators]
    if len(indicators) == 1 or distinct or len(asked_together(conditions)) > BITS:
        return plain_sql(fact, indicators, source)
    return packed_sql(indicators, conditions, source)


def plain_sql(fact: Fact, indicators: Sequence[Indicator], source: str) -> str:
    """The scan as one reads it: a filtered aggregate for each indicator."""
    columns = []
    for number, one in enumerate(indicators):
        condition = condition_sql(one, fact)
        columns.append(f"{value_sql(one, fact, condition)} as v{number}")
        if one.value != "count":
            columns.append(f"count(*) filter (where {condition}) as n{number}")
    body = ",\n  ".join(columns)
    return f"select region,\n  {body}\nfrom {source}\nwhere list_contains($regions, region)\ngroup by region"


def packed_sql(indicators: Sequence[Indicator], conditions: Sequence[Sequence[str]], source: str) -> str:
    """The scan in two steps, for indicators that count rows or add up a column.

    `marked` asks each condition once and packs the answers into one number; `grouped` counts rows by region and
    number, so that what the indicators make of the answers is worked out on some hundred groups, not on every row.

    Args:
        indicators: what is asked.
        conditions: for each of them the conditions that all have to hold.
        source: SQL of the fact's rows.
    """
    together = asked_together(conditions)
    bits = {part: 1 << bit for bit, parts in enumerate(together.values()) for part in parts}
    known = {part for parts in conditions for part in parts}
    marks = [
        # a CASE stops at the first condition that fails; a bare AND evaluates all of them
        f"case when {' and '.join(parts)} then {1 << bit} else 0 end"
        for bit, parts in enumerate(together.values())
    ]
    carried = sorted({one.value[4:-1] for one in indicators if one.value != "count"})
    columns = []
    for number, one in enumerate(indicators):
        hit = f"filter (where {_answered(conditions[number], bits, known)})"
        if one.value != "count":
            columns.append(f"sum(sum_{one.value[4:-1]}) {hit} as v{number}")
        count = "v" if one.value == "count" else "n"
        columns.append(f"coalesce(sum(n) {hit}, 0)::bigint as {count}{number}")
    values, mark = ",\n  ".join(columns), "\n    + ".join(marks)
    return f"""with marked as (
  select region{"".join(f", {one}" for one in carried)},
    {mark} as mark
  from {source} where list_contains($regions, region)
),
grouped as (
  select region, mark, count(*) as n{"".join(f", sum({one}) as sum_{one}" for one in carried)}
  from marked group by region, mark
)
select region,
  {values}
from grouped group by region"""


def _answered(parts: Sequence[str], bits: dict[str, int], known: set[str]) -> str:
    """What has to be in the number for an indicator to count."""
    needed, either = 0, []
    for part in parts:
        if sides := _either(part, known):
            either.append(f"mark & {sum({bits[one] for one in sides})} > 0")
        else:
            needed |= bits[part]
    return " and ".join([f"mark & {needed} = {needed}", *either])


def _either(part: str, known: set[str]) -> list[str]:
    """The sides of a condition that is an OR of conditions asked anyway; else nothing.

    A side that is unknown counts as false, as it does in the whole: at the top of a filter both mean no.
    """
    sides = _sides(part)
    return list(sides) if all(one in known for one in sides) else []


@lru_cache(maxsize=4096)  # parsing is most of what compiling costs, and a catalogue has some hundred parts
def _sides(part: str) -> tuple[str, ...]:
    tree = sqlglot.parse_one(part, read="duckdb").unnest()
    if not isinstance(tree, exp.Or):
        return ()
    return tuple(f"({_bare(side).sql('duckdb')})" for side in tree.flatten())


def _bare(tree: exp.Expr) -> exp.Expr:
    found: exp.Expr = tree.unnest()
    if isinstance(found, exp.Coalesce) and [one.sql() for one in found.expressions] == ["FALSE"]:
        found = found.this.unnest()
    return found


def asked_together(conditions: Sequence[Sequence[str]]) -> dict[frozenset[int], list[str]]:
    """Conditions by who asks them: those that the very same indicators ask are one question."""
    known = {part for parts in conditions for part in parts}
    users: dict[str, frozenset[int]] = {}
    for number, parts in enumerate(conditions):
        for one in parts:
            if not _either(one, known):
                users[one] = users.get(one, frozenset()) | {number}
    together: dict[frozenset[int], list[str]] = {}
    for one, who in users.items():
        together.setdefault(who, []).append(one)
    return together


@lru_cache(maxsize=4096)
def conjuncts(condition: str) -> tuple[str, ...]:
    """The parts of a condition that all have to hold, each as SQL."""
    tree = sqlglot.parse_one(condition, read="duckdb").unnest()
    if isinstance(tree, exp.And):
        return tuple(part for side in tree.flatten() for part in conjuncts(side.sql("duckdb")))
    return (f"({tree.transform(_as_day).sql('duckdb')})",)


def _as_day(node: exp.Expr) -> exp.Expr:
    """A day some years before another is a day again, so that no column is turned into a time of day."""
    if isinstance(node, exp.Sub | exp.Add) and isinstance(node.expression, exp.Interval):
        unit = str(node.expression.args.get("unit") or "").upper()
        if isinstance(node.this, exp.Placeholder | exp.Parameter) and unit in {"YEAR", "MONTH", "DAY"}:
            return exp.cast(exp.paren(node.copy()), "date")
    return node
