"""Pages of award rounds for applicants: the call, the own application, and how far the round has come."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.models import AwardRound
from zhicheng.apps.incentives.rounds import calls, stage_queries
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.forms import ApplicationForm
from zhicheng.kernel.refusals import NotFound, Refusal


def applicant_page(
    request: HttpRequest, row: AwardRound, refusal: Refusal | None = None, form: ApplicationForm | None = None
) -> HttpResponse:
    """Show the call and a person's own applications, with what happened to them."""
    mine = round_queries.own_candidates(row, request.user)
    draft = next((one for one in mine if one.status == "draft"), None)
    initial = {"statement": draft.statement, "object_name": draft.object_name} if draft else {}
    context = {
        "row": row, "line": stage_queries.line_of(row), "stages": stage_queries.stages_of(row), "mine": mine, "draft": draft, "refusal": refusal, "form": form or ApplicationForm(initial=initial),
        "organisations": firm_queries.own_organisations(request.user), "today": today(),
        "handed_in": any(one.status not in {"draft", "withdrawn"} for one in mine) and draft is None,
        "tiers": [(tier, round_queries.TIERS.get(tier, tier), seats) for tier, seats in row.tiers],
        "open": row.status == "open" and row.opens_on <= today() <= row.closes_on,
        "conditions": [calls.condition_words(one) for one in row.conditions],
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "incentives/apply.html", context, status=status)


@require_POST
def apply(request: HttpRequest, number: str) -> HttpResponse:
    """Save an application, hand it in, or take it back."""
    require(request.user, "policies.apply")
    row = round_queries.award_round(number, request.user)
    by: Any = request.user
    form = ApplicationForm(request.POST)
    what, given = request.POST.get("step", "save"), request.POST.get("organisation", "")
    try:
        if what == "withdraw":
            mine = round_queries.own_candidates(row, by)
            one = next((one for one in mine if str(one.pk) == request.POST.get("candidate", "")), None)
            if one is None:
                raise NotFound("没有这份申报。", fix="请刷新页面。")
            calls.withdraw_application(candidate=one, by=by)
        elif form.is_valid():
            organisation = firm_queries.organisation_for(int(given) if given.isdigit() else 0, by)
            made = calls.save_application(
                award_round=row, organisation=organisation, by=by, **form.cleaned_data
            )
            if what == "submit":
                calls.submit_application(candidate=made, on=today(), by=by)
        else:
            return applicant_page(request, row, form=form)
    except Refusal as refusal:
        return applicant_page(request, row, refusal, form if what != "withdraw" else None)
    messages.success(request, _("已提交，资格核对后在本页显示结论。") if what == "submit" else _("已保存。"))
    return redirect("incentives:round", number=number)
