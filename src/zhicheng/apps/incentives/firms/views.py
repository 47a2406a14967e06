"""The page of an organisation: what it is due and confirms, what it has had, what it lacks; an officer may look too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.firms import lists as firm_lists
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.forms import DisputeForm, account_given
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.runs.outputs import words_of
from zhicheng.apps.incentives.runs.queries import Answer
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.apps.ledger.public import Organisation
from zhicheng.apps.web.public import place_of, region_choices
from zhicheng.kernel.refusals import Refusal

HEADER = (words("条款"), words("事实"), words("事件日"), words("结论"), words("金额（元）"), words("说明"))


def own(request: HttpRequest) -> HttpResponse:
    """Show one's own organisation; who acts for several chooses."""
    mine = firm_queries.own_organisations(request.user)
    wanted = request.GET.get("organisation", "")
    chosen = next((one for one in mine if str(one.pk) == wanted), mine[0] if mine else None)
    if chosen is None:
        return render(request, "incentives/own_none.html")
    return _page(request, chosen, mine)


def firm(request: HttpRequest, number: int) -> HttpResponse:
    """Show an organisation to an officer, or to somebody who acts for it."""
    return _page(request, firm_queries.organisation_for(number, request.user), [])


def _page(
    request: HttpRequest,
    organisation: Organisation,
    mine: list[Organisation],
    refusal: Refusal | None = None,
) -> HttpResponse:
    acts = organisation.pk in scope(request.user).organisation_ids
    context = {
        "firm": firm_queries.firm(organisation, as_of=place_of(request).as_of, on=today()), "mine": mine, "acts": acts,
        "may_apply": acts and may(request.user, "policies.apply"), "refusal": refusal, "typed": request.POST if refusal else {},
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return render(request, "incentives/firm.html", context, status=status)


def firm_list(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """One list of an organisation, whole and paged."""
    organisation = firm_queries.organisation_for(number, request.user)
    page = firm_lists.list_page(
        organisation, kind, as_of=place_of(request).as_of, on=today(), after=request.GET.get("after", "")
    )
    acts = organisation.pk in scope(request.user).organisation_ids
    context = {
        "organisation": organisation,
        "kind": kind,
        "told": firm_lists.KINDS[kind],
        "page": page,
        "acts": acts,
    }
    return render(request, "incentives/firm_list.html", context)


def firms(request: HttpRequest) -> HttpResponse:
    """Find an organisation and see its page as it sees it."""
    given = {name: request.GET.get(name, "") for name in ("q", "after")}
    page = firm_queries.organisations_page(request.user, **given)
    places = {one.code: one.name for one in region_choices(scope(request.user))}
    return render(request, "incentives/firms.html", {"page": page, "given": given, "places": places})


def _own(request: HttpRequest) -> Organisation:
    require(request.user, "policies.own")
    given = request.POST.get("organisation", "")
    return firm_queries.organisation_for(int(given) if given.isdigit() else 0, request.user)


def _back(organisation: Organisation) -> HttpResponse:
    return redirect(f"{reverse('incentives:own')}?organisation={organisation.pk}")


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Say yes to an amount and name the account, a new one or one given earlier."""
    organisation = _own(request)
    by: Any = request.user
    mine = firm_queries.own_organisations(request.user)
    try:
        given = account_given(
            request.POST, lambda number: claims.given_before(firm_queries.account_for(number, organisation))
        )
        if given is None:
            raise Refusal("收款账户没有填完整。", fix="请写明户名、开户银行和账号。")
        claims.confirm(
            organisation=organisation, clause=request.POST.get("clause", ""), fact=request.POST.get("fact", ""),
            given=given, evaluation=current_evaluation(place_of(request).as_of), by=by,
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, organisation, mine, refusal)
    messages.success(request, _("已确认领取。列入批次、公示期满并批准后，款项拨到所填账户。"))
    return _back(organisation)


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a yes back; the account data is erased."""
    found = firm_queries.confirmation_for(number, request.user)
    by: Any = request.user
    assert found.organisation is not None
    try:
        claims.withdraw(confirmation=found, by=by)
    except Refusal as refusal:
        return _page(request, found.organisation, firm_queries.own_organisations(request.user), refusal)
    messages.success(request, _("已撤回，账户信息已删除。"))
    return _back(found.organisation)


@require_POST
def dispute(request: HttpRequest) -> HttpResponse:
    """Say that a fact is wrong or missing."""
    organisation = _own(request)
    by: Any = request.user
    form = DisputeForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("请写明哪一项事实、哪里不对。", fix="请填写后再提交。")
        claims.dispute(organisation=organisation, by=by, **form.cleaned_data)
    except Refusal as refusal:
        return _page(request, organisation, firm_queries.own_organisations(request.user), refusal)
    messages.success(request, _("已提交，核实后在本页答复。"))
    return _back(organisation)


def _line(one: Answer, state: str, amount: Decimal, why: str) -> tuple[object, ...]:
    outcome = one.outcome
    said = "；".join(part for part in (why, words_of(outcome)) if part)
    return (one.clause_name, outcome.fact, outcome.event_date or "", state, f"{amount:.2f}", said)


def firm_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Download every answer about an organisation."""
    organisation = firm_queries.organisation_for(number, request.user)
    page = firm_queries.firm(organisation, as_of=place_of(request).as_of)
    rows = [
        *(_line(one.answer, one.answer.words, one.amount, one.words) for one in page.due),
        *(_line(one.answer, _("不再支付"), Decimal("0.00"), one.words) for one in page.held_back),
        *(_line(one, one.words, one.outcome.amount, "") for one in (*page.missed, *page.lacking)),
    ]
    title = f"{organisation.name}-{_('应得政策')}"
    return as_file(form, title=title, header=HEADER, rows=rows, by=request.user, subject=f"firm:{number}")
