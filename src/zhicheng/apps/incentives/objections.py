"""Objections against a public notice: taken down from anybody, checked by an officer, answered in words."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.batch_actions import locked
from zhicheng.apps.incentives.models import AwardRound, Batch, Entitlement, Objection
from zhicheng.apps.incentives.reviewing import excluded
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

Status = Batch.Status


@transaction.atomic
def object_to(
    *, batch: Batch, said_by: str, text: str, on: date, contact: str = "", entitlement: Entitlement | None = None,
    by: User | None = None,
) -> Objection:  # fmt: skip
    """Take down an objection against a notice; anybody may object while it stands."""
    row = locked(batch, Status.NOTICE)
    may_object(row, said_by=said_by, text=text, on=on)
    if entitlement is not None and entitlement.batch_id != row.pk:
        raise Refusal("所指的事项不在这一批次。", fix="请在公示页上选择事项。")
    made = Objection.objects.create(
        batch=row, entitlement=entitlement, said_by=said_by, contact=contact, text=text, said_on=on
    )
    record_event(by=by, action="policies.object", subject=f"batch:{row.number}", after={"objection": made.pk})
    return made


@transaction.atomic
def answer_objection(*, objection: Objection, upheld: bool, answer: str, by: User) -> Objection:
    """Answer an objection; one that is upheld takes its amount out of the batch."""
    batch = objection.batch
    if batch is None:
        raise NotFound("这一异议不属于兑付批次。", fix="请在评选页面答复。")
    require(by, "policies.review", region=batch.region_code)
    row = answered(objection, upheld=upheld, answer=answer, by=by)
    if upheld and row.entitlement is not None and row.entitlement.live:
        excluded(locked(batch, Status.NOTICE), row.entitlement, f"异议成立：{answer}", by)
    record_event(
        by=by, action="policies.answer_objection", subject=f"batch:{batch.number}", why=answer,
        after={"objection": row.pk, "status": row.status},
    )  # fmt: skip
    return row


def may_object(notice: Batch | AwardRound, *, said_by: str, text: str, on: date) -> None:
    """Refuse an objection that comes too late, or from nobody, or says nothing."""
    if notice.notice_until and on > notice.notice_until:
        raise Refusal(f"公示期已于 {notice.notice_until} 届满。", fix="请向主管部门书面反映。")
    if not text.strip() or not said_by.strip():
        raise Refusal("异议须写明提出人和内容。", fix="请填写后再提交。")


def answered(objection: Objection, *, upheld: bool, answer: str, by: User) -> Objection:
    """Store the answer to an open objection; called inside the action that draws the consequence.

    Raises:
        Refusal: the answer gives no finding.
        Conflict: it has been answered before.
    """
    if not answer.strip():
        raise Refusal("答复须写明核查结论。", fix="请填写核查结论。")
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.status != Objection.Status.OPEN:
        raise Conflict("这一异议已经答复。", fix="请刷新页面。")
    row.status = Objection.Status.UPHELD if upheld else Objection.Status.DISMISSED
    row.answer, row.answered_by, row.answered_at = answer, by, timezone.now()
    row.save()
    return row
