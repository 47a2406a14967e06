"""Statements over many rows on the transaction's own connection: insert, change, fetch and delete in sets."""
# ruff: noqa: S608 - table and column names come from models, never from a request

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import polars as pl
import polars.selectors as cs
from django.db import connection, models

Rows = Iterable[Sequence[Any]]
# SQLite takes 999 values in one statement on its smallest builds.
SLICE = 900
# Rows that go to PostgreSQL in one piece, and what stands for no value there: no text of a file can be this.
COPIED = 50_000
NOTHING = "\x01"


def insert_frame(table: str, frame: pl.DataFrame) -> None:
    """Write a frame whose columns are the table's; cells are made ready column by column, never one by one."""
    if not frame.height:
        return
    if connection.vendor == "postgresql":
        _copy(table, frame)
        return
    names = ", ".join(f'"{name}"' for name in frame.columns)
    marks = ", ".join(["%s"] * frame.width)
    many(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', ready(frame).iter_rows())


def _copy(table: str, frame: pl.DataFrame) -> None:
    """Stream a frame to PostgreSQL as CSV text, which it reads faster than rows."""
    names = ", ".join(f'"{name}"' for name in frame.columns)
    statement = f"COPY \"{table}\" ({names}) FROM STDIN (FORMAT csv, NULL '{NOTHING}')"
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for start in range(0, frame.height, COPIED):
            piece = frame.slice(start, COPIED)
            copy.write(
                piece.write_csv(include_header=False, null_value=NOTHING, quote_style="non_numeric").encode()
            )


def ready(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells as SQLite stores them: days and exact numbers as text."""
    if connection.vendor != "sqlite":
        return frame
    return frame.with_columns(
        cs.date().dt.to_string("%Y-%m-%d"), cs.decimal().cast(pl.String), cs.boolean().cast(pl.Int8)
    )


def insert(table: str, columns: Sequence[str], rows: Rows) -> None:
    """Write rows of Python values."""
    names = ", ".join(f'"{name}"' for name in columns)
    many(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})', rows)


def many(statement: str, rows: Rows) -> None:
    """Run one statement over many rows, without Django's copying."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.executemany(statement.replace("%s", "?"), rows)
        return
    with connection.cursor() as cursor:
        cursor.cursor.executemany(statement, list(rows))


def fetch(model: type[models.Model], names: Sequence[str], column: str, values: list[int]) -> Iterator[Any]:
    """Rows whose column has one of the values."""
    fields = ", ".join(f'"{name}"' for name in names)
    for part in slices(values):
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f'SELECT {fields} FROM "{model._meta.db_table}" WHERE "{column}" IN ({marks})', part
            )
            yield from cursor.fetchall()


def delete_where(model: type[models.Model], column: str, values: list[int]) -> None:
    """Delete rows whose column has one of the values."""
    for part in slices(values):
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" IN ({marks})', part)


def slices(values: list[int], size: int = SLICE) -> Iterator[list[int]]:
    """The values in pieces that fit into one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))


def hold_table(table: str) -> None:
    """Let nobody else write a table until the transaction ends; readers read on. SQLite holds it anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
