"""Pages of batches: the list, one batch with its amounts, and every step of its life up to approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import demo_loaded, may, require, scope
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import queries as batch_queries
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.batches.previewing import preview_freeze
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.forms import (
    FreezeForm,
    ObjectionFindingForm,
    PersonAccountForm,
    consequence_given,
)
from zhicheng.apps.incentives.models import Batch, Entitlement, Objection
from zhicheng.apps.incentives.notices import consequences, objections
from zhicheng.apps.incentives.payment import clawbacks, paying, person_accounts
from zhicheng.apps.incentives.runs.evaluations import current_evaluation, current_program
from zhicheng.apps.incentives.runs.keeping import evaluation_of_run
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.apps.web.public import place_of
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

ROW_HEADER = (words("受益人"), words("信用代码"), words("条款"), words("版本"), words("事实"), words("对象"), words("事件日"), words("金额（元）"), words("分担"), words("状态"), words("剔除理由"))  # fmt: skip


def batch_list(request: HttpRequest) -> HttpResponse:
    """List batches by stage."""
    given = {name: request.GET.get(name, "") for name in ("status", "policy", "year", "after")}
    context = {
        "page": batch_queries.batches_page(request.user, **given),
        "given": given,
        "statuses": Batch.Status.choices,
        "policies": [(key, one.title) for key, one in current_program().policies.items()],
        "may_prepare": may(request.user, "policies.prepare"),
    }
    return render(request, "incentives/batches.html", context)


def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze what is due under a policy for a year, from a kept run or from the ledger as it is."""
    require(request.user, "policies.prepare")
    run = seen.run(int(request.GET["run"]), request.user) if request.GET.get("run", "").isdigit() else None
    by: Any = request.user
    asked = request.GET if request.GET.get("preview") else None
    form = FreezeForm(request.POST or asked, initial={"year": place_of(request).as_of.year})
    shown = None
    if asked and request.method == "GET" and form.is_valid():
        evaluation = evaluation_of_run(run) if run else current_evaluation(place_of(request).as_of)
        shown = preview_freeze(**form.cleaned_data, evaluation=evaluation, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            made = batch_actions.freeze(
                policy=form.cleaned_data["policy"], year=form.cleaned_data["year"],
                as_of=run.as_of if run else place_of(request).as_of, by=by,
                evaluation=evaluation_of_run(run) if run else None, run=run, synthetic=demo_loaded(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell_frozen(request, made)
            return redirect("incentives:batch", number=made.number)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "incentives/freeze.html", {"form": form, "run": run, "preview": shown}, status=status
    )


def _tell_frozen(request: HttpRequest, made: Batch) -> None:
    """Say what was frozen, and where that is not what the preview had shown."""
    rows = made.entitlements.values_list("amount", flat=True)
    now, before = f"{len(rows)}/{sum(rows):.2f}", request.POST.get("previewed", "")
    if before and before != now:
        words_now = {"number": made.number, "before": before[:40], "now": now}
        messages.warning(
            request,
            _("已编制批次 %(number)s，但与预览不同（项数/元）：预览 %(before)s，现为 %(now)s。请核对后送审。")
            % words_now,
        )
        return
    messages.success(request, _("已编制批次 %(number)s，核对后送审。") % {"number": made.number})


def batch(request: HttpRequest, number: str) -> HttpResponse:
    """Show one batch: where it stands, its amounts, objections, money and history."""
    return _page(request, seen.batch(number, request.user))


def _page(request: HttpRequest, row: Batch, refusal: Refusal | None = None) -> HttpResponse:
    given = {name: request.GET.get(name, "") for name in ("show", "q", "after")}
    whole = scope(request.user).covers_region(row.region_code)
    steps = batch_queries.steps_for(row, request.user)
    context = {
        "row": row, "given": given, "refusal": refusal, "whole": whole,
        "steps": [(one, *STEPS[one]) for one in steps],
        "sums": batch_queries.sums_of(row) if whole else None,
        "page": batch_queries.entitlements_page(row, request.user, **given),
        "objections": (heard := batch_queries.objections_of(row) if whole else []),
        "unanswered": sum(one.status == Objection.Status.OPEN for one in heard),
        "history": batch_queries.history_of(row) if whole else None,
        "may_touch": (row.status == "draft" and may(request.user, "policies.prepare"))
        or ("review" in steps),
        "may_exclude": row.status in {"draft", "review", "reviewed", "notice"}
        and may(request.user, "policies.review" if row.status != "draft" else "policies.prepare"),
        "may_answer": may(request.user, "policies.review"), "may_pay": may(request.user, "policies.pay"),
        "draws": batch_queries.draws_of(row) if whole and may(request.user, "policies.budget") else [],
        "over": row.notice_until is not None and row.notice_until < today(),
        "stages": life_line(Batch.Status(row.status)), "days": batch_actions.payout_settings().notice_days,
    }  # fmt: skip
    return render(request, "incentives/batch.html", context, status=refusal.status if refusal else 200)


def history(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that happened to a batch, page by page, for the level that pays it."""
    row = seen.batch(number, request.user)
    if not scope(request.user).covers_region(row.region_code):
        raise NotAllowed("批次的办理经过由付款的一级查看。", fix="请联系编制批次的单位。")
    page = batch_queries.history_page(row, request.GET.get("after", ""))
    return render(request, "incentives/history.html", {"row": row, "page": page})


def life_line(status: Batch.Status) -> list[tuple[str, str]]:
    """The line of life of a batch: each stage with done, now or to come."""
    kinds = type(status)
    order = [one for one in kinds if one != kinds.CANCELLED]
    if status == kinds.CANCELLED:
        return [(str(kinds.CANCELLED.label), "now")]
    here = order.index(status)
    return [
        (str(one.label), "done" if place < here else "now" if place == here else "next")
        for place, one in enumerate(order)
    ]


def _take(step: str, row: Batch, request: HttpRequest) -> None:
    by: Any = request.user
    why, day = request.POST.get("why", ""), today()
    days = request.POST.get("days", "")
    acts: dict[str, Callable[[], object]] = {
        "submit": lambda: batch_actions.submit(batch=row, by=by),
        "take_back": lambda: reviewing.take_back(batch=row, by=by),
        "accept_rest": lambda: reviewing.accept_rest(batch=row, by=by),
        "review": lambda: reviewing.review(batch=row, by=by),
        "send_back": lambda: reviewing.send_back(batch=row, why=why, by=by),
        "reopen": lambda: reviewing.reopen(batch=row, why=why, by=by),
        "publish": lambda: batch_actions.publish(
            batch=row, on=day, by=by, days=int(days) if days.isdigit() and int(days) < 100 else None
        ),
        "approve": lambda: batch_actions.approve(batch=row, on=day, by=by),
        "take_up": lambda: paying.take_up_accounts(batch=row, by=by),
        "close": lambda: batch_actions.close(batch=row, by=by),
        "cancel": lambda: batch_actions.cancel(batch=row, why=why, by=by),
    }
    if step not in acts:
        raise Refusal(f"没有“{step[:30]}”这一步。", fix="请用页面上的按钮。")
    acts[step]()


# step → (label, whether a reason is asked, tone of the button)
STEPS: dict[str, tuple[Any, bool, str]] = {
    "submit": (words("送审"), False, "btn-primary"),
    "take_back": (words("撤回送审"), False, ""),
    "accept_rest": (words("认可其余全部"), False, ""),
    "review": (words("复核通过"), False, "btn-primary"),
    "send_back": (words("退回编制"), True, ""),
    "reopen": (words("退回上一步"), True, ""),
    "publish": (words("开始公示"), False, "btn-primary"),
    "approve": (words("批准兑付"), False, "btn-primary"),
    "take_up": (words("匹配新确认的账户"), False, ""),
    "close": (words("办结"), False, "btn-primary"),
    "cancel": (words("作废批次"), True, "btn-danger"),
}


@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take one step of a batch; a refusal is shown on the batch's own page."""
    row = seen.batch(number, request.user)
    try:
        _take(request.POST.get("step", ""), row, request)
    except Refusal as refusal:
        return _page(request, row, refusal)
    messages.success(request, _("已办理。"))
    return redirect("incentives:batch", number=number)


@require_POST
def decide(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """Accept, exclude or put back one amount; the row is swapped, a plain browser gets the page."""
    found = seen.batch(number, request.user)
    one = batch_queries.entitlement(found, row, request.user)
    by: Any = request.user
    what, why = request.POST.get("step", ""), request.POST.get("why", "")
    try:
        if what == "accept":
            reviewing.accept(entitlement=one, by=by)
        elif what == "exclude":
            reviewing.exclude(entitlement=one, why=why, by=by)
        elif what == "put_back":
            reviewing.put_back(entitlement=one, by=by)
        elif what == "claw":
            reason = request.POST.get("reason", "")
            clawbacks.open_by_hand(entitlement=one, reason=reason, words=why, on=today(), by=by)
            messages.success(request, _("已发起追回。"))
            return redirect("incentives:clawbacks")
        else:
            raise Refusal(f"没有“{what[:30]}”这一步。", fix="请用页面上的按钮。")
    except Refusal as refusal:
        return _page(request, found, refusal)
    return redirect(f"{request.path_info.rsplit('/rows/', 1)[0]}/#row-{row}")


def row(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """Show one amount: its steps, its shares, its orders, and the ledger row it stands on."""
    found = seen.batch(number, request.user)
    return row_page(request, found, batch_queries.entitlement(found, row, request.user))


def row_page(
    request: HttpRequest, found: Batch, one: Entitlement, *, form: PersonAccountForm | None = None,
    opened: claims.AccountGiven | None = None, refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of one amount; a person's account is entered, opened and erased here by whoever pays."""
    persons = seen.sees_persons(request.user)
    payee = one.kind == "person" and persons
    context = {
        "row": found, "one": one, "shown": seen.name_for(one.name, one.kind, persons=persons), "refusal": refusal,
        "orders": one.orders.select_related("account").order_by("pk") if persons else [], "payee": payee,
        "disputes": one.fact_disputes.select_related("answered_by", "raised_by") if one.kind == "person" else [],
        "clawbacks": one.clawbacks.all(), "account": person_accounts.account_of(one) if payee else None, "opened": opened,
        "form": (form or PersonAccountForm()) if payee and one.live else None,
        "may_claw": one.status == "paid" and may(request.user, "policies.approve"), "reasons": clawbacks.Reason.choices,
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "incentives/row.html", context, status=status)


@require_POST
def answer_objection(request: HttpRequest, number: str, objection: int) -> HttpResponse:
    """Answer an objection against a notice."""
    row = seen.batch(number, request.user)
    found = Objection.objects.filter(batch=row, pk=objection).first()
    if found is None:
        raise NotFound("没有这件异议。", fix="请刷新批次页面。")
    by: Any = request.user
    form = ObjectionFindingForm(request.POST)
    try:
        if request.POST.get("step") == "consequence":
            consequences.draw_consequence(objection=found, by=by, on=today(), **consequence_given(request))
            return redirect("incentives:batch", number=number)
        if not form.is_valid():
            raise Refusal("答复须写明核查结论，并选择是否成立。", fix="请填写后再提交。")
        objections.answer_objection(objection=found, by=by, on=today(), **form.given())
    except Refusal as refusal:
        return _page(request, row, refusal)
    return redirect("incentives:batch", number=number)


def batch_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Download the amounts of a batch as CSV or XLSX."""
    found = seen.batch(number, request.user)
    persons = seen.sees_persons(request.user)
    rows = [
        (
            seen.name_for(one.name, one.kind, persons=persons), one.organisation.uscc if one.organisation else "",
            one.clause_name, one.version, one.fact, one.object, one.event_date, f"{one.amount:.2f}",
            "；".join(f"{payer} {part}" for payer, part in one.shares), one.get_status_display(), one.why,
        )
        for one in seen.entitlements(found, request.user).select_related("organisation").order_by("pk")
    ]  # fmt: skip
    return as_file(
        form, title=found.number, header=ROW_HEADER, rows=rows, by=request.user, subject=f"batch:{number}"
    )
