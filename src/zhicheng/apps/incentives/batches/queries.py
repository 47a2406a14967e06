"""Batches read by officers: lists, one batch with its amounts, orders, files and history, and public notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import AuditEvent, may, one_person_mode
from zhicheng.apps.cases.public import standings_of
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.models import (
    BankFile,
    Batch,
    Confirmation,
    Entitlement,
    Objection,
    PaymentOrder,
    ResultFile,
)
from zhicheng.apps.incentives.paging import Page, Some, page_of, some_of
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.incentives.payment.stops import stops_of
from zhicheng.kernel.refusals import NotFound

Status = Batch.Status
ZERO = Decimal("0.00")
LIVE = Q(entitlements__live=True)
NO_CATALOGUE = ("catalogue", "notice_words")
HISTORY = 12


def batches_page(user: Any, *, status: str = "", policy: str = "", year: str = "", after: str = "") -> Page:
    """One page of batches with how many amounts they hold and how much money."""
    rows = seen.batches(user)
    if status:
        rows = rows.filter(status=status)
    if policy:
        rows = rows.filter(policy=policy)
    if year.isdigit():
        rows = rows.filter(year=int(year[:4]))
    page = page_of(rows.select_related("prepared_by").defer(*NO_CATALOGUE), after)
    _with_sums(page.rows)
    return page


def _with_sums(rows: list[Batch]) -> None:
    found = {
        one["batch"]: one
        for one in Entitlement.objects.filter(batch__in=[row.pk for row in rows], live=True)
        .order_by().values("batch").annotate(items=Count("pk"), money=Sum("amount"))
    }  # fmt: skip
    for row in rows:
        one: dict[str, Any] = dict(found.get(row.pk, {}))
        row.items, row.money = one.get("items", 0), one.get("money", ZERO)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Sums:
    """Money of a batch: listed, excluded, ordered, sent, paid, failed; number and 元 of each.

    Args:
        outstanding: orders that are neither paid nor given up; a batch with one cannot be closed.
    """

    rows: list[tuple[str, int, Decimal]]
    by_payer: list[dict[str, Any]]
    listed: Decimal
    accepted: int
    unseen: int
    without_account: int
    outstanding: int


def sums_of(batch: Batch) -> Sums:
    """How a batch stands in money, in four queries."""
    listed: dict[bool, Any] = {
        one["live"]: one for one in batch.entitlements.order_by().values("live").annotate(n=Count("pk"), m=Sum("amount"))
    }  # fmt: skip
    accepted = batch.entitlements.filter(live=True, accepted_by__isnull=False).count()
    orders: list[Any] = list(
        batch.orders.order_by("payer", "payer_region").values("payer", "payer_region").annotate(
            n=Count("pk"), ready=Count("pk", filter=Q(status="ready")),
            payable=Count("pk", filter=Q(status="ready", account__isnull=False, account__withdrawn_at__isnull=True)),
            sent=Count("pk", filter=Q(status="sent")), paid=Count("pk", filter=Q(status="paid")),
            failed=Count("pk", filter=Q(status="failed", replaced_by__isnull=True)),
            ready_money=Sum("amount", filter=Q(status="ready")), sent_money=Sum("amount", filter=Q(status="sent")),
            paid_money=Sum("amount", filter=Q(status="paid")),
            failed_money=Sum("amount", filter=Q(status="failed", replaced_by__isnull=True)),
        )
    )  # fmt: skip
    kinds = PaymentOrder.Status
    rows = [
        (
            str(kind.label), sum(one[kind.value] for one in orders),
            sum((one[f"{kind.value}_money"] or ZERO for one in orders), ZERO),
        )
        for kind in (kinds.READY, kinds.SENT, kinds.PAID, kinds.FAILED)
    ]  # fmt: skip
    here = listed.get(True, {"n": 0, "m": ZERO})
    without = sum(one["ready"] - one["payable"] for one in orders)
    open_ones = sum(one["ready"] + one["sent"] + one["failed"] for one in orders)
    return Sums(rows, orders, here["m"] or ZERO, accepted, here["n"] - accepted, without, open_ones)


def entitlements_page(batch: Batch, user: Any, *, show: str = "", q: str = "", after: str = "") -> Page:
    """One page of a batch's amounts, in the order they were frozen."""
    rows = seen.entitlements(batch, user)
    rows = _filtered(rows, show)
    if q:
        condition = Q(clause_name__icontains=q) | Q(fact__icontains=q)
        named = Q(name__icontains=q) if seen.sees_persons(user) else Q(name__icontains=q) & ~Q(kind="person")
        rows = rows.filter(condition | named)
    page = page_of(rows.select_related("organisation", "accepted_by"), after, falling=False)
    _with_confirmations(page.rows)
    persons = seen.sees_persons(user)
    for row in page.rows:
        row.shown = seen.name_for(row.name, row.kind, persons=persons)
    return page


