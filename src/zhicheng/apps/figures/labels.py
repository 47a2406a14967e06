"""What a reader calls the tables and columns behind a figure, and the record a row of them is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field

from zhicheng.apps.records.public import RecordType, registry
from zhicheng.engines.facts import Fact

OWN = {"row_key": "行号", "region": "统计区划"}


@lru_cache(maxsize=1)
def _types() -> dict[str, RecordType]:
    return {one.table: one for one in registry}


def table_label(table: str) -> str:
    """Name of the record type that fills a table; the table itself when it is part of another."""
    found = _types().get(table)
    return found.label if found else table


def column_label(fact: Fact, column: str) -> str:
    """Word for a column of a fact: its own label, else that of the record type's column."""
    if column in OWN or column in fact.labels:
        return OWN.get(column) or fact.labels[column]
    for table in fact.tables:
        found = _types().get(table)
        try:
            field = found.model._meta.get_field(column) if found else None
        except FieldDoesNotExist:
            continue
        if isinstance(field, Field):
            return str(field.verbose_name)
    return column


def column_choices(fact: Fact, column: str) -> dict[str, str]:
    """Code → word of a column that holds one of few codes, from every table behind it; empty for any other column."""
    words: dict[str, str] = {}
    for table in reversed(fact.tables):
        found = _types().get(table)
        try:
            field = found.model._meta.get_field(column) if found else None
        except FieldDoesNotExist:
            continue
        if isinstance(field, Field):
            words |= {str(code): str(word) for code, word in field.flatchoices}
    return words | dict(fact.words.get(column, {}))


def record_of(fact: Fact) -> str:
    """Id of the record type whose detail page a row's key opens; empty when rows are not records themselves."""
    found = _types().get(fact.tables[0])
    return found.id if found and fact.rows_are_records else ""


def records_named(fact: Fact, keys: Sequence[str]) -> dict[str, str]:
    """Key → the record in words, for those keys whose record still stands; one query."""
    found = _types().get(fact.tables[0])
    numbers = [int(key) for key in keys if key.isdigit()]
    if not found or not record_of(fact) or not numbers:
        return {}
    return {str(row.pk): str(row) for row in found.model._default_manager.filter(pk__in=numbers)}
