"""One record's story: its parts, what hangs together with it, what happened to it in time, where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.fields import Column
from zhicheng.apps.records.models import Dispute, MatchQuestion, Provenance
from zhicheng.apps.records.queries import region_words, shown, visible
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.engines.intake import row_words
from zhicheng.kernel.refusals import NotAllowed

LINKED = 5
PART_ROWS = 200


@dataclass(frozen=True)
class LinkedRecords:
    """Records of one kind that hang together with a record.

    Args:
        type: their kind.
        rows: id and title of the first ones.
        more: True when there are others.
        search: what the list of that kind finds all of them by, empty when nothing does.
    """

    type: RecordType
    rows: list[tuple[int, str]]
    more: bool
    search: str


@dataclass(frozen=True)
class Happening:
    """Something that happened to a record on a day.

    Args:
        on: the day.
        what: in words.
        detail: further words, empty when there are none.
    """

    on: date
    what: str
    detail: str = ""


def title_of(record_type: RecordType, found: Record, *, masked: bool = True) -> str:
    """What a record is called on its page: its name or title, else its key; never a masked name."""
    names = ("name", "title", "subject", "organisation_name", "holder_name", *record_type.key)
    known = {one.name for one in model_columns(record_type) if not (one.personal and masked)}
    for name in names:
        if name in known and (text := str(getattr(found, name) or "")):
            return text
    return f"{record_type.label} {found.pk}"


def links_of(record_type: RecordType, found: Record, user: Any) -> list[LinkedRecords]:
    """Records of other kinds that hang together with this one, each with its first rows; only what the person may see."""
    tables = []
    for other, condition, search in _relations(record_type, found):
        try:
            rows = visible(other, user).filter(**condition).order_by("-pk")[: LINKED + 1]
        except NotAllowed:
            continue
        first = [(one.pk, title_of(other, one)) for one in rows]
        if first:
            tables.append(LinkedRecords(other, first[:LINKED], len(first) > LINKED, search))
    return tables


def _relations(record_type: RecordType, found: Record) -> list[tuple[RecordType, dict[str, Any], str]]:
    relations: list[tuple[RecordType, dict[str, Any], str]] = []
    for one in record_type.related:
        value = getattr(found, one.own)
        if value not in (None, ""):
            relations.append((registry.get(one.type), {one.lookup: value}, str(value)))
    if MatchQuestion._meta.get_field("organisation").related_model is record_type.model:
        name = str(getattr(found, "name", ""))
        relations += [
            (other, {"organisation_id": found.pk}, name) for other in registry if other.organisation
        ]
        relations += [
            (
                other,
                {
                    "pk__in": part.model._default_manager.filter(organisation_id=found.pk).values(
                        f"{part.parent}_id"
                    )
                },
                "",
            )
            for other in registry
            for part in other.parts
            if part.organisation
        ]
    return relations


def story_of(record_type: RecordType, found: Record) -> list[Happening]:
    """What happened to a record, in time: its own days and those of its parts, newest first."""
    happenings = [
        Happening(day, str(one.verbose_name))
        for one in model_columns(record_type)
        if one.kind == "date" and isinstance(day := getattr(found, one.name), date)
    ]
    for part in record_type.parts:
        columns = [one for one in part.model._meta.get_fields() if isinstance(one, Column)]
        days = [one for one in columns if one.kind == "date"]
        words = [one for one in columns if one.kind in {"choice", "text"}][:1]
        if not days:
            continue
        for row in part.model._default_manager.filter(**{part.parent: found})[:PART_ROWS]:
            said = " ".join(shown(row, one, masked=True) for one in words)
            for one in days:
                if isinstance(day := getattr(row, one.name), date):
                    what = (
                        said
                        if one.name == "on_date"
                        else f"{part.model._meta.verbose_name}{one.verbose_name}"
                    )
                    happenings.append(Happening(day, what, "" if one.name == "on_date" else said))
    return sorted(happenings, key=lambda one: one.on, reverse=True)


def disputes_of(record_type: RecordType, found: Record) -> list[Dispute]:
    """What was said against a record, newest first."""
    return list(Dispute.objects.filter(type=record_type.id, record_id=found.pk).order_by("-pk")[:20])


def parts_of(record_type: RecordType, found: Record) -> list[dict[str, Any]]:
    """Parts of a record as small tables."""
    tables = []
    parts = [
        (part, [one for one in part.model._meta.get_fields() if isinstance(one, Column)])
        for part in record_type.parts
    ]
    words = region_words([one for _, columns in parts for one in columns])
    for part, columns in parts:
        rows = part.model._default_manager.filter(**{part.parent: found})[:PART_ROWS]
        tables.append(
            {
                "name": part.model._meta.verbose_name,
                "columns": [one.verbose_name for one in columns],
                "rows": [[shown(row, one, masked=True, words=words) for one in columns] for row in rows],
            }
        )
    return tables


def sources_of(record_type: RecordType, found: Record) -> list[Provenance]:
    """Files and rows that said something about a record, newest first; `row_words` says where in the file."""
    rows = Provenance.objects.filter(table=record_type.table, record_id=found.pk)
    people = ("change_set", "change_set__approved_by", "change_set__prepared_by")
    sources = list(rows.select_related(*people).order_by("-pk")[:50])
    for one in sources:
        one.row_words = row_words(one.row)  # type: ignore[attr-defined]
    return sources
