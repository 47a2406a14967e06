"""Pages on which single records are made, changed, merged, deleted and disputed, and names are confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zhicheng.apps.accounts.public import may, require, signed_in
from zhicheng.apps.records import disputes, queries
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.editing import (
    Draft,
    Invalid,
    propose,
    propose_removal,
    written,
)
from zhicheng.apps.records.fields import Entry
from zhicheng.apps.records.models import Dispute
from zhicheng.apps.records.providers import providers
from zhicheng.apps.records.references import references_to
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.kernel.refusals import Refusal


@dataclass(frozen=True)
class Cell:
    """One field of the form of a record."""

    name: str
    label: str
    help: str
    kind: str
    unit: str
    value: str
    choices: list[tuple[str, str]]
    problem: str
    required: bool


def cells_of(
    record_type: RecordType,
    values: dict[str, str],
    problems: dict[str, str],
    *,
    hidden: frozenset[str] = frozenset(),
) -> list[Cell]:
    """Fields of the form of a record type: its columns but the hidden ones, then the columns that feed its parts."""
    places = [(code, f"{name}（{code}）") for code, name, _ in providers.regions()]
    found = []
    for one in model_columns(record_type):
        if one.name in hidden:
            continue
        choices = places if one.kind == "region" else [(str(v), str(label)) for v, label in one.choices or ()]
        if isinstance(one, Entry):
            choices = list(one.named().items())
        if one.kind == "boolean":
            choices = [("是", "是"), ("否", "否")]
        value = values.get(one.name, "")
        if choices and value and value not in dict(choices):
            choices = [*choices, (value, value)]
        found.append(
            Cell(
                one.name, str(one.verbose_name), str(one.help_text), one.kind, one.unit, value, choices,
                problems.get(one.name, ""), one.name in record_type.key,
            )
        )  # fmt: skip
    for name, (label, _words, kind) in record_type.virtual.items():
        help_text = "多个用分号隔开；留空则不改动" if kind == "list" else "留空则不改动"
        found.append(
            Cell(name, label, help_text, kind, "", values.get(name, ""), [], problems.get(name, ""), False)
        )
    return found


def new(request: HttpRequest, type_id: str) -> HttpResponse:
    """Make a record; it waits for review like any import."""
    return _form(request, registry.get(type_id), None)


def edit(request: HttpRequest, type_id: str, number: int) -> HttpResponse:
    """Change a record; it waits for review like any import."""
    require(request.user, "records.prepare")
    record_type, record = queries.record(type_id, number, request.user, queries.in_charge)
    return _form(request, record_type, record)


def _form(request: HttpRequest, record_type: RecordType, record: Any) -> HttpResponse:
    require(request.user, "records.prepare")
    hidden = _hidden(record_type, request) if record else frozenset()
    values, problems, refusal = written(record_type, record), {}, ""
    if request.method == "POST":
        names = {one.name for one in model_columns(record_type)} | set(record_type.virtual)
        values = {name: request.POST[name] for name in names - hidden if name in request.POST}
        asked = {name: text for name, text in values.items() if text or name not in record_type.virtual}
        draft = Draft(
            record_type.id, asked, record.pk if record else None,
            int(request.POST["revision"]) if record and request.POST.get("revision", "").isdigit() else None,
        )  # fmt: skip
        try:
            row = propose(draft=draft, by=signed_in(request.user), why=request.POST.get("why", ""))
        except Invalid as invalid:
            problems, refusal = invalid.problems, str(invalid)
        except Refusal as no:
            refusal = str(no)
        else:
            return redirect("records:change_set", key=row.key)
    context = {
        "type": record_type, "record": record, "cells": cells_of(record_type, values, problems, hidden=hidden),
        "refusal": refusal, "why": request.POST.get("why", ""),
    }  # fmt: skip
    return render(request, "records/edit.html", context, status=422 if refusal else 200)


def _hidden(record_type: RecordType, request: HttpRequest) -> frozenset[str]:
    """Personal columns of a record, for those who may not see them: they stay as they are."""
    if may(request.user, "personal.view"):
        return frozenset()
    return frozenset(one.name for one in model_columns(record_type) if one.personal)


def remove(request: HttpRequest, type_id: str, number: int) -> HttpResponse:
    """Delete a record or merge it into another one, with the reason."""
    require(request.user, "records.prepare")
    record_type, record = queries.record(type_id, number, request.user, queries.in_charge)
    refusal = ""
    if request.method == "POST":
        try:
            into = _successor(record_type, request.POST.get("into", ""), request.user)
            row = propose_removal(
                type_id=type_id, record=number, into=into, by=signed_in(request.user), why=request.POST.get("why", "")
            )  # fmt: skip
        except Refusal as no:
            refusal = str(no)
        else:
            return redirect("records:change_set", key=row.key)
    context = {
        "type": record_type, "record": record, "links": references_to(record, record_type), "refusal": refusal,
        "into": request.POST.get("into", ""), "why": request.POST.get("why", ""),
    }  # fmt: skip
    return render(request, "records/remove.html", context, status=422 if refusal else 200)


def _successor(record_type: RecordType, text: str, user: Any) -> int | None:
    """Id of the record that a person named by its key or, unless that is ambiguous, by its name."""
    if not (text := text.strip()):
        return None
    rows = queries.in_charge(record_type, user)
    for name in dict.fromkeys((*record_type.key, "uscc", "number", "name")):
        if name in {one.name for one in model_columns(record_type)}:
            found = list(rows.filter(**{name: text}).values_list("pk", flat=True)[:2])
            if len(found) == 1:
                return int(found[0])
    raise Refusal(f"找不到编号或名称为“{text}”的唯一一条{record_type.label}。", fix="请填写完整编号。")


def dispute(request: HttpRequest, type_id: str, number: int) -> HttpResponse:
    """Let an organisation dispute a row that is about it."""
    require(request.user, "disputes.raise")
    record_type, record = queries.record(type_id, number, request.user, queries.about)
    refusal = ""
    if request.method == "POST":
        try:
            disputes.raise_dispute(
                type_id=type_id, record=record, text=request.POST.get("text", ""), by=signed_in(request.user)
            )  # fmt: skip
        except Refusal as no:
            refusal = str(no)
        else:
            return redirect("records:disputes")
    context = {
        "type": record_type,
        "record": record,
        "refusal": refusal,
        "text": request.POST.get("text", ""),
    }
    return render(request, "records/dispute.html", context, status=422 if refusal else 200)


def dispute_list(request: HttpRequest) -> HttpResponse:
    """List disputes: an organisation its own, an officer those of the region, who answers them here."""
    if request.method == "POST":
        row = get_object_or_404(disputes.visible(request.user), pk=request.POST.get("dispute"))
        disputes.answer(
            dispute=row, accepted=request.POST.get("verdict") == "accept",
            text=request.POST.get("answer", ""), by=signed_in(request.user),
        )  # fmt: skip
        return redirect("records:disputes")
    rows, following = disputes.page(request.user, request.GET.get("after", ""))
    labels = {one.id: one.label for one in registry}
    shown = [{"row": one, "label": labels.get(one.type, one.type)} for one in rows]
    context = {"rows": shown, "next": following, "may_answer": disputes.may_answer(request.user),
               "open": Dispute.State.OPEN}  # fmt: skip
    return render(request, "records/disputes.html", context)
