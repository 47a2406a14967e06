"""Pages of award rounds for officers and applicants: calls, applications, eligibility, ranking, grant, revocation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import User, demo_loaded, may, require
from zhicheng.apps.incentives import awarding, firm_queries, objections, round_queries, rounds, scoring
from zhicheng.apps.incentives.batch_views import life_line, today
from zhicheng.apps.incentives.forms import ObjectionFindingForm, ObjectionForm
from zhicheng.apps.incentives.models import AwardRound
from zhicheng.apps.incentives.notice_views import received_words
from zhicheng.apps.incentives.round_forms import ApplicationForm, RoundForm
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.kernel.refusals import NotFound, Refusal

RANK_HEADER = (words("名次"), words("盲评编号"), words("申报单位"), words("信用代码"), words("对象"), words("各环节得分"), words("得分"), words("等次"), words("状态"))  # fmt: skip
# step → (label, whether a reason or document is asked, tone)
STEPS: dict[str, tuple[Any, Any, str]] = {
    "check": (words("按台账核对资格"), "", ""),
    "start": (words("截止申报，开始评分"), "", "btn-primary"),
    "close_stage": (words("结束本环节，计算得分"), "", "btn-primary"),
    "publish": (words("开始公示"), "", "btn-primary"),
    "vacant": (words("该等次空缺"), words("空缺理由"), ""),
    "grant": (words("授予，送台账复核"), words("公布文件"), "btn-primary"),
    "cancel": (words("取消评选"), words("理由"), "btn-danger"),
}


def round_list(request: HttpRequest) -> HttpResponse:
    """List rounds; applicants see the calls."""
    page = round_queries.rounds_page(request.user, request.GET.get("after", ""))
    context = {"page": page, "officer": may(request.user, "policies.view"), "today": today(),
               "may_prepare": may(request.user, "policies.prepare")}  # fmt: skip
    return render(request, "incentives/rounds.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Open a call."""
    require(request.user, "policies.prepare")  # type: ignore[arg-type]
    by: Any = request.user
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.open_round(plan=form.plan(), by=by, synthetic=demo_loaded())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("incentives:round", number=made.number)
    return render(request, "incentives/round_new.html", {"form": form}, status=422 if form.errors else 200)


def award_round(request: HttpRequest, number: str) -> HttpResponse:
    """Show a round: to officers all of it, to applicants the call and their own application."""
    row = round_queries.award_round(number, request.user)
    return _officer(request, row) if may(request.user, "policies.view") else _applicant(request, row)


def _officer(request: HttpRequest, row: AwardRound, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "row": row, "refusal": refusal, "candidates": round_queries.candidates_of(row),
        "experts": row.experts.select_related("expert"),
        "steps": [(one, *STEPS[one]) for one in round_queries.steps_for(row, request.user)],
        "objections": round_queries.objections_of(row), "stages": life_line(AwardRound.Status(row.status)),
        "tiers": [(tier, round_queries.TIERS.get(tier, tier), seats) for tier, seats in row.tiers],
        "vacant": [(round_queries.TIERS.get(tier, tier), why) for tier, why in row.vacant.items()],
        "may_review": may(request.user, "policies.review"), "may_prepare": may(request.user, "policies.prepare"),
        "may_approve": may(request.user, "policies.approve"),
    }  # fmt: skip
    return render(request, "incentives/round.html", context, status=refusal.status if refusal else 200)


@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take one step of a round; a refusal is shown on its page."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")  # type: ignore[arg-type]
    by: Any = request.user
    why, tier, day = request.POST.get("why", ""), request.POST.get("tier", ""), today()
    acts: dict[str, Callable[[], object]] = {
        "check": lambda: rounds.check_candidates(award_round=row, on=day, by=by),
        "start": lambda: scoring.start_scoring(award_round=row, by=by),
        "close_stage": lambda: scoring.close_stage(award_round=row, by=by),
        "publish": lambda: awarding.publish_round(award_round=row, on=day, by=by),
        "vacant": lambda: awarding.leave_vacant(award_round=row, tier=tier, why=why, by=by),
        "grant": lambda: awarding.grant(award_round=row, on=day, document=why, by=by),
        "cancel": lambda: rounds.cancel_round(award_round=row, why=why, by=by),
        "call": lambda: rounds.call_expert(
            award_round=row,
            username=request.POST.get("username", ""),
            works_for=request.POST.get("works_for", ""),
            by=by,
        ),
    }
    try:
        if request.POST.get("step", "") not in acts:
            raise Refusal("没有这一步。", fix="请用页面上的按钮。")
        acts[request.POST["step"]]()
    except Refusal as refusal:
        return _officer(request, row, refusal)
    messages.success(request, _("已办理。"))
    return redirect("incentives:round", number=number)


