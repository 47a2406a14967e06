"""The page on which many records of a list are changed at once; its preview is the change set itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require
from zhicheng.apps.records import queries
from zhicheng.apps.records.bulk import MOST, changeable, propose_for_many, propose_removal_of_many
from zhicheng.apps.records.edit_views import cells_of
from zhicheng.apps.records.shapes import registry
from zhicheng.kernel.refusals import Refusal


@require_POST
def bulk(request: HttpRequest, type_id: str) -> HttpResponse:
    """Ask what to do with the ticked records (or all that match), then stage it and show what would change."""
    by: Any = request.user
    require(by, "records.prepare")
    record_type = registry.get(type_id)
    chosen = _chosen(request, type_id)
    refusal = None
    step, column = request.POST.get("step", ""), request.POST.get("column", "")
    if step:
        try:
            why = request.POST.get("why", "")
            if step == "delete":
                row = propose_removal_of_many(type_id=type_id, records=chosen, by=by, why=why)
            else:
                text = request.POST.get("value", "")
                row = propose_for_many(
                    type_id=type_id, records=chosen, column=column, text=text, by=by, why=why
                )
        except Refusal as no:
            refusal = no
        else:
            return redirect("records:change_set", key=row.key)
    names = {one.name for one in changeable(record_type)}
    cells = [one for one in cells_of(record_type, {}, {}) if one.name in names]
    context = {
        "type": record_type, "chosen": chosen, "cells": cells, "refusal": refusal, "most": MOST,
        "cell": next((one for one in cells if one.name == column), None), "why": request.POST.get("why", ""),
        "value": request.POST.get("value", ""),
    }  # fmt: skip
    return render(request, "records/bulk.html", context, status=422 if refusal else 200)


def _chosen(request: HttpRequest, type_id: str) -> list[int]:
    """Ids of the ticked rows, or of all that the list's filters match when the person asked for all."""
    if request.POST.get("all") == "1":
        record_type = registry.get(type_id)
        given = queries.given_of(request.POST.get("query", ""))
        rows = queries.matching(record_type, request.user, given).order_by()
        return list(rows.values_list("pk", flat=True)[: MOST + 1])
    ticked = request.POST.getlist("record")
    return [int(one) for one in ticked if one.isdigit() and len(one) <= queries.LONGEST_ID]
