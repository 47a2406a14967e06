"""Turns a record type's description into the columns that files are read by."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import models

from zhicheng.apps.records import fields
from zhicheng.apps.records.providers import providers
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.engines.intake import Column
from zhicheng.engines.intake.columns import plain
from zhicheng.kernel import regions


def model_columns(record_type: RecordType) -> list[fields.Column[Any, Any]]:
    """The columns of a record type that a person may fill in."""
    return [
        one
        for one in record_type.model._meta.get_fields()
        if isinstance(one, fields.Column) and one.name != "name_key"
    ]


def stored_columns(record_type: RecordType) -> list[models.Field[Any, Any]]:
    """Every column that an import writes: those of the model, keys that are derived, no bookkeeping."""
    return [one for one in record_type.model._meta.get_fields() if isinstance(one, fields.Column)]


def import_columns(record_type: RecordType, places: dict[str, str]) -> list[Column]:
    """Columns of files of this type; `places` gives region words and codes."""
    columns = [_from_field(record_type, one, places) for one in model_columns(record_type)]
    for name, (label, synonyms, kind) in record_type.virtual.items():
        columns.append(Column(name, label, kind, tuple(synonyms.split())))
    return columns


def _from_field(record_type: RecordType, one: fields.Column[Any, Any], places: dict[str, str]) -> Column:
    choices: dict[str, str] = {}
    if one.kind == "region":
        choices = places
    elif isinstance(one, fields.Entry):
        choices = {name: value for value, name in one.named().items()} | {
            value: value for value in one.among()
        }
    elif one.choices:
        for value, label in one.choices:
            choices |= {str(value): str(value), str(label): str(value)}
    required = (
        one.name in record_type.key and one.kind in {"identifier", "text"} and len(record_type.key) == 1
    )
    limit = one.max_length if one.kind in {"text", "identifier"} and getattr(one, "max_length", None) else 0
    return Column(
        one.name, str(one.verbose_name), one.kind, one.synonyms, one.identifier, choices,
        getattr(one, "readings", {}), required, limit or 0, str(one.help_text),
    )  # fmt: skip


@lru_cache(maxsize=1)
def header_words() -> frozenset[str]:
    """Every header word that any record type knows; the row of a file with most of them is its header."""
    words: set[str] = set()
    for record_type in registry:
        for column in import_columns(record_type, {}):
            words |= {plain(word) for word in (column.label, column.name, *column.synonyms)}
    return frozenset(words)


@lru_cache(maxsize=1)
def _known_places() -> dict[str, str]:
    """Codes, and those names of provinces and cities that only one of them bears; counties share names."""
    words = {code: code for code in regions.codes()}
    for code in regions.codes():
        place = regions.region(code)
        if not code.endswith("00") or place.valid_to is not None:
            continue
        for name in {place.name, regions.short_name(place.name)}:
            if len(name) > 1 and [one.code for one in regions.find(name) if one.code.endswith("00")] == [
                code
            ]:
                words[name] = code
    return words


def places() -> dict[str, str]:
    """Words and codes a region cell may hold: all of GB/T 2260 by code, provinces and cities by name, the own tree by name."""
    words = dict(_known_places())
    for code, name, short in providers.regions():
        words |= {code: code, name: code, short or name: code}
    return words
