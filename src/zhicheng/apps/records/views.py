"""Pages of records: every type's list and detail, imports with their review, names to confirm."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, record_event, require
from zhicheng.apps.records import actions, queries
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.models import ChangeSet, MatchQuestion
from zhicheng.apps.records.shapes import registry
from zhicheng.apps.records.staging import columns_of, folder_of, preview, problems_of
from zhicheng.engines.intake import template
from zhicheng.engines.intake.rejects import inert
from zhicheng.kernel.refusals import NotFound, Refusal

MAX_UPLOAD = 200 * 1024**2
EXPORTED = 200_000


def index(request: HttpRequest) -> HttpResponse:
    """List the kinds of records by room."""
    require(request.user, "records.view")  # type: ignore[arg-type]
    rooms: dict[str, list[Any]] = {}
    for one in registry:
        rooms.setdefault(one.room, []).append(one)
    return render(request, "records/index.html", {"rooms": rooms.items()})


def records(request: HttpRequest, type_id: str) -> HttpResponse:
    """List one kind of record."""
    record_type = registry.get(type_id)
    given = request.GET.dict()
    found = queries.page(record_type, request.user, given)
    columns = queries.list_columns(record_type, given)
    fields = [record_type.model._meta.get_field(name) for name in record_type.filters]
    filters = [
        {
            "name": one.name,
            "label": one.verbose_name,
            "choices": one.choices,
            "value": given.get(one.name, ""),
        }
        for one in fields
    ]
    context = {
        "type": record_type,
        "page": found,
        "columns": columns,
        "filters": filters,
        "q": given.get("q", ""),
    }
    return render(request, "records/list.html", context)


def export(request: HttpRequest, type_id: str) -> StreamingHttpResponse:
    """Download exactly what is filtered as CSV; the export is logged."""
    record_type = registry.get(type_id)
    given = request.GET.dict()
    rows = queries.matching(record_type, request.user, given).order_by("pk")[:EXPORTED]
    columns = model_columns(record_type)
    masked = not may(request.user, "personal.view")  # type: ignore[arg-type]
    with transaction.atomic():
        by = request.user if request.user.is_authenticated else None
        record_event(by=by, action="records.export", subject=f"type:{type_id}", after=given)  # type: ignore[arg-type]
    writer = csv.writer(_Echo())

    def lines() -> Any:
        yield "\ufeff" + writer.writerow([one.verbose_name for one in columns])
        for row in rows.iterator(chunk_size=2000):
            yield writer.writerow([inert(queries.shown(row, one, masked=masked)) for one in columns])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{type_id}.csv"'
    return answer


class _Echo:
    def write(self, value: str) -> str:
        return value


def blank(request: HttpRequest, type_id: str) -> FileResponse:
    """Download the import template of a kind of record."""
    require(request.user, "records.view")  # type: ignore[arg-type]
    record_type = registry.get(type_id)
    path = Path(tempfile.mkdtemp()) / f"{type_id}.xlsx"
    template(columns_of(record_type), path, record_type.label)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{record_type.label}导入模板.xlsx")


def detail(request: HttpRequest, type_id: str, number: int) -> HttpResponse:
    """Show one record: its columns, parts, and the files it came from."""
    record_type, found = queries.record(type_id, number, request.user)
    masked = not may(request.user, "personal.view")  # type: ignore[arg-type]
    values = [
        (one.verbose_name, queries.shown(found, one, masked=masked), one.help_text)
        for one in model_columns(record_type)
    ]
    context = {
        "type": record_type,
        "record": found,
        "values": values,
        "parts": queries.parts_of(record_type, found),
        "sources": queries.sources_of(record_type, found),
    }
    return render(request, "records/detail.html", context)


def imports(request: HttpRequest) -> HttpResponse:
    """List change sets, and take a new file."""
    require(request.user, "records.prepare")  # type: ignore[arg-type]
    if request.method == "POST":
        return _upload(request)
    rows = ChangeSet.objects.select_related("prepared_by")[:100]
    return render(request, "records/imports.html", {"rows": rows, "types": list(registry)})


def _upload(request: HttpRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None or not given.name:
        raise Refusal("没有选择文件。", fix="请选择要导入的文件。")
    if given.size and given.size > MAX_UPLOAD:
        raise Refusal(f"文件超过 {MAX_UPLOAD // 1024**2} MB。", fix="请用命令 zhicheng load 导入大文件。")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(given.name).name
        with path.open("wb") as stream:
            for block in given.chunks():
                stream.write(block)
        change_set = actions.stage_file(path, by=request.user, type_id=request.POST.get("type") or None)  # type: ignore[arg-type]
    return redirect("records:change_set", key=change_set.key)


def change_set(request: HttpRequest, key: str) -> HttpResponse:
    """Show a change set: what is new, what changed from what to what, what was rejected and why."""
    require(request.user, "records.view")  # type: ignore[arg-type]
    row = get_object_or_404(ChangeSet, key=key)
    record_type = registry.get(row.type)
    labels = {one.name: str(one.verbose_name) for one in model_columns(record_type)}
    new = preview(row, "new", 30)
    changed = [
        {
            "key": "、".join(str(one[name] or "") for name in record_type.key),
            "fields": [(labels.get(name, name), one[f"b_{name}"], one[name]) for name in one["__fields__"]],
        }
        for one in preview(row, "changed", 30)
    ]
    context = {
        "row": row,
        "type": record_type,
        "columns": [labels.get(name, name) for name in record_type.list_columns],
        "new": [[one.get(name) for name in record_type.list_columns] for one in new],
        "changed": changed,
        "problems": problems_of(row, 100),
        "rejects": (folder_of(row) / "rejects.csv").exists(),
        "may_approve": may(request.user, "records.approve"),  # type: ignore[arg-type]
        "mapping": row.mapping.get("matched", {}).items(),
        "unmatched": row.mapping.get("unmatched", []),
    }
    return render(request, "records/change_set.html", context)


@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Submit, approve, discard or undo a change set."""
    row = get_object_or_404(ChangeSet, key=key)
    why, step = request.POST.get("why", ""), request.POST.get("step", "")
    by: Any = request.user
    if step == "submit":
        actions.submit(change_set=row, by=by)
    elif step == "approve":
        actions.approve(change_set=row, by=by)
    elif step == "discard":
        actions.discard(change_set=row, by=by, why=why)
    elif step == "undo":
        actions.undo(change_set=row, by=by, why=why)
    else:
        raise Refusal(f"没有“{step}”这一步。", fix="请用页面上的按钮。")
    return redirect("records:change_set", key=key)


def rejects(request: HttpRequest, key: str) -> FileResponse:
    """Download rejected rows, to mend and import again."""
    require(request.user, "records.prepare")  # type: ignore[arg-type]
    row = get_object_or_404(ChangeSet, key=key)
    path = folder_of(row) / "rejects.csv"
    if not path.exists():
        raise NotFound("这个变更集没有退回的行。", fix="请返回变更集。")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"退回-{row.source}.csv")


def names(request: HttpRequest) -> HttpResponse:
    """Confirm which organisation a name means."""
    require(request.user, "records.approve")  # type: ignore[arg-type]
    if request.method == "POST":
        question = get_object_or_404(MatchQuestion, pk=request.POST.get("question"))
        chosen = request.POST.get("organisation", "")
        actions.decide_match(
            question=question, organisation=int(chosen) if chosen.isdigit() else None, by=request.user
        )  # type: ignore[arg-type]
        return redirect("records:names")
    rows = MatchQuestion.objects.filter(decided=False)[:50]
    return render(request, "records/names.html", {"rows": rows})
