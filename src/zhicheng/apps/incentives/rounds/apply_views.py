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
from zhicheng.apps.incentives.files.carrying import uploaded
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.models import AwardRound, Candidate, CandidateFile
from zhicheng.apps.incentives.rounds import calls, filing, stage_queries
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
        "materials": CandidateFile.Material.choices,
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
            calls.withdraw_application(candidate=_own(request, row), by=by)
        elif what == "drop":
            file = request.POST.get("file", "")
            filing.drop_file(
                candidate=_own(request, row),
                file=int(file) if file.isdigit() and len(file) < 19 else 0,
                by=by,
            )
        elif form.is_valid():
            organisation = firm_queries.organisation_for(int(given) if given.isdigit() else 0, by)
            made = calls.save_application(
                award_round=row, organisation=organisation, by=by, **form.cleaned_data
            )
            _lay_files(request, made)
            if what == "submit":
                calls.submit_application(candidate=made, on=today(), by=by)
        else:
            return applicant_page(request, row, form=form)
    except Refusal as refusal:
        return applicant_page(request, row, refusal, form if what not in {"withdraw", "drop"} else None)
    messages.success(request, _("已提交，资格核对后在本页显示结论。") if what == "submit" else _("已保存。"))
    return redirect("incentives:round", number=number)


def _own(request: HttpRequest, row: AwardRound) -> Candidate:
    """The application of one's own that a form names."""
    mine = round_queries.own_candidates(row, request.user)
    one = next((one for one in mine if str(one.pk) == request.POST.get("candidate", "")), None)
    if one is None:
        raise NotFound("没有这份申报。", fix="请刷新页面。")
    return one


def _lay_files(request: HttpRequest, made: Candidate) -> None:
    """Lay the files of the form beside a draft; what was written is kept already, so that a bad file loses none of it."""
    by: Any = request.user
    for material in CandidateFile.Material.values:
        for file in request.FILES.getlist(f"files-{material}"):
            name, content = uploaded(file)
            filing.lay_file(candidate=made, material=material, name=name, content=content, by=by)
