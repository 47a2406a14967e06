"""How far the ledger has moved on, and which tables a snapshot takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Sum

from zhicheng.apps.records.fields import column_name
from zhicheng.apps.records.models import TableVersion
from zhicheng.apps.records.shapes import RecordType, registry


@dataclass(frozen=True)
class SnapshotTable:
    """A table that figures may stand on: its name and its columns with their kinds."""

    db_table: str
    columns: tuple[tuple[str, str], ...]


def table_versions() -> dict[str, int]:
    """Version of every table that ever changed."""
    return dict(TableVersion.objects.values_list("table", "version"))


def ledger_version() -> int:
    """A number that grows with every applied change."""
    return TableVersion.objects.aggregate(total=Sum("version"))["total"] or 0


def own_tables(record_type: RecordType) -> list[str]:
    """Tables that hold a type's records: its own and those of its parts."""
    return [record_type.table, *(part.model._meta.db_table for part in record_type.parts)]


def version_of(record_type: RecordType) -> int:
    """A number that grows whenever records of a type change."""
    rows = TableVersion.objects.filter(table__in=own_tables(record_type))
    return rows.aggregate(total=Sum("version"))["total"] or 0


def tables_moved_on(tables: Iterable[str]) -> None:
    """Say that a room has changed record tables, inside the transaction that changed them."""
    for table in sorted(set(tables)):
        row = TableVersion.objects.filter(table=table)
        if not row.update(version=F("version") + 1):
            TableVersion.objects.get_or_create(table=table)
            row.update(version=F("version") + 1)


def snapshot_tables() -> list[SnapshotTable]:
    """Every record table and every part table."""
    found: dict[str, SnapshotTable] = {}
    for record_type in registry:
        for model in (record_type.model, *(part.model for part in record_type.parts)):
            found[model._meta.db_table] = SnapshotTable(model._meta.db_table, _columns(model))
    return list(found.values())


def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    kinds = {
        "DateField": "date",
        "DateTimeField": "timestamp",
        "DecimalField": "decimal",
        "BigIntegerField": "integer",
        "PositiveIntegerField": "integer",
        "BigAutoField": "integer",
        "ForeignKey": "integer",
        "BooleanField": "boolean",
    }
    skipped = {"created_at", "updated_at"}
    return tuple(
        (column_name(one), kinds.get(one.get_internal_type(), "text"))
        for one in model._meta.fields
        if one.column not in skipped
    )
