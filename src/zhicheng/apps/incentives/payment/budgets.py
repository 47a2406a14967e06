"""The budget ledger: appropriated, committed, paid and left, per clause and payer, from lines that only grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import Batch, BudgetEntry, Entitlement, PaymentOrder
from zhicheng.apps.incentives.seen import city_region
from zhicheng.kernel.refusals import Conflict, Refusal

Kind = BudgetEntry.Kind
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Line:
    """The state of one pot: a clause, or a whole policy where the clause is empty."""

    policy: str
    clause: str
    year: int
    payer: str
    appropriated: Decimal
    committed: Decimal
    paid: Decimal
    recovered: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be committed; recovered money goes back to the treasury and is not spent again."""
        return self.appropriated - self.committed - self.paid


def lines(*, policy: str | None = None, year: int | None = None) -> list[Line]:
    """Every pot with its state, in one query; clauses without money of their own draw on their policy's."""
    rows = BudgetEntry.objects.order_by("policy", "year", "payer", "clause", "id")
    if policy:
        rows = rows.filter(policy=policy)
    if year is not None:
        rows = rows.filter(year=year)
    found = list(rows.values_list("policy", "year", "payer", "clause", "kind", "amount"))
    own = {(one[0], one[1], one[2], one[3]) for one in found if one[4] == Kind.APPROPRIATED}
    sums: dict[tuple[str, int, str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for name, of_year, payer, clause, kind, amount in found:
        pot = clause if (name, of_year, payer, clause) in own else ""
        sums[name, of_year, payer, pot][kind] += amount
    return [
        Line(
            policy=key[0], clause=key[3], year=key[1], payer=key[2], appropriated=one[Kind.APPROPRIATED],
            committed=one[Kind.COMMITTED] - one[Kind.RELEASED] - one[Kind.PAID], paid=one[Kind.PAID],
            recovered=one[Kind.RECOVERED],
        )
        for key, one in sorted(sums.items())
    ]  # fmt: skip


@transaction.atomic
def appropriate(
    *, policy: str, year: int, payer: str, amount: Decimal, document: str, by: User, clause: str = "",
    synthetic: bool = False,
) -> BudgetEntry:  # fmt: skip
    """Enter money that was appropriated, or taken back again with a negative amount."""
    require(by, "policies.budget", region=city_region())
    if not document.strip():
        raise Refusal("安排预算须写明依据。", fix="请填写批复文号或文件名称。")
    if amount == 0 or amount != amount.quantize(Decimal("0.01")):
        raise Refusal(f"预算金额 {amount} 元不能为零，也不能小于分。", fix="请核对金额。")
    list(
        BudgetEntry.objects.select_for_update()
        .filter(policy=policy, year=year, payer=payer)
        .values_list("pk")
    )
    same = {"policy": policy, "clause": clause, "year": year, "payer": payer, "document": document}
    if BudgetEntry.objects.filter(kind=Kind.APPROPRIATED, amount=amount, **same).exists():
        raise Conflict(
            f"“{document[:60]}”的 {amount:,.2f} 元已经登记过。",
            fix="同一文件另有一笔的，请在依据里写明第几笔。",
        )
    made = BudgetEntry.objects.create(
        policy=policy, clause=clause, year=year, payer=payer, kind=Kind.APPROPRIATED, amount=amount, document=document,
        entered_by=by, synthetic=synthetic,
    )  # fmt: skip
    short = [one for one in lines(policy=policy, year=year) if one.payer == payer and one.left < 0]
    if short:
        raise Refusal(f"调减后预算不足，已占用和支付超出 {-short[0].left:,.2f} 元。", fix="请核对调减金额。")
    record_event(
        by=by, action="policies.appropriate", subject=f"budget:{policy}/{clause}/{year}/{payer}", why=document,
        after={"amount": str(amount)},
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class Draw:
    """What a batch would take from one pot, in 元.

    Args:
        payer: whose treasury. clause: empty for the pot of the whole policy. name: of the clause, else of the policy.
        needed: what the batch lists. left: what the pot still holds.
    """

    payer: str
    clause: str
    name: str
    needed: Decimal
    left: Decimal

    @property
    def short(self) -> Decimal:
        """What is missing; zero where the pot suffices."""
        return max(self.needed - self.left, ZERO)


def _needed(live: Iterable[Entitlement]) -> dict[tuple[str, str], Decimal]:
    """Money of amounts by payer and clause."""
    found: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for one in live:
        for payer, amount in one.shares:
            found[payer, one.clause] += Decimal(amount)
    return found


def draws(batch: Batch, live: Iterable[Entitlement]) -> list[Draw]:
    """What a batch would take from each pot, in one query; a clause without a pot of its own draws on its policy's."""
    rows = list(live)
    names = {one.clause: one.clause_name for one in rows}
    standing = {(one.payer, one.clause): one for one in lines(policy=batch.policy, year=batch.year)}
    drawn: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for (payer, clause), amount in _needed(rows).items():
        drawn[(payer, clause) if (payer, clause) in standing else (payer, "")] += amount
    return [
        Draw(
            payer, clause, names[clause] if clause else batch.title, amount,
            standing[payer, clause].left if (payer, clause) in standing else ZERO,
        )
        for (payer, clause), amount in sorted(drawn.items())
    ]  # fmt: skip


def commit(batch: Batch, live: list[Entitlement], *, by: User) -> None:
    """Commit a batch's money, or refuse with what is short; called inside the approval."""
    for one in draws(batch, live):
        if one.short:
            what = f"{'条款' if one.clause else '政策'}“{one.name}”"
            raise Refusal(
                f"{what} {batch.year} 年度{one.payer}级预算结余 {one.left:,.2f} 元，批次需 {one.needed:,.2f} 元，"
                f"缺 {one.short:,.2f} 元。",
                fix="请先登记预算安排，或剔除部分事项。",
            )
    BudgetEntry.objects.bulk_create(
        BudgetEntry(
            policy=batch.policy, clause=clause, year=batch.year, payer=payer, kind=Kind.COMMITTED, amount=amount,
            batch=batch, document=batch.number, entered_by=by, synthetic=batch.synthetic,
        )
        for (payer, clause), amount in sorted(_needed(live).items())
    )  # fmt: skip


def release(order: PaymentOrder, *, by: User) -> None:
    """Give committed money back to its pot."""
    _entry(order, Kind.RELEASED, order.amount, by)


def spend(order: PaymentOrder, *, by: User) -> None:
    """Turn committed money into paid money."""
    _entry(order, Kind.PAID, order.amount, by)


def recover(order: PaymentOrder, amount: Decimal, *, by: User) -> None:
    """Enter money that came back of an order."""
    _entry(order, Kind.RECOVERED, amount, by)


def recovered_of(orders: list[PaymentOrder]) -> list[Decimal]:
    """What has come back of each order."""
    rows = BudgetEntry.objects.filter(kind=Kind.RECOVERED, order__in=orders).values_list("order", "amount")
    back: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for order, amount in rows:
        back[order or 0] += amount
    return [back[one.pk] for one in orders]


def _entry(order: PaymentOrder, kind: str, amount: Decimal, by: User) -> None:
    batch = order.batch
    BudgetEntry.objects.create(
        policy=batch.policy, clause=order.entitlement.clause, year=batch.year, payer=order.payer, kind=kind,
        amount=amount, batch=batch, order=order, document=order.number, entered_by=by, synthetic=batch.synthetic,
    )  # fmt: skip
