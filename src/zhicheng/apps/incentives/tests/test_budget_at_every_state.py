"""The budget ledger at every state: appropriated = committed + paid + left, and each agrees with the orders, to the 分."""

from __future__ import annotations

import contextlib
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.firms.claims import confirm_for_person
from zhicheng.apps.incentives.models import Batch, BudgetEntry, Clawback, PaymentOrder
from zhicheng.apps.incentives.payment import budgets, clawbacks, paying
from zhicheng.apps.incentives.testing.city import AS_OF, GIVEN
from zhicheng.kernel.refusals import Refusal

HONOURS = ("china_patent_award/gold", "mayor_quality_award/award", "haopin_shandong/brand")
ZERO = Decimal("0.00")


class Office:
    """What an office may do on any day, in any order; what is refused changes nothing."""

    def __init__(self, world, folder, dice):
        self.world, self.folder, self.dice, self.count = world, folder, dice, 0

    def award(self):
        self.count += 1
        firm = self.world.firm(f"公司{self.count}")
        self.world.honour(
            firm, self.dice.choice(HONOURS), object_number=f"ZL{self.count}", object_name=f"牌{self.count}"
        )

    def appropriate(self):
        amount = Decimal(self.dice.choice(("3000000.01", "1333333.33", "2000000.00", "-0.01", "-500000.00")))
        clause = self.dice.choice(("", "", "weifang.china_patent_gold"))
        self.count += 1
        budgets.appropriate(
            policy="weifang", clause=clause, year=2025, payer="市", amount=amount, document=f"批复{self.count}",
            by=self.world.officer,
        )  # fmt: skip

    def batch(self):
        batch = self.world.freeze()
        self.world.through_notice(batch)
        self.approve()

    def approve(self):
        for batch in Batch.objects.filter(status="notice"):
            for one in batch.entitlements.filter(live=True):
                if self.dice.random() < 0.9:
                    confirm_for_person(entitlement=one, given=GIVEN, by=self.world.officer)
            batch_actions.approve(batch=batch, on=date(2026, 1, 5), by=self.world.reviewer)

    def pay(self):
        for batch in Batch.objects.filter(status="approved"):
            if batch.orders.filter(status="ready", account__isnull=False).exists():
                self.world.sent(batch)
            sent = list(batch.orders.filter(status="sent"))
            failed = tuple(one.number for one in sent if self.dice.random() < 0.4)
            self.count += 1
            if sent:
                self.world.answered(batch, self.folder, failed=failed, name=f"{self.count}.csv")

    def retry(self):
        for one in PaymentOrder.objects.filter(status="failed", replaced_by__isnull=True):
            paying.retry(order=one, by=self.world.officer)

    def cancel(self):
        for one in PaymentOrder.objects.filter(status__in=("failed", "ready"), replaced_by__isnull=True)[:1]:
            paying.cancel_order(order=one, why="销户", by=self.world.officer)

    def claw(self):
        paid = PaymentOrder.objects.filter(status="paid", entitlement__clawbacks=None).first()
        if paid:
            clawbacks.open_by_hand(
                entitlement=paid.entitlement,
                reason="wrong_payee",
                words="付错",
                on=AS_OF,
                by=self.world.officer,
            )

    def receive(self):
        for one in Clawback.objects.filter(status="open"):
            left = one.amount - one.recovered
            part = (left * Decimal(self.dice.choice(("0.3333", "0.5", "1")))).quantize(Decimal("0.01"))
            clawbacks.receive(clawback=one, amount=part, by=self.world.officer)


def books_agree():
    """What the pots say, held against the orders and the clawbacks themselves."""
    lines = budgets.lines()
    for one in lines:
        assert one.appropriated == one.committed + one.paid + one.left, one
        assert one.left >= 0, one
        assert one.committed >= 0, one
        assert 0 <= one.recovered <= one.paid, one
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for status, amount in PaymentOrder.objects.filter(replaced_by__isnull=True).values_list(
        "status", "amount"
    ):
        sums[status] += amount
    assert sum((one.paid for one in lines), ZERO) == sums["paid"]
    assert sum((one.committed for one in lines), ZERO) == sums["ready"] + sums["sent"] + sums["failed"]
    assert sum((one.recovered for one in lines), ZERO) == sum(
        Clawback.objects.values_list("recovered", flat=True), ZERO
    )
    by_clause: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for clause, amount in BudgetEntry.objects.filter(kind="paid").values_list("clause", "amount"):
        by_clause[clause] += amount
    for clause, amount in by_clause.items():
        paid = PaymentOrder.objects.filter(status="paid", entitlement__clause=clause)
        assert sum(paid.values_list("amount", flat=True), ZERO) == amount


@pytest.mark.parametrize("seed", range(8))
def test_through_any_sequence_the_pots_sum_to_the_fen(world, tmp_path, seed):
    dice = random.Random(seed)
    office = Office(world, tmp_path, dice)
    acts = [
        "award",
        "award",
        "appropriate",
        "appropriate",
        "batch",
        "approve",
        "pay",
        "pay",
        "retry",
        "cancel",
        "claw",
        "receive",
    ]
    begin = ("award", "award", "award", "appropriate", "appropriate", "appropriate", "batch", "pay")
    for name in (*begin, *(dice.choice(acts) for _ in range(24))):
        with contextlib.suppress(Refusal):
            getattr(office, name)()
        books_agree()
    assert BudgetEntry.objects.exists()
    print(
        "DONE",
        seed,
        PaymentOrder.objects.filter(status="paid").count(),
        PaymentOrder.objects.filter(replaces__isnull=False).count(),
        Clawback.objects.count(),
    )
