"""Indicators into SQL: the rows one counts, its aggregate, and the rows behind it."""

from __future__ import annotations

import re

from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators.definition import Indicator
from zhicheng.kernel.expressions import compile_expression
from zhicheng.kernel.refusals import Refusal

_VALUE = re.compile(r"^(sum|distinct)\((\w+)\)$")


def condition_sql(indicator: Indicator, fact: Fact) -> str:
    """The rows an indicator counts: its condition, its period, and belonging on the day that matters."""
    parts = []
    if indicator.where:
        parts.append(f"({compile_expression(indicator.where, fact.columns, fact.derived).sql()})")
    if indicator.kind == "stock":
        parts.append("region_from <= $as_of and region_until > $as_of")
        return " and ".join(parts)
    day = compile_expression(indicator.on, fact.columns).sql()
    first = "$start" if indicator.kind == "flow" else "date '0001-01-01'"
    parts.append(f"{day} between {first} and $as_of")
    parts.append(f"region_from <= {day} and region_until > {day}")
    return " and ".join(parts)


def value_sql(indicator: Indicator, fact: Fact, condition: str) -> str:
    """The aggregate of an indicator.

    Raises:
        Refusal: the value is none of count, sum(column), distinct(column).
    """
    if indicator.value == "count":
        return f"count(*) filter (where {condition})"
    found = _VALUE.match(indicator.value)
    if not found or found[2] not in fact.columns:
        raise Refusal(
            f"指标 {indicator.id} 的取值“{indicator.value}”不认识。",
            fix="可写 count、sum(列)、distinct(列)。",
        )
    if found[1] == "sum":
        return f"sum({found[2]}) filter (where {condition})"
    return f"count(distinct {found[2]}) filter (where {condition})"


def rows_sql(fact: Fact, indicator: Indicator, source: str, *, after: bool = False, limit: int = 0) -> str:
    """The rows behind a figure, each once, in the order of their keys.

    Args:
        fact: the fact it stands on.
        indicator: what is asked.
        source: SQL of the fact's rows.
        after: only rows whose key follows `$after`.
        limit: at most so many; 0 for all.
    """
    condition = condition_sql(indicator, fact)
    further = " and row_key > $after" if after else ""
    return (
        f"select * exclude (region_from, region_until) from {source}\n"
        f"where list_contains($regions, region) and {condition}{further}\norder by row_key"
    ) + (f"\nlimit {limit}" if limit else "")
