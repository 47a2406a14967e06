"""Payment orders: made at approval, handed to a bank as a file, reconciled with its answer, retried when they failed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import (
    BankFile,
    Batch,
    Confirmation,
    Entitlement,
    PayeeAccount,
    PaymentOrder,
    ResultFile,
)
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.incentives.payment.asked_back import also_paid
from zhicheng.apps.incentives.payment.bank_files import Result, bank_csv, bank_xlsx, read_results
from zhicheng.apps.incentives.payment.stops import stops_of
from zhicheng.kernel.refusals import Conflict, Refusal

Status = PaymentOrder.Status


def open_orders(batch: Batch, live: list[Entitlement]) -> None:
    """One order per payer of each amount, with the account its beneficiary confirmed; called inside the approval."""
    accounts = _accounts(live)
    orders = [
        PaymentOrder(
            batch=batch, entitlement=one, number=f"{batch.number}-{one.pk:06d}-{place}", payer=payer,
            payer_region=_payer_region(batch, one, payer),
            amount=Decimal(amount), account=accounts.get(one.pk),
        )
        for one in live
        for place, (payer, amount) in enumerate(one.shares, start=1)
    ]  # fmt: skip
    PaymentOrder.objects.bulk_create(orders)


def _payer_region(batch: Batch, one: Entitlement, payer: str) -> str:
    """Whose treasury pays: the city's also where the batch is of one county, a county's where the beneficiary is."""
    if payer == "市":
        return f"{batch.region_code[:4]}00"
    return batch.region_code if payer == one.shares[0][0] else one.region_code


def _accounts(live: list[Entitlement]) -> dict[int, PayeeAccount]:
    """The confirmed account of each amount; nothing is paid into an account nobody confirmed."""
    confirmed = Confirmation.objects.filter(
        matter__in={one.matter for one in live}, withdrawn_at__isnull=True, account__withdrawn_at__isnull=True
    ).select_related("account")
    by_key: dict[tuple[str, object], PayeeAccount] = {}
    for one in confirmed:
        if one.account is not None:
            by_key[one.matter, one.identity] = one.account
            if one.organisation_id:
                by_key[one.matter, one.organisation_id] = one.account
    return {
        one.pk: found
        for one in live
        if (found := by_key.get((one.matter, one.identity)) or by_key.get((one.matter, one.organisation_id)))
    }


@transaction.atomic
def take_up_accounts(*, batch: Batch, by: User) -> int:
    """Give orders that wait for an account the one confirmed since."""
    require(by, "policies.pay", region=batch.region_code)
    count = len(_take_up(PaymentOrder.objects.filter(batch=batch)))
    record_event(
        by=by, action="policies.take_up_accounts", subject=f"batch:{batch.number}", after={"orders": count}
    )
    return count


def take_up_confirmed(confirmation: Confirmation, *, by: User) -> int:
    """Give orders that wait for this very yes its account, inside the transaction of whoever has just confirmed; again changes nothing."""
    waiting = PaymentOrder.objects.filter(entitlement__matter=confirmation.matter)
    taken: dict[str, int] = defaultdict(int)
    for order in _take_up(waiting, confirmation):
        taken[order.batch.number] += 1
    for number, count in taken.items():
        record_event(
            by=by, action="policies.take_up_accounts", subject=f"batch:{number}",
            after={"orders": count, "confirmation": confirmation.pk},
        )  # fmt: skip
    return sum(taken.values())


def _take_up(orders: QuerySet[PaymentOrder], only: Confirmation | None = None) -> list[PaymentOrder]:
    """Lock those of some orders that wait for an account and give them the one confirmed, or only that of one yes."""
    waiting = list(
        orders.select_for_update(of=("self",))
        .filter(status=Status.READY, account__isnull=True)
        .select_related("entitlement", "batch")
        .order_by("pk")
    )
    accounts = _accounts([one.entitlement for one in waiting])
    taken = []
    for order in waiting:
        found = accounts.get(order.entitlement_id)
        if found and (only is None or found.pk == only.account_id):
            order.account = found
            order.save(update_fields=["account"])
            taken.append(order)
    return taken


def export_orders(
    *, batch: Batch, payer: str, payer_region: str, form: str, by: User
) -> tuple[BankFile, bytes]:
    """Make a bank file of a payer's orders that are ready and have an account; they count as sent from then on.

    What no longer stands (revoked, ended, another's, twice, asked back) is left out and waits for a decision.

    Raises:
        Refusal: no order of this payer is ready.
    """
    require(by, "policies.pay", region=payer_region)
    ready = batch.orders.filter(payer=payer, payer_region=payer_region, status=Status.READY)
    stops = stops_of(set(ready.filter(account__isnull=False).values_list("entitlement_id", flat=True)))
    return _export(batch, payer, payer_region, form, stops, by)


@transaction.atomic
def _export(
    batch: Batch, payer: str, payer_region: str, form: str, stops: dict[int, str], by: User
) -> tuple[BankFile, bytes]:
    orders = list(
        batch.orders.select_for_update(of=("self",))
        .filter(payer=payer, payer_region=payer_region, status=Status.READY, account__isnull=False)
        .select_related("account", "entitlement", "entitlement__organisation")
        .order_by("pk")
    )
    orders = [
        one
        for one in orders
        if one.account and one.account.withdrawn_at is None and one.entitlement_id not in stops
    ]
    if not orders and stops:
        raise Refusal(
            f"{payer}级（{payer_region}）可支付的指令都已停付：{next(iter(stops.values()))}。",
            fix="请核实后取消这些指令，或在台账更正事实。",
        )
    if not orders:
        raise Refusal(
            f"{payer}级（{payer_region}）没有可支付的指令。", fix="请先由受益人确认并提供收款账户。"
        )
    number = f"{batch.number}-{payer_region}-{batch.bank_files.count() + 1:02d}"
    content = bank_xlsx(orders) if form == "xlsx" else bank_csv(orders)
    made = BankFile.objects.create(
        batch=batch, number=number, payer=payer, payer_region=payer_region, form=form, orders=len(orders),
        total=sum((one.amount for one in orders), Decimal(0)), sha256=hashlib.sha256(content).hexdigest(), made_by=by,
    )  # fmt: skip
    PaymentOrder.objects.filter(pk__in=[one.pk for one in orders]).update(status=Status.SENT, bank_file=made)
    record_event(
        by=by, action="policies.export_orders", subject=f"bank_file:{number}",
        after={"orders": len(orders), "stopped": len(stops), "total": str(made.total), "sha256": made.sha256},
    )  # fmt: skip
    return made, content


@transaction.atomic
def export_again(*, file: BankFile, by: User) -> bytes:
    """Make a bank file once more from the orders it was made of, for whoever lost it; nothing is sent twice by it.

    Raises:
        Refusal: a payee has withdrawn the account since, so the file cannot be what it was.
    """
    require(by, "policies.pay", region=file.payer_region)
    orders = list(
        PaymentOrder.objects.filter(bank_file=file)
        .select_related("account", "entitlement", "entitlement__organisation")
        .order_by("pk")
    )
    gone = next((one for one in orders if one.account is None or one.account.withdrawn_at), None)
    if gone is not None or len(orders) != file.orders:
        which = gone.number if gone else file.number
        raise Refusal(
            f"银行文件 {file.number} 不能再生成：指令 {which} 的收款账户已按收款人要求删除。",
            fix="请用当时下载的文件；没有的，请与银行核对后再办。",
        )
    content = bank_xlsx(orders) if file.form == "xlsx" else bank_csv(orders)
    record_event(
        by=by, action="policies.export_again", subject=f"bank_file:{file.number}",
        after={"orders": len(orders), "sha256": hashlib.sha256(content).hexdigest(), "first": file.sha256},
    )  # fmt: skip
    return content


@transaction.atomic
def import_results(*, batch: Batch, path: Path, name: str, on: date, by: User) -> ResultFile:
    """Reconcile a bank's answer: paid to the 分, or failed with its reason; the same file twice changes nothing.

    Args:
        batch: whose orders it answers. path, name: the file, and its name as the person knows it.
        on: the room's day; nothing can have arrived after it.
        by: who brings it in.

    Returns:
        What was taken, and every row that was not, with the reason.

    Raises:
        Refusal: the file is not a table of results.
    """
    require(by, "policies.pay", region=batch.region_code)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    before = batch.result_files.filter(sha256=digest).first()
    if before is not None:
        return before
    results = read_results(path, name)
    locked = batch.orders.select_for_update(of=("self",)).select_related("entitlement", "batch")
    orders = {one.number: one for one in locked}
    counts = {"paid": 0, "failed": 0, "unchanged": 0}
    refused: list[dict[str, str]] = []
    total = Decimal("0.00")
    for one in results:
        why = _to_come(one, on) or _why_not(one, orders.get(one.number))
        if why:
            refused.append({"row": one.row, "number": one.number, "value": one.shown, "why": why})
            continue
        order = orders[one.number]
        done = _apply(order, one, by)
        counts[done] += 1
        total += order.amount if done == "paid" else 0
    made = ResultFile.objects.create(
        batch=batch, name=name[:200], sha256=digest, read=len(results), refused=refused, total_paid=total, imported_by=by,
        **counts,
    )  # fmt: skip
    _settle(batch)
    record_event(
        by=by, action="policies.import_results", subject=f"batch:{batch.number}",
        after={**counts, "refused": len(refused), "total": str(total), "sha256": digest},
    )  # fmt: skip
    return made


def _to_come(result: Result, on: date) -> str:
    """Why a day of arrival cannot be: it has not come yet."""
    if result.problem or not result.paid or result.paid_on is None or result.paid_on <= on:
        return ""
    return f"到账日期 {result.paid_on} 晚于今天（{on}），尚未到来的日子不能到账，请与银行核对"


def _why_not(result: Result, order: PaymentOrder | None) -> str:  # noqa: PLR0911 - one sentence per reason
    if order is None:
        return "本批次没有这一指令编号"
    if result.problem:
        return result.problem
    if result.amount != order.amount:
        return f"金额与指令不符：指令 {order.amount:.2f} 元，结果 {result.amount} 元"
    if order.status == Status.PAID:
        same = result.paid and (order.paid_on, order.bank_reference) == (result.paid_on, result.reference)
        return "" if same else "该指令已到账，结果与先前不同，请与银行核对"
    if order.status == Status.FAILED and not result.paid:
        return ""
    if order.status == Status.FAILED:
        last = _last_attempt(order)
        if last.status == Status.CANCELLED:
            return "先前报告失败，重发的指令已取消，银行现报到账：请与银行核对，核清前不要再列这一事项"
        if last.status in {Status.SENT, Status.PAID}:
            return f"先前报告失败，已重发为 {last.number}（{last.get_status_display()}），可能重复到账，请立即与银行核对并止付"
    elif order.status == Status.CANCELLED and order.bank_file_id and result.paid:
        return "该指令先前报告失败并已取消，银行现报到账：请与银行核对，核清前不要再列这一事项"
    elif order.status != Status.SENT:
        return f"该指令现在是“{order.get_status_display()}”，没有送过银行"
    taken = PaymentOrder.objects.filter(bank_reference=result.reference).exclude(pk=order.pk)
    if result.paid and result.reference and taken.exists():
        return f"银行流水号 {result.reference} 已用于另一指令"
    return ""


def _last_attempt(order: PaymentOrder) -> PaymentOrder:
    """The latest attempt at an order."""
    following = PaymentOrder.objects.filter(replaces=order).first()
    return order if following is None else _last_attempt(following)


def _give_up_later(order: PaymentOrder) -> None:
    """The bank paid after all: an attempt made since, not sent yet, is not needed; its money stays with the order."""
    last = _last_attempt(order)
    if last.pk != order.pk:
        last.status, last.failure = Status.CANCELLED, f"原指令 {order.number} 后来到账"
        last.save(update_fields=["status", "failure"])


def _apply(order: PaymentOrder, result: Result, by: User) -> str:
    if order.status == Status.PAID or (order.status == Status.FAILED and not result.paid):
        return "unchanged"
    if result.paid:
        if order.status == Status.FAILED:
            _give_up_later(order)
        order.status, order.paid_on, order.bank_reference = Status.PAID, result.paid_on, result.reference
        order.save(update_fields=["status", "paid_on", "bank_reference"])
        budgets.spend(order, by=by)
        also_paid(order, by=by)
        return "paid"
    order.status, order.failure = Status.FAILED, result.failure
    order.save(update_fields=["status", "failure"])
    return "failed"


def _settle(batch: Batch) -> None:
    """An amount all of whose live orders are paid is paid."""
    open_ones = batch.orders.filter(status__in=(Status.READY, Status.SENT)) | batch.orders.filter(
        status=Status.FAILED, replaced_by__isnull=True
    )
    unpaid = set(open_ones.values_list("entitlement_id", flat=True))
    paid = set(batch.orders.filter(status=Status.PAID).values_list("entitlement_id", flat=True)) - unpaid
    Entitlement.objects.filter(pk__in=paid, status=Entitlement.Status.LISTED).update(
        status=Entitlement.Status.PAID
    )


@transaction.atomic
def retry(*, order: PaymentOrder, by: User) -> PaymentOrder:
    """Make a new attempt of a failed order, into the account confirmed last; asking twice makes one."""
    require(by, "policies.pay", region=order.payer_region)
    row = PaymentOrder.objects.select_for_update(of=("self",)).select_related("entitlement").get(pk=order.pk)
    following = PaymentOrder.objects.filter(replaces=row).first()
    if following is not None:
        return following
    if row.status != Status.FAILED:
        raise Conflict(
            f"指令 {row.number} 现在是“{row.get_status_display()}”，不能重发。",
            fix="只有失败的指令可以重发。",
        )
    account = _accounts([row.entitlement]).get(row.entitlement_id)
    made = PaymentOrder.objects.create(
        batch_id=row.batch_id, entitlement=row.entitlement, number=f"{row.number.split('/')[0]}/{row.attempt + 1}",
        attempt=row.attempt + 1, replaces=row, payer=row.payer, payer_region=row.payer_region, amount=row.amount,
        account=account,
    )  # fmt: skip
    record_event(
        by=by, action="policies.retry", subject=f"order:{made.number}", after={"replaces": row.number}
    )
    return made


@transaction.atomic
def cancel_order(*, order: PaymentOrder, why: str, by: User) -> PaymentOrder:
    """Give an unpaid order up; its money goes back to the pot. A sent one must first be known to have failed."""
    require(by, "policies.pay", region=order.payer_region)
    if not why.strip():
        raise Refusal("取消指令须写明理由。", fix="请填写理由。")
    row = (
        PaymentOrder.objects.select_for_update(of=("self",))
        .select_related("entitlement", "batch")
        .get(pk=order.pk)
    )
    replaced = PaymentOrder.objects.filter(replaces=row).exists()
    if row.status not in {Status.READY, Status.FAILED} or replaced:
        raise Conflict(
            f"指令 {row.number} 现在是“{row.get_status_display()}”，不能取消。",
            fix="已送银行的请先导入结果。",
        )
    row.status, row.failure = Status.CANCELLED, row.failure or why
    row.save(update_fields=["status", "failure"])
    budgets.release(row, by=by)
    entitlement = row.entitlement
    if not entitlement.orders.exclude(status__in=(Status.CANCELLED, Status.FAILED)).exists():
        entitlement.status, entitlement.live, entitlement.why = Entitlement.Status.EXCLUDED, False, why
        entitlement.save(update_fields=["status", "live", "why"])
    _settle(row.batch)
    record_event(by=by, action="policies.cancel_order", subject=f"order:{row.number}", why=why)
    return row
