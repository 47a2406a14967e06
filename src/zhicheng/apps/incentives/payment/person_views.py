"""The account of a person behind one amount of a batch: entered, opened, taken back; for whoever pays only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.batches import queries as batch_queries
from zhicheng.apps.incentives.batches.views import row_page
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.forms import PersonAccountForm
from zhicheng.apps.incentives.models import Entitlement
from zhicheng.apps.incentives.payment import person_accounts
from zhicheng.kernel.refusals import NotFound, Refusal


@never_cache
@require_POST
def account(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """Enter a person's account, open it once, or erase it at the person's request."""
    found = seen.batch(number, request.user)
    one = batch_queries.entitlement(found, row, request.user)
    by: Any = request.user
    require(by, "policies.pay", region=one.region_code)
    if one.kind != "person":
        raise NotFound("这一项的受益人不是个人。", fix="单位的收款账户由单位自己确认。")
    try:
        return _taken(request, one, by)
    except Refusal as refusal:
        return row_page(request, found, one, refusal=refusal)


@require_POST
def dispute(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """Enter what a person says is wrong about the fact behind an amount."""
    found = seen.batch(number, request.user)
    one = batch_queries.entitlement(found, row, request.user)
    by: Any = request.user
    try:
        claims.dispute_for_person(
            entitlement=one,
            fact=request.POST.get("fact", "")[:300],
            text=request.POST.get("text", "")[:4000],
            by=by,
        )
    except Refusal as refusal:
        return row_page(request, found, one, refusal=refusal)
    messages.success(request, _("已登记异议，由另一位人员核实答复。"))
    return redirect("incentives:row", number=number, row=row)


def _taken(request: HttpRequest, one: Entitlement, by: Any) -> HttpResponse:
    what = request.POST.get("step", "")
    back = redirect("incentives:row", number=one.batch.number, row=one.pk)
    if what == "open":
        shown = person_accounts.opened(entitlement=one, by=by)
        return row_page(request, one.batch, one, opened=shown)
    if what == "withdraw":
        person_accounts.withdraw_for(entitlement=one, why=request.POST.get("why", ""), by=by)
        messages.success(request, _("已撤回，账户和证件号已删除。"))
        return back
    form = PersonAccountForm(request.POST)
    if not form.is_valid():
        return row_page(request, one.batch, one, form=form)
    person_accounts.register(entitlement=one, given=form.given(), by=by)
    messages.success(request, _("已登记收款账户。"))
    return back
