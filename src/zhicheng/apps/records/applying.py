"""Writes a staged change set into the ledger in one transaction, set by set; and takes it back again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, models

from zhicheng.apps.records.columns import stored_columns
from zhicheng.apps.records.existing import next_ids
from zhicheng.apps.records.matching import Linker
from zhicheng.apps.records.models import ChangeSet, Provenance, TableVersion
from zhicheng.apps.records.removing import bring_back, remove, tables_of
from zhicheng.apps.records.shapes import Part, RecordType, registry
from zhicheng.apps.records.staging import Progress, exploding, folder_of, silent, staged_batches
from zhicheng.kernel.refusals import Conflict

Rows = Iterable[Sequence[Any]]


def write_change_set(change_set: ChangeSet, *, progress: Progress = silent) -> None:
    """Insert, update, link and trace every staged row; the caller holds the transaction."""
    record_type = registry.get(change_set.type)
    linker = Linker(change_set)
    log: list[pl.DataFrame] = []
    done = 0
    total_new = change_set.new
    ids = iter(next_ids(record_type.model, total_new)) if total_new else iter(())
    for frame in staged_batches(change_set, ("new", "changed", "unchanged", "repeated", "deleted")):
        log.append(_write_batch(change_set, record_type, linker, frame, ids))
        done += frame.height
        progress("写入", done)
    _trace_repeated(change_set, record_type, log)
    linker.keep_questions()
    applied = pl.concat(log) if log else pl.DataFrame()
    applied.write_parquet(folder_of(change_set) / "applied.parquet")
    bump_versions(tables_of(record_type) if change_set.deleted else own_tables(record_type))


def own_tables(record_type: RecordType) -> list[str]:
    """Tables that an import of this type writes."""
    return [record_type.table, *(part.model._meta.db_table for part in record_type.parts)]


def _write_batch(
    change_set: ChangeSet, record_type: RecordType, linker: Linker, frame: pl.DataFrame, ids: Iterable[int]
) -> pl.DataFrame:
    new = frame.filter(pl.col("__action__") == "new")
    numbers = iter(ids)
    fresh = [next(numbers) for _ in range(new.height)]
    new = new.with_columns(pl.Series("__id__", fresh, dtype=pl.Int64))
    changed = frame.filter(pl.col("__action__") == "changed")
    gone = frame.filter(pl.col("__action__") == "deleted")
    _insert_records(change_set, record_type, linker, new)
    _update_records(change_set, record_type, linker, changed)
    for part in exploding(record_type):
        _write_part(change_set, part, linker, new, changed)
    if gone.height:
        remove(change_set, record_type, gone)
    others = frame.filter(pl.col("__action__").is_in(["unchanged", "repeated"]))
    everything = pl.concat(
        [one.select("__row__", "__id__", "__key__", "__action__") for one in (new, changed, gone, others)]
    )
    known = everything.filter(pl.col("__id__").is_not_null() & (pl.col("__action__") != "repeated"))
    _insert_provenance(change_set, record_type, known)
    return everything


def _insert_provenance(change_set: ChangeSet, record_type: RecordType, rows: pl.DataFrame) -> None:
    table = record_type.table
    _insert(
        Provenance._meta.db_table,
        ("table", "record_id", "change_set_id", "row", "action"),
        ((table, record, change_set.pk, row, action) for row, record, _key, action in rows.iter_rows()),
    )


def _trace_repeated(change_set: ChangeSet, record_type: RecordType, log: list[pl.DataFrame]) -> None:
    """Rows that repeat a new key in the same file point to the record the last of them made."""
    if not log:
        return
    applied = pl.concat(log)
    repeated = applied.filter(pl.col("__action__") == "repeated")
    if not repeated.height:
        return
    made = applied.filter(pl.col("__action__") != "repeated").select(
        "__key__", pl.col("__id__").alias("made")
    )
    found = repeated.join(made, on="__key__", how="inner").with_columns(pl.col("made").alias("__id__"))
    _insert_provenance(change_set, record_type, found.select("__row__", "__id__", "__key__", "__action__"))


def _stamped(change_set: ChangeSet) -> tuple[str | datetime, ...]:
    now = datetime.now(UTC)
    return (now if connection.vendor == "postgresql" else now.strftime("%Y-%m-%d %H:%M:%S.%f"),)


def _insert_records(
    change_set: ChangeSet, record_type: RecordType, linker: Linker, new: pl.DataFrame
) -> None:
    if not new.height:
        return
    columns = stored_columns(record_type)
    names = [one.name for one in columns]
    defaults = [_default(one) for one in columns]
    frame = _filled(new, columns, defaults)
    links = linker.link(frame, record_type.organisation)
    extra = ("organisation_id",) if links is not None else ()
    (stamp,) = _stamped(change_set)
    tail = (change_set.synthetic, 1, stamp, stamp)
    rows = (
        (*map(_db, values), *((links[index],) if links is not None else ()), *tail)
        for index, values in enumerate(frame.select("__id__", *names).iter_rows())
    )
    _insert(
        record_type.table,
        ("id", *(one.column for one in columns), *extra, "synthetic", "revision", "created_at", "updated_at"),
        rows,
    )


def _filled(frame: pl.DataFrame, columns: list[models.Field], defaults: list[Any]) -> pl.DataFrame:
    return frame.with_columns(
        [
            pl.col(one.name).fill_null(value)
            for one, value in zip(columns, defaults, strict=True)
            if value is not None
        ]
    )


def _default(column: models.Field) -> Any:
    return "" if isinstance(column, models.CharField | models.TextField) else None


def _update_records(
    change_set: ChangeSet, record_type: RecordType, linker: Linker, changed: pl.DataFrame
) -> None:
    if not changed.height:
        return
    columns = stored_columns(record_type)
    frame = _filled(changed, columns, [_default(one) for one in columns])
    links = linker.link(frame, record_type.organisation)
    sets = [f'"{one.column}" = %s' for one in columns]
    if links is not None:
        sets.append('"organisation_id" = %s')
    (stamp,) = _stamped(change_set)
    statement = f'UPDATE "{record_type.table}" SET {", ".join(sets)}, revision = revision + 1, updated_at = %s WHERE id = %s'
    _many(
        statement,
        (
            (*map(_db, values[1:]), *((links[index],) if links is not None else ()), stamp, values[0])
            for index, values in enumerate(frame.select("__id__", *(one.name for one in columns)).iter_rows())
        ),
    )


def _write_part(
    change_set: ChangeSet, part: Part, linker: Linker, new: pl.DataFrame, changed: pl.DataFrame
) -> None:
    assert part.explode is not None
    name = part.model._meta.model_name
    moved = changed.filter(pl.col(f"d_{name}")) if changed.height else changed
    parents = pl.concat([new, moved]) if moved.height else new
    if not parents.height:
        return
    rows = part.explode(parents)
    rows = rows.join(
        parents.select("__row__", pl.col("__id__").alias("parent"), pl.col("region_code").alias("home")),
        on="__row__",
    )
    if moved.height:
        _keep_before(change_set, part, moved["__id__"].to_list())
        if part.additive:
            rows = _only_missing(part, rows, moved["__id__"].to_list())
        else:
            _delete_where(part.model, f"{part.parent}_id", moved["__id__"].to_list())
    _insert_part(part, linker, rows)


def _insert_part(part: Part, linker: Linker, rows: pl.DataFrame) -> None:
    if not rows.height:
        return
    names = [one for one in rows.columns if one not in {"__row__", "parent", "home"}]
    links = linker.link(rows, part.organisation)
    if links is not None and "region_code" in names:
        places = linker.regions(links)
        rows = rows.with_columns(pl.Series("place", places, dtype=pl.String)).with_columns(
            pl.when(pl.col("region_code").fill_null("") != "")
            .then("region_code")
            .when(pl.col("place") != "")
            .then("place")
            .otherwise(pl.col("home"))
            .fill_null("")
            .alias("region_code")
        )
    fields = {one.name: one for one in part.model._meta.fields}
    rows = rows.with_columns([pl.col(one).fill_null("") for one in names if _default(fields[one]) == ""])
    extra = ("organisation_id",) if links is not None else ()
    absent = [
        one for one in part.model._meta.fields
        if one.column not in {*names, *extra, "id", f"{part.parent}_id"} and not one.null
    ]  # fmt: skip
    tail = tuple("" for _ in absent)
    _insert(
        part.model._meta.db_table,
        (f"{part.parent}_id", *names, *extra, *(one.column for one in absent)),
        (
            (*map(_db, values), *((links[index],) if links is not None else ()), *tail)
            for index, values in enumerate(rows.select("parent", *names).iter_rows())
        ),
    )


def _only_missing(part: Part, rows: pl.DataFrame, parents: list[int]) -> pl.DataFrame:
    names = (f"{part.parent}_id", *part.identity)
    have = {
        tuple(str(cell) for cell in row) for row in _fetch(part.model, names, f"{part.parent}_id", parents)
    }
    keep = [
        tuple(str(cell) for cell in row) not in have
        for row in rows.select("parent", *part.identity).iter_rows()
    ]
    return rows.filter(pl.Series(keep, dtype=pl.Boolean))


def _keep_before(change_set: ChangeSet, part: Part, parents: list[int]) -> None:
    """Keep the part rows that are about to be replaced, so that the set can be undone."""
    names = [one.column for one in part.model._meta.fields if one.column != "id"]
    path = folder_of(change_set) / f"before-{part.model._meta.model_name}.jsonl"
    with path.open("a", encoding="utf-8") as stream:
        for row in _fetch(part.model, names, f"{part.parent}_id", parents):
            stream.write(
                json.dumps(dict(zip(names, row, strict=True)), default=str, ensure_ascii=False) + "\n"
            )


def _fetch(model: type[models.Model], names: Sequence[str], column: str, values: list[int]) -> Rows:
    fields = ", ".join(f'"{name}"' for name in names)
    for part in _slices(values):
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f'SELECT {fields} FROM "{model._meta.db_table}" WHERE "{column}" IN ({marks})', part
            )
            yield from cursor.fetchall()


def _delete(model: type[models.Model], ids: list[int], record_type: RecordType) -> None:
    for part in record_type.parts:
        _delete_where(part.model, f"{part.parent}_id", ids)
    _delete_where(model, "id", ids)


def _delete_where(model: type[models.Model], column: str, values: list[int]) -> None:
    for part in _slices(values):
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" IN ({marks})', part)


def _slices(values: list[int], size: int = 900) -> Iterable[list[int]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _db(value: Any) -> Any:
    if isinstance(value, Decimal) and connection.vendor == "sqlite":
        return str(value)
    if hasattr(value, "isoformat") and connection.vendor == "sqlite":
        return value.isoformat()
    return value


def _insert(table: str, columns: Sequence[str], rows: Rows) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    _many(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})', rows)


def _many(statement: str, rows: Rows) -> None:
    """Run one statement over many rows on the transaction's own connection, without Django's copying."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.executemany(statement.replace("%s", "?"), rows)
        return
    with connection.cursor() as cursor:
        cursor.cursor.executemany(statement, list(rows))


