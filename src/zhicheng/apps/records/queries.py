"""Records read for a person: lists page by page, single records with their parts and where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.fields import Column
from zhicheng.apps.records.models import Provenance
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.kernel.refusals import NotFound, Refusal

PAGE = 50
COUNTED = 10_000
MASK = "＊＊＊"


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Args:
        rows: (id, cells) in the order of the list.
        count: rows that match, at most COUNTED.
        more: True when more than COUNTED match.
        next: cursor of the next page, empty on the last.
    """

    rows: list[tuple[int, list[str]]]
    count: int
    more: bool
    next: str


def visible(record_type: RecordType, user: Any) -> QuerySet[models.Model]:
    """Rows of a type that a person may see.

    Raises:
        NotAllowed: the person may not see this kind of record.
    """
    require(user, "records.view")
    rows = record_type.model._default_manager.all()
    seen = scope(user)
    if record_type.public or seen.sees_all:
        return rows
    narrowed = rows.filter(
        seen.regions_q(record_type.region_through) | _own(record_type, seen.organisation_ids)
    )
    return narrowed.distinct() if "__" in record_type.region_through else narrowed


def _own(record_type: RecordType, organisations: tuple[int, ...]) -> Q:
    if record_type.organisation and organisations:
        return Q(organisation_id__in=organisations)
    return Q(pk__in=())


def matching(record_type: RecordType, user: Any, given: Mapping[str, str]) -> QuerySet[models.Model]:
    """Visible rows that fit the filters and the search of an address."""
    rows = visible(record_type, user)
    for name in record_type.filters:
        if value := given.get(name, "").strip():
            rows = rows.filter(_filter(record_type, name, value))
    if text := given.get("q", "").strip():
        found = Q()
        for name in record_type.search:
            found |= Q(**{f"{name}__icontains": text})
        rows = rows.filter(found)
    return rows


def _filter(record_type: RecordType, name: str, value: str) -> Q:
    column = record_type.model._meta.get_field(name)
    if isinstance(column, models.DateField):
        first, _, last = value.partition("..")
        try:
            condition = Q(**{f"{name}__gte": first}) if first else Q()
            return condition & (Q(**{f"{name}__lte": last}) if last else Q())
        except ValueError as error:
            raise Refusal(f"日期范围“{value}”看不懂。", fix="请写成 2025-01-01..2025-12-31。") from error
    if name == "region_code" and value.endswith("00"):
        return Q(region_code__startswith=value.rstrip("0"))
    return Q(**{name: value})


def page(record_type: RecordType, user: Any, given: Mapping[str, str]) -> Page:
    """One page by keyset: newest first, the id breaks ties, rows without a date last; three queries at any size."""
    rows = matching(record_type, user, given)
    order = record_type.date
    count = rows.values("pk")[: COUNTED + 1].count()
    ordered = rows.order_by(F(order).desc(nulls_last=True), "-pk") if order else rows.order_by("-pk")
    found = list(_after(ordered, order, given.get("after", ""))[: PAGE + 1])
    columns = list_columns(record_type, given)
    masked = not may(user, "personal.view")
    cells = [(one.pk, [shown(one, column, masked=masked) for column in columns]) for one in found[:PAGE]]
    following = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        day = getattr(last, order) if order else None
        following = f"{day.isoformat() if hasattr(day, 'isoformat') else ''}_{last.pk}"
    return Page(cells, min(count, COUNTED), count > COUNTED, following)


def _after(rows: QuerySet[models.Model], order: str, cursor: str) -> QuerySet[models.Model]:
    if not cursor:
        return rows
    day, _, number = cursor.rpartition("_")
    if not number.isdigit():
        raise Refusal(f"页码“{cursor}”看不懂。", fix="请从第一页重新开始。")
    if not order:
        return rows.filter(pk__lt=int(number))
    if not day:
        return rows.filter(**{f"{order}__isnull": True, "pk__lt": int(number)})
    later = (
        Q(**{f"{order}__lt": day}) | Q(**{order: day}, pk__lt=int(number)) | Q(**{f"{order}__isnull": True})
    )
    return rows.filter(later)


def list_columns(record_type: RecordType, given: Mapping[str, str]) -> list[Column]:
    """Columns of a list: those the address names, else the type's own."""
    names = [name for name in given.get("columns", "").split(",") if name] or list(record_type.list_columns)
    known = {one.name: one for one in model_columns(record_type)}
    return [known[name] for name in names if name in known]


def shown(record: models.Model, column: Column, *, masked: bool) -> str:
    """A cell as a page shows it; personal data only to those who may see it."""
    value = getattr(record, column.name)
    if value is None or value == "":
        return ""
    if column.personal and masked:
        return MASK
    if column.choices:
        return str(getattr(record, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:,}" if column.kind == "money" else str(value)


def record(type_id: str, number: int, user: Any) -> tuple[RecordType, models.Model]:
    """One record a person may see.

    Raises:
        NotFound: there is none, or it lies outside the person's scope.
    """
    record_type = registry.get(type_id)
    found = visible(record_type, user).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这条记录，或不在您的查看范围内。", fix="请核对编号，或联系所属区划的经办人。")
    return record_type, found


def parts_of(record_type: RecordType, found: models.Model) -> list[dict[str, Any]]:
    """Parts of a record as small tables."""
    tables = []
    for part in record_type.parts:
        columns = [one for one in part.model._meta.get_fields() if isinstance(one, Column)]
        rows = part.model._default_manager.filter(**{part.parent: found})[:200]
        tables.append(
            {
                "name": part.model._meta.verbose_name,
                "columns": [one.verbose_name for one in columns],
                "rows": [[shown(row, one, masked=True) for one in columns] for row in rows],
            }
        )
    return tables


def sources_of(record_type: RecordType, found: models.Model) -> list[Provenance]:
    """Files and rows that said something about a record, newest first."""
    rows = Provenance.objects.filter(table=record_type.table, record_id=found.pk)
    return list(rows.select_related("change_set", "change_set__approved_by").order_by("-pk")[:50])
