"""Pages of imports: a file goes in, is recognised or told what it is, and its mapping can be corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require
from zhicheng.apps.records import actions, set_queries, tasks, uploads
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.shapes import registry
from zhicheng.apps.records.staging import Unrecognised, columns_of, first_rows, proposed_mapping
from zhicheng.engines.intake import WORKBOOK_LIMIT, row_words, sniff
from zhicheng.kernel.refusals import Refusal

# Smaller files are read while the person waits; it takes a second or two.
READ_AT_ONCE = 2 * 1024**2
SAMPLE_ROWS = 5
Status = ChangeSet.Status


def imports(request: HttpRequest) -> HttpResponse:
    """List change sets, and take a new file."""
    require(request.user, "records.prepare")
    refusal = None
    if request.method == "POST":
        try:
            return _upload(request)
        except Refusal as no:
            refusal = no
    status = request.GET.get("status", "")
    found = set_queries.change_sets_page(request.user, request.GET.get("after", ""), status)
    labels = {one.id: one.label for one in registry}
    rows = [{"row": one, "label": labels.get(one.type, one.type)} for one in found.rows]
    context = {
        "rows": rows, "page": {"next": found.next, "back": bool(request.GET.get("after")), "count": ""},
        "types": list(registry), "statuses": Status.choices, "status": status, "refusal": refusal,
        "workbook_rows": WORKBOOK_LIMIT, "largest": uploads.MAX_UPLOAD // 1024**2,
    }  # fmt: skip
    return render(request, "records/imports.html", context, status=422 if refusal else 200)


def _upload(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    kept = uploads.keep(request.FILES.get("file"), by)
    type_id = request.POST.get("type") or None
    try:
        return _read(by, kept, type_id=type_id)
    except Unrecognised as unclear:
        answer = redirect("records:assign", token=kept.token)
        if chosen := type_id or unclear.type_id:
            answer["Location"] += f"?type={chosen}"
        return answer
    except Refusal:
        uploads.forget(kept.path)
        raise


def _read(
    by: Any, kept: uploads.Kept, *, type_id: str | None, mapping: dict[str, str] | None = None
) -> HttpResponse:
    row = actions.begin_reading(kept.path, by=by, type_id=type_id, mapping=mapping, source=kept.name)
    if kept.path.stat().st_size > READ_AT_ONCE:
        tasks.read_upload.enqueue(row.pk, by.pk)
    else:
        actions.read_into(row, kept.path, by=by)
    return redirect("records:change_set", key=row.key)


def assign(request: HttpRequest, token: UUID) -> HttpResponse:
    """Let a person say what a file holds that no kind of record explains: its kind, and column by column."""
    by: Any = request.user
    require(by, "records.prepare")
    kept = uploads.kept(token, by)
    refusal = None
    if request.method == "POST":
        try:
            return _read(by, kept, type_id=request.POST.get("type", ""), mapping=_chosen(request))
        except Refusal as no:
            refusal = no
    type_id = request.POST.get("type") or request.GET.get("type", "")
    head = first_rows(kept.path)
    record_type = registry.get(type_id) if type_id else None
    matched = _chosen(request) or (proposed_mapping(record_type, head.header).matched if record_type else {})
    context = {
        "kept": kept, "kind": sniff(kept.path), "types": list(registry), "type": record_type, "refusal": refusal,
        "header": [(name, matched.get(name, "")) for name in head.header],
        "sample": [
            (row_words(number), cells) for number, *cells in head.frame.head(SAMPLE_ROWS).iter_rows()
        ],
        "targets": [(one.name, one.label, one.required) for one in columns_of(record_type)] if record_type else [],
    }  # fmt: skip
    return render(request, "records/assign.html", context, status=422 if refusal else 200)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """Header → column as the person set them."""
    return dict(zip(request.POST.getlist("header"), request.POST.getlist("column"), strict=False))


@require_POST
def remap(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read the file again with the mapping the person corrected; it is remembered for headers like these."""
    by: Any = request.user
    row = set_queries.change_set(key, by)
    kept = uploads.again(Path(row.upload), row.source, by) if row.upload else None
    if kept is None:
        if not request.FILES.get("file"):
            raise Refusal("上传的文件已不在，改列的对应要重新读取它。", fix="请再次选择同一个文件。")
        kept = uploads.keep(request.FILES.get("file"), by)
    try:
        answer = _read(by, kept, type_id=row.type, mapping=_chosen(request))
    except Refusal:
        uploads.forget(kept.path)
        raise
    actions.discard(change_set=row, by=by, why="改正列的对应后重新读取")
    return answer
