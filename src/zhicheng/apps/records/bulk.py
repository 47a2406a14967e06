"""One change to many records at once: a draft of all of them that is previewed and reviewed like an import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import transaction

from zhicheng.apps.accounts.public import User, require
from zhicheng.apps.records.actions import finish_staging
from zhicheng.apps.records.columns import import_columns, places
from zhicheng.apps.records.comparing import compare
from zhicheng.apps.records.editing import Invalid, open_draft, writable_columns
from zhicheng.apps.records.existing import polars_type
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.queries import in_charge
from zhicheng.apps.records.references import references_to_any
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.staging import STAGED, TARGET, folder_of, stage_frame
from zhicheng.engines.intake import HeaderMap, convert
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

MOST = 2_000


@transaction.atomic
def propose_for_many(
    *, type_id: str, records: Sequence[int], column: str, text: str, by: User, why: str
) -> ChangeSet:
    """Stage one value for one column of many records.

    Args:
        type_id: record type.
        records: ids; all of them must be in the person's charge.
        column: column that changes, none of the key.
        text: the value as a person writes it; empty clears the column.
        by: who asks.
        why: the reason.

    Raises:
        Invalid: the value breaks the column's rule.
        Refusal: no record, too many, or a column that names the record.
        NotFound: one of them is not in the person's charge.
        Conflict: nothing would change.
    """
    require(by, "records.prepare")
    record_type = registry.get(type_id)
    if column not in {one.name for one in changeable(record_type)}:
        raise Refusal(f"{record_type.label}不能成批改“{column[:40]}”。", fix="请选择编号以外的列。")
    frame = _held(record_type, records, by)
    change_set = open_draft(record_type, by=by, why=why, source=f"成批修改 {frame.height} 条")
    kind = next(polars_type(one) for one in writable_columns(record_type) if one.name == column)
    frame = frame.with_columns(_typed(record_type, column, text).cast(kind).alias(column))
    stage_frame(change_set, frame)
    counts = compare(change_set)
    if not counts["changed"]:
        raise Conflict("选中的记录已经都是这个值，没有改动。", fix="请核对后再提交。")
    return finish_staging(change_set, by=by, read=frame.height, rejected=0, counts=counts)


@transaction.atomic
def propose_removal_of_many(*, type_id: str, records: Sequence[int], by: User, why: str) -> ChangeSet:
    """Stage the deletion of many records.

    Raises:
        Conflict: others still refer to one of them.
    """
    require(by, "records.prepare")
    record_type = registry.get(type_id)
    frame = _held(record_type, records, by)
    if links := references_to_any(record_type, list(records)):
        told = "、".join(f"{label} {count} 条" for label, count in links)
        raise Conflict(f"还有其他记录引用它们：{told}，不能删除。", fix="请先改正那些记录，或逐条合并。")
    change_set = open_draft(record_type, by=by, why=why, source=f"成批删除 {frame.height} 条")
    stage_frame(change_set, frame)
    compare(change_set)
    path = folder_of(change_set) / STAGED
    mark = [pl.lit("deleted").alias("__action__"), pl.lit(None, dtype=pl.Int64).alias("__into__")]
    pl.read_parquet(path).with_columns(mark).write_parquet(path)
    change_set.deleted = frame.height
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    return finish_staging(change_set, by=by, read=frame.height, rejected=0, counts=counts)


def changeable(record_type: RecordType) -> list[Any]:
    """Columns that many records may be given at once: all but those of the key."""
    return [one for one in writable_columns(record_type) if one.name not in record_type.key]


def _held(record_type: RecordType, records: Sequence[int], by: User) -> pl.DataFrame:
    wanted = sorted(set(records))
    if not wanted:
        raise Refusal("没有选中记录。", fix="请先在列表中勾选。")
    if len(wanted) > MOST:
        raise Refusal(
            f"一次最多改 {MOST:,} 条，选中了 {len(wanted):,} 条。", fix="请分几次办理，或导出后改好再导入。"
        )
    columns = writable_columns(record_type)
    names = [one.name for one in columns]
    rows = list(in_charge(record_type, by).filter(pk__in=wanted).order_by("pk").values_list("pk", *names))
    if len(rows) != len(wanted):
        raise NotFound(
            f"选中的 {len(wanted)} 条里有 {len(wanted) - len(rows)} 条不在您的经办范围内。",
            fix="请去掉它们再办理。",
        )
    schema = {TARGET: pl.Int64()} | {one.name: polars_type(one) for one in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    # Cells that hold the record's parts are left out: what is not given stays as it is.
    kinds = {
        name: pl.List(pl.String()) if kind == "list" else pl.String()
        for name, (_, _, kind) in record_type.virtual.items()
    }
    frame = frame.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in kinds.items())
    return frame.with_row_index("__row__", offset=1).with_columns(pl.col("__row__").cast(pl.Int64))


def _typed(record_type: RecordType, column: str, text: str) -> pl.Expr:
    """The value by the rules that files obey."""
    columns = [one for one in import_columns(record_type, places()) if one.name == column]
    rows = pl.DataFrame({"__row__": [1], column: [text]})
    found = convert(rows, HeaderMap({column: column}), columns)
    wrong = found.problems.filter(pl.col("level") == "error").to_dicts()
    if wrong:
        raise Invalid({column: wrong[0]["message"]}, {column: columns[0].label})
    return pl.lit(found.frame[column][0])