def _filtered(rows: QuerySet[Entitlement], show: str) -> QuerySet[Entitlement]:
    if show == "open":
        return rows.filter(live=True, accepted_by__isnull=True)
    if show == "excluded":
        return rows.filter(live=False)
    if show == "unmatched":
        return rows.filter(live=True, organisation__isnull=True).exclude(kind="person")
    return rows


def _with_confirmations(rows: list[Entitlement]) -> None:
    """Mark which amounts their beneficiaries have said yes to; one query a page."""
    said = Confirmation.objects.filter(
        matter__in={one.matter for one in rows}, withdrawn_at__isnull=True
    ).values_list("matter", "identity", "organisation")
    keys = {(matter, identity) for matter, identity, _org in said} | {
        (matter, org) for matter, _who, org in said if org
    }
    for row in rows:
        row.confirmed = (row.matter, row.identity) in keys or (row.matter, row.organisation_id) in keys  # type: ignore[attr-defined]


def entitlement(batch: Batch, number: int, user: Any) -> Entitlement:
    """One amount of a batch."""
    found = seen.entitlements(batch, user).filter(pk=number).select_related("organisation", "batch").first()
    if found is None:
        raise NotFound(f"批次 {batch.number} 没有这一项。", fix="请刷新批次页面。")
    return found


def orders_page(batch: Batch, *, status: str = "", after: str = "") -> Page:
    """One page of payment orders with their accounts, which only those who pay may open."""
    rows = batch.orders.select_related("entitlement", "account", "bank_file", "replaces")
    if status == "waiting":
        rows = rows.filter(status="ready", account__isnull=True)
    elif status:
        rows = rows.filter(status=status)
    page = page_of(rows, after, falling=False)
    replaced = set(
        PaymentOrder.objects.filter(replaces__in=[one.pk for one in page.rows]).values_list(
            "replaces", flat=True
        )
    )
    waiting = {
        one.entitlement_id
        for one in page.rows
        if one.status in {"ready", "failed"} and one.pk not in replaced
    }
    stops = stops_of(waiting)
    for one in page.rows:
        one.again = one.pk in replaced
        one.stop = stops.get(one.entitlement_id, "") if one.status in {"ready", "failed"} else ""
    return page


def order(batch: Batch, number: int) -> PaymentOrder:
    """One payment order of a batch."""
    found = batch.orders.filter(pk=number).select_related("entitlement", "batch").first()
    if found is None:
        raise NotFound(f"批次 {batch.number} 没有这一支付指令。", fix="请刷新页面。")
    return found


def files_of(batch: Batch) -> tuple[list[BankFile], list[ResultFile]]:
    """Files that went to banks, and their answers."""
    return (
        list(batch.bank_files.select_related("made_by")),
        list(batch.result_files.select_related("imported_by")),
    )


def draws_of(batch: Batch) -> list[budgets.Draw]:
    """What an amount not approved yet would take from the budget; nothing once it is committed."""
    if batch.status not in {Status.DRAFT, Status.REVIEW, Status.REVIEWED, Status.NOTICE}:
        return []
    return budgets.draws(batch, batch.entitlements.filter(live=True).only("clause", "clause_name", "shares"))


def objections_of(batch: Batch) -> list[Objection]:
    """What was said against a notice, the latest first."""
    return with_cases(batch.objections.select_related("entitlement", "answered_by"))


def with_cases(rows: Iterable[Objection]) -> list[Objection]:
    """Objections, each with where its case stands; those from before they were cases have none."""
    found = list(rows)
    standings = standings_of(one.case_number for one in found)
    for one in found:
        one.standing = standings.get(one.case_number)  # type: ignore[attr-defined]
    return found


def reply_to(case_number: str) -> str:
    """The reply to an objection, for whoever has shown its number and code."""
    found = Objection.objects.filter(case_number=case_number).values_list("answer", flat=True).first()
    return found or ""


