"""Pages of money behind batches: the budget, the settings, clawbacks, disputes of facts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import demo_loaded, may, require
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.forms import BudgetForm, ObjectionAnswerForm, ReceiveForm, SettingsForm
from zhicheng.apps.incentives.models import Clawback, FactDispute
from zhicheng.apps.incentives.payment import budgets, clawbacks, settings_history
from zhicheng.apps.incentives.payment import queries as money_queries
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.apps.web.public import place_of
from zhicheng.kernel.refusals import Refusal

POT_HEADER = (words("政策"), words("条款"), words("年度"), words("付款方"), words("安排"), words("占用"), words("已付"), words("结余"), words("追回入库"))  # fmt: skip
CLAW_HEADER = (words("受益人"), words("条款"), words("批次"), words("原因"), words("说明"), words("应追回（元）"), words("已追回（元）"), words("发现日"), words("状态"))  # fmt: skip


def budget(request: HttpRequest) -> HttpResponse:
    """Show the pots and their lines; money that was appropriated is entered here."""
    given = {name: request.GET.get(name, "") for name in ("policy", "year", "after")}
    narrowed = {"policy": given["policy"], "year": given["year"]}
    pots = money_queries.pots(request.user, **narrowed)
    by: Any = request.user
    form = BudgetForm(request.POST or None, initial={"year": place_of(request).as_of.year})
    if request.method == "POST" and form.is_valid():
        try:
            budgets.appropriate(by=by, synthetic=demo_loaded(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return redirect("incentives:budget")
    program = current_program()
    context = {
        "pots": pots, "given": given, "form": form, "names": {one.id: one.name for one in program.clauses},
        "titles": {key: one.title for key, one in program.policies.items()},
        "page": money_queries.entries_page(request.user, **given), "now": timezone.localtime(),
    }  # fmt: skip
    return render(request, "incentives/budget.html", context, status=422 if form.errors else 200)


def budget_file(request: HttpRequest, form: str) -> HttpResponse:
    """Download the pots."""
    given = {name: request.GET.get(name, "") for name in ("policy", "year")}
    program = current_program()
    titles = {key: one.title for key, one in program.policies.items()}
    names = {one.id: one.name for one in program.clauses}
    rows = [
        (
            titles.get(one.policy, one.policy), names.get(one.clause, one.clause) or _("整个政策"), one.year, one.payer, f"{one.appropriated:.2f}", f"{one.committed:.2f}", f"{one.paid:.2f}",
            f"{one.left:.2f}", f"{one.recovered:.2f}",
        )
        for one in money_queries.pots(request.user, **given)
    ]  # fmt: skip
    return as_file(form, title=_("预算"), header=POT_HEADER, rows=rows, by=request.user, subject="budget")


def settings_page(request: HttpRequest) -> HttpResponse:
    """Show and set how the city pays: notice days, trimming of scores, years barred after fraud."""
    require(request.user, "policies.approve", region=seen.city_region())
    now = batch_actions.payout_settings()
    form = SettingsForm(
        request.POST or None, initial={name: getattr(now, name) for name in SettingsForm.base_fields}
    )
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            batch_actions.set_settings(by=by, **form.given())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存，此后的公示和评选按新的设置办理。"))
            return redirect("incentives:settings")
    page = settings_history.history_page(request.user, request.GET.get("after", ""))
    context = {"form": form, "page": page}
    return render(request, "incentives/settings.html", context, status=422 if form.errors else 200)


def clawback_list(request: HttpRequest) -> HttpResponse:
    """List what has to come back; the ledger is looked at again on demand."""
    return _clawbacks(request)


def _clawbacks(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    given = {"status": request.GET.get("status", "standing"), "after": request.GET.get("after", "")}
    context = {
        "page": money_queries.clawbacks_page(request.user, **given), "given": given, "refusal": refusal,
        "statuses": Clawback.Status.choices, "may_approve": may(request.user, "policies.approve"),
        "may_pay": may(request.user, "policies.pay"),
    }  # fmt: skip
    return render(request, "incentives/clawbacks.html", context, status=refusal.status if refusal else 200)


@require_POST
def check_paid(request: HttpRequest) -> HttpResponse:
    """Hold everything that was paid against the ledger as it is now."""
    require(request.user, "policies.approve", region=seen.city_region())
    by: Any = request.user
    found = clawbacks.check_paid(on=today(), by=by)
    messages.success(request, _("已核对，新发起追回 %(count)s 件。") % {"count": len(found)})
    return redirect("incentives:clawbacks")


@require_POST
def clawback_step(request: HttpRequest, number: int) -> HttpResponse:
    """Tell the payee, enter money that came back, or close what does not stand."""
    one = money_queries.clawback(number, request.user)
    by: Any = request.user
    try:
        what = request.POST.get("step", "")
        if what == "notify":
            clawbacks.notify(clawback=one, by=by)
        elif what == "receive":
            form = ReceiveForm(request.POST)
            if not form.is_valid():
                raise Refusal("到账金额应为大于零、精确到分的数。", fix="请核对金额。")
            clawbacks.receive(clawback=one, by=by, **form.cleaned_data)
        elif what == "close":
            clawbacks.close(clawback=one, why=request.POST.get("why", ""), by=by)
        else:
            raise Refusal(f"没有“{what[:30]}”这一步。", fix="请用页面上的按钮。")
    except Refusal as refusal:
        return _clawbacks(request, refusal)
    one.refresh_from_db()
    left = one.amount - one.recovered
    done = {
        "notify": _("已记为通知；款项退回后在本页登记到账。"),
        "receive": _("已登记到账，还差 %(left)s 元。") % {"left": f"{left:,.2f}"} if left else _("已全部追回，款项缴回国库，不再安排使用。"),
        "close": _("已办结，不再追回。"),
    }  # fmt: skip
    messages.success(request, done[what])
    return redirect("incentives:clawbacks")


def clawback_file(request: HttpRequest, form: str) -> HttpResponse:
    """Download the clawbacks under the filter."""
    status, after, rows = request.GET.get("status", "standing"), "", []
    while True:
        page = money_queries.clawbacks_page(request.user, status=status, after=after)
        rows += [
            (
                one.shown, one.entitlement.clause_name, one.entitlement.batch.number, one.get_reason_display(), one.words,
                f"{one.amount:.2f}", f"{one.recovered:.2f}", one.found_on, one.get_status_display(),
            )
            for one in page.rows
        ]  # fmt: skip
        after = page.next
        if not after:
            break
    return as_file(form, title=_("追回"), header=CLAW_HEADER, rows=rows, by=request.user, subject="clawbacks")


def dispute_list(request: HttpRequest) -> HttpResponse:
    """List what organisations say is wrong about them."""
    return _disputes(request)


def _disputes(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    given = {"status": request.GET.get("status", ""), "after": request.GET.get("after", "")}
    context = {
        "page": money_queries.disputes_page(request.user, **given), "given": given, "refusal": refusal,
        "statuses": FactDispute.Status.choices, "may_answer": may(request.user, "policies.review"),
    }  # fmt: skip
    return render(request, "incentives/disputes.html", context, status=refusal.status if refusal else 200)


@require_POST
def answer_dispute(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a dispute; the ledger is corrected through its own review."""
    one = money_queries.dispute(number, request.user)
    by: Any = request.user
    form = ObjectionAnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("答复须写明核实结论，并选择是否成立。", fix="请填写后再提交。")
        data = form.cleaned_data
        claims.answer_dispute(item=one, corrected=data["upheld"] == "yes", answer=data["answer"], by=by)
    except Refusal as refusal:
        return _disputes(request, refusal)
    messages.success(request, _("已答复。"))
    return redirect("incentives:disputes")