def bump_versions(tables: Iterable[str]) -> None:
    """Say that tables have changed."""
    for table in sorted(set(tables)):
        row, _ = TableVersion.objects.select_for_update().get_or_create(table=table)
        row.version += 1
        row.save(update_fields=["version"])


def take_back(change_set: ChangeSet) -> None:
    """Undo an applied set: remove what it made, restore what it changed; the caller holds the transaction.

    Raises:
        Conflict: something touched one of its rows later.
    """
    record_type = registry.get(change_set.type)
    folder = folder_of(change_set)
    applied = pl.read_parquet(folder / "applied.parquet")
    changed = applied.filter(pl.col("__action__").is_in(["new", "changed"]))["__id__"].to_list()
    _refuse_if_touched(change_set, record_type, changed)
    made = applied.filter(pl.col("__action__") == "new")["__id__"].to_list()
    _delete(record_type.model, made, record_type)
    _restore(change_set, record_type)
    for part in exploding(record_type):
        _restore_part(folder, part)
    bring_back(change_set, record_type)
    Provenance.objects.filter(change_set=change_set).delete()
    bump_versions(tables_of(record_type) if change_set.deleted else own_tables(record_type))


def _refuse_if_touched(change_set: ChangeSet, record_type: RecordType, ids: list[int]) -> None:
    for part in _slices(ids):
        later = Provenance.objects.filter(
            table=record_type.table,
            record_id__in=part,
            action__in=("new", "changed", "deleted"),
            change_set__applied_at__gt=change_set.applied_at,
        ).select_related("change_set")
        found = later.first()
        if found:
            raise Conflict(
                f"之后的变更集“{found.change_set.source}”又改过其中的记录，不能撤销。",
                fix="请先撤销后来的变更集。",
            )


def _restore(change_set: ChangeSet, record_type: RecordType) -> None:
    columns = stored_columns(record_type)
    sets = ", ".join(f'"{one.column}" = %s' for one in columns)
    statement = f'UPDATE "{record_type.table}" SET {sets}, revision = revision + 1 WHERE id = %s'
    for frame in staged_batches(change_set, ("changed",)):
        before = frame.select("__id__", *(pl.col(f"b_{one.name}") for one in columns))
        _many(statement, ((*map(_db, values[1:]), values[0]) for values in before.iter_rows()))


def _restore_part(folder: Path, part: Part) -> None:
    path = folder / f"before-{part.model._meta.model_name}.jsonl"
    if not path.exists():
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    parent = f"{part.parent}_id"
    _delete_where(part.model, parent, sorted({row[parent] for row in rows}))
    names = list(rows[0])
    _insert(part.model._meta.db_table, names, ([row[name] for name in names] for row in rows))
