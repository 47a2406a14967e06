"""What people do with figures: prepare, sign, correct, withdraw, and enter targets and quoted ranks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require, signed_in
from zhicheng.apps.figures import actions, boards
from zhicheng.apps.figures.goals import RankForm, TargetForm, enter
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.web.public import place_of
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.kernel.refusals import Refusal

KINDS = {"targets": TargetForm, "quoted_ranks": RankForm}


@require_POST
def prepare(request: HttpRequest, identity: str) -> HttpResponse:
    """Freeze a figure for signing."""
    place = place_of(request)
    row = actions.prepare(
        indicator=identity, region=place.region, as_of=place.as_of, period=place.period, by=signed_in(request.user)
    )  # fmt: skip
    if row.status == SignedFigure.Status.SIGNED:
        messages.info(request, _("这个数值已经签发，不用再编制。"))
    else:
        messages.success(request, _("已编制，等待另一位有签发权限的人员签发。"))
    return redirect(boards.address(identity, place))


@require_POST
def prepare_many(request: HttpRequest) -> HttpResponse:
    """Freeze all figures ticked in the list; those without a value are named, the others stand."""
    place = place_of(request)
    require(request.user, "figures.sign", region=place.region)
    done = 0
    for identity in request.POST.getlist("id"):
        try:
            actions.prepare(
                indicator=identity, region=place.region, as_of=place.as_of, period=place.period, by=signed_in(request.user)
            )  # fmt: skip
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            done += 1
    messages.success(request, _("已编制 %(count)d 项，等待另一位有签发权限的人员签发。") % {"count": done})
    return redirect(boards.address("to-sign", place))


@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Sign all figures ticked; what cannot be signed is named, the others stand."""
    require(request.user, "figures.approve")
    done = 0
    for row in SignedFigure.objects.filter(
        pk__in=[one for one in request.POST.getlist("id") if one.isdigit()]
    ):
        try:
            actions.sign(figure=row, by=signed_in(request.user))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            done += 1
    messages.success(request, _("已签发 %(count)d 项。") % {"count": done})
    return redirect(boards.address("to-sign", place_of(request)))


@require_POST
def sign(request: HttpRequest, identity: str, number: int) -> HttpResponse:
    """Sign what somebody else prepared."""
    row = get_object_or_404(SignedFigure, pk=number, indicator=identity)
    try:
        actions.sign(figure=row, by=signed_in(request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已签发，从现在起对外公布。"))
    return redirect(boards.address(identity, place_of(request)))


@require_POST
def discard(request: HttpRequest, identity: str, number: int) -> HttpResponse:
    """Take back what was prepared and not signed."""
    actions.discard(
        figure=get_object_or_404(SignedFigure, pk=number, indicator=identity), by=signed_in(request.user)
    )
    messages.success(request, _("已取消编制。"))
    return redirect(boards.address(identity, place_of(request)))


@require_POST
def change(request: HttpRequest, identity: str, number: int) -> HttpResponse:
    """Withdraw a signed figure, or replace it by what is known now, with the reason."""
    row = get_object_or_404(SignedFigure, pk=number, indicator=identity)
    correcting = request.POST.get("how") == "correct"
    try:
        if correcting:
            fresh = actions.correct(figure=row, why=request.POST.get("why", ""), by=signed_in(request.user))
        else:
            actions.withdraw(figure=row, why=request.POST.get("why", ""), by=signed_in(request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        waits = correcting and fresh.status == SignedFigure.Status.PREPARED
        words = _("更正已编制，另一人签发后公告。") if waits else _("已办理，公告已列在“已公布的数据”里。")
        messages.success(request, words)
    return redirect(boards.address(identity, place_of(request)))


def goal(request: HttpRequest, identity: str, kind: str) -> HttpResponse:
    """Enter a target or a quoted rank with its source; it waits for review like any record."""
    place = place_of(request)
    require(request.user, "records.prepare", region=place.region)
    entry = load_catalogue().indicator(identity)
    start = {"year": place.as_of.year, "as_of": place.as_of}
    form = KINDS[kind](request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            row = enter(
                kind=kind,
                indicator=identity,
                place=place,
                values=form.cleaned_data,
                by=signed_in(request.user),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("records:change_set", key=row.key)
    context = {"form": form, "entry": entry, "kind": kind, "place": place}
    return render(request, "figures/goal.html", context, status=422 if form.errors else 200)
