"""What moves a batch: freeze, submit, notice, approve, close, cancel; its review stands in `reviewing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, one_person_mode, record_event, require
from zhicheng.apps.incentives.batches.rows import rows_of_batch
from zhicheng.apps.incentives.models import (
    Batch,
    Entitlement,
    EvaluationRun,
    FreedSeat,
    PaymentOrder,
    PayoutSettings,
)
from zhicheng.apps.incentives.notices.open_objections import refuse_while_open
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.incentives.payment.paying import open_orders
from zhicheng.apps.incentives.rounds.settings import HOW_PAID, RULES, SWITCHES, checked_rules
from zhicheng.apps.incentives.runs.evaluations import Asked, Evaluation, current_evaluation
from zhicheng.apps.incentives.seen import city_region
from zhicheng.engines.incentives.answers import ENTITLED
from zhicheng.engines.incentives.rules import Program
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Limit, due_day
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

Status = Batch.Status


def payout_settings() -> PayoutSettings:
    """The city's settings, with their defaults before anybody set them."""
    return PayoutSettings.objects.filter(pk=1).first() or PayoutSettings(pk=1)


@transaction.atomic
def set_settings(
    *, notice_days: int, trimmed: int, least_scores: int, fraud_years: int, by: User, freed_seat: str = FreedSeat.EMPTY,
    award_rules: Mapping[str, Any] | None = None,
) -> PayoutSettings:  # fmt: skip
    """Set how this city pays, and by which rules its new award rounds vote (`rounds.settings.RULES`)."""
    require(by, "policies.approve", region=city_region())
    rules = checked_rules(award_rules or {})
    if freed_seat not in FreedSeat.values:
        raise Refusal(f"空出的名额没有“{freed_seat[:20]}”这种处理。", fix="请选择空缺或递补。")
    if notice_days < 1 or fraud_years < 0:
        raise Refusal(
            f"公示期 {notice_days} 天、停止申报 {fraud_years} 年不对。", fix="公示期至少一天，年数不小于零。"
        )
    if least_scores < 2 or least_scores <= 2 * trimmed:
        raise Refusal(
            f"最少 {least_scores} 人评分、去掉高低各 {trimmed} 个不对。",
            fix="至少两位专家评分，并多于去掉的高低分。",
        )
    now = payout_settings()
    before = {name: getattr(now, name) for name in (*HOW_PAID, *RULES, *SWITCHES)}
    row, _ = PayoutSettings.objects.update_or_create(
        pk=1,
        defaults={
            "notice_days": notice_days, "trimmed": trimmed, "least_scores": least_scores, "fraud_years": fraud_years,
            "freed_seat": freed_seat, **rules,
        },
    )  # fmt: skip
    record_event(
        by=by, action="policies.settings", subject="payout_settings:1",
        before=before, after={name: getattr(row, name) for name in before},
    )  # fmt: skip
    return row


def freeze(
    *, policy: str, year: int, as_of: date, by: User, region: str = "", synthetic: bool = False,
    evaluation: Evaluation | None = None, run: EvaluationRun | None = None,
) -> Batch:  # fmt: skip
    """Freeze what is due under a policy for the events of a year and was not claimed before.

    Args:
        policy: id of the policy document.
        year: year of the events.
        as_of: the day asked about.
        by: who prepares the batch.
        region: only this region and below, by default the policy's.
        synthetic: marks a batch of the demo city.
        evaluation: the evaluation to read, by default the current one.
        run: the kept run it was opened from.

    Returns:
        The batch; what another batch already holds is left out.

    Raises:
        Refusal: nothing is due that was not claimed already.
    """
    found = evaluation or current_evaluation(as_of)
    document = found.program.policies.get(policy)
    if document is None:
        raise NotFound(f"没有政策“{policy}”。", fix=f"现有：{'、'.join(found.program.policies)}。")
    place = region or document.region or by.region_code
    require(by, "policies.prepare", region=place)
    asked = Asked(policy=policy, status=ENTITLED, year=year, regions=(place,) if place else None)
    due = list(found.all(asked))
    with transaction.atomic():
        _one_at_a_time()
        number = _next_number(policy, year)
        batch = Batch(
            number=number, policy=policy, title=document.title, year=year, region_code=place, as_of=as_of,
            snapshot=found.snapshot, catalogue=_catalogue(found.program, policy), prepared_by=by, synthetic=synthetic,
            run=run,
        )  # fmt: skip
        rows, spent = rows_of_batch(batch, due, found)
        if not rows:
            raise Refusal(
                f"政策“{document.title}”{year} 年没有尚未列入批次的应兑付事项（{_nothing_left(len(due), spent)}）。",
                fix="请核对年度、截至日和台账。",
            )
        batch.save()
        for row in rows:
            row.batch = batch
        Entitlement.objects.bulk_create(rows)
        record_event(
            by=by, action="policies.freeze", subject=f"batch:{number}",
            after={"entitlements": len(rows), "total": str(sum(one.amount for one in rows)), "snapshot": batch.snapshot},
        )  # fmt: skip
    return batch


def _one_at_a_time() -> None:
    """Two officers who freeze at once follow each other, also before the first batch of a policy (SQLite writes one at a time)."""
    PayoutSettings.objects.get_or_create(pk=1)
    list(PayoutSettings.objects.select_for_update().filter(pk=1).values_list("pk"))


