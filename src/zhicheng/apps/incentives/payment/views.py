"""Pages of payment: orders per payer, files to the bank, its answer reconciled, retries and cancellations."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.batches import queries as batch_queries
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.forms import ResultForm
from zhicheng.apps.incentives.models import Batch, PaymentOrder
from zhicheng.apps.incentives.paging import page_of_values
from zhicheng.apps.incentives.payment import paying
from zhicheng.apps.incentives.tables_out import XLSX, as_file, download
from zhicheng.kernel.refusals import NotFound, Refusal

LARGEST = 50 * 1024 * 1024
REFUSED_HEADER = (words("行"), words("指令编号"), words("原因"), words("原行内容"))


def _batch(request: HttpRequest, number: str) -> Batch:
    row = seen.batch(number, request.user)
    require(request.user, "policies.pay", region=row.region_code)
    return row


def orders(request: HttpRequest, number: str) -> HttpResponse:
    """List a batch's payment orders with the files that went out and came back."""
    return _page(request, _batch(request, number))


def _page(request: HttpRequest, row: Batch, refusal: Refusal | None = None) -> HttpResponse:
    given = {name: request.GET.get(name, "") for name in ("status", "after")}
    sent, answers = batch_queries.files_of(row)
    context = {
        "row": row, "given": given, "refusal": refusal, "sums": batch_queries.sums_of(row),
        "page": batch_queries.orders_page(row, **given), "sent": sent, "answers": answers,
        "statuses": PaymentOrder.Status.choices, "form": ResultForm(),
    }  # fmt: skip
    return render(request, "incentives/orders.html", context, status=refusal.status if refusal else 200)


@require_POST
def bank_file(request: HttpRequest, number: str) -> HttpResponse:
    """Make the bank file of one payer; its orders count as sent, and the page then offers it for download."""
    row = _batch(request, number)
    by: Any = request.user
    form = "xlsx" if request.POST.get("form") == "xlsx" else "csv"
    try:
        made, _content = paying.export_orders(
            batch=row, payer=request.POST.get("payer", ""), payer_region=request.POST.get("payer_region", ""),
            form=form, by=by,
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, row, refusal)
    said = _("银行文件 %(number)s 已生成：%(orders)s 笔，合计 %(total)s 元。请下载后交银行。")
    given = {"number": made.number, "orders": made.orders, "total": f"{made.total:,.2f}"}
    messages.success(request, said % given)
    return redirect("incentives:orders", number=number)


def bank_file_again(request: HttpRequest, number: str, file: int) -> HttpResponse:
    """Download a bank file that was made; a download that broke off is not lost money."""
    row = _batch(request, number)
    found = row.bank_files.filter(pk=file).first()
    if found is None:
        raise NotFound("没有这份银行文件。", fix="请返回支付页面。")
    by: Any = request.user
    try:
        content = paying.export_again(file=found, by=by)
    except Refusal as refusal:
        return _page(request, row, refusal)
    kind = XLSX if found.form == "xlsx" else "text/csv; charset=utf-8"
    return download(content, kind, f"{found.number}.{found.form}")


@require_POST
def results(request: HttpRequest, number: str) -> HttpResponse:
    """Take a bank's answer in and show what agreed and what did not."""
    row = _batch(request, number)
    by: Any = request.user
    form = ResultForm(request.POST, request.FILES)
    try:
        sent = request.FILES.get("file")
        if sent is not None and not sent.size:
            raise Refusal("回盘文件是空的。", fix="请重新从银行下载后再导入。")
        if not form.is_valid():
            raise Refusal("没有选择回盘文件。", fix="请选择 CSV 或 XLSX 文件。")
        given = form.cleaned_data["file"]
        if given.size > LARGEST:
            raise Refusal("回盘文件超过 50 MB。", fix="请分成几个文件。")
        with tempfile.TemporaryDirectory() as folder:
            ending = Path(given.name).suffix[:6]
            path = Path(folder) / f"{Path(given.name).stem[:40]}{ending}"
            path.write_bytes(given.read())
            known = set(row.result_files.values_list("pk", flat=True))
            made = paying.import_results(batch=row, path=path, name=given.name, on=today(), by=by)
    except Refusal as refusal:
        return _page(request, row, refusal)
    if made.pk in known:
        messages.info(request, _("这份文件以前导入过，没有重复记账。下面是当时的对账结果。"))
        return redirect("incentives:result", number=number, result=made.pk)
    said = _("读入 %(read)s 行：到账 %(paid)s，失败 %(failed)s，不变 %(unchanged)s，未采纳 %(refused)s。")
    tell = messages.warning if made.refused else messages.success
    tell(
        request,
        said
        % {
            "read": made.read, "paid": made.paid, "failed": made.failed, "unchanged": made.unchanged,
            "refused": len(made.refused),
        },
    )  # fmt: skip
    return redirect("incentives:result", number=number, result=made.pk)


def result(request: HttpRequest, number: str, result: int) -> HttpResponse:
    """Show the reconciliation of one answer of the bank."""
    row = _batch(request, number)
    found = row.result_files.filter(pk=result).select_related("imported_by").first()
    if found is None:
        raise NotFound("没有这份回盘。", fix="请返回支付页面。")
    page = page_of_values(found.refused, request.GET.get("after", ""))
    context = {"row": row, "one": found, "sums": batch_queries.sums_of(row), "page": page}
    return render(request, "incentives/result.html", context)


def result_file(request: HttpRequest, number: str, result: int, form: str) -> HttpResponse:
    """Download the rows of an answer that were not taken."""
    row = _batch(request, number)
    found = row.result_files.filter(pk=result).first()
    if found is None:
        raise NotFound("没有这份回盘。", fix="请返回支付页面。")
    rows = [(one["row"], one["number"], one["why"], one["value"]) for one in found.refused]
    title = f"{row.number}-{_('未采纳')}"
    return as_file(
        form, title=title, header=REFUSED_HEADER, rows=rows, by=request.user, subject=f"result:{result}"
    )


@require_POST
def order_step(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """Try a failed order again, or give an unpaid one up."""
    row = _batch(request, number)
    one = batch_queries.order(row, order)
    by: Any = request.user
    try:
        if request.POST.get("step") == "retry":
            paying.retry(order=one, by=by)
            messages.success(request, _("已生成新的支付指令。"))
        elif request.POST.get("step") == "cancel":
            paying.cancel_order(order=one, why=request.POST.get("why", ""), by=by)
            messages.success(request, _("已取消，占用的预算已释放。"))
        else:
            raise Refusal("没有这一步。", fix="请用页面上的按钮。")
    except Refusal as refusal:
        return _page(request, row, refusal)
    return redirect("incentives:orders", number=number)


ORDER_HEADER = (words("指令编号"), words("条款"), words("付款方"), words("金额（元）"), words("状态"), words("到账日"), words("银行流水号"), words("失败原因"))  # fmt: skip


def order_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Download the orders of a batch; accounts go out in bank files only."""
    row = _batch(request, number)
    rows = [
        (
            one.number, one.entitlement.clause_name, one.payer, f"{one.amount:.2f}", one.get_status_display(),
            one.paid_on or "", one.bank_reference, one.failure,
        )
        for one in row.orders.select_related("entitlement").order_by("pk")
    ]  # fmt: skip
    title = f"{row.number}-{_('支付')}"
    return as_file(
        form, title=title, header=ORDER_HEADER, rows=rows, by=request.user, subject=f"orders:{number}"
    )
