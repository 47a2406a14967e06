"""The same statements on a cluster: DuckDB's SQL written for Spark, with its parameters filled in.

A statement of this house names its parameters `$name`; Spark takes them as literals. Nothing of Spark is imported here:
whoever has a session (extra `spark`) runs the text, `benchmarks/spark.py` shows how and compares every fact's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlglot
from sqlglot import exp

from zhicheng.kernel.refusals import Refusal

Value = str | date | Sequence[str]


def spark_sql(statement: str, parameters: Mapping[str, Value] | None = None) -> str:
    """Write a statement for Spark.

    Args:
        statement: SQL as DuckDB takes it.
        parameters: value of each `$name` in it: a text, a day, or several texts.

    Returns:
        SQL as Spark takes it, on one line.

    Raises:
        Refusal: a parameter has no value, or Spark has no words for something in the statement.
    """
    given = dict(parameters or {})

    def filled(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Placeholder | exp.Parameter):
            return node
        if node.name not in given:
            raise Refusal(f"语句的参数“{node.name}”没有值。", fix="请给出区划、截至日和起始日。")
        return _literal(given[node.name])

    try:
        tree = sqlglot.parse_one(statement, read="duckdb").transform(filled)
        return tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    except (sqlglot.errors.ParseError, sqlglot.errors.UnsupportedError) as error:
        raise Refusal(f"这条语句写不成 Spark 的语句：{error}", fix="请改用两边都有的写法。") from error


def _literal(value: Value) -> exp.Expression:
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Array(expressions=[exp.Literal.string(one) for one in value])
