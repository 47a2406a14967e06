"""What a reviewer is shown of a staged change set, and the proof that exactly this is applied."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import models

from zhicheng.apps.records.columns import model_columns, stored_columns
from zhicheng.apps.records.comparing import exploding
from zhicheng.apps.records.existing import PART_MARK
from zhicheng.apps.records.fields import Column, Entry
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.queries import MASK, region_words
from zhicheng.apps.records.shapes import Part, RecordType, registry
from zhicheng.apps.records.staging import STAGED, columns_of, folder_of, staged_hash
from zhicheng.engines.intake import ADDED_BY_REJECTS, row_words
from zhicheng.kernel.refusals import Conflict


def problems_of(change_set: ChangeSet, limit: int = 200, *, masked: bool = False) -> list[dict[str, object]]:
    """The first problems of a change set, as the review page shows them; personal values masked where asked."""
    frames = [pl.read_parquet(path) for path in sorted(folder_of(change_set).glob("problems-*.parquet"))]
    found = pl.concat(frames).head(limit).to_dicts() if frames else []
    hidden = _personal_labels(change_set) if masked else set()
    return [{**_without_value(one, hidden), "row": row_words(one["row"])} for one in found]


def _personal_labels(change_set: ChangeSet) -> set[str]:
    return {str(one.verbose_name) for one in model_columns(registry.get(change_set.type)) if one.personal}


def _without_value(problem: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    value = str(problem.get("value") or "")
    if problem.get("column") not in hidden or not value:
        return problem
    return {**problem, "value": MASK, "message": str(problem["message"]).replace(value, MASK)}


def problem_counts(change_set: ChangeSet) -> list[dict[str, object]]:
    """How often each rule was broken in each column, most often first: what to mend at the source."""
    paths = sorted(folder_of(change_set).glob("problems-*.parquet"))
    if not paths:
        return []
    frame = pl.concat([pl.read_parquet(path, columns=["column", "level", "message"]) for path in paths])
    rule = pl.col("message").str.replace(r"“[^”]*”", "…").alias("rule")
    counted = (
        frame.group_by("column", "level", rule).len("rows").sort("rows", "column", descending=[True, False])
    )
    return counted.head(20).to_dicts()


def rejected_rows(change_set: ChangeSet, limit: int = 30, *, masked: bool = True) -> dict[str, Any]:
    """The first rejected rows as they stood, each cell with what is wrong in it."""
    path = folder_of(change_set) / "rejects.csv"
    if not path.exists():
        return {}
    matched = change_set.mapping.get("matched", {})
    labels = {one.name: one.label for one in columns_of(registry.get(change_set.type))}
    label_of = {header: labels.get(name, "") for header, name in matched.items()}
    problems: dict[tuple[str, str], str] = {}
    for one in problems_of(change_set, 2_000, masked=masked):
        problems[str(one["row"]), str(one["column"])] = str(one["message"])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = itertools.islice(csv.reader(stream), limit + 1)
    names = header[: -len(ADDED_BY_REJECTS)]
    hidden = personal_columns(change_set) if masked else set()
    shown = [
        {
            "row": cells[len(names)], "why": cells[len(names) + 1],
            "cells": [
                (MASK if matched.get(name) in hidden and cell else cell, problems.get((cells[len(names)], label_of.get(name, "")), ""))
                for name, cell in zip(names, cells, strict=False)
            ],
        }
        for cells in rows
    ]  # fmt: skip
    return {"header": names, "rows": shown}


def preview(change_set: ChangeSet, action: str, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """Staged rows of one action, old and new values side by side."""
    path = folder_of(change_set) / STAGED
    if not path.exists():
        return []
    rows = (
        pl.scan_parquet(path)
        .filter(pl.col("__action__") == action)
        .sort("__row__")
        .slice(offset, limit)
        .collect()
    )
    return rows.to_dicts()


def check_unchanged(change_set: ChangeSet) -> None:
    """Make sure that what is applied is what was approved.

    Raises:
        Conflict: the staged rows are gone or are not the ones that were reviewed.
    """
    folder = folder_of(change_set)
    if not (folder / STAGED).exists() or staged_hash(folder) != change_set.staged_hash:
        raise Conflict("待入库的数据与复核时不一致。", fix="请重新导入该文件。")


def staged_batches(
    change_set: ChangeSet, actions: tuple[str, ...], size: int = 50_000
) -> Iterator[pl.DataFrame]:
    """Staged rows in batches that fit into memory."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only an apply reads row groups

    with pq.ParquetFile(folder_of(change_set) / STAGED) as file:
        for batch in file.iter_batches(batch_size=size):
            frame = pl.DataFrame(pl.from_arrow(batch))
            chosen = frame.filter(pl.col("__action__").is_in(list(actions)))
            if chosen.height:
                yield chosen


