"""Pages of records: the kinds there are, every kind's list, one record's story, exports and templates."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, record_event, require
from zhicheng.apps.records import details, queries, trail, view_actions
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.exporting import csv_lines, workbook
from zhicheng.apps.records.fields import Entry
from zhicheng.apps.records.providers import providers
from zhicheng.apps.records.sections import sections
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.staging import columns_of
from zhicheng.apps.web.public import grouped, place_of
from zhicheng.engines.intake import template

LONG = 14
NUMBERS = {"money", "integer", "decimal"}
ROOMS = {
    "ledger": _("基础台账"),
    "creation": _("创造"),
    "utilization": _("运用"),
    "protection": _("保护"),
    "administration": _("管理"),
    "public_service": _("服务"),
    "quality": _("质量品牌"),
    "figures": _("目标与引用"),
}


def index(request: HttpRequest) -> HttpResponse:
    """List the kinds of records by room, with how many of each there are."""
    require(request.user, "records.view")
    rooms: dict[str, list[Any]] = {}
    for one in registry:
        rooms.setdefault(one.room, []).append(one)
    order = list(ROOMS)
    shown = [
        (ROOMS.get(room, room), rooms[room])
        for room in sorted(rooms, key=lambda one: order.index(one) if one in ROOMS else len(order))
    ]
    context = {
        "rooms": shown,
        "may_prepare": may(request.user, "records.prepare"),
        "may_approve": may(request.user, "records.approve"),
    }
    return render(request, "records/index.html", context)


def records(request: HttpRequest, type_id: str) -> HttpResponse:
    """List one kind of record."""
    record_type = registry.get(type_id)
    given = _given(request)
    found = queries.page(record_type, request.user, given)
    chosen = queries.list_columns(record_type, given)
    names = {one.name for one in chosen}
    kinds = ["num" if one.kind in NUMBERS else "nowrap" if one.kind == "date" else "" for one in chosen]
    query = request.GET.copy()
    query.pop("after", None)
    count = (
        _("1 万条以上")
        if found.more
        else ngettext("%(count)s 条", "%(count)s 条", found.count) % {"count": grouped(found.count)}
    )
    context = {
        "type": record_type,
        "page": found,
        "rows": [(pk, [_cell(*pair) for pair in zip(cells, kinds, strict=True)]) for pk, cells in found.rows],
        "pager": {"count": count, "next": found.next, "back": bool(given.get("after"))},
        "columns": chosen,
        "all_columns": [(one, one.name in names) for one in model_columns(record_type)],
        "filters": [
            _filter(record_type, name, given) for name in queries.filters_of(record_type, request.user)
        ],
        "q": given.get("q", ""),
        "query": query.urlencode(),
        "views": queries.saved_views(record_type, request.user),
        "may_prepare": may(request.user, "records.prepare"),
    }
    return render(request, "records/list.html", context)


def _cell(text: str, kind: str) -> tuple[str, str]:
    """A cell and how it is set: words that need a column of their own width on a phone are long."""
    return text, kind or ("long" if len(text) > LONG else "")


def _given(request: HttpRequest) -> dict[str, str]:
    """What the address asks for; the ticked columns as one word."""
    return queries.given_of(request.GET.urlencode())


def _filter(record_type: RecordType, name: str, given: dict[str, str]) -> dict[str, Any]:
    one: Any = record_type.model._meta.get_field(name)
    choices = one.choices
    if one.kind == "region":
        choices = [(code, place) for code, place, _short in providers.regions()]
    elif isinstance(one, Entry):
        choices = list(one.named().items())
    return {
        "name": name, "label": one.verbose_name, "kind": one.kind, "choices": choices,
        "value": given.get(name, ""), "first": given.get(f"{name}.from", ""), "last": given.get(f"{name}.to", ""),
    }  # fmt: skip


@require_POST
def keep_view(request: HttpRequest, type_id: str) -> HttpResponse:
    """Keep this list's filters and columns under a name, or forget a view."""
    record_type = registry.get(type_id)
    by: Any = request.user
    if request.POST.get("drop", "").isdigit():
        view_actions.drop_view(view=int(request.POST["drop"]), by=by)
        return redirect("records:list", type_id=type_id)
    query = request.POST.get("query", "")
    view_actions.keep_view(type_id=record_type.id, name=request.POST.get("name", ""), query=query, by=by)
    return redirect(f"/records/{record_type.id}/?{query}")


def export(request: HttpRequest, type_id: str, form: str) -> Any:
    """Download exactly what is filtered, with the columns shown or all; the export is logged."""
    record_type = registry.get(type_id)
    given = _given(request)
    rows = queries.matching(record_type, request.user, given).order_by("pk")
    columns = queries.list_columns(record_type, given) if given.get("columns") else model_columns(record_type)
    masked = not may(request.user, "personal.view")
    with transaction.atomic():
        by = request.user if request.user.is_authenticated else None
        personal = [one.name for one in columns if one.personal and not masked]
        record_event(
            by=by, action="records.export", subject=f"type:{type_id}",
            after={**given, "form": form, "personal": personal},
        )  # fmt: skip
    if form == "xlsx":
        path = workbook(rows, columns, record_type.label, masked=masked)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{record_type.label}.xlsx")
    answer = StreamingHttpResponse(
        csv_lines(rows, columns, masked=masked), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{type_id}.csv"'
    return answer


def blank(request: HttpRequest, type_id: str) -> FileResponse:
    """Download the import template of a kind of record."""
    require(request.user, "records.view")
    record_type = registry.get(type_id)
    path = Path(tempfile.mkdtemp()) / f"{type_id}.xlsx"
    template(columns_of(record_type), path, record_type.label)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{record_type.label}导入模板.xlsx")


def detail(request: HttpRequest, type_id: str, number: int) -> HttpResponse:
    """Show one record: its columns, parts, the files it came from, who changed it, what is disputed."""
    record_type, found = queries.record(type_id, number, request.user)
    masked = not may(request.user, "personal.view")
    columns = model_columns(record_type)
    words = queries.words_of(record_type, columns, [found])
    cells = [queries.shown(found, one, masked=masked, words=words) for one in columns]
    values = [
        (one.verbose_name, cell, one.help_text, one.unit) for one, cell in zip(columns, cells, strict=True)
    ]
    sources, disputes = details.sources_of(record_type, found), details.disputes_of(record_type, found)
    context = {
        "type": record_type,
        "record": found,
        "title": details.title_of(record_type, found, masked=masked),
        "values": values,
        "parts": details.parts_of(record_type, found),
        "story": details.story_of(record_type, found),
        "links": details.links_of(record_type, found, request.user),
        "sources": sources,
        "trail": trail.trail_of(record_type, found, sources, disputes, request.user)
        if trail.sees_trail(found, request.user)
        else None,
        "sections": sections.of(record_type, found, request.user, place_of(request)),
        "disputes": disputes,
        "may_prepare": may(request.user, "records.prepare", region=found.region_code or None),
        "may_dispute": may(request.user, "disputes.raise")
        and queries.about(record_type, request.user).filter(pk=number).exists(),
    }
    return render(request, "records/detail.html", context)
