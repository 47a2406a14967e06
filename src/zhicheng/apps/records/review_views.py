"""Pages of a change set: watched while it runs, reviewed, approved, stopped and, if need be, undone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, require
from zhicheng.apps.records import actions, set_queries, tasks
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.queries import region_words
from zhicheng.apps.records.reviewing import (
    cell_of,
    changes_of,
    personal_columns,
    preview,
    problem_counts,
    problems_of,
    rejected_rows,
)
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.staging import columns_of, folder_of
from zhicheng.apps.records.working import being_written, how_far
from zhicheng.engines.intake import rejects_workbook
from zhicheng.kernel.refusals import NotFound, Refusal

# Smaller sets are written while the person waits.
WRITE_AT_ONCE = 5_000
PREVIEWED = 30
Status = ChangeSet.Status
RUNNING = (Status.PARSING, Status.APPLYING)


def change_set(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a change set: progress while it runs, then what is new, what changed and what was rejected and why."""
    row = set_queries.change_set(key, request.user)
    if row.status in RUNNING and actions.recover_interrupted():
        row = set_queries.change_set(key, request.user)
    record_type = registry.get(row.type)
    context: dict[str, Any] = {"row": row, "type": record_type, **_progress(row)}
    if not context["running"]:
        context |= _review(row, record_type, request)
    return render(request, "records/change_set.html", context)


def progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """Answer the page that asks how far the work is; when it is done the page is loaded anew."""
    row = set_queries.change_set(key, request.user)
    state = _progress(row)
    answer = render(request, "records/_running.html", {"row": row, **state})
    if not state["running"]:
        answer["HX-Refresh"] = "true"
    return answer


def _progress(row: ChangeSet) -> dict[str, Any]:
    total = row.new + row.changed + row.unchanged if row.status == Status.APPLYING else 0
    far = how_far(row)
    return {
        "running": row.status in RUNNING, "step": far.step, "done": far.done, "rate": far.rate,
        "total": total, "share": min(100, far.done * 100 // total) if total else 0,
    }  # fmt: skip


def writing(request: HttpRequest) -> HttpResponse:
    """Tell a page that waits who writes the ledger just now and how far they are; nothing when nobody does."""
    require(request.user, "records.view")
    found = being_written()
    if not found:
        return HttpResponse(status=204)
    row, far = found[0]
    shown = may(request.user, "records.prepare")
    total = row.new + row.changed + row.unchanged
    return render(
        request, "records/_writing.html", {"row": row if shown else None, "far": far, "total": total}
    )


def _review(row: ChangeSet, record_type: RecordType, request: HttpRequest) -> dict[str, Any]:
    columns = {one.name: one for one in model_columns(record_type)}
    shown = [columns[name] for name in record_type.list_columns if name in columns]
    words = region_words(shown)
    offset = _offset(request, "more")
    masked = not may(request.user, "personal.view")
    matched, unmatched = row.mapping.get("matched", {}), row.mapping.get("unmatched", [])
    return {
        "columns": [one.verbose_name for one in shown],
        "new": [[cell_of(one, cells, words, masked=masked) for one in shown] for cells in preview(row, "new", PREVIEWED, offset)],
        "changed": changes_of(row, PREVIEWED, offset, masked=masked),
        "removed": _removed(row, record_type),
        "offset": offset, "next_offset": offset + PREVIEWED if max(row.new, row.changed) > offset + PREVIEWED else 0,
        "problem_counts": problem_counts(row), "problems": problems_of(row, 100, masked=masked),
        "rejected": rejected_rows(row, PREVIEWED, masked=masked),
        "rejects": (folder_of(row) / "rejects.csv").exists(),
        "may_approve": may(request.user, "records.approve", region=row.region_code or None),
        "own": row.prepared_by_id == request.user.pk,
        "mapping": [(header, matched.get(header, "")) for header in [*matched, *unmatched]],
        "targets": [(one.name, one.label) for one in columns_of(record_type)],
        "file_kept": bool(row.upload) and Path(row.upload).exists(),
        "open": row.status in (Status.STAGED, Status.SUBMITTED),
    }  # fmt: skip


def _offset(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _removed(row: ChangeSet, record_type: RecordType) -> list[dict[str, Any]]:
    return [
        {"key": "、".join(str(one[name] or "") for name in record_type.key), "into": one.get("__into__")}
        for one in preview(row, "deleted", PREVIEWED)
    ]


@require_POST
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Submit, approve, discard, undo or cancel a change set."""
    row = set_queries.change_set(key, request.user)
    why, step = request.POST.get("why", ""), request.POST.get("step", "")
    by: Any = request.user
    if step == "submit":
        actions.submit(change_set=row, by=by)
    elif step == "approve":
        _approve(row, by)
    elif step == "discard":
        actions.discard(change_set=row, by=by, why=why)
    elif step == "undo":
        actions.undo(change_set=row, by=by, why=why)
    elif step == "cancel":
        actions.cancel(change_set=row, by=by)
    else:
        raise Refusal(f"没有“{step[:40]}”这一步。", fix="请用页面上的按钮。")
    return redirect("records:change_set", key=key)


def _approve(row: ChangeSet, by: Any) -> None:
    if row.new + row.changed + row.unchanged <= WRITE_AT_ONCE:
        actions.approve(change_set=row, by=by)
        return
    actions.begin_applying(change_set=row, by=by)
    tasks.apply_approved.enqueue(row.pk, by.pk)


def rejects(request: HttpRequest, key: UUID, form: str) -> FileResponse:
    """Download rejected rows as CSV or workbook, to mend and import again."""
    require(request.user, "records.prepare")
    row = set_queries.change_set(key, request.user)
    if row.prepared_by_id != request.user.pk and personal_columns(row):
        require(request.user, "personal.view")
    path = folder_of(row) / "rejects.csv"
    if not path.exists():
        raise NotFound("这个变更集没有退回的行。", fix="请返回变更集。")
    if form == "xlsx":
        book = Path(tempfile.mkdtemp()) / "rejects.xlsx"
        rejects_workbook(path, book)
        path = book
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"退回-{Path(row.source).stem}.{form}")
