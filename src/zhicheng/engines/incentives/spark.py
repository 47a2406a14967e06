"""The same evaluation on a cluster: the statements of a program written for Spark, in the order they are run.

Nothing of Spark is imported here. Whoever has a session (extra `spark`) sets `SETTINGS`, names the raw tables
`NAME_source`, creates the views in order and asks for the outcomes; `benchmarks/spark_policies.py` does it and compares
every answer with DuckDB's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlglot
from sqlglot import exp

from zhicheng.engines.incentives.amounts import expressions_of
from zhicheng.engines.incentives.answers import Outcome, answer
from zhicheng.engines.incentives.compiled import NOTHING_KEPT, Compiled
from zhicheng.engines.incentives.compiling import columns_of, compile_program
from zhicheng.engines.incentives.evaluation import Row, read_sql
from zhicheng.engines.incentives.expressions import compile_expression
from zhicheng.engines.incentives.outcomes import outcome_statements
from zhicheng.engines.incentives.rules import Clause, Program
from zhicheng.engines.incentives.tables import AUXILIARY, typed_sql
from zhicheng.kernel.refusals import Refusal

SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # a value that does not fit is an error, not an empty cell
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # a product keeps all its places
}


@dataclass(frozen=True)
class Script:
    """What to run.

    Args:
        compiled: the rules the outcomes refer to.
        views: name of a view and its statement, in the order to create them. From `judged_outcomes` on each is read
            more than once and has to be kept (a table, or `localCheckpoint`): read through, plans double with every step.
        outcomes: the statement whose rows `spark_answers` puts into words.
    """

    compiled: Compiled
    views: Mapping[str, str]
    outcomes: str


def spark_script(program: Program, *, as_of: date, tables: Mapping[str, Collection[str]]) -> Script:
    """Write an evaluation for Spark.

    Args:
        program: documents and clauses.
        as_of: the day asked about.
        tables: names of the columns of each raw table `NAME_source`, by name.

    Returns:
        The statements.

    Raises:
        Refusal: an expression is not allowed, or Spark understands something in a clause differently.
    """
    for clause in program.clauses:
        _same_on_spark(clause, program)
    compiled = compile_program(program, as_of=as_of, tables=frozenset(tables))
    views = {}
    for name, columns in tables.items():
        shape = AUXILIARY.get(name) or program.facts[name]
        text = typed_sql(shape, f"{name}_source", columns, held=name not in AUXILIARY)
        views[name if name in AUXILIARY else f"fact_{name}"] = _spark_sql(text)
    statements = outcome_statements(compiled, NOTHING_KEPT, "outcomes")
    kept = {"judged_outcomes": statements.judged, **statements.steps, "outcomes": statements.rows}
    views.update({name: _spark_sql(text) for name, text in kept.items() if text})
    return Script(compiled, views, _spark_sql(read_sql(compiled, "outcomes")))


def spark_answers(rows: Iterable[Iterable[Any]], compiled: Compiled) -> Iterator[Outcome]:
    """Rows of a script's outcomes in words, in the order they come."""
    for row in rows:
        yield answer(Row(*row), compiled)


def _same_on_spark(clause: Clause, program: Program) -> None:
    """Refuse a clause that Spark would read otherwise."""
    types = columns_of(program.facts[clause.fact])
    for version in clause.versions:
        texts = (version.when, *(one.when for one in version.requires), *expressions_of(version.amount))
        for text in texts:
            for like in compile_expression(text, types).tree.find_all(exp.Like):
                if "\\" in like.expression.name:
                    raise Refusal(
                        f"条款 {clause.id} 的“{text}”在 Spark 上含义不同：like 里的反斜线在那里是转义符。",
                        fix="请改写这一条件，或在 DuckDB 上计算。",
                    )


def _spark_sql(statement: str) -> str:
    """A statement as Spark takes it; whole numbers wider than 64 bits are decimals there."""

    def typed(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
            return exp.DataType.build("DECIMAL(38, 0)")
        return node

    try:
        tree = sqlglot.parse_one(statement, read="duckdb").transform(typed)
        return str(tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE))
    except (sqlglot.errors.ParseError, sqlglot.errors.UnsupportedError) as error:
        raise Refusal(f"这条语句写不成 Spark 的语句：{error}", fix="请改用两边都有的写法。") from error
