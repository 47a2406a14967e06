"""A ledger table streamed into Parquet: by COPY on PostgreSQL, in blocks of rows elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from django.db import connection

from zhicheng.apps.records.public import SnapshotTable

FETCH = 100_000
KINDS: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "integer": pl.Int64(),
    "decimal": pl.Decimal(38, 4),
    "boolean": pl.Boolean(),
    "text": pl.String(),
}


def write_table(table: SnapshotTable, target: Path) -> int:
    """Stream a table into Parquet and return its rows; memory stays that of one block."""
    schema = {name: KINDS.get(kind, pl.String()) for name, kind in table.columns}
    arrow_schema = pl.DataFrame(schema=schema).to_arrow().schema
    names = ", ".join(f'"{name}"' for name in schema)
    question = f'SELECT {names} FROM "{table.db_table}" ORDER BY id'
    count = 0
    with ExitStack() as stack:
        writer = stack.enter_context(pq.ParquetWriter(target, arrow_schema, compression="zstd"))
        if connection.vendor == "postgresql":
            blocks = _copied(question, arrow_schema, target.with_suffix(".csv"), stack)
        else:
            blocks = _fetched(question, table, arrow_schema)
        for block in blocks:
            writer.write_table(block)
            count += block.num_rows
    return count


def _fetched(question: str, table: SnapshotTable, schema: pa.Schema) -> Iterator[pa.Table]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        while rows := cursor.fetchmany(FETCH):
            yield _frame(rows, table).to_arrow().cast(schema)


def _copied(question: str, schema: pa.Schema, spool: Path, stack: ExitStack) -> Iterator[pa.Table]:
    """Rows by way of COPY: a client cursor would hold the whole table in memory, and be three times slower."""
    stack.callback(spool.unlink, missing_ok=True)
    order = f"COPY ({question}) TO STDOUT (FORMAT csv, HEADER true)"
    with connection.cursor() as cursor, cursor.cursor.copy(order) as copy, spool.open("wb") as stream:
        for block in copy:
            stream.write(block)
    read = {
        one.name: pa.string()
        if pa.types.is_large_string(one.type) or pa.types.is_boolean(one.type)
        else one.type
        for one in schema
    }
    # COPY writes NULL as nothing and an empty text as "": both come back as what they were.
    convert = pc.ConvertOptions(
        column_types=read, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    options = {"parse_options": pc.ParseOptions(newlines_in_values=True), "convert_options": convert}
    with pc.open_csv(spool, pc.ReadOptions(block_size=1 << 25), **options) as reader:
        for batch in reader:
            yield _typed(pa.Table.from_batches([batch]), schema)


def _typed(block: pa.Table, schema: pa.Schema) -> pa.Table:
    """A block with PostgreSQL's `t` and `f` as truth values and every column in its own type."""
    columns = []
    for one in schema:
        column = block[one.name]
        if pa.types.is_boolean(one.type):
            column = pa.chunked_array(pl.Series(pl.from_arrow(column)).eq("t").to_arrow())
        columns.append(column.cast(one.type))
    return pa.table(columns, schema=schema)


def _frame(rows: list[tuple[Any, ...]], table: SnapshotTable) -> pl.DataFrame:
    columns = {}
    for (name, kind), cells in zip(table.columns, zip(*rows, strict=True), strict=True):
        if kind == "date":
            series = pl.Series(
                name, cells, dtype=None if not isinstance(cells[0], str) else pl.String, strict=False
            )
            columns[name] = (
                series.cast(pl.Date, strict=False)
                if series.dtype != pl.String
                else series.str.to_date(strict=False)
            )
        elif kind == "decimal":
            columns[name] = pl.Series(
                name, [None if cell is None else str(cell) for cell in cells], dtype=pl.String
            ).cast(KINDS["decimal"])
        elif kind == "boolean":
            columns[name] = pl.Series(
                name, [None if cell is None else bool(cell) for cell in cells], dtype=pl.Boolean
            )
        else:
            columns[name] = pl.Series(name, cells, dtype=KINDS.get(kind, pl.String()), strict=False)
    return pl.DataFrame(columns)