@require_POST
def candidate_step(request: HttpRequest, number: str, candidate: int) -> HttpResponse:
    """Say whether a candidate may stand, or revoke what it was given."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")  # type: ignore[arg-type]
    one = round_queries.candidate(row, candidate)
    by: Any = request.user
    what, why = request.POST.get("step", ""), request.POST.get("why", "")
    try:
        if what in {"eligible", "ineligible"}:
            rounds.qualify(candidate=one, eligible=what == "eligible", why=why, by=by)
        elif what == "revoke":
            made = awarding.revoke(candidate=one, on=today(), why=why, by=by)
            messages.success(request, _("撤销已送台账复核，通过后自动发起追回。"))
            return redirect("records:change_set", key=made.key)
        else:
            raise Refusal("没有这一步。", fix="请用页面上的按钮。")
    except Refusal as refusal:
        return _officer(request, row, refusal)
    return redirect("incentives:round", number=number)


@require_POST
def answer_objection(request: HttpRequest, number: str, objection: int) -> HttpResponse:
    """Answer an objection against a ranking."""
    row = round_queries.award_round(number, request.user)
    found = row.objections.filter(pk=objection).first()
    if found is None:
        raise NotFound("没有这件异议。", fix="请刷新页面。")
    by: Any = request.user
    form = ObjectionFindingForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("答复须写明核查结论，并选择是否成立。", fix="请填写后再提交。")
        objections.answer_objection(objection=found, by=by, on=today(), **form.given())
    except Refusal as refusal:
        return _officer(request, row, refusal)
    return redirect("incentives:round", number=number)


def round_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Download the ranking."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")  # type: ignore[arg-type]
    rows = [
        (
            one.rank or "", one.code, one.name, one.organisation.uscc or "", one.object_name, " / ".join(one.stage_totals),
            one.total if one.total is not None else "", one.tier_words, one.get_status_display(),
        )
        for one in round_queries.candidates_of(row)
    ]  # fmt: skip
    return as_file(
        form, title=row.number, header=RANK_HEADER, rows=rows, by=request.user, subject=f"round:{number}"
    )


# -- applicants --------------------------------------------------------------------------------------


def _applicant(
    request: HttpRequest, row: AwardRound, refusal: Refusal | None = None, form: ApplicationForm | None = None
) -> HttpResponse:
    mine = round_queries.own_candidates(row, request.user)
    draft = next((one for one in mine if one.status == "draft"), None)
    initial = {"statement": draft.statement, "object_name": draft.object_name} if draft else {}
    context = {
        "row": row, "mine": mine, "draft": draft, "refusal": refusal, "form": form or ApplicationForm(initial=initial),
        "organisations": firm_queries.own_organisations(request.user),
        "tiers": [(tier, round_queries.TIERS.get(tier, tier), seats) for tier, seats in row.tiers],
        "open": row.status == "open" and row.opens_on <= today() <= row.closes_on,
        "conditions": [rounds.condition_words(one) for one in row.conditions],
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "incentives/apply.html", context, status=status)


@require_POST
def apply(request: HttpRequest, number: str) -> HttpResponse:
    """Save an application, hand it in, or take it back."""
    require(request.user, "policies.apply")  # type: ignore[arg-type]
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
            rounds.withdraw_application(candidate=one, by=by)
        elif form.is_valid():
            organisation = firm_queries.organisation_for(int(given) if given.isdigit() else 0, by)
            made = rounds.save_application(
                award_round=row, organisation=organisation, by=by, **form.cleaned_data
            )
            if what == "submit":
                rounds.submit_application(candidate=made, on=today(), by=by)
        else:
            return _applicant(request, row, form=form)
    except Refusal as refusal:
        return _applicant(request, row, refusal, form if what != "withdraw" else None)
    messages.success(request, _("已提交，资格核对后在本页显示结论。") if what == "submit" else _("已保存。"))
    return redirect("incentives:round", number=number)


# -- anybody -----------------------------------------------------------------------------------------


def round_notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show a ranking on public notice; while it stands anybody may object."""
    require(request.user, "published.view")  # type: ignore[arg-type]
    row, chosen = round_queries.notice(number)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, code = awarding.object_to_round(
                award_round=row, said_by=data["said_by"], contact=data["contact"], text=data["text"], on=today(),
                candidate=next((one for one in chosen if one.pk == data["entitlement"]), None),
                by=request.user if isinstance(request.user, User) else None,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, received_words(made.case_number, code))
            return redirect("incentives:round_notice", number=number)
    context = {
        "row": row, "chosen": chosen, "form": form,
        "vacant": [(round_queries.TIERS.get(tier, tier), why) for tier, why in row.vacant.items()],
        "open": row.status == "notice" and any(
            until is not None and today() <= until for until in (row.notice_until, *(one.notice_until for one in chosen))
        ),
    }  # fmt: skip
    return render(request, "incentives/round_notice.html", context, status=422 if form.errors else 200)