def _next_number(policy: str, year: int) -> str:
    count = Batch.objects.filter(policy=policy, year=year).count()
    return f"{policy}-{year}-{count + 1:02d}"


def _catalogue(program: Program, policy: str) -> dict[str, str]:
    """The files of the policy as they stand now, so that the batch can be computed again."""
    files = [program.policies[policy].file, *(one.file for one in program.clauses if one.policy == policy)]
    return {Path(one).name: Path(one).read_text(encoding="utf-8") for one in files if one}


def locked(batch: Batch, *wanted: str) -> Batch:
    """The batch locked for a change, refused when it stands elsewhere than wanted."""
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.status not in wanted:
        raise Conflict(
            f"批次 {row.number} 现在是“{row.get_status_display()}”，不能这样处理。",
            fix="请刷新页面查看最新状态。",
        )
    return row


def other_than(batch: Batch, by: User, what: str) -> None:
    """Four eyes: refuse whoever prepared the batch."""
    if batch.prepared_by_id == by.pk and not one_person_mode():
        raise NotAllowed(f"编制人不能{what}自己编制的批次。", fix="请由另一位有权限的人员办理。")


def _nothing_left(due: int, spent: list[str]) -> str:
    """Why a batch would be empty, in words."""
    if not due:
        return "没有一项应得"
    return f"应得 {due} 项，均已列入" + (f"，或没有余额：{'；'.join(spent[:3])}" if spent else "")


@transaction.atomic
def submit(*, batch: Batch, by: User) -> Batch:
    """Send a batch for review."""
    require(by, "policies.prepare", region=batch.region_code)
    row = locked(batch, Status.DRAFT)
    if not row.entitlements.filter(live=True).exists():
        raise Refusal(f"批次 {row.number} 没有列入任何事项。", fix="请恢复剔除的事项，或作废批次。")
    return moved(row, Status.REVIEW, "policies.submit", by)


def moved(row: Batch, status: str, action: str, by: User, why: str = "", **more: Any) -> Batch:
    """Write where a batch stands now, with what belongs to the step, and record it."""
    before = row.status
    row.status, row.why = status, why
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    record_event(
        by=by,
        action=action,
        subject=f"batch:{row.number}",
        why=why,
        before={"status": before},
        after={"status": status},
    )
    return row


@transaction.atomic
def cancel(*, batch: Batch, why: str, by: User) -> Batch:
    """Give a batch up before anything of it is paid; its matters become free."""
    require(by, "policies.approve", region=batch.region_code)
    if not why.strip():
        raise Refusal("作废须写明理由。", fix="请填写理由。")
    row = locked(batch, Status.DRAFT, Status.REVIEW, Status.REVIEWED, Status.NOTICE)
    row.entitlements.filter(status=Entitlement.Status.LISTED).update(live=False)
    return moved(row, Status.CANCELLED, "policies.cancel", by, why)


@transaction.atomic
def publish(*, batch: Batch, on: date, by: User, days: int | None = None) -> Batch:
    """Put a reviewed batch on public notice for so many working days, the first of them not counted."""
    require(by, "policies.publish", region=batch.region_code)
    row = locked(batch, Status.REVIEWED)
    amount = days or payout_settings().notice_days
    due = due_day(on, Limit(amount, "working_days", roll=False), calendar=Calendar.official())
    return moved(
        row, Status.NOTICE, "policies.publish", by, notice_from=on, notice_until=due.day,
        notice_words=str(due).split("\n"),
    )  # fmt: skip


@transaction.atomic
def approve(*, batch: Batch, on: date, by: User) -> Batch:
    """Approve a batch after its notice: the budget is committed and the payment orders are made.

    Raises:
        Refusal: the notice still runs, an objection is open, or the budget does not cover it.
    """
    require(by, "policies.approve", region=batch.region_code)
    row = locked(batch, Status.NOTICE)
    other_than(row, by, "批准")
    if row.notice_until is None or on <= row.notice_until:
        raise Refusal(f"批次 {row.number} 公示至 {row.notice_until}，尚未届满。", fix="请在次日以后批准。")
    refuse_while_open(row)
    live = list(row.entitlements.filter(live=True))
    if not live:
        raise Refusal(f"批次 {row.number} 已没有列入的事项。", fix="请作废批次。")
    row = moved(row, Status.APPROVED, "policies.approve", by, approved_by=by, approved_at=timezone.now())
    budgets.commit(row, live, by=by)
    open_orders(row, live)
    return row


@transaction.atomic
def close(*, batch: Batch, by: User) -> Batch:
    """Close a batch in which every order is paid or cancelled."""
    require(by, "policies.approve", region=batch.region_code)
    row = locked(batch, Status.APPROVED)
    left = row.orders.filter(status__in=(PaymentOrder.Status.READY, PaymentOrder.Status.SENT)).count()
    failed = row.orders.filter(status=PaymentOrder.Status.FAILED, replaced_by__isnull=True).count()
    if left or failed:
        raise Refusal(
            f"批次还有 {left} 笔未到账、{failed} 笔失败未处理。", fix="请导入结果，重发或取消失败的指令。"
        )
    return moved(row, Status.CLOSED, "policies.close", by)


def total_of(batch: Batch) -> Decimal:
    """Money of a batch that stands."""
    return sum((one.amount for one in batch.entitlements.filter(live=True)), Decimal("0.00"))
