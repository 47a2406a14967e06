"""追回: what was paid is held against the ledger as it is now; what no longer stands is asked back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives import budgets
from zhicheng.apps.incentives.batch_actions import payout_settings
from zhicheng.apps.incentives.evaluations import Evaluation, current_evaluation
from zhicheng.apps.incentives.matters import resolve
from zhicheng.apps.incentives.models import Clawback, Entitlement, PaymentOrder
from zhicheng.apps.ledger.public import Patent
from zhicheng.kernel.money import split
from zhicheng.kernel.refusals import Conflict, Refusal

Reason = Clawback.Reason
ENDING = {"lapsed": "未缴年费终止", "invalidated": "宣告全部无效", "abandoned": "放弃专利权"}


@dataclass(frozen=True)
class Ground:
    """Why an amount no longer stands."""

    reason: str
    words: str


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
        .exclude(clawbacks__status="closed")
        .select_related("batch", "organisation")
        .distinct()
    )
    if not paid:
        return []
    found = evaluation or current_evaluation(on)
    grounds = {
        **_wrong_payees(paid, found),
        **_ended_patents(paid, found, on),
        **_ended(paid, found, on),
        **_twice(paid),
    }
    return [_open(one, grounds[one.pk], on=on, by=by) for one in paid if one.pk in grounds]


def _claws(paid: list[Entitlement], found: Evaluation) -> list[Entitlement]:
    """Those whose clause says that money comes back."""
    bound = set()
    for one in paid:
        clause = found.program.clause(one.clause)
        if clause and any(v.clawback for v in clause.versions if v.since.isoformat() == one.version):
            bound.add(one.pk)
    return [one for one in paid if one.pk in bound]


def _ended(paid: list[Entitlement], found: Evaluation, on: date) -> dict[int, Ground]:
    """Facts revoked or lapsed, as the fact's own column says."""
    grounds: dict[int, Ground] = {}
    by_kind: dict[str, list[Entitlement]] = defaultdict(list)
    for one in _claws(paid, found):
        by_kind[one.fact_kind].append(one)
    for kind, rows in by_kind.items():
        shape = found.program.facts.get(kind)
        if shape is None or not shape.ended:
            continue
        ended: dict[str, date] = {}
        for fact, day in found.rows_of(kind, ("fact", shape.ended)):
            if day is not None and day <= on:
                ended[fact] = min(day, ended.get(fact, day))
        for one in rows:
            if one.fact in ended:
                label = shape.columns[shape.ended].label
                reason = Reason.LAPSED if kind == "patents_granted" else Reason.REVOKED
                grounds[one.pk] = Ground(reason, f"“{one.fact}”{label} {ended[one.fact]}")
    return grounds


def _ended_patents(paid: list[Entitlement], found: Evaluation, on: date) -> dict[int, Ground]:
    """Patents behind an award that ended early, or were declared abnormal, after the money was paid."""
    rows = {one.object: one for one in _claws(paid, found) if one.object}
    grounds: dict[int, Ground] = {}
    patents = Patent.objects.filter(application_number__in=rows).prefetch_related("events")
    by_number = {one.application_number: one for one in patents}
    for one in paid:
        patent = by_number.get(one.object) if one.object in rows else None
        if patent is None:
            continue
        if patent.abnormal_on and patent.abnormal_on <= on:
            words = f"专利 {one.object} 于 {patent.abnormal_on} 认定为非正常专利申请"
            grounds[one.pk] = Ground(Reason.ABNORMAL, words)
            continue
        events = sorted(
            (event for event in patent.events.all() if event.on_date and event.on_date <= on),
            key=lambda e: e.on_date,
        )
        last = events[-1] if events else None
        if last is not None and last.kind in ENDING:
            grounds[one.pk] = Ground(
                Reason.LAPSED, f"专利 {one.object} 于 {last.on_date} {ENDING[last.kind]}"
            )
    return grounds


