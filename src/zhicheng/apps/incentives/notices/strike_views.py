"""The page on which an objection against a whole notice is decided: the lines to strike are chosen, not typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.forms import ObjectionFindingForm, consequence_given
from zhicheng.apps.incentives.models import Batch, Objection
from zhicheng.apps.incentives.notices import consequences, lines, objections
from zhicheng.kernel.refusals import Refusal

DECIDE = frozenset({"answer", "consequence"})


def choose(request: HttpRequest, number: str, objection: int) -> HttpResponse:
    """Search and choose the lines to strike from page to page, then decide; what was typed and chosen stays."""
    row = seen.batch(number, request.user)
    found = lines.objection_to_choose_for(row, objection, request.user)
    if request.method == "POST" and request.POST.get("step") in DECIDE:
        try:
            _decide(request, found)
        except Refusal as refusal:
            return _page(request, row, found, refusal)
        messages.success(request, _("已答复，公示按所写的后果处理。"))
        return redirect("incentives:batch", number=number)
    return _page(request, row, found)


def _decide(request: HttpRequest, found: Objection) -> None:
    by: Any = request.user
    if request.POST["step"] == "consequence":
        consequences.draw_consequence(objection=found, by=by, on=today(), **consequence_given(request))
        return
    form = ObjectionFindingForm(request.POST)
    if not form.is_valid():
        raise Refusal("答复须写明核查结论，并选择是否成立。", fix="请填写后再提交。")
    objections.answer_objection(objection=found, by=by, on=today(), **form.given())


def _page(request: HttpRequest, row: Batch, found: Objection, refusal: Refusal | None = None) -> HttpResponse:
    post = request.POST
    given = {name: post.get(name, "") for name in ("q", "finding", "answer", "republish")}
    # a new search begins at its first page; only “下一页” goes on
    after = post.get("go", "") if post.get("step") == "next" else post.get("at", "") if refusal else ""
    chosen = [int(one) for one in post.getlist("strike") if one.isdigit()]
    finding = ObjectionFindingForm.base_fields["finding"]
    assert isinstance(finding, ChoiceField), "a finding is one of a few"
    context = {
        "row": row, "given": given, "refusal": refusal, "at": after, "findings": finding.choices,
        "choice": lines.choice_of(row, found, request.user, chosen=chosen, q=given["q"].strip(), after=after),
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return render(request, "incentives/strike.html", context, status=status)
