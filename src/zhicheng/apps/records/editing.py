"""Single records made, changed, merged or deleted on a page: a draft that goes through the same review as a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import models, transaction

from zhicheng.apps.accounts.public import User, require
from zhicheng.apps.records.actions import finish_staging
from zhicheng.apps.records.columns import import_columns, model_columns, places, stored_columns
from zhicheng.apps.records.comparing import compare
from zhicheng.apps.records.existing import polars_type
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.queries import in_charge
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.references import references_to
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.staging import STAGED, TARGET, folder_of, stage_frame
from zhicheng.engines.intake import HeaderMap, convert
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal


class Invalid(Refusal):
    """Some cells of a record made on a page break a rule.

    Args:
        problems: column name → what is wrong with it.
    """

    code = "invalid_record"
    status = 422

    def __init__(self, problems: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        told = "；".join(f"{labels.get(name, name)}：{words}" for name, words in problems.items())
        super().__init__(f"有 {len(problems)} 处填写不符合规则：{told}", fix="请改正后再提交。")


@dataclass(frozen=True)
class Draft:
    """A change that somebody makes to one record.

    Args:
        type: record type.
        values: column → text as a person wrote it; a column left out stays as it is.
        record: id of the record that is changed, None for a new one.
        revision: revision the person saw, None when the API has checked it already.
    """

    type: str
    values: Mapping[str, str] = field(default_factory=dict)
    record: int | None = None
    revision: int | None = None


@transaction.atomic
def propose(*, draft: Draft, by: User, why: str) -> ChangeSet:
    """Stage one record that somebody made or changed.

    Raises:
        Refusal: no reason is given.
        Invalid: a cell breaks a rule of its column.
        Conflict: somebody changed the record since, or another record has the new key.
        NotFound: there is no such record in the person's scope.
    """
    require(by, "records.prepare")
    record_type = registry.get(draft.type)
    _need_reason(why)
    held = _held(record_type, draft.record, by, draft.revision)
    frame = _typed(record_type, _complete(record_type, held, draft.values), held)
    _refuse_taken_key(record_type, frame, held)
    change_set = open_draft(record_type, by=by, why=why, source="页面编辑" if held else "页面新建")
    stage_frame(change_set, frame)
    counts = compare(change_set)
    if not (counts["new"] or counts["changed"]):
        raise Conflict("提交的内容与现有记录相同，没有改动。", fix="请核对后再提交。")
    return finish_staging(change_set, by=by, read=1, rejected=0, counts=counts)


@transaction.atomic
def propose_removal(*, type_id: str, record: int, into: int | None = None, by: User, why: str) -> ChangeSet:
    """Stage the deletion of a record, or its merging into another one.

    Args:
        type_id: record type.
        record: id of the record that goes.
        into: id of the record that takes over its parts, links and sources; None deletes.
        by: who asks.
        why: the reason, kept in the audit trail.

    Raises:
        Conflict: other records still refer to the one to be deleted, or it would be merged into itself.
        NotFound: one of them does not exist in the person's scope.
    """
    require(by, "records.prepare")
    record_type = registry.get(type_id)
    _need_reason(why)
    held = _held(record_type, record, by, None)
    assert held is not None
    if into is not None:
        _held(record_type, into, by, None)
        if into == record:
            raise Conflict("不能把一条记录并入它自己。", fix="请选择另一条记录。")
    elif links := references_to(held, record_type):
        told = "、".join(f"{label} {count} 条" for label, count in links)
        raise Conflict(f"还有其他记录引用它：{told}，不能删除。", fix="请并入另一条记录，或先改正那些记录。")
    change_set = open_draft(record_type, by=by, why=why, source="页面合并" if into else "页面删除")
    stage_frame(change_set, _typed(record_type, _complete(record_type, held, {}), held))
    compare(change_set)
    path = folder_of(change_set) / STAGED
    mark = [pl.lit("deleted").alias("__action__"), pl.lit(into, dtype=pl.Int64).alias("__into__")]
    pl.read_parquet(path).with_columns(mark).write_parquet(path)
    change_set.deleted = 1
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    return finish_staging(change_set, by=by, read=1, rejected=0, counts=counts)


def written(record_type: RecordType, record: Record | None) -> dict[str, str]:
    """Cells of a record as a person would write them into a file."""
    if record is None:
        return {}
    return {one.name: _text(getattr(record, one.name)) for one in model_columns(record_type)}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _need_reason(why: str) -> None:
    if not why.strip():
        raise Refusal("改动须写明理由。", fix="请填写理由，它会进入审计记录。")


def _held(record_type: RecordType, number: int | None, by: User, revision: int | None) -> Record | None:
    if number is None:
        return None
    found = in_charge(record_type, by).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这条记录，或不在您的查看范围内。", fix="请刷新列表后再试。")
    now = found.revision
    if revision is not None and now != revision:
        raise Conflict(
            f"这条记录已被他人改动：您看到的是第 {revision} 版，现在是第 {now} 版。",
            fix="请刷新页面，看过新的内容再改。",
        )
    return found


def _complete(record_type: RecordType, held: Record | None, values: Mapping[str, str]) -> dict[str, str]:
    known = {one.name for one in model_columns(record_type)} | set(record_type.virtual)
    unknown = sorted(set(values) - known)
    if unknown:
        raise Refusal(
            f"{record_type.label}没有“{'、'.join(unknown)}”这些列。", fix="请参照导入模板中的列名。"
        )
    return {**written(record_type, held), **values}


def _typed(record_type: RecordType, values: Mapping[str, str], held: Record | None) -> pl.DataFrame:
    """One typed row out of the cells of a form, by the rules that files obey."""
    columns = import_columns(record_type, places())
    rows = pl.DataFrame({"__row__": [1]} | {name: [text] for name, text in values.items()})
    found = convert(rows, HeaderMap({name: name for name in values}), columns)
    names = {one.label: one.name for one in columns}
    wrong = {
        names[row["column"]]: row["message"]
        for row in found.problems.filter(pl.col("level") == "error").to_dicts()
    }
    if not wrong:
        frame = record_type.derive(found.frame) if record_type.derive else found.frame
        if not any(str(frame[name][0] or "") for name in record_type.key):
            wrong[record_type.key[0]] = "编号列不能全部为空。"
    if wrong:
        raise Invalid(wrong, {one.name: one.label for one in columns})
    kinds = {one.name: polars_type(one) for one in stored_columns(record_type)}
    frame = frame.with_columns([pl.col(name).cast(kinds[name]) for name in frame.columns if name in kinds])
    return frame.with_columns(pl.lit(held.pk if held else None, dtype=pl.Int64).alias(TARGET))


def _refuse_taken_key(record_type: RecordType, frame: pl.DataFrame, held: Record | None) -> None:
    wanted = {
        name: ("" if frame[name][0] is None and _is_text(record_type, name) else frame[name][0])
        for name in record_type.key
    }
    other = record_type.model._default_manager.filter(**wanted)
    if held is not None:
        other = other.exclude(pk=held.pk)
    if other.exists():
        said = "、".join(str(value) for value in wanted.values())
        raise Conflict(f"已有同号的{record_type.label}“{said}”。", fix="请打开那条记录修改，或把两条合并。")


def _is_text(record_type: RecordType, name: str) -> bool:
    return isinstance(record_type.model._meta.get_field(name), models.CharField | models.TextField)


def writable_columns(record_type: RecordType) -> list[Any]:
    """Columns of a draft: all that are stored."""
    return stored_columns(record_type)


def open_draft(record_type: RecordType, *, by: User, why: str, source: str) -> ChangeSet:
    """Open a change set for records made or changed on a page.

    Raises:
        Refusal: no reason is given.
    """
    _need_reason(why)
    return ChangeSet.objects.create(
        type=record_type.id, source=source, region_code=by.region_code, prepared_by=by, why=why, exact=True,
        process=os.getpid(),
    )  # fmt: skip
