"""The peer of the import benchmark: the same staged semantics row by row, with `bulk_create` in batches of 1,000.

Written as a careful team without a columnar engine writes it: one pass reads, checks and stages each row beside the
values the ledger holds; a second pass in one transaction turns staged rows into patents, owners, events and provenance.
"""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.public import record_event
from zhicheng.apps.ledger.models import Organisation, Patent
from zhicheng.apps.ledger.patents import PatentEvent, PatentOwner
from zhicheng.apps.records.columns import import_columns, places
from zhicheng.apps.records.models import ChangeSet, Provenance
from zhicheng.apps.records.public import registry
from zhicheng.engines.intake import Column, map_header
from zhicheng.engines.matching import normalise_name
from zhicheng.kernel.identifiers import validate

BATCH = 1_000
SPLIT = re.compile(r"[;；、|\n]+")
FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")


class StagedRow(models.Model):
    """A row waiting for review: what it would do, the new values and those the ledger holds."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=60, db_index=True)
    action = models.CharField(max_length=10)
    record = models.BigIntegerField(null=True)
    values = models.JSONField()
    before = models.JSONField(null=True)

    class Meta:
        app_label = "records"
        db_table = "bench_staged_row"


def peer(path: Path) -> dict[str, float]:
    """Stage and apply; returns the seconds of each."""
    by = User.objects.get(username="officer")
    with connection.schema_editor() as editor:
        editor.create_model(StagedRow)
    started = time.perf_counter()
    change_set = ChangeSet.objects.create(
        type="patents", source=path.name, prepared_by=by, region_code="370700"
    )
    stage(path, change_set)
    staged = time.perf_counter()
    apply(change_set, by)
    return {"stage": staged - started, "apply": time.perf_counter() - staged}


@transaction.atomic
def stage(path: Path, change_set: ChangeSet) -> None:
    columns = {one.name: one for one in import_columns(registry.get("patents"), places())}
    fields = [one for one in Patent._meta.fields if one.name in columns]
    with path.open(encoding="gb18030", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader)
        mapping = map_header(header, list(columns.values()))
        at = [
            (index, columns[mapping.matched[name]])
            for index, name in enumerate(header)
            if name in mapping.matched
        ]
        for rows in batches(enumerate(reader, 2)):
            good = []
            for number, cells in rows:
                values, problems = typed(cells, at)
                if problems:
                    change_set.rejected += 1
                else:
                    complete(values)
                    good.append((number, values))
            held = {
                one.application_number: one
                for one in Patent.objects.filter(
                    application_number__in=[v["application_number"] for _, v in good]
                )
            }
            waiting = [staged_row(change_set, number, values, held, fields) for number, values in good]
            StagedRow.objects.bulk_create(waiting, batch_size=BATCH)
            change_set.read += len(rows)
            change_set.new += sum(one.action == "new" for one in waiting)
    change_set.status = ChangeSet.Status.SUBMITTED
    change_set.save()


def staged_row(
    change_set: ChangeSet, number: int, values: dict[str, Any], held: dict[str, Patent], fields: list[Any]
) -> StagedRow:
    old = held.get(values["application_number"])
    before = {one.name: plain(getattr(old, one.name)) for one in fields} if old else None
    differs = before and any(
        plain(values.get(name)) not in ("", None, value) for name, value in before.items()
    )
    action = "new" if old is None else "changed" if differs else "unchanged"
    said = {name: plain(value) for name, value in values.items()}
    return StagedRow(change_set=change_set, row=number, key=values["application_number"], action=action,
                     record=old.pk if old else None, values=said, before=before)  # fmt: skip


def typed(cells: list[str], at: list[tuple[int, Column]]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems = []
    for index, column in at:
        text = cells[index].strip()
        try:
            values[column.name] = read(text, column)
        except ValueError as error:
            problems.append(f"{column.label}：{error}")
    if not values.get("application_number"):
        problems.append("申请号必填")
    return values, problems


def read(text: str, column: Column) -> Any:
    if column.kind == "list":
        return [one.strip() for one in SPLIT.split(text)] if text else []
    if text in ("", "-", "--", "无", "N/A"):
        return None if column.kind == "date" else ""
    if column.kind == "date":
        return day(text)
    if column.kind == "identifier":
        verdicts = [validate(kind, text) for kind in column.identifier.split("|")]
        found = next((one for one in verdicts if one.level == "ok"), verdicts[0])
        if found.level == "error":
            raise ValueError(found.message)
        return found.normal
    if column.kind in ("choice", "region"):
        if text not in column.choices:
            raise ValueError("不在可选范围内")
        return column.choices[text]
    if column.max_length and len(text) > column.max_length:
        raise ValueError("太长")
    return text


def day(text: str) -> date:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day
        except ValueError:
            continue
    raise ValueError("不是日期")


def complete(values: dict[str, Any]) -> None:
    digit = values["application_number"][4]
    values["kind"] = {"1": "invention", "2": "utility_model", "3": "design"}[digit]
    values["region_code"] = next(iter(values.get("owner_regions") or [""]), "")


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == BATCH:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


@transaction.atomic
def apply(change_set: ChangeSet, by: User) -> None:
    names = {one.name for one in Patent._meta.fields}
    by_code, by_name, places_of = {}, {}, {}
    for number, code, name, region in Organisation.objects.values_list("id", "uscc", "name", "region_code"):
        by_code[code], by_name[normalise_name(name)], places_of[number] = number, number, region
    waiting = StagedRow.objects.filter(change_set=change_set, action="new").order_by("row")
    for rows in batches(waiting.iterator(chunk_size=BATCH)):
        made = Patent.objects.bulk_create(
            [Patent(**{k: v for k, v in one.values.items() if k in names}) for one in rows], batch_size=BATCH
        )
        owners, events, sources = [], [], []
        for patent, one in zip(made, rows, strict=True):
            said = one.values
            codes, homes = said.get("owner_usccs") or [], said.get("owner_regions") or []
            for position, name in enumerate(said.get("owners") or [], 1):
                code = codes[position - 1] if position <= len(codes) else ""
                home = homes[position - 1] if position <= len(homes) else ""
                found = by_code.get(code) if code else None
                found = found or by_name.get(normalise_name(name))
                home = home or places_of.get(found, "") or patent.region_code
                owners.append(
                    PatentOwner(
                        patent=patent,
                        name=name,
                        uscc=code,
                        organisation_id=found,
                        region_code=home,
                        position=position,
                    )
                )
            if said.get("lapsed_on"):
                events.append(PatentEvent(patent=patent, kind="lapsed", on_date=said["lapsed_on"]))
            sources.append(
                Provenance(
                    table="ledger_patent",
                    record_id=patent.pk,
                    change_set=change_set,
                    row=one.row,
                    action="new",
                )
            )
        PatentOwner.objects.bulk_create(owners, batch_size=BATCH)
        PatentEvent.objects.bulk_create(events, batch_size=BATCH)
        Provenance.objects.bulk_create(sources, batch_size=BATCH)
    change_set.status = ChangeSet.Status.APPLIED
    change_set.save()
    record_event(
        by=by,
        action="records.apply",
        subject=f"change_set:{change_set.key}",
        after=json.loads(json.dumps({"new": change_set.new})),
    )
