"""Who points to a record: foreign keys of every room, counted before it goes."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.related import ForeignKey

from zhicheng.apps.records.shapes import RecordType


def references_to(record: models.Model, record_type: RecordType) -> list[tuple[str, int]]:
    """Which rows of other tables point to a record: (name of the kind, how many)."""
    return references_to_any(record_type, [record.pk])


def references_to_any(record_type: RecordType, records: list[int]) -> list[tuple[str, int]]:
    """Which rows of other tables point to any of the records: (name of the kind, how many)."""
    own = {part.model for part in record_type.parts}
    found = []
    for link in foreign_keys_to(record_type.model):
        if link.model in own:
            continue
        count = link.model._default_manager.filter(**{f"{link.name}__in": records}).count()
        if count:
            found.append((str(link.model._meta.verbose_name), count))
    return found


def foreign_keys_to(model: type[models.Model]) -> list[ForeignKey[Any, Any]]:
    """Every foreign key of any room that points to a table."""
    return [
        one
        for other in apps.get_models()
        for one in other._meta.get_fields()
        if isinstance(one, ForeignKey) and one.related_model is model
    ]
