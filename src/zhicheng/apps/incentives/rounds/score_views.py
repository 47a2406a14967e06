"""Pages of an expert or member: own sheets and ballots, one sheet, one ballot, and the interests one declares."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may
from zhicheng.apps.incentives.models import ExpertInterest, ScoreSheet
from zhicheng.apps.incentives.rounds import file_queries, scoring, stage_queries, voting
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.ballots import CHOICES
from zhicheng.apps.incentives.rounds.forms import ScoreForm
from zhicheng.apps.ledger.public import Organisation
from zhicheng.kernel.refusals import Refusal


def scores(request: HttpRequest) -> HttpResponse:
    """List one's own sheets and ballots."""
    return _list(request)


def _list(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    user: Any = request.user
    page = round_queries.own_sheets(user, request.GET.get("after", ""))
    left, asked = round_queries.sheets_left(user)
    context = {
        "page": page, "left": left, "asked": asked, "refusal": refusal, "may_score": may(user, "policies.score"),
        "ballots": stage_queries.own_ballots(user) if may(user, "policies.vote") else [],
        "interests": ExpertInterest.objects.filter(expert=user).select_related("organisation"),
    }  # fmt: skip
    return render(request, "incentives/scoring.html", context, status=refusal.status if refusal else 200)


def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Mark one application without knowing whose it is."""
    one = round_queries.own_sheet(number, request.user)
    by: Any = request.user
    criteria = one.candidate.award_round.criteria
    initial = {"remark": one.remark, **{f"mark{place}": mark for place, mark in enumerate(one.marks)}}
    form = ScoreForm(criteria, request.POST or None, initial=initial)
    if request.method == "POST":
        try:
            if request.POST.get("step") == "recuse":
                scoring.recuse(sheet=one, why=request.POST.get("why", ""), by=by)
                messages.success(request, _("已回避，这份申报不再由您评分。"))
                return redirect("incentives:scoring")
            if form.is_valid():
                scoring.score(sheet=one, marks=form.marks(), remark=form.cleaned_data["remark"], by=by)
                return _saved(request, one)
        except Refusal as refusal:
            return _sheet(request, one, form, refusal)
    return _sheet(request, one, form)


def _saved(request: HttpRequest, one: ScoreSheet) -> HttpResponse:
    """Say that the marks are in; go on to the next sheet where that was asked and one is left."""
    following = round_queries.sheet_after(one, request.user) if request.POST.get("step") == "next" else None
    messages.success(request, _("%(code)s 已保存，本环节结束前可以修改。") % {"code": one.candidate.code})
    return redirect("incentives:sheet", following.pk) if following else redirect("incentives:scoring")


def _sheet(
    request: HttpRequest, one: ScoreSheet, form: ScoreForm, refusal: Refusal | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.errors else 200
    following = round_queries.sheet_after(one, request.user) if one.runs else None  # type: ignore[attr-defined]
    context = {
        "one": one,
        "form": form,
        "refusal": refusal,
        "following": following,
        "files": file_queries.files_of_sheet(one),
    }
    return render(request, "incentives/sheet.html", context, status=status)


@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an interest in an organisation by its code or full name."""
    by: Any = request.user
    given = request.POST.get("organisation", "").strip()
    try:
        found = (
            Organisation.objects.filter(uscc=given).first() or Organisation.objects.filter(name=given).first()
        )
        if not given or found is None:
            raise Refusal(f"台账中没有“{given[:60]}”。", fix="请写单位全称或信用代码。")
        scoring.declare_interest(organisation=found, words=request.POST.get("words", ""), by=by)
    except Refusal as refusal:
        return _list(request, refusal)
    messages.success(request, _("已申报，有关的评分表已停止。"))
    return redirect("incentives:scoring")


def ballot(request: HttpRequest, number: int) -> HttpResponse:
    """Vote on every candidate one may vote on, once; what was voted is not kept and never shown again."""
    by: Any = request.user
    seat, candidates = stage_queries.own_ballot(number, by)
    refusal = None
    if request.method == "POST":
        given = {
            one.pk: said for one in candidates if (said := request.POST.get(f"vote{one.pk}", "")) in CHOICES
        }
        try:
            voting.cast(ballot=seat.ballot, choices=given, by=by)
        except Refusal as found:
            refusal = found
        else:
            messages.success(request, _("已投票。票只计入总数，投出后不能查看或更改。"))
            return redirect("incentives:scoring")
    files = file_queries.files_of_ballot(number, by)
    for one in candidates:
        one.opened = files.get(one.pk, [])  # type: ignore[attr-defined]
    context = {"seat": seat, "row": seat.ballot.award_round, "candidates": candidates, "refusal": refusal}
    return render(request, "incentives/ballot.html", context, status=refusal.status if refusal else 200)
