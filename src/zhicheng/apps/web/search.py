"""The search of the top bar: records of every type the person may see, a few of each."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.apps.accounts.public import may
from zhicheng.apps.records.public import RecordType, registry
from zhicheng.apps.web.navigation import exists
from zhicheng.apps.web.place import scope_of

SHOWN = 6
SHORTEST = 2


def search(request: HttpRequest) -> HttpResponse:
    """Find records whose names or numbers hold the words."""
    words = request.GET.get("q", "").strip()
    groups = []
    if len(words) >= SHORTEST:
        groups = [group for one in registry.all() if (group := _found(request, one, words))["rows"]]
    context = {"words": words, "groups": groups, "too_short": bool(words) and len(words) < SHORTEST}
    return render(request, "web/search.html", context)


def _found(request: HttpRequest, one: RecordType, words: str) -> dict[str, Any]:
    """Return the first records of a type that match, none of a type the person may not read."""
    group: dict[str, Any] = {"label": one.label, "path": f"/records/{one.id}/", "rows": []}
    if not one.search or not (one.public or may(request.user, "records.view")):
        return group
    rows = one.model._base_manager.all()
    seen = scope_of(request)
    if not one.public:
        rows = rows.filter(seen.regions_q() | _own(one, seen.organisation_ids))
    hidden = () if may(request.user, "personal.view") else _personal(one)
    matching = Q(pk__in=())
    for column in set(one.search).difference(hidden):
        matching |= Q(**{f"{column}__icontains": words})
    open_each = exists(f"/records/{one.id}/1/")
    for row in rows.filter(matching).order_by("pk")[:SHOWN]:
        title, more = _described(one, row, words, hidden)
        href = f"{group['path']}{row.pk}/" if open_each else ""
        group["rows"].append({"title": title, "more": more, "href": href})
    group["open"] = exists(group["path"])
    return group


def _described(one: RecordType, row: Model, words: str, hidden: tuple[str, ...]) -> tuple[str, str]:
    """Return what was found in the record, and two or three of its other columns in words."""
    searched = {name: str(getattr(row, name) or "") for name in one.search if name not in hidden}
    hits = [value for value in searched.values() if words.lower() in value.lower()]
    title = hits[0] if hits else next(iter(searched.values()), str(row.pk))
    shown = []
    for name in one.list_columns:
        if not _is_column(one, name) or name in hidden:
            continue
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        if value not in (None, "") and str(value) != title:
            shown.append(str(value))
    return title, " · ".join(shown[:3])


def _own(one: RecordType, organisation_ids: tuple[int, ...]) -> Q:
    if organisation_ids and _is_column(one, "organisation"):
        return Q(organisation__in=organisation_ids)
    return Q(pk__in=())


def _personal(one: RecordType) -> tuple[str, ...]:
    return tuple(field.name for field in one.model._meta.concrete_fields if getattr(field, "personal", False))


def _is_column(one: RecordType, name: str) -> bool:
    return any(field.name == name for field in one.model._meta.concrete_fields)