TOLD = {
    "freeze": _("编制"), "submit": _("送审"), "take_back": _("撤回送审"), "accept_rest": _("认可其余全部"), "review": _("复核通过"),
    "send_back": _("退回编制"), "reopen": _("重新复核"), "publish": _("开始公示"), "end_notice": _("撤下公示"), "object": _("收到异议"),
    "answer_objection": _("答复异议"), "approve": _("批准"), "take_up_accounts": _("匹配账户"), "import_results": _("导入银行回盘"),
    "close": _("办结"), "cancel": _("作废"), "export": _("导出"),
}  # fmt: skip


def _events(batch: Batch) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(subject=f"batch:{batch.number}")


def _told(rows: Iterable[AuditEvent]) -> list[tuple[str, AuditEvent]]:
    return [(str(TOLD.get(one.action.removeprefix("policies."), one.action)), one) for one in rows]


def history_of(batch: Batch) -> Some:
    """The latest that happened to a batch in words, and how much there is."""
    found = some_of(_events(batch), first=HISTORY)
    return Some(_told(found.rows), found.count)


def history_page(batch: Batch, after: str) -> Page:
    """One page of everything that happened to a batch, the latest first."""
    page = page_of(_events(batch), after)
    return Page(_told(page.rows), page.count, page.next, page.back)


def steps_for(batch: Batch, user: Any) -> list[str]:
    """The steps this person may take on a batch now, the main one first."""
    own = batch.prepared_by_id == user.pk and not one_person_mode()

    def can(verb: str) -> bool:
        return may(user, f"policies.{verb}", region=batch.region_code)

    found: list[str] = []
    if batch.status == Status.DRAFT and can("prepare"):
        found.append("submit")
    if batch.status == Status.REVIEW and can("review") and not own:
        found += ["review", "accept_rest", "send_back"]
    if batch.status == Status.REVIEW and batch.prepared_by_id == user.pk:
        found.append("take_back")
    if batch.status == Status.REVIEWED:
        found += [*(["publish"] if can("publish") else []), *(["reopen"] if can("review") else [])]
    if batch.status == Status.NOTICE:
        found += [
            *(["approve"] if can("approve") and not own else []),
            *(["reopen"] if can("publish") else []),
        ]
    if batch.status == Status.APPROVED and can("pay"):
        found += ["take_up", *(["close"] if can("approve") else [])]
    if batch.status in {Status.DRAFT, Status.REVIEW, Status.REVIEWED, Status.NOTICE} and can("approve"):
        found.append("cancel")
    return found


# -- what anybody reads ------------------------------------------------------------------------------

PUBLISHED = (Status.NOTICE, Status.APPROVED, Status.CLOSED)


def notices(after: str) -> Page:
    """Notices that stand or stood, for everybody."""
    rows = Batch.objects.filter(status__in=PUBLISHED, notice_from__isnull=False).defer(*NO_CATALOGUE)
    page = page_of(rows, after)
    _with_sums(page.rows)
    return page


def notice(number: str) -> Batch:
    """One public notice."""
    found = Batch.objects.filter(status__in=PUBLISHED, notice_from__isnull=False, number=number).first()
    if found is None:
        raise NotFound(f"没有公示“{number}”，或尚未公示。", fix="请返回公示列表。")
    return found


def notice_rows(batch: Batch, after: str = "") -> Page:
    """Rows of a notice without personal data: a person is a category, an organisation its name and code."""
    page = page_of(batch.entitlements.filter(live=True).select_related("organisation"), after, falling=False)
    for row in page.rows:
        row.shown = "个人（姓名不公开）" if row.kind == "person" else row.name
    return page


def notice_all(batch: Batch) -> list[list[object]]:
    """Every row of a notice for a file, without personal data."""
    rows = batch.entitlements.filter(live=True).select_related("organisation").order_by("pk")
    return [
        [
            number, "个人（姓名不公开）" if one.kind == "person" else one.name,
            one.organisation.uscc if one.organisation and one.kind != "person" else "",
            one.clause_name, "" if one.kind == "person" else one.object, one.event_date, f"{one.amount:.2f}",
        ]
        for number, one in enumerate(rows, start=1)
    ]  # fmt: skip


def is_open(batch: Batch, on: date) -> bool:
    """Tell whether objections are still taken."""
    return batch.status == Status.NOTICE and batch.notice_until is not None and on <= batch.notice_until


def live_total(batch: Batch) -> tuple[int, Decimal]:
    """How many amounts a batch holds, and how much money."""
    found = batch.entitlements.filter(live=True).aggregate(n=Count("pk"), m=Sum("amount"))
    return found["n"], found["m"] or ZERO
