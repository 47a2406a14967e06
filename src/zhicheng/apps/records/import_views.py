"""Pages of imports: a file goes in, its change set is watched, reviewed, approved and, if need be, undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, require
from zhicheng.apps.records import actions, queries, tasks
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.reviewing import preview, problems_of
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.staging import columns_of, folder_of
from zhicheng.kernel.refusals import NotFound, Refusal

MAX_UPLOAD = 200 * 1024**2
# Smaller files and sets are done while the person waits; they take a second or two.
READ_AT_ONCE = 2 * 1024**2
WRITE_AT_ONCE = 5_000
PREVIEWED = 30
Status = ChangeSet.Status


def imports(request: HttpRequest) -> HttpResponse:
    """List change sets, and take a new file."""
    require(request.user, "records.prepare")  # type: ignore[arg-type]
    if request.method == "POST":
        return _upload(request)
    found = queries.change_sets_page(
        request.user, request.GET.get("after", ""), request.GET.get("status", "")
    )
    labels = {one.id: one.label for one in registry}
    rows = [{"row": one, "label": labels.get(one.type, one.type)} for one in found.rows]
    context = {"rows": rows, "next": found.next, "types": list(registry), "statuses": Status.choices,
               "status": request.GET.get("status", "")}  # fmt: skip
    return render(request, "records/imports.html", context)


def _upload(request: HttpRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None or not given.name:
        raise Refusal("没有选择文件。", fix="请选择要导入的文件。")
    if given.size and given.size > MAX_UPLOAD:
        raise Refusal(f"文件超过 {MAX_UPLOAD // 1024**2} MB。", fix="请用命令 zhicheng load 导入大文件。")
    name = Path(given.name).name
    folder = Path(settings.ZHICHENG_HOME) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4()}{Path(name).suffix}"
    with path.open("wb") as stream:
        for block in given.chunks():
            stream.write(block)
    return _read(request, path, name, type_id=request.POST.get("type") or None)


def _read(
    request: HttpRequest, path: Path, name: str, *, type_id: str | None, mapping: dict[str, str] | None = None
) -> HttpResponse:
    by: Any = request.user
    try:
        row = actions.begin_reading(path, by=by, type_id=type_id, mapping=mapping, source=name)
        if path.stat().st_size > READ_AT_ONCE:
            tasks.read_upload.enqueue(row.pk, by.pk)
        else:
            actions.read_into(row, path, by=by)
    except Refusal:
        path.unlink(missing_ok=True)
        raise
    return redirect("records:change_set", key=row.key)


def change_set(request: HttpRequest, key: str) -> HttpResponse:
    """Show a change set: progress while it runs, then what is new, what changed and what was rejected and why."""
    row = queries.change_set(key, request.user)
    record_type = registry.get(row.type)
    context: dict[str, Any] = {"row": row, "type": record_type, **_progress(row)}
    if not context["running"]:
        context |= _review(row, record_type, request)
    return render(request, "records/change_set.html", context)


def progress(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the page that asks how far the work is; when it is done the page is loaded anew."""
    row = queries.change_set(key, request.user)
    state = _progress(row)
    answer = render(request, "records/_running.html", {"row": row, **state})
    if not state["running"]:
        answer["HX-Refresh"] = "true"
    return answer


def _progress(row: ChangeSet) -> dict[str, Any]:
    total = row.new + row.changed + row.unchanged if row.status == Status.APPLYING else 0
    return {
        "running": row.status in (Status.PARSING, Status.APPLYING),
        "done": row.done, "total": total, "share": min(100, row.done * 100 // total) if total else 0,
    }  # fmt: skip


def _review(row: ChangeSet, record_type: RecordType, request: HttpRequest) -> dict[str, Any]:
    labels = {one.name: str(one.verbose_name) for one in model_columns(record_type)}
    names = record_type.list_columns
    changed = [
        {
            "key": "、".join(str(one[name] or "") for name in record_type.key),
            "fields": [(labels.get(name, name), one[f"b_{name}"], one[name]) for name in one["__fields__"]],
        }
        for one in preview(row, "changed", PREVIEWED)
    ]
    removed = [
        {"key": "、".join(str(one[name] or "") for name in record_type.key), "into": one.get("__into__")}
        for one in preview(row, "deleted", PREVIEWED)
    ]
    matched = row.mapping.get("matched", {})
    unmatched = row.mapping.get("unmatched", [])
    return {
        "columns": [labels.get(name, name) for name in names],
        "new": [[one.get(name) for name in names] for one in preview(row, "new", PREVIEWED)],
        "changed": changed,
        "removed": removed,
        "problems": problems_of(row, 100),
        "rejects": (folder_of(row) / "rejects.csv").exists(),
        "may_approve": may(request.user, "records.approve", region=row.region_code or None),  # type: ignore[arg-type]
        "mapping": [(header, matched.get(header, "")) for header in [*matched, *unmatched]],
        "targets": [(one.name, one.label) for one in columns_of(record_type)],
        "open": row.status in (Status.STAGED, Status.SUBMITTED),
    }


@require_POST
def remap(request: HttpRequest, key: str) -> HttpResponse:
    """Read the file again with the mapping the person corrected; it is remembered for headers like these."""
    row = queries.change_set(key, request.user)
    given = request.FILES.get("file")
    if given is None or not given.name:
        raise Refusal("改列的对应要重新读取文件。", fix="请再次选择同一个文件。")
    headers = request.POST.getlist("header")
    chosen = request.POST.getlist("column")
    mapping = dict(zip(headers, chosen, strict=False))
    path = Path(settings.ZHICHENG_HOME) / "uploads" / f"{uuid4()}{Path(given.name).suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        for block in given.chunks():
            stream.write(block)
    answer = _read(request, path, Path(given.name).name, type_id=row.type, mapping=mapping)
    actions.discard(change_set=row, by=request.user, why="改正列的对应后重新读取")  # type: ignore[arg-type]
    return answer


@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Submit, approve, discard, undo or cancel a change set."""
    row = queries.change_set(key, request.user)
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
        raise Refusal(f"没有“{step}”这一步。", fix="请用页面上的按钮。")
    return redirect("records:change_set", key=key)


def _approve(row: ChangeSet, by: Any) -> None:
    if row.new + row.changed <= WRITE_AT_ONCE:
        actions.approve(change_set=row, by=by)
        return
    actions.begin_applying(change_set=row, by=by)
    tasks.apply_approved.enqueue(row.pk, by.pk)


def rejects(request: HttpRequest, key: str) -> FileResponse:
    """Download rejected rows, to mend and import again."""
    require(request.user, "records.prepare")  # type: ignore[arg-type]
    row = queries.change_set(key, request.user)
    path = folder_of(row) / "rejects.csv"
    if not path.exists():
        raise NotFound("这个变更集没有退回的行。", fix="请返回变更集。")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"退回-{row.source}.csv")
