"""Links rows that came before their organisation: when the register grows, names without a link are tried again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from zhicheng.apps.records.bulk_sql import slices
from zhicheng.apps.records.matching import Linker
from zhicheng.apps.records.models import ChangeSet, MatchQuestion
from zhicheng.apps.records.shapes import RecordType, registry

# A deployment with more strangers than this links them when their files are imported again.
TRIED = 200_000


def naming_models() -> Iterator[tuple[type[models.Model], tuple[str, str]]]:
    """Every model whose rows name an organisation, with its columns for name and code."""
    for record_type in registry:
        for model, columns in (
            (record_type.model, record_type.organisation),
            *((part.model, part.organisation) for part in record_type.parts),
        ):
            if columns:
                yield model, columns


def link_to_new(change_set: ChangeSet, record_type: RecordType) -> set[str]:
    """Link waiting names to organisations that a set has just made or renamed; returns the tables touched."""
    if MatchQuestion._meta.get_field("organisation").related_model is not record_type.model:
        return set()
    if not (change_set.new or change_set.changed):
        return set()
    linker, touched = Linker(change_set), set()
    for model, (name, code) in naming_models():
        waiting = model._default_manager.filter(organisation__isnull=True).exclude(**{name: ""}).order_by()
        known = {one.name for one in model._meta.fields}
        pairs = list(waiting.values_list(name, *((code,) if code in known else ())).distinct()[:TRIED])
        for pair in pairs:
            found = linker.sure(pair[0], pair[1] if len(pair) > 1 else "")
            if found is None:
                continue
            rows = waiting.filter(**dict(zip((name, code), pair, strict=False)))
            if link_rows(model, rows, found, linker.regions([found])[0]):
                touched.add(model._meta.db_table)
    return touched


def link_rows(
    model: type[models.Model], rows: models.QuerySet[models.Model], organisation: int | None, region: str
) -> int:
    """Point rows to an organisation; a row that says no region is where its organisation is."""
    numbers = list(rows.values_list("pk", flat=True))
    count = 0
    for part in slices(numbers):
        chosen = model._default_manager.filter(pk__in=part)
        count += chosen.update(organisation_id=organisation)
        if region and any(one.name == "region_code" for one in model._meta.fields):
            chosen.filter(region_code="").update(region_code=region)
    return count
