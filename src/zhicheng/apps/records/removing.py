"""Takes records out of the ledger, or into another record; keeps what undo needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, models

from zhicheng.apps.records.fields import column_name
from zhicheng.apps.records.models import ChangeSet, MatchQuestion, Provenance
from zhicheng.apps.records.references import foreign_keys_to
from zhicheng.apps.records.shapes import RecordType
from zhicheng.apps.records.staging import folder_of

KEPT = "removed.jsonl"


def remove(change_set: ChangeSet, record_type: RecordType, gone: pl.DataFrame) -> None:
    """Delete staged records with their parts, or hand them over to the record they merge into."""
    for row in gone.iter_rows(named=True):
        record = record_type.model._default_manager.select_for_update().get(pk=row["__id__"])
        into = row.get("__into__")
        kept: dict[str, Any] = {"record": _values(record), "parts": {}, "links": {}}
        if into is not None:
            _hand_over(record_type, record, into, kept["links"])
        else:
            _drop_parts(record_type, record, kept["parts"])
        record.delete()
        with (folder_of(change_set) / KEPT).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(kept, default=str, ensure_ascii=False) + "\n")


def _drop_parts(record_type: RecordType, record: models.Model, kept: dict[str, Any]) -> None:
    for part in record_type.parts:
        rows = part.model._default_manager.filter(**{part.parent: record})
        kept[part.model._meta.db_table] = [_values(one) for one in rows]
        rows.delete()


def _hand_over(record_type: RecordType, record: models.Model, into: int, kept: dict[str, Any]) -> None:
    """Point everything that points to the record to its successor; its name now means the successor."""
    for link in foreign_keys_to(record_type.model):
        rows = link.model._default_manager.filter(**{link.name: record})
        numbers = list(rows.values_list("pk", flat=True))
        if numbers:
            kept[f"{link.model._meta.label}.{link.name}"] = numbers
            rows.update(**{link.name: into})
    Provenance.objects.filter(table=record_type.table, record_id=record.pk).update(record_id=into)
    name = getattr(record, "name", "")
    if name and MatchQuestion._meta.get_field("organisation").related_model is record_type.model:
        MatchQuestion.objects.update_or_create(
            name=name, defaults={"decided": True, "organisation_id": into, "evidence": "合并时确认"}
        )


def _values(record: models.Model) -> dict[str, Any]:
    return {column_name(one): getattr(record, one.attname) for one in record._meta.concrete_fields}


def bring_back(change_set: ChangeSet, record_type: RecordType) -> None:
    """Put back what a set removed: the record under its old id, its parts, and the links it had."""
    path: Path = folder_of(change_set) / KEPT
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        kept = json.loads(line)
        number = kept["record"]["id"]
        _insert(record_type.table, kept["record"])
        for part in record_type.parts:
            for row in kept["parts"].get(part.model._meta.db_table, []):
                _insert(part.model._meta.db_table, row)
        for link in foreign_keys_to(record_type.model):
            numbers = kept["links"].get(f"{link.model._meta.label}.{link.name}", [])
            link.model._default_manager.filter(pk__in=numbers).update(**{link.attname: number})


def tables_of(record_type: RecordType) -> list[str]:
    """Tables that a removal may touch: the record's, its parts', and all that point to it."""
    linked = [one.model._meta.db_table for one in foreign_keys_to(record_type.model)]
    return [record_type.table, *(one.model._meta.db_table for one in record_type.parts), *linked]


def _insert(table: str, row: dict[str, Any]) -> None:
    names: Sequence[str] = list(row)
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', [row[name] for name in names])
