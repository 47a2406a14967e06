"""Takes an applied change set back: removes what it made, restores what it changed, refuses what was touched since."""
# ruff: noqa: S608 - table and column names come from models, never from a request

from __future__ import annotations

import json

import polars as pl
from django.db import models

from zhicheng.apps.records.applying import before_file
from zhicheng.apps.records.bulk_sql import delete_where, hold_table, insert, many, ready, slices
from zhicheng.apps.records.columns import stored_columns
from zhicheng.apps.records.comparing import exploding
from zhicheng.apps.records.matching import Linker
from zhicheng.apps.records.models import ChangeSet, Provenance
from zhicheng.apps.records.references import foreign_keys_to
from zhicheng.apps.records.removing import bring_back, tables_of
from zhicheng.apps.records.reviewing import staged_batches
from zhicheng.apps.records.shapes import Part, RecordType, registry
from zhicheng.apps.records.staging import folder_of
from zhicheng.apps.records.versions import own_tables, tables_moved_on
from zhicheng.kernel.refusals import Conflict


def take_back(change_set: ChangeSet) -> None:
    """Undo an applied set: remove what it made, restore what it changed; the caller holds the transaction.

    Raises:
        Conflict: something touched one of its rows later, or other records rest on a row it made.
    """
    record_type = registry.get(change_set.type)
    hold_table(record_type.table)
    applied = pl.read_parquet(folder_of(change_set) / "applied.parquet")
    made = _ids(applied, "new")
    _refuse_if_touched(change_set, record_type, [*made, *_ids(applied, "changed")])
    _refuse_if_edited(change_set, record_type, made)
    touched = _let_go(record_type, made)
    for part in record_type.parts:
        delete_where(part.model, f"{part.parent}_id", made)
    delete_where(record_type.model, "id", made)
    _restore(change_set, record_type)
    for part in exploding(record_type):
        _restore_part(change_set, part)
    bring_back(change_set, record_type)
    Provenance.objects.filter(change_set=change_set).delete()
    own = tables_of(record_type) if change_set.deleted else own_tables(record_type)
    tables_moved_on([*own, *touched])


def _ids(applied: pl.DataFrame, action: str) -> list[int]:
    return applied.filter(pl.col("__action__") == action)["__id__"].to_list() if applied.width else []


def _refuse_if_touched(change_set: ChangeSet, record_type: RecordType, ids: list[int]) -> None:
    for part in slices(ids):
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


def _refuse_if_edited(change_set: ChangeSet, record_type: RecordType, made: list[int]) -> None:
    """What a set made stands in its first revision, and what it changed one after the one it was compared with.

    A later set that was undone has moved the revision twice and left nothing else.
    """
    later = ChangeSet.objects.filter(
        type=change_set.type, status=ChangeSet.Status.UNDONE, applied_at__gt=change_set.applied_at
    )
    settled = {2 * times for times in range(later.count() + 1)}
    expected = dict.fromkeys(made, 1)
    for frame in staged_batches(change_set, ("changed",)):
        expected |= dict(frame.select("__id__", pl.col("__revision__") + 1).iter_rows())
    for part in slices(list(expected)):
        rows = dict(record_type.model._default_manager.filter(pk__in=part).values_list("pk", "revision"))
        if odd := [one for one in part if rows.get(one, 0) - expected[one] not in settled]:
            raise Conflict(
                f"{record_type.label}第 {odd[0]} 号记录在入库之后又有改动，不能撤销。",
                fix="请先撤销后来的改动，或单独改正。",
            )


def _let_go(record_type: RecordType, made: list[int]) -> set[str]:
    """Loosen links that matching made to the rows that go; refuse where other records rest on them."""
    own = {part.model for part in record_type.parts}
    touched = set()
    for link in foreign_keys_to(record_type.model):
        if link.model in own:
            continue
        for part in slices(made):
            rows = link.model._default_manager.filter(**{f"{link.name}__in": part})
            if link.null and link.remote_field.on_delete is models.SET_NULL:
                touched |= {link.model._meta.db_table} if rows.update(**{link.name: None}) else set()
            elif count := rows.count():
                raise Conflict(
                    f"{link.model._meta.verbose_name}有 {count} 条依赖这次新增的{record_type.label}，不能撤销。",
                    fix="请先处理那些记录。",
                )
    return touched


def _restore(change_set: ChangeSet, record_type: RecordType) -> None:
    columns = stored_columns(record_type)
    names = [one.name for one in columns]
    linker = Linker(change_set)
    sets = [f'"{one.column}" = %s' for one in columns]
    if record_type.organisation:
        sets.append('"organisation_id" = %s')
    statement = f'UPDATE "{record_type.table}" SET {", ".join(sets)}, revision = revision + 1 WHERE id = %s'
    for frame in staged_batches(change_set, ("changed",)):
        before = frame.select("__id__", *(pl.col(f"b_{name}").alias(name) for name in names))
        cells = before.select(names)
        if record_type.organisation:
            links = linker.link(before, record_type.organisation)
            cells = cells.with_columns(pl.Series("organisation_id", links, dtype=pl.Int64))
        many(statement, ready(cells.with_columns(before["__id__"])).iter_rows())


def _restore_part(change_set: ChangeSet, part: Part) -> None:
    name = part.model._meta.model_name
    moved: list[int] = []
    for frame in staged_batches(change_set, ("changed",)):
        moved += frame.filter(pl.col(f"d_{name}"))["__id__"].to_list()
    delete_where(part.model, f"{part.parent}_id", moved)
    path = folder_of(change_set) / before_file(part)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [json.loads(line) for line in lines]
    if rows:
        names = list(rows[0])
        insert(part.model._meta.db_table, names, ([row[name] for name in names] for row in rows))
