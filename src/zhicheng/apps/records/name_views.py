"""Pages on which a person says which organisation a name means: for all its rows at once, or region by region."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from zhicheng.apps.accounts.public import require
from zhicheng.apps.records import match_actions, queries, set_queries
from zhicheng.apps.records.models import MatchQuestion
from zhicheng.apps.records.naming import find_organisation, rows_naming
from zhicheng.kernel.refusals import Refusal

NOBODY = "none"


def names(request: HttpRequest) -> HttpResponse:
    """List names that are not certain, each with the organisations it may mean."""
    by: Any = request.user
    require(by, "records.approve")
    refusal = None
    if request.method == "POST":
        question = get_object_or_404(set_queries.questions(by), pk=_number(request.POST.get("question", "")))
        try:
            _decide(request, question)
        except Refusal as no:
            refusal = no
        else:
            return redirect(request.get_full_path())
    decided = request.GET.get("decided") == "1"
    found = set_queries.open_questions(by, decided=decided, after=request.GET.get("after", ""))
    context = {
        "rows": found.rows, "decided": decided, "refusal": refusal,
        "page": {"next": found.next, "back": bool(request.GET.get("after")), "count": ""},
    }  # fmt: skip
    return render(request, "records/names.html", context, status=422 if refusal else 200)


def name(request: HttpRequest, number: int) -> HttpResponse:
    """Show the rows that carry a name, region by region, and let them be split between organisations."""
    by: Any = request.user
    require(by, "records.approve")
    question = get_object_or_404(set_queries.questions(by), pk=_number(str(number)))
    groups = rows_naming(question.name)
    refusal = None
    if request.method == "POST":
        try:
            if request.POST.get("step") == "split":
                match_actions.split_match(question=question, by_region=_by_region(request), by=by)
            else:
                _decide(request, question)
        except Refusal as no:
            refusal = no
        else:
            return redirect("records:names")
    context = {
        "question": question, "groups": groups, "refusal": refusal,
        "regions": set_queries.split_regions(groups, question), "candidates": set_queries.candidates_of(question),
    }  # fmt: skip
    return render(request, "records/name.html", context, status=422 if refusal else 200)


def _decide(request: HttpRequest, question: MatchQuestion) -> None:
    by: Any = request.user
    if request.POST.get("step") == "reopen":
        match_actions.reopen_match(question=question, by=by)
        return
    chosen = _organisation(request.POST.get("organisation", ""), request.POST.get("other", ""))
    match_actions.decide_match(question=question, organisation=chosen, by=by)


def _by_region(request: HttpRequest) -> dict[str, int | None]:
    """Region → organisation for every region that got an answer."""
    found: dict[str, int | None] = {}
    for region in request.POST.getlist("region"):
        text = request.POST.get(f"organisation.{region}", "").strip()
        if text:
            found[region] = None if text == NOBODY else _organisation(text, text)
    return found


def _organisation(chosen: str, other: str) -> int | None:
    if chosen == NOBODY:
        return None
    return find_organisation(chosen if chosen.isdigit() and len(chosen) < 15 else "", other)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) <= queries.LONGEST_ID else 0
