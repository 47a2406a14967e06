"""Public notices: what is about to be paid, for everybody to read, print, download and object to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from zhicheng.apps.accounts.public import User, require
from zhicheng.apps.cases.public import trace
from zhicheng.apps.incentives.batches import queries as batch_queries
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.forms import ObjectionForm
from zhicheng.apps.incentives.notices import objections
from zhicheng.apps.incentives.rounds import awarding
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.kernel.refusals import Refusal

HEADER = (words("序号"), words("受益人"), words("统一社会信用代码"), words("条款"), words("对象"), words("事件日"), words("拟兑付金额（元）"))  # fmt: skip


def notices(request: HttpRequest) -> HttpResponse:
    """List the notices that stand or stood."""
    require(request.user, "published.view")
    page = batch_queries.notices(request.GET.get("after", ""))
    return render(
        request,
        "incentives/notices.html",
        {"page": page, "today": today(), "rounds": round_queries.notices(request.GET.get("rounds", ""))},
    )


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show one notice; while it stands anybody may object."""
    require(request.user, "published.view")
    row = batch_queries.notice(number)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        target = (
            row.entitlements.filter(pk=data["entitlement"], live=True).first()
            if data["entitlement"]
            else None
        )
        try:
            made, code = objections.object_to(
                batch=row, said_by=data["said_by"], contact=data["contact"], text=data["text"], on=today(),
                entitlement=target, by=request.user if isinstance(request.user, User) else None,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, received_words(made.case_number, code))
            return redirect("incentives:notice", number=number)
    context = {
        "row": row, "page": batch_queries.notice_rows(row, request.GET.get("after", "")), "form": form,
        "open": batch_queries.is_open(row, today()), "total": batch_queries.live_total(row),
    }  # fmt: skip
    return render(request, "incentives/notice.html", context, status=422 if form.errors else 200)


def received_words(number: str, code: str) -> str:
    """What an objector takes away: the number of the case and the code, which is shown once."""
    said = _("异议已立案，编号 %(number)s，查询码 %(code)s（只显示这一次，请记下）。答复之前不会批准或授予。")
    return said % {"number": number, "code": code}


def objection_trace(request: HttpRequest) -> HttpResponse:
    """Show the objector who has number and code where the objection stands, and the reply."""
    require(request.user, "published.view")
    found, reply, refusal = None, "", None
    given = {name: request.POST.get(name, "")[:80] for name in ("number", "code")}
    if request.method == "POST":
        try:
            found = trace(
                number=given["number"], code=given["code"], address=request.META.get("REMOTE_ADDR", "")
            )
            reply = batch_queries.reply_to(found.number)
        except Refusal as error:
            refusal = error
    context = {"found": found, "reply": reply, "refusal": refusal, "given": given}
    status = refusal.status if refusal else 200
    return render(request, "incentives/objection_trace.html", context, status=status)


def notice_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Download a notice without personal data."""
    require(request.user, "published.view")
    row = batch_queries.notice(number)
    rows = batch_queries.notice_all(row)
    title = f"{row.number}-{_('公示')}"
    return as_file(form, title=title, header=HEADER, rows=rows, by=request.user, subject=f"notice:{number}")


def round_notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show a ranking on public notice; while it stands anybody may object."""
    require(request.user, "published.view")
    row, page = round_queries.notice(number, request.GET.get("after", ""))
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, code = awarding.object_to_round(
                award_round=row, said_by=data["said_by"], contact=data["contact"], text=data["text"], on=today(),
                candidate=round_queries.on_notice(row, data["entitlement"]),
                by=request.user if isinstance(request.user, User) else None,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, received_words(made.case_number, code))
            return redirect("incentives:round_notice", number=number)
    context = {
        "row": row, "page": page, "form": form, "open": round_queries.takes_objections(row, today()),
        "shown": any(one.shown for one in row.sequence),
        "empty_seats": round_queries.seats_empty(row),
        "vacant": [(round_queries.TIERS.get(tier, tier), why) for tier, why in row.vacant.items()],
    }  # fmt: skip
    return render(request, "incentives/round_notice.html", context, status=422 if form.errors else 200)