def _wrong_payees(paid: list[Entitlement], found: Evaluation) -> dict[int, Ground]:
    """Facts that turn out to belong to somebody else; a renamed or merged organisation is still itself."""
    grounds: dict[int, Ground] = {}
    by_kind: dict[str, list[Entitlement]] = defaultdict(list)
    for one in paid:
        by_kind[one.fact_kind].append(one)
    for kind, rows in by_kind.items():
        holders: dict[str, set[str]] = defaultdict(set)
        wanted = {one.fact for one in rows}
        for fact, organisation, person in found.rows_of(kind, ("fact", "organisation", "person")):
            if fact in wanted:
                holders[fact].update(one for one in (organisation, person) if one)
        everybody = sorted({(who, "enterprise") for one in holders.values() for who in one})
        known = resolve(everybody)
        for one in rows:
            now = holders.get(one.fact)
            if not now or one.kind == "person":
                if now and one.beneficiary not in now:
                    grounds[one.pk] = Ground(Reason.WRONG_PAYEE, f"“{one.fact}”现登记为他人所有")
                continue
            mine = {
                one.beneficiary,
                one.organisation.uscc if one.organisation else "",
                f"id:{one.organisation_id}",
            }
            same = {known[who].organisation for who in now} - {None}
            if now & mine or (one.organisation_id and one.organisation_id in same):
                continue
            names = "、".join(known[who].name for who in sorted(now))
            grounds[one.pk] = Ground(Reason.WRONG_PAYEE, f"“{one.fact}”现登记为 {names}，付给了 {one.name}")
    return grounds


def _twice(paid: list[Entitlement]) -> dict[int, Ground]:
    """Amounts of two organisations for one matter that turned out to be one organisation."""
    seen: dict[tuple[str, int], Entitlement] = {}
    grounds: dict[int, Ground] = {}
    standing = Entitlement.objects.filter(
        matter__in={one.matter for one in paid}, live=True, organisation__isnull=False
    ).select_related("batch")
    paid_ids = {one.pk for one in paid}
    for one in standing.order_by("pk"):
        assert one.organisation_id is not None
        first = seen.setdefault((one.matter, one.organisation_id), one)
        if first.pk != one.pk and one.pk in paid_ids:
            words = f"与批次 {first.batch.number} 中的 {first.name} 为同一主体同一事项"
            grounds[one.pk] = Ground(Reason.DUPLICATE, words)
    return grounds


def paid_amount(entitlement: Entitlement) -> Decimal:
    """What has really been paid."""
    paid = entitlement.orders.filter(status=PaymentOrder.Status.PAID)
    return sum((one.amount for one in paid), Decimal("0.00"))


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
def receive(*, clawback: Clawback, amount: Decimal, by: User) -> Clawback:
    """Enter money that came back; it is given to the payers in the proportion they had paid, to the 分."""
    require(by, "policies.pay", region=clawback.entitlement.region_code)
    row = (
        Clawback.objects.select_for_update(of=("self",))
        .select_related("entitlement__batch")
        .get(pk=clawback.pk)
    )
    left = row.amount - row.recovered
    if row.status not in {Clawback.Status.OPEN, Clawback.Status.NOTIFIED}:
        raise Conflict(f"这一追回现在是“{row.get_status_display()}”。", fix="请刷新页面。")
    if not 0 < amount <= left or amount != amount.quantize(Decimal("0.01")):
        raise Refusal(
            f"追回金额 {amount} 元应大于零、不超过 {left:.2f} 元，并精确到分。", fix="请核对到账金额。"
        )
    paid = list(row.entitlement.orders.filter(status=PaymentOrder.Status.PAID))
    before = split(row.recovered, [one.amount for one in paid])
    after = split(row.recovered + amount, [one.amount for one in paid])
    for order, old, new in zip(paid, before, after, strict=True):
        if new != old:
            budgets.recover(row.entitlement, order.payer, new - old, by=by)
    row.recovered += amount
    if row.recovered == row.amount:
        row.status = Clawback.Status.RECOVERED
        Entitlement.objects.filter(pk=row.entitlement_id).update(status=Entitlement.Status.RECOVERED)
    row.save(update_fields=["recovered", "status"])
    record_event(
        by=by, action="policies.receive_clawback", subject=f"clawback:{row.pk}", after={"amount": str(amount)}
    )
    return row


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
