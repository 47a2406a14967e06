"""What has really been paid of an amount, and what that means for a clawback that is open already."""

from __future__ import annotations

from decimal import Decimal

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.incentives.models import Clawback, Entitlement, PaymentOrder


def paid_amount(entitlement: Entitlement) -> Decimal:
    """What has really been paid."""
    paid = entitlement.orders.filter(status=PaymentOrder.Status.PAID)
    return sum((one.amount for one in paid), Decimal("0.00"))


def also_paid(order: PaymentOrder, *, by: User) -> None:
    """Ask back as well what a payer's order brought after the clawback of the same amount was opened."""
    row = (
        Clawback.objects.select_for_update(of=("self",))
        .filter(entitlement=order.entitlement_id, status__in=("open", "notified", "recovered"))
        .first()
    )
    if row is None:
        return
    before = row.amount
    row.amount = paid_amount(row.entitlement)
    if row.status == Clawback.Status.RECOVERED:
        row.status = Clawback.Status.NOTIFIED
        Entitlement.objects.filter(pk=row.entitlement_id).update(status=Entitlement.Status.PAID)
    row.save(update_fields=["amount", "status"])
    record_event(
        by=by, action="policies.clawback_grows", subject=f"clawback:{row.pk}", why=f"指令 {order.number} 后来到账",
        before={"amount": str(before)}, after={"amount": str(row.amount)},
    )  # fmt: skip
