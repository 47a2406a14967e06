"""Statements over many rows on the transaction's own connection: insert, change, fetch and delete in sets."""
# ruff: noqa: S608 - table and column names come from models, never from a request

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models

Rows = Iterable[Sequence[Any]]
# SQLite takes 999 values in one statement on its smallest builds.
SLICE = 900


def insert(table: str, columns: Sequence[str], rows: Rows) -> None:
    """Write rows; PostgreSQL takes them as one stream."""
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
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


def stored(value: Any) -> Any:
    """A value as the database's driver takes it."""
    if connection.vendor != "sqlite":
        return value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def hold_table(table: str) -> None:
    """Let nobody else write a table until the transaction ends; readers read on. SQLite holds it anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
