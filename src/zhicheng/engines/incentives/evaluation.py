"""Run policies over fact tables: every outcome, its amount after each step, and why."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from zhicheng.engines.incentives.alike import together
from zhicheng.engines.incentives.amounts import MONEY
from zhicheng.engines.incentives.compiled import Compiled, Rule
from zhicheng.engines.incentives.compiling import columns_of, compile_program, day_sql, needed_tables
from zhicheng.engines.incentives.expressions import compile_expression, literals
from zhicheng.engines.incentives.history import history_sql, is_divided, looks_back, shares_sql
from zhicheng.engines.incentives.keeping import Kept, keep
from zhicheng.engines.incentives.rules import Clause, Program
from zhicheng.engines.incentives.stages import is_tied, stages_sql
from zhicheng.engines.incentives.tables import (
    APPLICATIONS,
    NEGATIVE_LIST,
    OWNERS,
    PAYMENTS,
    Source,
    attach,
    text_sql,
)
from zhicheng.kernel.refusals import Refusal

AUXILIARY = {
    "payments": PAYMENTS, "negative_list": NEGATIVE_LIST, "owners": OWNERS, "applications": APPLICATIONS,
}  # fmt: skip
JUDGED = "rule, clause, fact, beneficiary, kind, event_date, object, region, fail, missing, found, base, gross, amount"
COLUMNS = f"{JUDGED}, after_matter, counted, after_caps, cut, after_budget, budget"

ORDER = "clause, coalesce(event_date, DATE '9999-12-31'), fact, coalesce(beneficiary, ''), rule"


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
        paid = "0.00::DECIMAL(18,2)"
        if "payments" in self.compiled.tables:
            paid = (
                "coalesce((select sum(p.amount) from payments p where p.beneficiary = o.beneficiary"
                f" and p.clause = {self._clause_name_sql()} and coalesce(p.object, '') = coalesce(o.object, '')"
                f" and p.paid_on <= {day_sql(self.compiled.as_of)}), 0)"
            )
        found = self.connection.sql(
            f"select {COLUMNS}, {paid} from {self.table} o where {where}"
            f" order by {ORDER}{f' limit {limit}' if limit is not None else ''}"
        ).to_arrow_table()
        for batch in found.to_batches(max_chunksize=10_000):
            columns = [one.to_pylist() for one in batch.columns]
            yield from (Row(*one) for one in zip(*columns, strict=True))

    def _clause_name_sql(self) -> str:
        names = " ".join(
            f"when {one.clause_number} then {text_sql(one.clause.id)}" for one in self.compiled.rules
        )
        return f"case o.clause {names} end" if names else "null"

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
    program: Program, sources: Mapping[str, Source], *, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """A fresh DuckDB with the fact tables attached, closed to files and network otherwise.

    Args:
        program: declares the shape of every fact.
        sources: fact name → Parquet file, Arrow table or rows; also payments, negative_list, owners, applications.
        threads: processors to use; None leaves it to DuckDB.

    Raises:
        Refusal: a source is unknown or cannot be read.
    """
    connection = duckdb.connect(config={"threads": threads} if threads else {})
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
) -> Run:
    """Evaluate a program over attached tables.

    Args:
        program: documents and clauses.
        connection: from `open_tables`.
        tables: names of the attached fact tables.
        as_of: the day asked about; later events and payments are not known yet.
        table: name of the view the outcomes are read from.

    Returns:
        The run.

    Raises:
        Refusal: an expression is not allowed, or a value exceeds what money can hold.
    """
    present = frozenset(tables)
    compiled = compile_program(program, as_of=as_of, tables=present)
    untold = tuple(
        (one, tuple(sorted(needed_tables(one) - present)))
        for one in program.clauses
        if one.id not in compiled.clauses
    )
    try:
        kept = keep(connection, compiled, table)
        connection.execute(
            f"create or replace temp table {table}_apart as {_apart_sql(connection, compiled, kept, table)}"
        )
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise Refusal(f"事实中的值算不成金额：{error}", fix="请核对金额、日期的数值范围。") from error
    wide = (f"select {COLUMNS} from {table}_apart", *kept.wide)
    connection.execute(f"create or replace temp view {table} as {' union all '.join(wide)}")
    due = (
        f"select clause, after_budget from {table}_apart",
        *(f"select z_clause, z_amount from {one}" for one in kept.tables),
    )
    connection.execute(f"create or replace temp view {table}_due as {' union all '.join(due)}")
    return Run(connection, compiled, table, untold)


def _apart_sql(connection: duckdb.DuckDBPyConnection, compiled: Compiled, kept: Kept, table: str) -> str:
    """Every outcome that is not kept narrow, through all stages."""
    left = [
        one
        for one in compiled.rules
        if one.clause.id in compiled.clauses
        and (one.clause_number not in kept.clauses or one.clause_number in kept.again)
    ]
    tied = {one.clause_number for one in left if is_tied(one)}
    alone = _judged_sql([one for one in left if one.clause_number not in tied], compiled, kept)
    staged = _judged_sql([one for one in left if one.clause_number in tied], compiled, kept)
    parts = [_unstaged_sql(f"({sql})") for sql in (*alone, *compiled.uncovered.values())]
    if staged or not parts:
        judged = "\nunion all\n".join(staged) or _nothing_sql()
        connection.execute(f"create or replace temp table judged_{table} as {judged}")
        sifted = tied <= kept.again
        parts.append(f"select {COLUMNS} from ({stages_sql(f'judged_{table}', compiled, sifted=sifted)})")
        parts.append(_unstaged_sql(f"judged_{table} where fail <> 0 or missing <> 0"))
    return " union all ".join(parts)


def _judged_sql(rules: Sequence[Rule], compiled: Compiled, kept: Kept) -> list[str]:
    """Selects of judged rows; clauses that ask for a history, or divide an amount, go through it together."""
    kinds: dict[tuple[bool, bool], list[Rule]] = {}
    back = {one.clause_number for one in rules if looks_back(one)}
    for one in rules:
        kinds.setdefault((one.clause_number in back, is_divided(one)), []).append(one)
    selects = []
    for (asks_back, divided), own in kinds.items():
        rows = "\nunion all\n".join(_forms(own, compiled, kept))
        rows = history_sql(rows, own) if asks_back else rows
        selects.append(shares_sql(rows) if divided else rows)
    return selects


def _forms(rules: Sequence[Rule], compiled: Compiled, kept: Kept) -> list[str]:
    """The statements of some rules: over the facts left to be judged again, or over all."""
    alike: dict[str, list[str]] = {}
    others = []
    for one in rules:
        own = compiled.clauses[one.clause.id]
        if one.clause_number not in kept.again:
            others.append(own.every[one.number])
        elif one.version.negative_list:  # its values are used inside a sub-query
            others.append(own.again[one.number])
        else:
            alike.setdefault(f"again_{one.clause.fact}", []).append(own.again[one.number])
    return [*others, *(text for table, own in alike.items() for text in together(own, table))]


def _unstaged_sql(rows: str) -> str:
    """Judged rows on which no other fact has a say: the amount stands as it was set, or nothing is due."""
    due = f"case when fail = 0 and missing = 0 then amount else cast(0 as {MONEY}) end"
    return (
        f"select {JUDGED}, {due} as after_matter, cast(0 as {MONEY}) as counted, {due} as after_caps, 0 as cut,"
        f" {due} as after_budget, cast(null as {MONEY}) as budget from {rows}"
    )


def _nothing_sql() -> str:
    """An empty relation with the columns of judged rows."""
    return (
        "select 0::INTEGER as rule, 0::INTEGER as clause, ''::VARCHAR as fact, ''::VARCHAR as beneficiary,"
        " ''::VARCHAR as kind, null::DATE as event_date, ''::VARCHAR as object, ''::VARCHAR as region,"
        " 1::BIGINT as weight, 0::BIGINT as fail, 0::BIGINT as missing, ''::VARCHAR as found,"
        " null::DECIMAL(38,10) as base, null::DECIMAL(18,2) as gross, null::DECIMAL(18,2) as amount where false"
    )


def evaluate(
    program: Program, sources: Mapping[str, Source], *, as_of: date, threads: int | None = None
) -> Run:
    """Evaluate a program over sources in one call.

    Args:
        program: documents and clauses.
        sources: fact name → Parquet file, Arrow table or rows.
        as_of: the day asked about, Beijing calendar day.
        threads: processors to use; None leaves it to DuckDB.

    Returns:
        The run; its outcomes are in元 to the 分, in the fixed order eligibility → amount → same matter → caps →
        budget → sharing.

    Raises:
        Refusal: a source or an expression is not allowed.

    Source:
        Order and meanings: docs/policies.md.
    """
    connection = open_tables(program, sources, threads=threads)
    return run(program, connection, tables=sources, as_of=as_of)
