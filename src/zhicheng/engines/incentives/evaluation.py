"""Run policies over fact tables: every outcome, its amount after each step, and why."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from zhicheng.engines.incentives.compiled import COLUMNS, Compiled
from zhicheng.engines.incentives.compiling import columns_of, compile_program, day_sql, needed_tables
from zhicheng.engines.incentives.expressions import compile_expression, literals
from zhicheng.engines.incentives.keeping import keep
from zhicheng.engines.incentives.outcomes import outcome_statements
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import Clause, Program
from zhicheng.engines.incentives.tables import AUXILIARY, Source, attach, text_sql
from zhicheng.kernel.refusals import Refusal

ORDER = "clause, coalesce(event_date, DATE '9999-12-31'), fact, coalesce(beneficiary, ''), coalesce(kind, ''), rule"


@dataclass(frozen=True)
class Row:
    """One outcome as computed; `answers.py` puts it into words."""

    rule: int
    clause: int
    fact: str
    beneficiary: str
    kind: str
    event_date: date | None
    object: str
    region: str
    fail: int
    missing: int
    found: str
    base: Decimal | None
    gross: Decimal | None
    amount: Decimal | None
    after_matter: Decimal
    counted: Decimal
    after_caps: Decimal
    cut: int
    after_budget: Decimal
    budget: Decimal | None
    paid_before: Decimal


def read_sql(compiled: Compiled, table: str, where: str = "true") -> str:
    """Outcomes with what was paid on them before, in the order of `Row`."""
    columns = ", ".join(f"o.{name}" for name in COLUMNS)
    if "payments" not in compiled.tables or not compiled.rules:
        return f"select {columns}, 0.00::DECIMAL(18,2) as paid from {table} o where {where} order by {ORDER}"
    clauses = {one.clause_number: text_sql(one.clause.id) for one in compiled.rules}
    name = f"case o.clause {' '.join(f'when {number} then {text}' for number, text in clauses.items())} end"
    return (
        f"select {columns}, coalesce(p.z_paid, 0.00) as paid from {table} o left join (select beneficiary as z_who,"
        " clause as z_clause, coalesce(object, '') as z_object, sum(amount) as z_paid from payments"
        f" where paid_on <= {day_sql(compiled.as_of)} group by all) p on p.z_who = o.beneficiary"
        f" and p.z_clause = {name} and p.z_object = coalesce(o.object, '') where {where} order by {ORDER}"
    )


@dataclass(frozen=True)
class Run:
    """A finished evaluation: the outcomes stay in DuckDB and are read as needed.

    Args:
        connection: holds the fact views and the table of outcomes.
        compiled: the rules the outcomes refer to.
        table: name of the view of outcomes.
        untold: clauses of which nothing can be told, with the tables they lack.
    """

    connection: duckdb.DuckDBPyConnection
    compiled: Compiled
    table: str
    untold: tuple[tuple[Clause, tuple[str, ...]], ...]

    def rows(self, where: str = "true", *, limit: int | None = None) -> Iterator[Row]:
        """Outcomes in a fixed order: clause, day, fact, beneficiary.

        Args:
            where: a condition over the outcome columns; no text of a request ever stands in it unquoted.
            limit: at most so many, None for all.
        """
        limited = f" limit {limit}" if limit is not None else ""
        found = self.connection.sql(f"{read_sql(self.compiled, self.table, where)}{limited}").to_arrow_table()
        for batch in found.to_batches(max_chunksize=10_000):
            columns = [one.to_pylist() for one in batch.columns]
            yield from (Row(*one) for one in zip(*columns, strict=True))

    def total(self, where: str = "true") -> Decimal:
        """Money due in all or under some clauses (`where` may name `clause` only), in 元."""
        (found,) = self.query(
            f"select coalesce(sum(after_budget), 0.00) from {self.table}_due where {where}"
        )[0]
        return Decimal(found)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a statement over the outcomes."""
        return self.connection.execute(sql).fetchall()


def open_tables(
    program: Program,
    sources: Mapping[str, Source],
    *,
    threads: int | None = None,
    again: duckdb.DuckDBPyConnection | None = None,
) -> duckdb.DuckDBPyConnection:
    """A DuckDB with the fact tables attached, closed to files and network otherwise.

    Args:
        program: declares the shape of every fact.
        sources: fact name → Parquet file, Arrow table or rows; also payments, negative_list, owners, applications.
        threads: processors to use; None leaves it to DuckDB.
        again: what this has opened for rows of the same names before, to spare opening another; None opens one.

    Raises:
        Refusal: a source is unknown or cannot be read.
    """
    connection = again or duckdb.connect(config={"threads": threads} if threads else {})
    for name, source in sources.items():
        if name in AUXILIARY:
            attach(connection, AUXILIARY[name], source, name=name)
        elif name in program.facts:
            shape, cluster = program.facts[name], _cluster(program, name)
            attach(connection, shape, source, name=f"fact_{name}", cluster=cluster, held=True)
        else:
            raise Refusal(f"没有声明过事实表“{name}”。", fix=f"已声明：{'、'.join(program.facts)}。")
    # facts lie in the order that lets clauses skip blocks; outcomes need none, every reader asks for its own
    connection.execute("set preserve_insertion_order = false")
    # nothing here is ever written to a disk; a checkpoint would pack tables that are dropped a moment later
    connection.execute("set checkpoint_threshold = '1TB'")
    connection.execute("set enable_external_access = false")
    return connection


