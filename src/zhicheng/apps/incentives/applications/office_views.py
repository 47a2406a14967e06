"""Pages of officers over applications: the worklist, one application beside the ledger, its decision, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import scope
from zhicheng.apps.incentives.applications import deciding, queries
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.apps.web.public import place_of, region_choices
from zhicheng.kernel.refusals import Refusal

FILTERS = ("state", "clause", "region", "left", "q", "after")
HEADER = (words("办件编号"), words("单位"), words("信用代码"), words("区划"), words("条款"), words("事实编号"), words("申报日"), words("状态"), words("兑付期限"), words("剩余天数"))  # fmt: skip


def _given(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "") for name in FILTERS}
    if "state" not in request.GET:
        given["state"] = "open"
    return given


def worklist(request: HttpRequest) -> HttpResponse:
    """List what firms have applied for, filtered by state, clause, region and days left."""
    given = _given(request)
    context = {
        "page": queries.worklist(request.user, given, today()), "given": given, "today": today(),
        "states": [("open", _("在办")), *queries.STAGES.items(), *queries.ENDS.items()],
        "lefts": list(queries.LEFT.items()), "clauses": queries.clauses_applied_for(request.user),
        "regions": region_choices(scope(request.user)),
    }  # fmt: skip
    return render(request, "incentives/applications.html", context)


def worklist_file(request: HttpRequest, form: str) -> HttpResponse:
    """Download exactly what is filtered; the export is logged."""
    rows = [
        (
            one.row.case_number, one.row.organisation.name, one.row.organisation.uscc or "", one.row.region_code,
            one.row.clause_name, one.row.fact, one.row.applied_on or "", one.words,
            (one.pay.due_on or "") if one.pay else "", "" if one.left is None else one.left,
        )
        for one in queries.exported(request.user, {**_given(request), "after": ""}, today())
    ]  # fmt: skip
    return as_file(
        form, title=_("政策申报"), header=HEADER, rows=rows, by=request.user, subject="applications"
    )


def application(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a firm says beside what the ledger holds, and what would be due."""
    return _page(request, queries.application(number, request.user))


def _page(
    request: HttpRequest,
    row: PolicyApplication,
    refusal: Refusal | None = None,
    entered: dict[str, str] | None = None,
) -> HttpResponse:
    found = queries.sheet(row, current_evaluation(place_of(request).as_of), request.user, today())
    gone = ("discarded", "undone", "failed")
    context = {
        "sheet": found, "row": row, "refusal": refusal, "entered": entered or {}, "stage": found.shown.stage,
        "differs": any(one.differs for one in found.lines), "own": row.submitted_by_id == request.user.pk,
        "may_stage": found.shown.stage == "accepted" and (found.change is None or found.change.status in gone),
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return render(request, "incentives/application_office.html", context, status=status)


@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Accept, send back once, refuse or end an application; a refusal is shown on its page with the words kept."""
    row = queries.application(number, request.user)
    by: Any = request.user
    what, said = request.POST.get("step", ""), request.POST.get("words", "")
    try:
        if what == "stage":
            deciding.stage_again(application=row, by=by)
        else:
            deciding.decide(application=row, step=what, words=said, by=by, on=today())
    except Refusal as refusal:
        return _page(request, queries.application(number, request.user), refusal, {what: said})
    messages.success(request, _("已办理。"))
    return redirect("incentives:application_office", number=number)
