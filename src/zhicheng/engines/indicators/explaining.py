"""Why rows count for an indicator or do not: each of its conditions asked by itself over given rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators.compiling import condition_sql
from zhicheng.engines.indicators.definition import Indicator
from zhicheng.engines.indicators.scanning import conjuncts
from zhicheng.kernel.expressions import compile_expression


@dataclass(frozen=True)
class Question:
    """What is asked of the rows on behalf of one indicator.

    Args:
        indicator: on whose behalf.
        whole: everything that has to hold for a row to count, as SQL.
        parts: the conditions on the row itself, each as SQL; belonging to the region is not among them.
    """

    indicator: Indicator
    whole: str
    parts: tuple[str, ...]


def questions(fact: Fact, indicators: Sequence[Indicator]) -> list[Question]:
    """The conditions of indicators that stand on a fact, derived words written out."""
    found = []
    for one in indicators:
        parts: list[str] = []
        if one.where:
            parts += conjuncts(compile_expression(one.where, fact.columns, fact.derived).sql())
        if one.kind != "stock":
            day = compile_expression(one.on, fact.columns).sql()
            first = "$start" if one.kind == "flow" else "date '0001-01-01'"
            parts.append(f"({day} between {first} and $as_of)")
        found.append(Question(one, condition_sql(one, fact), tuple(dict.fromkeys(parts))))
    return found


def explain_sql(fact: Fact, asked: Sequence[Question], source: str) -> str:
    """One scan that tells of given rows how many count for each indicator and which conditions hold.

    When: the rows of one record are looked at, for all indicators of a fact at once.

    Args:
        fact: the fact the rows belong to.
        asked: from `questions`.
        source: SQL of the fact's rows.

    Returns:
        A SELECT of one line over `$keys` in `$regions`: `held` rows there are, `n0…` rows that count for each
        question, `p0_0…` whether a part of a question holds for any of them, and a value of each column of the fact.
    """
    columns = ["count(distinct row_key) as held"]
    for number, one in enumerate(asked):
        columns.append(f"count(distinct row_key) filter (where {one.whole}) as n{number}")
        columns += [f"bool_or({part}) as p{number}_{place}" for place, part in enumerate(one.parts)]
    columns += [f"any_value({name}) as {name}" for name in fact.columns]
    return f"select {', '.join(columns)}\nfrom {source}\nwhere list_contains($regions, region) and list_contains($keys, row_key)"
