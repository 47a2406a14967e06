"""Pages of award rounds for officers: calls, eligibility, the stages, ranking, notice, grant, revocation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import Role, demo_loaded, may, require
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.forms import ObjectionFindingForm, consequence_given
from zhicheng.apps.incentives.models import AwardRound, Ballot
from zhicheng.apps.incentives.notices import consequences, objections
from zhicheng.apps.incentives.rounds import awarding, calls, stage_queries
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds import now as round_now
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.apply_views import applicant_page
from zhicheng.apps.incentives.rounds.forms import RoundForm
from zhicheng.apps.incentives.rounds.stage_queries import KINDS
from zhicheng.apps.incentives.rounds.stages import DECISION, DEFENCE, ON_SITE, VOTE
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.apps.ledger.public import honour_names
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
    "withdraw_notice": (words("撤下公示"), words("撤下的理由"), ""),
    "reopen_stage": (words("撤销上一环节的结束"), words("重办的理由"), ""),
    "cancel": (words("取消评选"), words("取消的理由"), "btn-danger"),
}
# step → what is asked once more, because it cannot be taken back.
SURE = {
    "start": words("开始评分以后不再收申报，没有提交的草稿作废。确定开始？"),
    "publish": words("公示后任何人都能看到名单并提出异议。确定开始公示？"),
    "cancel": words("取消后不能恢复，已申报的单位会看到评选已取消。确定取消？"),
}
# step → what is said once it is done; steps not named here: “已办理。”
DONE_WORDS = {
    "call": words("已邀请。开始评分后，专家登录首页就能看到要评的申报。"),
    "check": words("已按台账核对资格，结论列在下面的申报里。"),
    "start": words("已截止申报，评分表已发给没有利害关系的专家。"),
    "close_stage": words("本环节已结束。"),
    "publish": words("已开始公示。"),
    "vacant": words("已登记该等次空缺。"),
    "grant": words("已提交授予，等台账变更集复核。"),
    "withdraw_notice": words("已撤下公示，改好后可以重新公示。"),
    "reopen_stage": words("上一环节已重新打开。"),
    "cancel": words("评选已取消。"),
}


def round_list(request: HttpRequest) -> HttpResponse:
    """List rounds; applicants see the calls."""
    page = round_queries.rounds_page(request.user, request.GET.get("after", ""))
    context = {"page": page, "officer": may(request.user, "policies.view"), "today": today(),
               "may_prepare": may(request.user, "policies.prepare")}  # fmt: skip
    return render(request, "incentives/rounds.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Open a call."""
    require(request.user, "policies.prepare")
    by: Any = request.user
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = calls.open_round(plan=form.plan(), by=by, synthetic=demo_loaded())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if strange := calls.tiers_never_given(made):
                named = "、".join(str(round_queries.TIERS[one]) for one in strange)
                said = _(
                    "台账里这个荣誉项目还没有过等次“%(tiers)s”，请核对：授予后按这个等次计数和兑付；不对的，取消后重新发起。"
                )
                messages.warning(request, said % {"tiers": named})
            return redirect("incentives:round", number=made.number)
    return render(
        request, "incentives/round_new.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


def award_round(request: HttpRequest, number: str) -> HttpResponse:
    """Show a round: to officers all of it, to applicants the call and their own application."""
    row = round_queries.award_round(number, request.user)
    return officer_page(request, row) if may(request.user, "policies.view") else applicant_page(request, row)


def officer_page(request: HttpRequest, row: AwardRound, refusal: Refusal | None = None) -> HttpResponse:
    """Everything about a round, with a refusal on top when a step was refused."""
    here, now = row.current, round_now.now_of(row, today())
    context = {
        "row": row, "refusal": refusal, "page": round_queries.candidates_page(row, request.GET.get("after", "")),
        "experts": experts_of(row), "now": now, "scheme": honour_names().get(row.scheme_code, row.scheme_code),
        "steps": [offered(one, row, now) for one in round_queries.steps_for(row, request.user)],
        "objections": round_queries.objections_of(row), "line": stage_queries.line_of(row),
        "stages": stage_queries.stages_of(row), "here": here, "runs_now": row.status == "scoring", "today": today(),
        "tiers": [(tier, round_queries.TIERS.get(tier, tier), seats) for tier, seats in row.tiers],
        "empty_seats": round_queries.seats_empty(row),
        "vacant": [(round_queries.TIERS.get(tier, tier), why) for tier, why in row.vacant.items()],
        "winners": stage_queries.seated(row) if row.status in {"ranked", "notice"} or here.kind == DECISION else [],
        "deciding": (row.status == "scoring" and here.kind == DECISION) or row.waits_for_decision,
        "to_call": round_queries.people_to_call(row, (Role.EXPERT,)) if row.status == "open" else [],
        "to_seat": round_queries.people_to_call(row, round_queries.VOTING) if row.status in {"open", "scoring"} else [],
        **panels(row), **rights(request.user, row),
    }  # fmt: skip
    return render(request, "incentives/round.html", context, status=refusal.status if refusal else 200)


def experts_of(row: AwardRound) -> list[Any]:
    """The experts called, each with how far the sheets of the stage that runs are marked."""
    progress = round_now.progress_of(row)
    found: list[Any] = list(row.experts.select_related("expert"))
    for one in found:
        one.given, one.asked = progress.get(one.expert_id, (0, 0))
    return found


def offered(step: str, row: AwardRound, now: round_now.Now) -> tuple[str, Any, Any, str, Any]:
    """A step as the page offers it: name, label, what it asks for, tone, what is asked once more."""
    label, reason, tone = STEPS[step]
    if step == "close_stage" and not row.current.scored:
        label = _("结束本环节")
    return step, label, reason, tone, now.lost if step == "close_stage" else SURE.get(step, "")


def panels(row: AwardRound) -> dict[str, Any]:
    """What the stages of a round show: visits, timetables, committee and ballots, of the kinds it has."""
    places = {kind: [place for place, one in enumerate(row.sequence) if one.kind == kind] for kind in KINDS}
    begun = range(row.stage + 1) if row.status != "open" else ()
    return {
        "visits": [(place, row.sequence[place], stage_queries.visits_of(row, place)) for place in places[ON_SITE] if place in begun],
        "slots": [(place, row.sequence[place], stage_queries.slots_of(row, place)) for place in places[DEFENCE] if place in begun],
        "has_vote": bool(places[VOTE]), "committee": stage_queries.committee_of(row) if places[VOTE] else [],
        "ballots": stage_queries.ballots_of(row) if places[VOTE] else [],
        **ballot_offer(row),
    }  # fmt: skip


def ballot_offer(row: AwardRound) -> dict[str, bool]:
    """Whether the vote runs, whether a ballot may be opened in it now, and whether that is a second one."""
    running = row.status == "scoring" and row.current.kind == VOTE
    second = running and stage_queries.second_waits(row)
    standing = running and row.ballots.filter(place=row.stage).exclude(status=Ballot.Status.ANNULLED).exists()
    return {
        "may_open_ballot": running,
        "second": second,
        "offer_ballot": running and (second or not standing),
    }


def rights(user: Any, row: AwardRound) -> dict[str, bool]:
    """What a person may do with a round, as the buttons of its page ask."""
    return {
        f"may_{verb}": may(user, f"policies.{verb}", region=row.region_code)
        for verb in ("review", "prepare", "approve")
    }


@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take one step of a round; a refusal is shown on its page."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")
    by: Any = request.user
    why, tier, day = request.POST.get("why", ""), request.POST.get("tier", ""), today()
    acts: dict[str, Callable[[], object]] = {
        "check": lambda: calls.check_candidates(award_round=row, on=day, by=by),
        "start": lambda: round_flow.start_scoring(award_round=row, by=by),
        "close_stage": lambda: round_flow.close_stage(award_round=row, by=by, on=day),
        "publish": lambda: awarding.publish_round(award_round=row, on=day, by=by),
        "vacant": lambda: awarding.leave_vacant(award_round=row, tier=tier, why=why, by=by),
        "grant": lambda: awarding.grant(award_round=row, on=day, document=why, by=by),
        "withdraw_notice": lambda: awarding.withdraw_notice(award_round=row, why=why, by=by),
        "reopen_stage": lambda: round_flow.reopen_stage(award_round=row, why=why, by=by),
        "cancel": lambda: calls.cancel_round(award_round=row, why=why, by=by),
        "call": lambda: calls.call_expert(
            award_round=row,
            username=request.POST.get("username", ""),
            works_for=request.POST.get("works_for", ""),
            by=by,
        ),
    }
    try:
        if request.POST.get("step", "") not in acts:
            raise Refusal(f"没有“{request.POST.get('step', '')[:30]}”这一步。", fix="请用页面上的按钮。")
        acts[request.POST["step"]]()
    except Refusal as refusal:
        return officer_page(request, row, refusal)
    messages.success(request, DONE_WORDS.get(request.POST["step"], _("已办理。")))
    return redirect("incentives:round", number=number)


