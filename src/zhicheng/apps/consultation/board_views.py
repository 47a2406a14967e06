"""Pages of the tracking board, joint boards, notices, transfers, samples and the rules of the loop."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, opening_date, require, signed_in
from zhicheng.apps.consultation import access, actions, forms, queries
from zhicheng.apps.consultation import board as boards
from zhicheng.apps.consultation.models import Transfer, Verification
from zhicheng.apps.consultation.rules import NAMES, rules_for
from zhicheng.apps.web.public import place_of, region_name
from zhicheng.kernel.refusals import NotFound, Refusal


def board(request: HttpRequest) -> HttpResponse:
    """Show the board of the region looked at."""
    user = signed_in(request.user)
    require(user, "consultation.view")
    place = place_of(request)
    found = boards.board(user, region=place.region, on=opening_date())
    context = {
        "board": found,
        "chart": chart_of(found),
        "today": opening_date(),
        "groups": boards.groups(user),
    }
    return render(request, "consultation/board.html", context)


def group(request: HttpRequest, code: str) -> HttpResponse:
    """Show the one board of a group of regions."""
    user = signed_in(request.user)
    row = boards.group_of(user, code)
    today = opening_date()
    found = boards.board(user, region=user.region_code, on=today, group=row)
    regions = boards.by_region(user, row, on=today)
    for one in regions:
        one["name"] = region_name(one["region"]) or one["region"]
    context = {"board": found, "chart": chart_of(found), "today": today, "group": row, "regions": regions}
    return render(request, "consultation/board.html", context)


def chart_of(found: boards.Board) -> dict[str, Any]:
    """Return the columns as bars: how many items stand in each state, and days stayed on average."""
    return {
        "kind": "bar",
        "unit": "",
        "x": [one.label for one in found.columns],
        "series": [
            {"name": str(_("事项数（项）")), "values": [one.count for one in found.columns]},
            {"name": str(_("平均停留（天）")), "values": [one.average_days for one in found.columns]},
        ],
    }


def notices(request: HttpRequest) -> HttpResponse:
    """List what the person's office or unit was told."""
    page = queries.notices_page(request.user, after=request.GET.get("after", ""))
    return render(request, "consultation/notices.html", {"page": page})


def transfers(request: HttpRequest) -> HttpResponse:
    """List transfers between regions, those that wait for this region's answer first."""
    user = signed_in(request.user)
    rows = queries.transfers(user)
    for one in rows:
        one.mine = may(user, "consultation.supervise", region=one.to_region)  # type: ignore[attr-defined]
        one.from_name = region_name(one.from_region) or one.from_region  # type: ignore[attr-defined]
        one.to_name = region_name(one.to_region) or one.to_region  # type: ignore[attr-defined]
    return render(request, "consultation/transfers.html", {"rows": rows})


@require_POST
def transfer_step(request: HttpRequest, number: int) -> HttpResponse:
    """Accept a transfer or send it back."""
    user = signed_in(request.user)
    require(user, "consultation.view")
    if not Transfer.objects.filter(pk=number, item__in=access.items(user)).exists():
        raise NotFound("没有这份移交。", fix="请从移交列表进入。")
    actions.decide_transfer(
        transfer=number, accept=request.POST.get("answer") == "yes", answer=request.POST.get("text", ""),
        on=opening_date(), by=user,
    )  # fmt: skip
    return redirect("consultation:transfers")


def samples(request: HttpRequest) -> HttpResponse:
    """Draw closed items by lot and list those drawn."""
    user = signed_in(request.user)
    require(user, "consultation.view")
    today = opening_date()
    form = forms.SampleForm(
        request.POST or None, initial={"on": today, "since": today.replace(month=1, day=1)}
    )
    if request.method == "POST":
        require(user, "consultation.feedback", region=user.region_code)
        if form.is_valid():
            try:
                actions.draw_sample(region=user.region_code, by=user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("consultation:samples")
    context = {
        "rows": queries.verifications(user), "form": form, "verify_form": forms.VerifyForm(initial={"on": today}, auto_id=False),
        "may_draw": may(user, "consultation.feedback", region=user.region_code),
    }  # fmt: skip
    return render(request, "consultation/samples.html", context, status=422 if form.errors else 200)


@require_POST
def sample_step(request: HttpRequest, number: int) -> HttpResponse:
    """Write down what a second look found."""
    user = signed_in(request.user)
    require(user, "consultation.view")
    if not Verification.objects.filter(pk=number, item__in=access.items(user)).exists():
        raise NotFound("没有这项核实。", fix="请从核实列表进入。")
    form = forms.VerifyForm(request.POST)
    if not form.is_valid():
        raise Refusal("核实结论没有填全。", fix="请选择结论并写明怎样核实。")
    actions.verify(verification=number, by=user, **form.cleaned_data)
    return redirect("consultation:samples")


def rules(request: HttpRequest) -> HttpResponse:
    """Show and change the lengths of the loop in the person's region."""
    user = signed_in(request.user)
    require(user, "consultation.view")
    row = rules_for(user.region_code)
    allowed = may(user, "consultation.supervise", region=user.region_code)
    form = forms.RulesForm(request.POST or None, instance=row)
    if request.method == "POST":
        require(user, "consultation.supervise", region=user.region_code)
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in NAMES}
            try:
                actions.set_rules(
                    region=user.region_code, values=values, why=form.cleaned_data["why"], by=user
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("consultation:rules")
    context = {
        "form": form, "title": _("闭环规则"), "back": reverse("consultation:board"), "readonly": not allowed,
        "note": _("改动只影响以后的交办和提醒；已定的期限不变。"),
    }  # fmt: skip
    return render(request, "consultation/form.html", context, status=422 if form.errors else 200)