@dataclass(frozen=True)
class FieldChange:
    """One cell that would change, or the rows of a part.

    Args:
        label: name of the column or the part.
        old: what the ledger holds.
        new: what it would hold.
        lost: entries of a part that would go; a reviewer must see these.
        old_code, new_code: what is stored, where that is another thing than the words.
    """

    label: str
    old: str
    new: str
    lost: tuple[str, ...] = ()
    old_code: str = ""
    new_code: str = ""


@dataclass(frozen=True)
class RecordChange:
    """One record that would change.

    Args:
        key: its key in words.
        record: its id.
        fields: what would change, cell by cell.
    """

    key: str
    record: int
    fields: tuple[FieldChange, ...]


def changes_of_record(change_set: ChangeSet, record: int, *, masked: bool = True) -> tuple[FieldChange, ...]:
    """What one applied set moved in one record; nothing when its staged rows are no longer kept."""
    path = folder_of(change_set) / STAGED
    if not path.exists():
        return ()
    rows = pl.scan_parquet(path).filter((pl.col("__action__") == "changed") & (pl.col("__id__") == record))
    record_type = registry.get(change_set.type)
    columns = {one.name: one for one in stored_columns(record_type)}
    return tuple(
        one for row in rows.collect().to_dicts() for one in _fields(record_type, columns, row, masked=masked)
    )


def changes_of(
    change_set: ChangeSet, limit: int = 50, offset: int = 0, *, masked: bool = True
) -> list[RecordChange]:
    """Records that would change, field by field and part by part."""
    record_type = registry.get(change_set.type)
    columns = {one.name: one for one in stored_columns(record_type)}
    found = []
    for row in preview(change_set, "changed", limit, offset):
        fields = _fields(record_type, columns, row, masked=masked)
        key = "、".join(str(row[name] or "") for name in record_type.key if row[name])
        found.append(RecordChange(key, row["__id__"], tuple(fields)))
    return found


def _fields(
    record_type: RecordType, columns: dict[str, Any], row: dict[str, Any], *, masked: bool
) -> list[FieldChange]:
    moved = {name: row[f"b_{name}"] for name in row["__fields__"]}
    words = region_words([columns[name] for name in moved])
    fields = []
    for name in moved:
        old, new = (cell_of(columns[name], one, words, masked=masked) for one in ({**row, **moved}, row))
        fields.append(
            FieldChange(
                str(columns[name].verbose_name), old.words, new.words, old_code=old.code, new_code=new.code
            )
        )
    for part in exploding(record_type):
        if row[f"d_{part.model._meta.model_name}"]:
            fields.append(_part_change(part, row, masked=masked))
    return fields


def personal_columns(change_set: ChangeSet) -> set[str]:
    """Columns of a set that hold personal data."""
    return {one.name for one in model_columns(registry.get(change_set.type)) if one.personal}


@dataclass(frozen=True)
class Cell:
    """A staged value as a page shows it.

    Args:
        words: what it says to a reader.
        code: what is stored, where that is another thing than the words; empty otherwise.
    """

    words: str
    code: str = ""


def cell_of(
    column: Column[Any, Any], row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], *, masked: bool
) -> Cell:
    """A cell of a staged row in words, with its code kept beside it; `words` as the pages of records use them."""
    value = row.get(column.name)
    plain = in_words(column, value, masked=masked)
    if not plain or (masked and column.personal):
        return Cell(plain)
    named = column.named() if isinstance(column, Entry) else words.get(column.name, {})
    said = (column.says(row) if column.says else "") or named.get(str(value), "") or plain
    coded = said != str(value) and isinstance(value, str)
    return Cell(said, str(value) if coded else "")


def in_words(column: models.Field[Any, Any], value: object, *, masked: bool = True) -> str:
    """A staged value as a page shows it; personal data only to those who may see it."""
    if value is None or value == "":
        return ""
    if masked and getattr(column, "personal", False):
        return MASK
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(dict(column.flatchoices).get(value, value)) if column.choices else str(value)


def _part_change(part: Part, row: dict[str, Any], *, masked: bool) -> FieldChange:
    name = part.model._meta.model_name
    old, new = row[f"q_{name}"] or [], row[f"p_{name}"] or []
    if part.additive:
        new = [*old, *(one for one in new if one not in old)]
    kept = {one.split(PART_MARK)[0] for one in new}
    lost = tuple(_entry(part, one, masked=masked) for one in old if one.split(PART_MARK)[0] not in kept)
    said = ["；".join(_entry(part, one, masked=masked) for one in entries) for entries in (old, new)]
    return FieldChange(str(part.model._meta.verbose_name), said[0], said[1], lost)


def _entry(part: Part, text: str, *, masked: bool) -> str:
    cells = text.split(PART_MARK)
    fields = [part.model._meta.get_field(name) for name in part.identity]
    shown = [
        MASK
        if masked and cell and getattr(field, "personal", False)
        else str(dict(getattr(field, "flatchoices", ())).get(cell, cell))
        for field, cell in zip(fields, cells, strict=True)
    ]
    return " ".join(one for one in shown if one)
