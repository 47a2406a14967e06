"""Pages of what-ifs: the list, the dials, a saved one, several side by side, what can be downloaded."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, record_event, require
from zhicheng.apps.incentives.models import Scenario
from zhicheng.apps.incentives.runs.outputs import sensitive_json
from zhicheng.apps.incentives.runs.working import at_work
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.apps.incentives.what_if import queries, scenarios
from zhicheng.apps.incentives.what_if.texts import added_text, composed, panels_of
from zhicheng.apps.incentives.what_if.word import scenario_word
from zhicheng.apps.web.public import Place, place_of
from zhicheng.catalogue.policy_changes import read_changes
from zhicheng.kernel.refusals import NotFound, Refusal

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def index(request: HttpRequest) -> HttpResponse:
    """List the saved what-ifs."""
    return _index(request)


def _index(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    user: Any = request.user
    after = request.GET.get("after", "")
    rows, following = queries.scenarios_page(user, after=after)
    context = {
        "rows": rows,
        "page": {"count": _("按保存先后，新的在前"), "next": following, "back": bool(after)},
        "may_simulate": may(user, "policies.simulate"),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "incentives/simulation/index.html", context, status=status)


def edit(request: HttpRequest) -> HttpResponse:
    """Show the dials, as the rules stand or as a saved what-if left them."""
    user: Any = request.user
    place = place_of(request)
    require(user, "policies.simulate", region=place.region)
    begun = request.GET.get("from", "")
    scenario = queries.scenario_of(user, int(begun)) if begun.isdigit() else None
    examples = scenario.examples if scenario else request.GET.get("examples") == "1"
    changes = read_changes(scenario.changes) if scenario else None
    program = scenarios.program_for(place.region, examples=examples)
    context = {
        "panels": panels_of(program, changes),
        "examples": examples,
        "scenario": scenario,
        "more": added_text(changes, program),
        "place": place,
        "token": uuid4().hex,
        "as_of": scenario.as_of if scenario else place.as_of,
    }
    return render(request, "incentives/simulation/edit.html", context)


def _asked(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What a filled-in page asks for."""
    examples = request.POST.get("examples") == "1"
    program = scenarios.program_for(place.region, examples=examples)
    try:
        as_of = date.fromisoformat(request.POST.get("as_of", "") or place.as_of.isoformat())
    except ValueError as error:
        raise Refusal(f"截至日“{request.POST['as_of']}”不是日期。", fix="请按 2025-12-16 填写。") from error
    form = {key: str(value) for key, value in request.POST.items()}
    text = composed(request.POST.get("name", "").strip(), form, program)
    return {"text": text, "region": place.region, "as_of": as_of, "examples": examples}


@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Run what the dials say beside the rules as they stand; the result is swapped in under them."""
    by: Any = request.user
    place = place_of(request)
    require(by, "policies.simulate", region=place.region)
    status, context = 200, dict[str, Any]()
    asked: dict[str, Any] = {}
    try:
        asked = _asked(request, place)
        with at_work(by, request.POST.get("token", "")) as told:
            result = scenarios.preview(**asked, by=by, told=told)
        context = {"result": queries.shown(result), "text": asked["text"]}
    except Refusal as refusal:
        status, context = 422, {"refusal": refusal, "written": asked.get("text", "").splitlines()}
    template = "incentives/simulation/run.html"
    if getattr(request, "htmx", False):
        template = (
            "incentives/simulation/_refused.html"
            if "refusal" in context
            else "incentives/simulation/_result.html"
        )
    return render(request, template, context, status=status)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the dials say under a name."""
    by: Any = request.user
    place = place_of(request)
    require(by, "policies.simulate", region=place.region)
    name = request.POST.get("name", "")
    row = scenarios.save(name=name, **_asked(request, place), by=by)
    messages.success(request, _("方案已保存。"))
    return redirect("incentives:scenario", number=row.pk)


def detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a saved what-if with its result."""
    return _detail(request, queries.scenario_of(request.user, number))


def _detail(request: HttpRequest, scenario: Scenario, refusal: Refusal | None = None) -> HttpResponse:
    user: Any = request.user
    context = {
        "refusal": refusal,
        "scenario": scenario,
        "result": queries.shown(scenario.result),
        "stale": queries.is_stale(scenario),
        "drafts": scenario.drafts.select_related("drafted_by"),
        "names": dict(scenarios.changed_clauses(scenario)),
        "changed_clauses": scenarios.changed_clauses(scenario),
        "may_simulate": may(user, "policies.simulate", region=scenario.region_code),
    }
    status = refusal.status if refusal else 200
    return render(request, "incentives/simulation/detail.html", context, status=status)


@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Run a saved what-if again, delete it, or draft a clause from it."""
    by: Any = request.user
    scenario = queries.scenario_of(by, number)
    wanted = request.POST.get("step", "")
    if wanted == "delete":
        scenarios.delete(scenario=scenario, by=by)
        messages.success(request, _("方案“%(name)s”已删除。") % {"name": scenario.name})
        return redirect("incentives:simulation")
    if wanted == "again":
        scenarios.run_again(scenario=scenario, by=by)
        messages.success(request, _("已按当前台账重新测算。"))
    elif wanted == "draft":
        return _draft(request, scenario)
    else:
        raise Refusal(f"不认识的步骤“{wanted}”。", fix="请用页面上的按钮。")
    return redirect("incentives:scenario", number=scenario.pk)


def _draft(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    """Draft a clause and lead to the draft; a refusal is shown on the page of the what-if."""
    by: Any = request.user
    try:
        try:
            since = date.fromisoformat(request.POST.get("since", ""))
        except ValueError as error:
            raise Refusal("没有填写拟生效日。", fix="请按 2026-01-01 填写。") from error
        made = scenarios.draft(scenario=scenario, clause=request.POST.get("clause", ""), since=since, by=by)
    except Refusal as refusal:
        return _detail(request, scenario, refusal)
    return redirect("incentives:clause_draft_page", number=made.pk)


def draft_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a draft beside the version in force, with what the reviewer finds and what is to be done with it."""
    draft = queries.draft_of(request.user, number)
    return render(request, "incentives/simulation/draft.html", {"draft": draft, **queries.draft_shown(draft)})


def _sensitive(request: HttpRequest) -> tuple[Any, list[dict[str, str]], bool]:
    by: Any = request.user
    place, examples = place_of(request), request.GET.get("examples") == "1"
    total, found = scenarios.sensitivities(region=place.region, as_of=place.as_of, examples=examples, by=by)
    return total, [sensitive_json(one) for one in found], examples


def sensitivities(request: HttpRequest) -> HttpResponse:
    """Show what each number of the rules is worth when it is turned down and up by a tenth."""
    total, rows, examples = _sensitive(request)
    context = {
        "total": total,
        "rows": rows,
        "examples": examples,
        "chart": queries.tornado(rows),
        **queries.moving_and_still(rows),
        "place": place_of(request),
    }
    return render(request, "incentives/simulation/sensitivity.html", context)


def sensitivity_file(request: HttpRequest, form: str) -> HttpResponse:
    """Download what each number is worth."""
    _total, rows, _examples = _sensitive(request)
    header = (_("参数"), _("现行"), _("下调到"), _("费用变化（元）"), _("上调到"), _("费用变化（元）"))
    table = [
        (one["label"], one["value"], one["low"], one["lower"], one["high"], one["higher"]) for one in rows
    ]
    return as_file(
        form,
        title=_("参数敏感度"),
        header=header,
        rows=table,
        by=request.user,
        subject="policies:sensitivity",
    )


def compare(request: HttpRequest) -> HttpResponse:
    """Show several saved what-ifs side by side."""
    user: Any = request.user
    numbers = [int(one) for one in request.GET.getlist("s") if one.isdigit()]
    try:
        found = queries.compared(user, numbers)
    except NotFound:
        raise
    except Refusal as refusal:
        return _index(request, refusal)
    columns = [{"scenario": one, "result": queries.shown(one.result)} for one in found]
    same = len({(one.snapshot, one.as_of) for one in found}) == 1
    return render(request, "incentives/simulation/compare.html", {"columns": columns, "same": same})


def word(request: HttpRequest, number: int) -> HttpResponse:
    """Download a saved what-if as Word with charts; the export is logged."""
    user: Any = request.user
    scenario = queries.scenario_of(user, number)
    with transaction.atomic():
        record_event(
            by=user, action="policies.export_scenario", subject=f"scenario:{number}", after={"form": "docx"}
        )
    answer = HttpResponse(scenario_word(scenario, queries.shown(scenario.result)), content_type=WORD)
    answer["Content-Disposition"] = f'attachment; filename="scenario-{number}.docx"'
    return answer


def changes_file(request: HttpRequest, number: int) -> HttpResponse:
    """Download the differences as the file the command line reads."""
    return _yaml(queries.scenario_of(request.user, number).changes, f"scenario-{number}.yaml")


def draft_file(request: HttpRequest, number: int) -> HttpResponse:
    """Download a draft clause as the file that would be put into the catalogue."""
    draft = queries.draft_of(request.user, number)
    return _yaml(draft.content, f"{draft.clause}.yaml")


def _yaml(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
