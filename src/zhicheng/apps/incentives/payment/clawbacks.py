"""追回: what was paid is held against the ledger as it is now; what no longer stands is asked back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.batches.actions import payout_settings
from zhicheng.apps.incentives.batches.grounds import Ground, grounds_of
from zhicheng.apps.incentives.models import Clawback, Entitlement, PaymentOrder
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.incentives.payment.asked_back import paid_amount
from zhicheng.apps.incentives.runs.evaluations import Evaluation, current_evaluation
from zhicheng.kernel.money import split
from zhicheng.kernel.refusals import Conflict, Refusal

Reason = Clawback.Reason


def check_paid(*, on: date, by: User | None = None, evaluation: Evaluation | None = None) -> list[Clawback]:
    """Hold every paid amount against the ledger and open the clawbacks that are due; a second look opens no more.

    Args:
        on: the day asked about.
        by: who asks; None for the software itself.
        evaluation: the run to read, by default the current one.
    """
    paid = list(
        Entitlement.objects.filter(orders__status=PaymentOrder.Status.PAID)
        .exclude(clawbacks__status__in=("open", "notified", "recovered"))
        .select_related("batch", "organisation")
        .distinct()
    )
    if not paid:
        return []
    found = evaluation or current_evaluation(on)
    grounds = grounds_of(paid, found, on)
    # what an officer has closed stays closed; another ground, or the same again on another day, is looked at anew
    closed = set(
        Clawback.objects.filter(entitlement__in=grounds, status=Clawback.Status.CLOSED).values_list(
            "entitlement_id", "words"
        )
    )
    return [
        _open(one, grounds[one.pk], on=on, by=by)
        for one in paid
        if one.pk in grounds and (one.pk, grounds[one.pk].words) not in closed
    ]


@transaction.atomic
def _open(entitlement: Entitlement, ground: Ground, *, on: date, by: User | None) -> Clawback:
    barred = None
    if ground.reason == Reason.FRAUD:
        years = payout_settings().fraud_years
        barred = on.replace(year=on.year + years, day=min(on.day, 28)) if years else None
    made, new = Clawback.objects.get_or_create(
        entitlement=entitlement, status__in=("open", "notified", "recovered"),
        defaults={
            "entitlement": entitlement, "reason": ground.reason, "words": ground.words, "amount": paid_amount(entitlement),
            "found_on": on, "barred_until": barred, "opened_by": by, "status": Clawback.Status.OPEN,
        },
    )  # fmt: skip
    if new:
        record_event(
            by=by, action="policies.clawback", subject=f"clawback:{made.pk}", why=ground.words,
            after={"entitlement": entitlement.pk, "amount": str(made.amount), "reason": ground.reason},
        )  # fmt: skip
    return made


def open_by_hand(*, entitlement: Entitlement, reason: str, words: str, on: date, by: User) -> Clawback:
    """Open a clawback for what only a person can know: a wrong payee, a fraud."""
    require(by, "policies.approve", region=entitlement.region_code)
    if reason not in Reason.values or not words.strip():
        raise Refusal("追回须写明原因和说明。", fix="请选择原因并填写说明。")
    if paid_amount(entitlement) <= 0:
        raise Refusal(f"“{entitlement.name}”的这一事项没有到账，不需要追回。", fix="未付的请剔除或取消指令。")
    return _open(entitlement, Ground(reason, words), on=on, by=by)


@transaction.atomic
def notify(*, clawback: Clawback, by: User) -> Clawback:
    """Note that the payee has been told."""
    return _moved(
        clawback, Clawback.Status.NOTIFIED, "policies.notify_clawback", "", by, (Clawback.Status.OPEN,)
    )


@transaction.atomic
def receive(*, clawback: Clawback, amount: Decimal, by: User, already: Decimal | None = None) -> Clawback:
    """Enter money that came back; it is given to the payers in the proportion they had paid, to the 分.

    Args:
        clawback: what is asked back. amount: what came, in 元. by: who enters it.
        already: what had come back when the form was opened; the same form sent twice is refused.
    """
    require(by, "policies.pay", region=clawback.entitlement.region_code)
    row = (
        Clawback.objects.select_for_update(of=("self",))
        .select_related("entitlement__batch")
        .get(pk=clawback.pk)
    )
    if already is not None and already != row.recovered:
        raise Conflict(
            f"打开页面以后已登记追回 {row.recovered:.2f} 元（打开时 {already:.2f} 元）。",
            fix="请刷新页面核对，没有登记过再填一次。",
        )
    left = row.amount - row.recovered
    if row.status not in {Clawback.Status.OPEN, Clawback.Status.NOTIFIED}:
        raise Conflict(f"这一追回现在是“{row.get_status_display()}”。", fix="请刷新页面。")
    if not 0 < amount <= left or amount != amount.quantize(Decimal("0.01")):
        raise Refusal(
            f"追回金额 {amount} 元应大于零、不超过 {left:.2f} 元，并精确到分。", fix="请核对到账金额。"
        )
    paid = list(row.entitlement.orders.filter(status=PaymentOrder.Status.PAID))
    open_parts = [one.amount - back for one, back in zip(paid, _back(row, paid), strict=True)]
    for order, part in zip(paid, split(amount, open_parts), strict=True):
        if part:
            budgets.recover(order, part, by=by)
    row.recovered += amount
    if row.recovered == row.amount:
        row.status = Clawback.Status.RECOVERED
        Entitlement.objects.filter(pk=row.entitlement_id).update(status=Entitlement.Status.RECOVERED)
    row.save(update_fields=["recovered", "status"])
    record_event(
        by=by, action="policies.receive_clawback", subject=f"clawback:{row.pk}", after={"amount": str(amount)}
    )
    return row


def _back(row: Clawback, paid: list[PaymentOrder]) -> list[Decimal]:
    """What has come back of each payer's order, as the budget has it."""
    booked = budgets.recovered_of(paid)
    if sum(booked, Decimal("0.00")) == row.recovered:
        return booked
    return split(row.recovered, [one.amount for one in paid])


@transaction.atomic
def close(*, clawback: Clawback, why: str, by: User) -> Clawback:
    """Close a clawback that does not stand, e.g. after the right was restored."""
    if not why.strip():
        raise Refusal("不再追回须写明理由。", fix="请填写理由。")
    wanted = (Clawback.Status.OPEN, Clawback.Status.NOTIFIED)
    return _moved(clawback, Clawback.Status.CLOSED, "policies.close_clawback", why, by, wanted)


def _moved(
    clawback: Clawback, status: str, action: str, why: str, by: User, wanted: tuple[str, ...]
) -> Clawback:
    require(by, "policies.approve", region=clawback.entitlement.region_code)
    row = Clawback.objects.select_for_update().get(pk=clawback.pk)
    if row.status not in wanted:
        raise Conflict(f"这一追回现在是“{row.get_status_display()}”。", fix="请刷新页面。")
    row.status, row.why = status, why
    row.save(update_fields=["status", "why"])
    record_event(by=by, action=action, subject=f"clawback:{row.pk}", why=why)
    return row
