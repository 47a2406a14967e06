"""The second pair of eyes: every amount accepted or taken out with its reason, the batch confirmed or sent back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.batches.actions import locked, moved, other_than
from zhicheng.apps.incentives.models import Batch, Entitlement
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

Status = Batch.Status


def _may_touch(batch: Batch, entitlement: Entitlement, by: User) -> None:
    """While a batch is prepared its preparers change it; once it is under review, its reviewers do."""
    under_review = batch.status != Status.DRAFT
    require(by, "policies.review" if under_review else "policies.prepare", region=entitlement.region_code)
    if batch.status == Status.REVIEW:
        other_than(batch, by, "复核")


@transaction.atomic
def accept(*, entitlement: Entitlement, by: User) -> Entitlement:
    """Say that an amount stands; saying it twice changes nothing."""
    batch = locked(entitlement.batch, Status.REVIEW)
    _may_touch(batch, entitlement, by)
    row = Entitlement.objects.select_for_update(of=("self",)).get(pk=entitlement.pk)
    if not row.live:
        raise Conflict(f"“{row.name}”的这一项已剔除。", fix="请先恢复再认可。")
    if row.accepted_by_id is None:
        row.accepted_by, row.accepted_at = by, timezone.now()
        row.save(update_fields=["accepted_by", "accepted_at"])
        record_event(
            by=by, action="policies.accept", subject=f"entitlement:{row.pk}", after={"batch": batch.number}
        )
    return row


@transaction.atomic
def accept_rest(*, batch: Batch, by: User) -> int:
    """Accept every amount that was not looked at one by one; returns how many."""
    require(by, "policies.review", region=batch.region_code)
    row = locked(batch, Status.REVIEW)
    other_than(row, by, "复核")
    count = row.entitlements.filter(live=True, accepted_by__isnull=True).update(
        accepted_by=by, accepted_at=timezone.now()
    )
    record_event(by=by, action="policies.accept_rest", subject=f"batch:{row.number}", after={"rows": count})
    return count


@transaction.atomic
def exclude(*, entitlement: Entitlement, why: str, by: User) -> Entitlement:
    """Take an amount out of a batch that is not approved yet; its matter becomes free again."""
    if not why.strip():
        raise Refusal("剔除须写明理由。", fix="请填写理由，它会进入审计记录。")
    batch = locked(entitlement.batch, Status.DRAFT, Status.REVIEW, Status.REVIEWED, Status.NOTICE)
    _may_touch(batch, entitlement, by)
    return excluded(batch, entitlement, why, by)


def excluded(batch: Batch, entitlement: Entitlement, why: str, by: User) -> Entitlement:
    """Take one amount out; the caller holds the batch locked and has asked who may."""
    row = Entitlement.objects.select_for_update().get(pk=entitlement.pk)
    row.status, row.live, row.why = Entitlement.Status.EXCLUDED, False, why
    row.save(update_fields=["status", "live", "why"])
    record_event(
        by=by, action="policies.exclude", subject=f"entitlement:{row.pk}", why=why,
        after={"batch": batch.number, "amount": str(row.amount)},
    )  # fmt: skip
    return row


@transaction.atomic
def put_back(*, entitlement: Entitlement, by: User) -> Entitlement:
    """Take an excluded amount in again, unless another batch holds its matter now."""
    batch = locked(entitlement.batch, Status.DRAFT, Status.REVIEW)
    _may_touch(batch, entitlement, by)
    row = Entitlement.objects.select_for_update().get(pk=entitlement.pk)
    row.status, row.live, row.why = Entitlement.Status.LISTED, True, ""
    try:
        with transaction.atomic():
            row.save(update_fields=["status", "live", "why"])
    except IntegrityError as error:
        raise Conflict(f"“{row.name}”的这一事项已列入另一批次。", fix="请查看该受益人的兑付记录。") from error
    record_event(
        by=by, action="policies.put_back", subject=f"entitlement:{row.pk}", after={"batch": batch.number}
    )
    return row


@transaction.atomic
def review(*, batch: Batch, by: User) -> Batch:
    """Confirm a batch of which every amount was looked at; the one who prepared it is not the one who reviews it.

    Raises:
        Refusal: an amount was neither accepted nor taken out.
    """
    require(by, "policies.review", region=batch.region_code)
    row = locked(batch, Status.REVIEW)
    other_than(row, by, "复核")
    open_rows = row.entitlements.filter(live=True, accepted_by__isnull=True).count()
    if open_rows:
        raise Refusal(
            f"批次 {row.number} 还有 {open_rows} 项没有核对。", fix="请逐项认可或剔除，或认可其余全部。"
        )
    return moved(row, Status.REVIEWED, "policies.review", by, reviewed_by=by, reviewed_at=timezone.now())


@transaction.atomic
def send_back(*, batch: Batch, why: str, by: User) -> Batch:
    """Return a batch to whoever prepared it."""
    require(by, "policies.review", region=batch.region_code)
    if not why.strip():
        raise Refusal("退回须写明理由。", fix="请填写理由。")
    row = locked(batch, Status.REVIEW, Status.REVIEWED, Status.NOTICE)
    row.entitlements.update(accepted_by=None, accepted_at=None)
    return moved(
        row, Status.DRAFT, "policies.send_back", by, why, reviewed_by=None, reviewed_at=None,
        notice_from=None, notice_until=None,
    )  # fmt: skip


@transaction.atomic
def take_back(*, batch: Batch, by: User) -> Batch:
    """Let whoever prepared a batch take it back before it is reviewed."""
    require(by, "policies.prepare", region=batch.region_code)
    row = locked(batch, Status.REVIEW)
    if row.prepared_by_id != by.pk:
        raise NotAllowed("只有编制人可以撤回送审。", fix="复核人请用“退回”。")
    row.entitlements.update(accepted_by=None, accepted_at=None)
    return moved(row, Status.DRAFT, "policies.take_back", by)


@transaction.atomic
def reopen(*, batch: Batch, why: str, by: User) -> Batch:
    """Go one step back before approval: end a notice, or look at a reviewed batch once more."""
    if not why.strip():
        raise Refusal("退回上一步须写明理由。", fix="请填写理由。")
    row = locked(batch, Status.REVIEWED, Status.NOTICE)
    if row.status == Status.NOTICE:
        require(by, "policies.publish", region=row.region_code)
        return moved(
            row, Status.REVIEWED, "policies.end_notice", by, why, notice_from=None, notice_until=None,
            notice_words=[],
        )  # fmt: skip
    require(by, "policies.review", region=row.region_code)
    return moved(row, Status.REVIEW, "policies.reopen", by, why, reviewed_by=None, reviewed_at=None)
