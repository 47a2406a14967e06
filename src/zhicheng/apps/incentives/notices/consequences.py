"""What an upheld objection does to the notice: named lines are struck, or the notice is taken down to be published anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.batches.models import Batch, Entitlement, Objection
from zhicheng.apps.incentives.batches.reviewing import excluded
from zhicheng.apps.incentives.models import AwardRound, Candidate
from zhicheng.apps.incentives.rounds.notice import off_notice
from zhicheng.apps.incentives.rounds.succession import drop_candidate
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

Effect = Objection.Consequence
LIVE = (Batch.Status.DRAFT, Batch.Status.REVIEW, Batch.Status.REVIEWED, Batch.Status.NOTICE)


@transaction.atomic
def draw_consequence(
    *,
    objection: Objection,
    by: User,
    strike: Sequence[int] = (),
    republish: bool = False,
    on: date | None = None,
) -> Objection:
    """Say what an upheld objection against a whole notice does to it, where its decision left that open.

    Args:
        objection: upheld, with its consequence still to be named. strike: keys of lines or candidates to strike.
        republish: take the notice down; published again its days begin anew. on: the day, by default today.

    Raises:
        Conflict: its consequence was named before, or it was not upheld.
        Refusal: neither is chosen, or a key is none of the notice.
    """
    place = objection.batch or objection.award_round
    if place is None:
        raise NotFound("这一异议不属于任何公示。", fix="请刷新页面。")
    require(by, "policies.review", region=place.region_code)
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.consequence != Effect.PENDING:
        raise Conflict(
            f"这件异议的后果是“{row.get_consequence_display() or '没有'}”，不待写明。", fix="请刷新页面。"
        )
    drawn(row, strike, republish, by=by, on=on or timezone.localdate())
    return row


def needs_choice(strike: Sequence[int], republish: bool) -> None:
    """Refuse an upheld objection against a whole notice without a word about what becomes of the notice."""
    if not strike and not republish:
        raise Refusal(
            "针对整个公示的异议成立，没有写明后果。", fix="请选出要剔除的事项，或选择撤下公示、重新公示。"
        )


def drawn(row: Objection, strike: Sequence[int], republish: bool, *, by: User, on: date) -> None:
    """Strike and take down as chosen; the caller holds the objection locked and has asked who may."""
    needs_choice(strike, republish)
    why = f"异议{row.get_status_display()}：{row.answer}"
    if row.batch is not None:
        names = _from_batch(row.batch, strike, republish, why, by)
    else:
        assert row.award_round is not None
        names = _from_round(row.award_round, strike, republish, why, by, on)
    row.struck = [*row.struck, *names]
    row.consequence = Effect.REPUBLISH if republish else Effect.TAKEN_OUT
    row.save(update_fields=["struck", "consequence"])
    record_event(
        by=by, action="policies.draw_consequence", subject=_place(row), why=why,
        after={"objection": row.pk, "struck": len(names), "republish": republish},
    )  # fmt: skip


def _place(row: Objection) -> str:
    if row.batch is not None:
        return f"batch:{row.batch.number}"
    return f"round:{row.award_round.number if row.award_round else ''}"


def _from_batch(batch: Batch, strike: Sequence[int], republish: bool, why: str, by: User) -> list[str]:
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.status not in LIVE:
        raise Conflict(
            f"批次 {row.number} 现在是“{row.get_status_display()}”，不能再剔除。", fix="请走追回。"
        )
    found = {one.pk: one for one in row.entitlements.filter(pk__in=strike, live=True)}
    _known(strike, list(found), row.number)
    for one in found.values():
        excluded(row, one, why, by)
    if republish and row.status == Batch.Status.NOTICE:
        row.status, row.notice_from, row.notice_until, row.notice_words = (
            Batch.Status.REVIEWED,
            None,
            None,
            [],
        )
        row.why = why
        row.save(update_fields=["status", "notice_from", "notice_until", "notice_words", "why"])
        record_event(by=by, action="policies.end_notice", subject=f"batch:{row.number}", why=why)
    return [_line_name(one) for one in found.values()]


def _line_name(one: Entitlement) -> str:
    """A struck line in words; a person stays unnamed."""
    return f"{'个人' if one.kind == 'person' else one.name} {one.clause_name} {one.amount:.2f}"


def _from_round(
    award_round: AwardRound, strike: Sequence[int], republish: bool, why: str, by: User, on: date
) -> list[str]:
    row = AwardRound.objects.select_for_update().get(pk=award_round.pk)
    if row.status not in {AwardRound.Status.NOTICE, AwardRound.Status.RANKED}:
        raise Conflict(
            f"“{row.title}”现在是“{row.get_status_display()}”，不能再剔除。", fix="已授予的请走撤销。"
        )
    down = republish or row.status == AwardRound.Status.RANKED
    rows = row.candidates.filter(pk__in=strike, status=Candidate.Status.ELIGIBLE).exclude(tier="")
    found = {one.pk: one for one in rows}
    _known(strike, list(found), row.number)
    for one in found.values():
        drop_candidate(row, one, why=why, on=None if down else on)
    if republish and row.status == AwardRound.Status.NOTICE:
        off_notice(row)
        record_event(by=by, action="policies.withdraw_notice", subject=f"round:{row.number}", why=why)
    return [one.name for one in found.values()]


def _known(strike: Sequence[int], found: Sequence[int], number: str) -> None:
    unknown = sorted(set(strike) - set(found))
    if unknown:
        raise Refusal(
            f"{number} 的公示里没有编号 {unknown[0]} 的事项，或已剔除。", fix="请从列出的事项中选。"
        )
