"""What the ledger holds already, read set-wise for the comparison with a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from django.db import connection, models

from zhicheng.apps.records.columns import stored_columns
from zhicheng.apps.records.fields import Column
from zhicheng.apps.records.shapes import Part, RecordType

FETCH = 50_000
IN_LIST = 900
# Stands between the identities of a part row where they are compared as one text.
PART_MARK = "\x1e"
POLARS: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "integer": pl.Int64(),
    "decimal": pl.Decimal(18, 4),
    "money": pl.Decimal(18, 2),
    "boolean": pl.Boolean(),
}


def polars_type(column: models.Field[Any, Any]) -> pl.DataType:
    """Type of a stored column in frames."""
    return POLARS.get(column.kind, pl.String()) if isinstance(column, Column) else pl.Int64()


def existing_rows(record_type: RecordType, first_keys: Sequence[Any] | None) -> pl.DataFrame:
    """Rows of a type's table, all of them or those whose first key column is among the given ones."""
    columns = stored_columns(record_type)
    names = ["id", "revision", *(one.name for one in columns)]
    schema = {"id": pl.Int64(), "revision": pl.Int64()} | {one.name: polars_type(one) for one in columns}
    frames = [
        pl.DataFrame(rows, schema=schema, orient="row", strict=False)
        for rows in _values(record_type.model, names, record_type.key[0], first_keys)
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def existing_signatures(
    part: Part, record_type: RecordType, first_keys: Sequence[Any] | None
) -> pl.DataFrame:
    """For each parent the sorted identities of its part rows."""
    schema = {"parent": pl.Int64(), "said": pl.String()}
    names = [f"{part.parent}_id", *part.identity]
    lookup = f"{part.parent}__{record_type.key[0]}"
    frames = []
    for rows in _values(part.model, names, lookup, first_keys):
        said = [
            (row[0], PART_MARK.join("" if cell is None else str(cell) for cell in row[1:])) for row in rows
        ]
        frames.append(pl.DataFrame(said, schema=schema, orient="row"))
    if not frames:
        return pl.DataFrame(schema={"parent": pl.Int64(), "signature": pl.List(pl.String)})
    return pl.concat(frames).group_by("parent").agg(pl.col("said").unique().sort().alias("signature"))


def _values(
    model: type[models.Model], names: Sequence[str], lookup: str, keys: Sequence[Any] | None
) -> Iterable[list[tuple[Any, ...]]]:
    rows = model._default_manager.order_by()
    if keys is None:
        yield from _chunks(rows.values_list(*names).iterator(chunk_size=FETCH))
        return
    wanted = [key for key in keys if key is not None]
    for start in range(0, len(wanted), IN_LIST):
        part = wanted[start : start + IN_LIST]
        yield from _chunks(
            rows.filter(**{f"{lookup}__in": part}).values_list(*names).iterator(chunk_size=FETCH)
        )


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == FETCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def next_ids(model: type[models.Model], count: int) -> range:
    """Reserve ids for rows that are inserted in bulk, inside the applying transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
        cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"')
        first = cursor.fetchone()[0] + 1
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + count])
    return range(first, first + count)
