"""Pages of policies: where a person begins, the documents, and each clause with its versions and examples."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhicheng.apps.accounts.public import may
from zhicheng.apps.incentives import overview
from zhicheng.apps.incentives.policies import queries as policy_queries
from zhicheng.apps.web.public import place_of


def index(request: HttpRequest) -> HttpResponse:
    """Officers see what waits; organisations their own page; everybody else the notices that stand."""
    user = request.user
    if may(user, "policies.view"):
        context = {"board": overview.board(user), "may_prepare": may(user, "policies.prepare")}
        return render(request, "incentives/index.html", context)
    if may(user, "policies.own"):
        return redirect("incentives:own")
    if may(user, "policies.score"):
        return redirect("incentives:scoring")
    return redirect("incentives:notices")


def policies(request: HttpRequest) -> HttpResponse:
    """List the documents with their clauses."""
    examples = bool(request.GET.get("examples"))
    program = policy_queries.program_for(request.user, examples=examples)
    rows = [
        (
            policy,
            policy_queries.document_limits(policy),
            [
                (one, policy_queries.amount_in_words(one.versions[-1], program.facts[one.fact]))
                for one in program.clauses
                if one.policy == key
            ],
        )
        for key, policy in program.policies.items()
    ]
    return render(request, "incentives/policies.html", {"rows": rows, "examples": examples})


def clause(request: HttpRequest, clause: str) -> HttpResponse:
    """Show a clause: what it stands on, each dated version with its source, and its examples."""
    shown = policy_queries.clause_of(clause, request.user, on=place_of(request).as_of)
    return render(request, "incentives/clause.html", {"shown": shown})