def _cluster(program: Program, fact: str) -> str:
    """The text column that most triggers on a fact pin to certain values, empty when none does."""
    asked: Counter[str] = Counter()
    types = columns_of(program.facts[fact])
    for clause in program.clauses:
        if clause.fact == fact:
            pinned = literals(compile_expression(clause.versions[-1].when, types).tree)
            asked.update(name for name in sorted(pinned) if types[name] == "text")
    return asked.most_common(1)[0][0] if asked else ""


def run(
    program: Program,
    connection: duckdb.DuckDBPyConnection,
    *,
    tables: Iterable[str],
    as_of: date,
    table: str = "outcomes",
    told: Told = nobody,
) -> Run:
    """Evaluate a program over attached tables.

    Args:
        program: documents and clauses.
        connection: from `open_tables`.
        tables: names of the attached fact tables.
        as_of: the day asked about; later events and payments are not known yet.
        table: name of the view the outcomes are read from.
        told: is told how many clauses are done, of all; what it raises ends the evaluation.

    Returns:
        The run.

    Raises:
        Refusal: an expression is not allowed, or a value exceeds what money can hold.
    """
    present = frozenset(tables)
    told(0, len(program.clauses))
    compiled = compile_program(program, as_of=as_of, tables=present)
    untold = tuple(
        (one, tuple(sorted(needed_tables(one) - present)))
        for one in program.clauses
        if one.id not in compiled.clauses
    )
    try:
        kept = keep(connection, compiled, table, told=told)
        statements = outcome_statements(compiled, kept, table)
        if statements.judged:
            connection.execute(f"create or replace temp table judged_{table} as {statements.judged}")
        connection.execute(f"create or replace temp table {table}_apart as {statements.outcomes}")
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise Refusal(f"事实中的值算不成金额：{error}", fix="请核对金额、日期的数值范围。") from error
    except duckdb.BinderException as error:
        raise _misfit(connection, compiled, error) from error
    wide = (f"select {', '.join(COLUMNS)} from {table}_apart", *kept.wide)
    connection.execute(f"create or replace temp view {table} as {' union all '.join(wide)}")
    due = (
        f"select clause, after_budget from {table}_apart",
        *(f"select z_clause, z_amount from {one}" for one in kept.tables),
    )
    connection.execute(f"create or replace temp view {table}_due as {' union all '.join(due)}")
    told(len(program.clauses), len(program.clauses))
    return Run(connection, compiled, table, untold)


def _misfit(
    connection: duckdb.DuckDBPyConnection, compiled: Compiled, error: duckdb.BinderException
) -> Refusal:
    """Which clause compares a column with something of another kind."""
    for rule in compiled.rules:
        try:
            if rule.clause.id in compiled.clauses:
                connection.execute(f"explain {compiled.clauses[rule.clause.id].every[rule.number]}")
        except duckdb.BinderException:
            texts = (rule.version.when, *(one.when for one in rule.version.requires))
            return Refusal(
                f"条款 {rule.clause.id}（{rule.version.since} 版）的条件“{'；'.join(texts)}”里，列与值的类型不合。",
                fix="日期写 date '2024-01-01'，文字加引号，数不加引号。",
            )
    return Refusal(f"政策算不出来：{error}", fix="请先运行 zhicheng policies check。")


def evaluate(
    program: Program,
    sources: Mapping[str, Source],
    *,
    as_of: date,
    threads: int | None = None,
    told: Told = nobody,
) -> Run:
    """Evaluate a program over sources in one call.

    Args:
        program: documents and clauses.
        sources: fact name → Parquet file, Arrow table or rows.
        as_of: the day asked about, Beijing calendar day.
        threads: processors to use; None leaves it to DuckDB.
        told: is told how many clauses are done, of all; what it raises ends the evaluation.

    Returns:
        The run; its outcomes are in元 to the 分, in the fixed order eligibility → amount → same matter → caps →
        budget → sharing.

    Raises:
        Refusal: a source or an expression is not allowed.

    Source:
        Order and meanings: docs/policies.md.
    """
    connection = open_tables(program, sources, threads=threads)
    return run(program, connection, tables=sources, as_of=as_of, told=told)