@require_POST
def candidate_step(request: HttpRequest, number: str, candidate: int) -> HttpResponse:
    """Say whether a candidate may stand, or revoke what it was given."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")
    one = round_queries.candidate(row, candidate)
    by: Any = request.user
    what, why = request.POST.get("step", ""), request.POST.get("why", "")
    try:
        if what in {"eligible", "ineligible"}:
            calls.qualify(candidate=one, eligible=what == "eligible", why=why, by=by)
        elif what == "revoke":
            made = awarding.revoke(candidate=one, on=today(), why=why, by=by)
            messages.success(request, _("撤销已送台账复核，通过后自动发起追回。"))
            return redirect("records:change_set", key=made.key)
        else:
            raise Refusal("没有这一步。", fix="请用页面上的按钮。")
    except Refusal as refusal:
        return officer_page(request, row, refusal)
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
        if request.POST.get("step") == "consequence":
            consequences.draw_consequence(objection=found, by=by, on=today(), **consequence_given(request))
            return redirect("incentives:round", number=number)
        if not form.is_valid():
            raise Refusal("答复须写明核查结论，并选择是否成立。", fix="请填写后再提交。")
        objections.answer_objection(objection=found, by=by, on=today(), **form.given())
        messages.success(request, _("异议已答复。"))
    except Refusal as refusal:
        return officer_page(request, row, refusal)
    return redirect("incentives:round", number=number)


def round_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Download the ranking."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")
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
