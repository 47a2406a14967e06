"""Pages of a firm's application (快申快享): choose the fact, fill in, lay proofs beside, hand in, correct, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import demo_loaded, require
from zhicheng.apps.incentives.applications import applying, queries
from zhicheng.apps.incentives.applications.facts import own_facts
from zhicheng.apps.incentives.applications.fields import number_asked, shape_of
from zhicheng.apps.incentives.applications.models import MATERIALS
from zhicheng.apps.incentives.applications.windows import windows
from zhicheng.apps.incentives.batches.matters import who_of
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.files.carrying import download, uploaded
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.firms.claims import AccountGiven, acting_for, given_before
from zhicheng.apps.incentives.forms import account_given
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.paging import page_of_values
from zhicheng.apps.incentives.runs.evaluations import Evaluation, current_evaluation
from zhicheng.apps.incentives.runs.queries import shown
from zhicheng.apps.web.public import place_of
from zhicheng.kernel.refusals import NotFound, Refusal


def _evaluation(request: HttpRequest) -> Evaluation:
    return current_evaluation(place_of(request).as_of)


def new(request: HttpRequest) -> HttpResponse:
    """Choose the fact of the ledger an application is for, or say that one will be described; begin it."""
    require(request.user, "policies.apply")
    given = request.POST if request.method == "POST" else request.GET
    number, by = given.get("organisation", ""), request.user
    organisation = firm_queries.organisation_for(int(number) if number.isdigit() else 0, by)
    evaluation, person = _evaluation(request), _person(request)
    acting_for(organisation, person)
    clause = applying.clause_of(evaluation, given.get("clause", ""))
    refusal = None
    if request.method == "POST":
        try:
            made = applying.begin(
                organisation=organisation, clause=clause.id, evaluation=evaluation, by=person,
                fact=given.get("fact", ""), synthetic=demo_loaded(),
            )  # fmt: skip
        except Refusal as refused:
            refusal = refused
        else:
            return redirect("incentives:application", number=made.pk)
    shape = shape_of(evaluation.program, clause)
    answers = {one.fact: one for one in evaluation.explain(who_of(organisation), clause.id)}
    chosen = given.get("fact", "")
    own = sorted(own_facts(evaluation, clause, organisation), key=lambda one: one.fact != chosen)
    page = page_of_values(own, request.GET.get("after", ""), key=lambda one: one.fact)
    context = {
        "organisation": organisation, "clause": clause, "policy": evaluation.program.policies[clause.policy], "shape": shape,
        "day_label": shape.columns[shape.date].label,
        "page": page,
        "facts": [
            (one, shown(answers[one.fact], evaluation, persons=False) if one.fact in answers else None)
            for one in page.rows
        ],
        "windows": [one for one in windows(evaluation.program, today()) if clause.id in dict(one.clauses)],
        "refusal": refusal, "chosen": chosen,
    }  # fmt: skip
    return render(
        request, "incentives/application_new.html", context, status=refusal.status if refusal else 200
    )


def _person(request: HttpRequest) -> Any:
    return request.user


def application(request: HttpRequest, number: int) -> HttpResponse:
    """Show an application to the firm: a form while it may be changed, where it stands afterwards."""
    return _page(request, queries.own_application(number, request.user))


def _page(
    request: HttpRequest, row: PolicyApplication, refusal: Refusal | None = None, entered: Any = None
) -> HttpResponse:
    evaluation = _evaluation(request)
    found = queries.sheet(row, evaluation, request.user, today())
    firm = firm_queries.for_account(row.organisation)
    context = {
        "sheet": found, "row": row, "refusal": refusal, "firm": firm, "materials": MATERIALS, "entered": entered or {},
        "fields": [(one, (entered or {}).get(f"v-{one.asked.name}", one.value)) for one in found.lines],
        "open": row.draft or found.shown.stage == "correcting",
        "number_asked": not row.held and number_asked(found.clause, found.shape),
        "proofs": list(row.proofs.all()),
    }  # fmt: skip
    return render(request, "incentives/application.html", context, status=refusal.status if refusal else 200)


@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Save, hand in, correct, take back or delete an application; lay a proof beside it."""
    row, by, what = (
        queries.own_application(number, request.user),
        _person(request),
        request.POST.get("step", "save"),
    )
    home = f"{reverse('incentives:own')}?organisation={row.organisation_id}"
    acts: dict[str, Callable[[], object]] = {
        "save": lambda: _saved(request, row) and _("已保存，可以随时回来继续填写。"),
        "submit": lambda: _submitted(request, row),
        "correct": lambda: _corrected(request, row),
        "withdraw": lambda: applying.withdraw(application=row, by=by, on=today()) and _("已撤回，收款账户信息已删除。"),
        "delete": lambda: applying.delete(application=row, by=by) or _("草稿已删除。"),
        "drop": lambda: applying.drop_proof(application=row, proof=_number(request, "proof"), by=by) or _("文件已删除。"),
    }  # fmt: skip
    try:
        if what not in acts:
            raise NotFound("没有这一步。", fix="请用页面上的按钮。")
        said = str(acts[what]())
    except Refusal as refusal:
        row.refresh_from_db()
        return _page(request, row, refusal, request.POST if what in {"save", "submit", "correct"} else None)
    messages.success(request, said)
    return redirect(home) if what == "delete" else redirect("incentives:application", number=number)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() and len(text) < 19 else 0


def _saved(request: HttpRequest, row: PolicyApplication) -> PolicyApplication:
    """Keep what the form says, files included; the values first, so that a bad file loses none of them."""
    entered = {name[2:]: value for name, value in request.POST.items() if name.startswith("v-")}
    revision = request.POST.get("revision", "")
    made = applying.save(
        application=row, values={name: str(value) for name, value in entered.items()}, by=_person(request),
        evaluation=_evaluation(request), fact=request.POST.get("fact", ""), declared=bool(request.POST.get("declared")),
        account=_account(request, row), revision=int(revision) if revision.isdigit() else None,
    )  # fmt: skip
    for material, _words in MATERIALS:
        for file in request.FILES.getlist(f"file-{material}"):
            name, content = uploaded(file)
            applying.lay_proof(
                application=made,
                material=material,
                name=name,
                content=content,
                by=_person(request),
                on=today(),
            )
    return made


def _account(request: HttpRequest, row: PolicyApplication) -> AccountGiven | None:
    """The account the form names: one given earlier, a new one, or none yet."""
    return account_given(
        request.POST, lambda number: given_before(firm_queries.account_for(number, row.organisation))
    )


def _submitted(request: HttpRequest, row: PolicyApplication) -> str:
    made = _saved(request, row)
    sent = applying.submit(application=made, evaluation=_evaluation(request), by=_person(request), on=today())
    return _("已提交，编号 %(number)s，查询码 %(code)s（只显示这一次）。") % {
        "number": sent.application.case_number, "code": sent.code or "—",
    }  # fmt: skip


def _corrected(request: HttpRequest, row: PolicyApplication) -> str:
    made = _saved(request, row)
    applying.correct(application=made, evaluation=_evaluation(request), by=_person(request), on=today())
    return _("补正已提交，申报日不变。")


def proof(request: HttpRequest, number: int, proof: int) -> FileResponse:
    """Download a proof that lies beside one's own draft."""
    row = queries.own_application(number, request.user)
    found = row.proofs.filter(pk=proof).first()
    if found is None:
        raise NotFound("没有这个文件。", fix="提交后的材料在办件页中打开。")
    return download(found, by=_person(request), action="policies.open_proof", subject=f"application:{row.pk}")
