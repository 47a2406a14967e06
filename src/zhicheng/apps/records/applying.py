"""Writes a staged change set into the ledger in one transaction, set by set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
from django.db import connection, models

from zhicheng.apps.records.bulk_sql import delete_where, fetch, hold_table, insert_frame, many, ready
from zhicheng.apps.records.columns import stored_columns
from zhicheng.apps.records.comparing import exploding
from zhicheng.apps.records.existing import next_ids
from zhicheng.apps.records.fields import column_name
from zhicheng.apps.records.guarding import refuse_guarded
from zhicheng.apps.records.matching import Linker
from zhicheng.apps.records.models import ChangeSet, Provenance
from zhicheng.apps.records.relinking import link_to_new
from zhicheng.apps.records.removing import KEPT, remove, tables_of
from zhicheng.apps.records.reviewing import staged_batches
from zhicheng.apps.records.shapes import Part, RecordType, registry
from zhicheng.apps.records.staging import Progress, folder_of, silent
from zhicheng.apps.records.versions import own_tables, tables_moved_on, version_of
from zhicheng.kernel.refusals import Conflict

EVERY_ACTION = ("new", "changed", "unchanged", "repeated", "deleted")


def before_file(part: Part) -> str:
    """Name of the file that keeps the part rows a set replaces."""
    return f"before-{part.model._meta.model_name}.jsonl"


def write_change_set(change_set: ChangeSet, *, progress: Progress = silent) -> None:
    """Insert, update, link and trace every staged row; the caller holds the transaction.

    Raises:
        Conflict: the ledger has moved on since the rows were compared with it.
    """
    record_type = registry.get(change_set.type)
    hold_table(record_type.table)
    if change_set.compared_version != version_of(record_type) and not change_set.deleted:
        raise Conflict("台账在比对之后又有变化。", fix="请再复核一次，系统会先重新比对。")
    for name in (KEPT, *(before_file(part) for part in exploding(record_type))):
        (folder_of(change_set) / name).unlink(missing_ok=True)  # a killed attempt may have left half of it
    linker = Linker(change_set)
    log: list[pl.DataFrame] = []
    done = 0
    total_new = change_set.new
    ids = iter(next_ids(record_type.model, total_new)) if total_new else iter(())
    for frame in staged_batches(change_set, EVERY_ACTION):
        refuse_guarded(change_set.type, frame)
        log.append(_write_batch(change_set, record_type, linker, frame, ids))
        done += frame.height
        progress("写入", done)
    _trace_repeated(change_set, record_type, log)
    linker.keep_questions()
    touched = link_to_new(change_set, record_type)
    applied = pl.concat(log) if log else pl.DataFrame()
    applied.write_parquet(folder_of(change_set) / "applied.parquet")
    own = tables_of(record_type) if change_set.deleted else own_tables(record_type)
    tables_moved_on([*own, *touched])


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
    insert_frame(
        Provenance._meta.db_table,
        rows.select(
            pl.lit(record_type.table).alias("table"), pl.col("__id__").alias("record_id"),
            pl.lit(change_set.pk).alias("change_set_id"), pl.col("__row__").alias("row"), pl.col("__action__").alias("action"),
        ),
    )  # fmt: skip


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


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + (
        "+00" if connection.vendor == "postgresql" else ""
    )


def _insert_records(
    change_set: ChangeSet, record_type: RecordType, linker: Linker, new: pl.DataFrame
) -> None:
    if not new.height:
        return
    columns = stored_columns(record_type)
    frame = _filled(new, columns)
    links = linker.link(frame, record_type.organisation)
    frame = frame.select(
        pl.col("__id__").alias("id"), *(pl.col(one.name).alias(column_name(one)) for one in columns),
        pl.lit(change_set.synthetic).alias("synthetic"), pl.lit(1).alias("revision"),
        pl.lit(_stamp()).alias("created_at"), pl.lit(_stamp()).alias("updated_at"),
    )  # fmt: skip
    insert_frame(record_type.table, _linked(frame, links))


def _linked(frame: pl.DataFrame, links: list[int | None] | None) -> pl.DataFrame:
    if links is None:
        return frame
    return frame.with_columns(pl.Series("organisation_id", links, dtype=pl.Int64))


def _filled(frame: pl.DataFrame, columns: Sequence[models.Field[Any, Any]]) -> pl.DataFrame:
    """No text is null in the ledger: what is unknown is empty."""
    return frame.with_columns([pl.col(one.name).fill_null("") for one in columns if _default(one) == ""])


def _default(column: models.Field[Any, Any]) -> Any:
    return "" if isinstance(column, models.CharField | models.TextField) else None


def _update_records(
    change_set: ChangeSet, record_type: RecordType, linker: Linker, changed: pl.DataFrame
) -> None:
    if not changed.height:
        return
    columns = stored_columns(record_type)
    frame = _filled(changed, columns)
    links = linker.link(frame, record_type.organisation)
    cells = _linked(frame.select(pl.col(one.name).alias(column_name(one)) for one in columns), links)
    sets = ", ".join(f'"{name}" = %s' for name in cells.columns)
    statement = (
        f'UPDATE "{record_type.table}" SET {sets}, revision = revision + 1, updated_at = %s WHERE id = %s'
    )
    many(statement, ready(cells.with_columns(pl.lit(_stamp()).alias("at"), frame["__id__"])).iter_rows())


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
        parents_moved = moved["__id__"].to_list()
        held = _keep_before(change_set, part, parents_moved)
        if part.additive:
            rows = _only_missing(part, rows, parents_moved)
        else:
            delete_where(part.model, f"{part.parent}_id", parents_moved)
            rows = _with_what_was_known(part, rows, held)
    _insert_part(part, linker, rows)


def _with_what_was_known(part: Part, rows: pl.DataFrame, held: list[dict[str, Any]]) -> pl.DataFrame:
    """Fill what a file leaves blank for an entry that stays: its code, region and days are not lost."""
    name = part.identity[0]
    known = {(one[f"{part.parent}_id"], one[name]): one for one in reversed(held)}
    blank = [one for one in rows.columns if one not in {"__row__", "parent", "home", "position", name}]
    filled: dict[str, list[Any]] = {one: [] for one in blank}
    for row in rows.iter_rows(named=True):
        before = known.get((row["parent"], row[name]), {})
        for one in blank:
            filled[one].append(row[one] if row[one] not in (None, "") else before.get(one))
    return rows.with_columns([pl.Series(one, cells, rows.schema[one]) for one, cells in filled.items()])


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
    absent = [
        column_name(one) for one in part.model._meta.fields
        if one.column not in {*names, "organisation_id", "id", f"{part.parent}_id"} and not one.null
    ]  # fmt: skip
    rows = _filled(rows, [fields[name] for name in names]).select(
        pl.col("parent").alias(f"{part.parent}_id"),
        *(pl.col(name).alias(column_name(fields[name])) for name in names),
        *(pl.lit("").alias(name) for name in absent),
    )
    insert_frame(part.model._meta.db_table, _linked(rows, links))


def _only_missing(part: Part, rows: pl.DataFrame, parents: list[int]) -> pl.DataFrame:
    names = (f"{part.parent}_id", *part.identity)
    have = {
        tuple(str(cell) for cell in row) for row in fetch(part.model, names, f"{part.parent}_id", parents)
    }
    keep = [
        tuple(str(cell) for cell in row) not in have
        for row in rows.select("parent", *part.identity).iter_rows()
    ]
    return rows.filter(pl.Series(keep, dtype=pl.Boolean))


def _keep_before(change_set: ChangeSet, part: Part, parents: list[int]) -> list[dict[str, Any]]:
    """Keep the part rows that are about to be replaced, so that the set can be undone; returns them."""
    names = [column_name(one) for one in part.model._meta.fields if one.column != "id"]
    rows = [
        dict(zip(names, row, strict=True)) for row in fetch(part.model, names, f"{part.parent}_id", parents)
    ]
    with (folder_of(change_set) / before_file(part)).open("a", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
    return rows
