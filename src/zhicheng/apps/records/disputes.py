"""Disputes: an organisation says that a row about it is wrong, an officer answers, both stay on record."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhicheng.apps.accounts.public import User, may, record_event, require, scope
from zhicheng.apps.records.models import Dispute
from zhicheng.kernel.refusals import Conflict, Refusal

PAGE = 50


@transaction.atomic
def raise_dispute(*, type_id: str, record: models.Model, text: str, by: User) -> Dispute:
    """Say that a row is wrong; saying it twice while it is open makes one dispute.

    Raises:
        Refusal: nothing is said.
    """
    require(by, "disputes.raise")
    if not text.strip():
        raise Refusal("没有写明哪里不对。", fix="请写明哪一项不对、应当是什么、有什么依据。")
    row, made = Dispute.objects.get_or_create(
        type=type_id, record_id=record.pk, raised_by=by, state=Dispute.State.OPEN,
        defaults={"text": text.strip(), "label": str(record), "region_code": getattr(record, "region_code", "")},
    )  # fmt: skip
    if made:
        record_event(by=by, action="records.dispute", subject=f"{type_id}:{record.pk}", why=text.strip())
    return row


@transaction.atomic
def answer(*, dispute: Dispute, accepted: bool, text: str, by: User) -> Dispute:
    """Answer a dispute in words; what is wrong is then corrected through the ordinary review.

    Raises:
        Conflict: somebody answered already.
        Refusal: no words.
    """
    require(by, "disputes.answer", region=dispute.region_code or None)
    if not text.strip():
        raise Refusal("答复不能为空。", fix="请写明核实的结果与依据。")
    row = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if row.state != Dispute.State.OPEN:
        raise Conflict("这条异议已有答复。", fix="请刷新页面。")
    row.state = Dispute.State.ACCEPTED if accepted else Dispute.State.REFUSED
    row.answer, row.answered_by, row.answered_at = text.strip(), by, timezone.now()
    row.save()
    record_event(by=by, action="records.answer_dispute", subject=f"dispute:{row.pk}", why=row.answer)
    return row


def visible(user: Any) -> QuerySet[Dispute]:
    """Disputes a person may read: their own, and those of the region for officers."""
    rows = Dispute.objects.select_related("raised_by", "answered_by")
    if may_answer(user):
        return rows.filter(scope(user).regions_q())
    require(user, "disputes.raise")
    return rows.filter(raised_by=user)


def may_answer(user: Any) -> bool:
    """Tell whether a person answers disputes."""
    return may(user, "disputes.answer")


def page(user: Any, after: str) -> tuple[list[Dispute], str]:
    """One page of disputes, newest first, and the cursor of the next."""
    rows = visible(user).order_by("-pk")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""
