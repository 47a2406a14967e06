"""Indicators into SQL: all that stand on one fact in one scan, and the rows behind any of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

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


def scan_sql(fact: Fact, indicators: Sequence[Indicator], source: str) -> str:
    """One scan of a fact for all its indicators: a row for each region, a value and a row count for each indicator.

    Args:
        fact: the fact all of them stand on.
        indicators: what is asked.
        source: SQL of the fact's rows, such as `read_parquet('…')`.
    """
    columns = []
    for number, indicator in enumerate(indicators):
        condition = condition_sql(indicator, fact)
        columns.append(f"{value_sql(indicator, fact, condition)} as v{number}")
        columns.append(f"count(*) filter (where {condition}) as n{number}")
    body = ",\n  ".join(columns)
    return f"select region,\n  {body}\nfrom {source}\nwhere list_contains($regions, region)\ngroup by region"


def rows_sql(fact: Fact, indicator: Indicator, source: str) -> str:
    """The rows behind a figure, each once."""
    condition = condition_sql(indicator, fact)
    return (
        f"select * exclude (region_from, region_until) from {source}\n"
        f"where list_contains($regions, region) and {condition}\norder by row_key"
    )
