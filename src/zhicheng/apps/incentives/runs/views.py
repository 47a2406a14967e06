"""Pages of kept runs: the list, one run with its answers, one answer with every step, and files of them."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, record_event, require, scope
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.runs import keeping
from zhicheng.apps.incentives.runs import queries as run_queries
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.apps.incentives.runs.outputs import as_csv, as_json, write_xlsx
from zhicheng.apps.incentives.runs.working import ask_to_stop, at_work, how_far
from zhicheng.apps.incentives.tables_out import XLSX, download
from zhicheng.apps.web.public import place_of, region_choices
from zhicheng.engines.incentives.answers import STATUS_WORDS
from zhicheng.kernel.refusals import Refusal

FILTERS = ("policy", "clause", "status", "region", "year", "q", "after")


def run_list(request: HttpRequest) -> HttpResponse:
    """List kept runs; an officer begins a new one here."""
    if request.method == "POST":
        by: Any = request.user
        return _begin(request, by)
    context = {
        "page": run_queries.runs_page(request.user, request.GET.get("after", "")),
        "may_prepare": may(request.user, "policies.prepare"),
        "token": uuid4().hex,
    }
    return render(request, "incentives/runs.html", context)


def _begin(request: HttpRequest, by: Any) -> HttpResponse:
    """Evaluate and keep; the page that shows how far it is goes on to the run, a plain browser is sent there."""
    live = getattr(request, "htmx", False)
    try:
        with at_work(by, request.POST.get("token", "")) as told:
            made = keeping.keep_run(
                as_of=place_of(request).as_of, by=by, examples=bool(request.POST.get("examples")), told=told
            )
    except Refusal as refusal:
        if not live:
            raise
        return render(request, "web/_refusal.html", {"refusal": refusal}, status=422)
    messages.success(request, _("测算完成并已保存，可随时打开或重算。"))
    address = reverse("incentives:run", args=[made.pk])
    return HttpResponse(headers={"HX-Redirect": address}) if live else redirect(address)


def working(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far one's own running evaluation is; posted to, ask it to stop."""
    by: Any = request.user
    if not may(by, "policies.prepare") and not may(by, "policies.simulate"):
        require(by, "policies.prepare")
    if request.method == "POST":
        ask_to_stop(by, token)
    far = how_far(by, token)
    share = 100 * far.done // far.total if far and far.total else 0
    return render(request, "incentives/_working.html", {"far": far, "share": share, "token": token})


def run(request: HttpRequest, number: int) -> HttpResponse:
    """Show a run: totals per clause and its answers, filtered by policy, clause, status, region and year."""
    row = seen.run(number, request.user)
    given = _given(request)
    if "status" not in request.GET:
        given["status"] = run_queries.STATUSES[0]
    program = current_program(examples=row.examples)
    context = {
        "row": row,
        "given": given,
        "groups": run_queries.groups_of(row, request.user, {**given, "after": "", "status": ""}),
        "page": run_queries.outcomes_page(row, request.user, given),
        "untold": run_queries.untold(row),
        "policies": [(key, one.title) for key, one in program.policies.items()],
        "clauses": [(one.id, one.name) for one in program.clauses],
        "statuses": [(one, STATUS_WORDS[one]) for one in run_queries.STATUSES],
        "regions": region_choices(scope(request.user)),
        "query": _query(request),
        "may_prepare": may(request.user, "policies.prepare"),
        "paid_then": sum((Decimal(one["amount"]) for one in row.payments), Decimal("0.00")),
    }
    return render(request, "incentives/run.html", context)


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in FILTERS}


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query.setdefault("status", run_queries.STATUSES[0])
    return query.urlencode()


def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Show one answer: the steps of its amount or the reasons against it, and the ledger row behind it."""
    row = seen.run(number, request.user)
    given = {name: request.GET.get(name, "") for name in ("clause", "fact", "who", "kind")}
    return render(
        request,
        "incentives/answer.html",
        {"row": row, "one": run_queries.answer_of(row, request.user, given)},
    )


@require_POST
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Compute a run again from its own catalogue and snapshot and say whether every 分 agrees."""
    row = seen.run(number, request.user)
    different = keeping.check_run(run=row)
    if different:
        messages.error(request, _("重算与当时不一致，共 %(count)s 处。") % {"count": len(different)})
    else:
        messages.success(request, _("已用当时的政策目录、快照和支付记录重算，结果与当时一致，精确到分。"))
    return redirect("incentives:run", number=number)


def run_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Download exactly what is filtered as CSV, XLSX or JSON; the export is logged."""
    row = seen.run(number, request.user)
    found, evaluation = run_queries.all_outcomes(row, request.user, {**_given(request), "after": ""})
    persons = seen.sees_persons(request.user)
    name = _("测算")
    if form == "json" and persons:
        content, kind = as_json(found).encode(), "application/json"
    elif form == "csv":
        content, kind = as_csv(found, evaluation.program, persons=persons).encode(), "text/csv; charset=utf-8"
    elif form == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.xlsx"
            write_xlsx(found, evaluation.program, path, persons=persons)
            content, kind = path.read_bytes(), XLSX
    else:
        raise Refusal(f"不能导出为“{form}”。", fix="可选 csv、xlsx；json 限支付人员。")
    with transaction.atomic():
        by: Any = request.user
        record_event(
            by=by, action="policies.export", subject=f"run:{number}", after={**_given(request), "form": form}
        )
    return download(content, kind, f"{name}{number}.{form}")


def unmatched(request: HttpRequest, number: int) -> HttpResponse:
    """List money due to names the ledger does not know."""
    row = seen.run(number, request.user)
    page = run_queries.unmatched(row, request.user, request.GET.get("after", ""))
    return render(request, "incentives/unmatched.html", {"row": row, "page": page})
