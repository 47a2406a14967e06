"""Scoring: interests are declared, marks entered or stepped back from, by whoever holds the sheet and while its stage runs."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, may, record_event, require
from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    BallotSeat,
    Candidate,
    DefenceSlot,
    ExpertInterest,
    ScoreSheet,
)
from zhicheng.apps.incentives.rounds.stages import DEFENCE
from zhicheng.apps.ledger.public import Organisation
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

MOST_MARK_PLACES = Decimal("0.01")
Status = AwardRound.Status


@transaction.atomic
def declare_interest(*, organisation: Organisation, words: str, by: User) -> ExpertInterest:
    """Let an expert or a member of a committee declare an interest; open sheets about it are shut at once.

    In a vote that runs the member is barred from the organisation's candidates, unless the ballot is handed in already.
    """
    if not may(by, "policies.vote"):
        require(by, "policies.score")
    if not words.strip():
        raise Refusal("请写明是什么关系。", fix="如任职、持股、顾问、亲属。")
    made, _ = ExpertInterest.objects.update_or_create(
        expert=by, organisation=organisation, defaults={"words": words.strip()[:200]}
    )
    ScoreSheet.objects.filter(
        expert=by, candidate__organisation=organisation, candidate__award_round__status=Status.SCORING
    ).update(conflict=f"本人申报有利害关系：{words.strip()}"[:200], marks=[], total=None)
    _bar(organisation, words.strip(), by)
    record_event(
        by=by, action="policies.declare_interest", subject=f"organisation:{organisation.pk}", why=words
    )
    return made


def _bar(organisation: Organisation, words: str, by: User) -> None:
    """Bar a member from an organisation's candidates in votes that run and in which nothing was handed in by the member."""
    seats = BallotSeat.objects.select_for_update(of=("self",)).filter(
        person=by, voted_at=None, ballot__status=Ballot.Status.OPEN
    )
    for seat in seats:
        rows = Candidate.objects.filter(counts__ballot=seat.ballot_id, organisation=organisation)
        seat.barred |= {
            str(one): f"本人申报有利害关系：{words}"[:200] for one in rows.values_list("pk", flat=True)
        }
        seat.save(update_fields=["barred"])


def _own_sheet(sheet: ScoreSheet, by: User) -> ScoreSheet:
    require(by, "policies.score")
    row = (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("candidate__award_round")
        .get(pk=sheet.pk)
    )
    if row.expert_id != by.pk:
        raise NotAllowed("这不是您的评分表。", fix="请从“我的评分”打开。")
    award_round = row.candidate.award_round
    if award_round.status != Status.SCORING or award_round.stage != row.stage:
        raise Conflict("这一环节已经结束，不能再改分。", fix="请返回“我的评分”。")
    return row


def _came(sheet: ScoreSheet, award_round: AwardRound) -> None:
    """Marks for a defence are given to who came."""
    if award_round.current.kind != DEFENCE:
        return
    slot = DefenceSlot.objects.filter(candidate=sheet.candidate_id, place=sheet.stage).first()
    if slot is None or not slot.attended:
        state = (
            "还没有安排时段" if slot is None else "没有登记到场" if slot.attended is None else "已登记缺席"
        )
        raise Conflict(f"申报 {sheet.candidate.code} {state}，不能打答辩分。", fix="请等登记到场后再打分。")


@transaction.atomic
def score(*, sheet: ScoreSheet, marks: list[Decimal], remark: str, by: User) -> ScoreSheet:
    """Enter or change marks while the stage runs.

    Raises:
        Conflict: the expert has a conflict of interest, or the stage is closed.
        Refusal: a mark is missing, above its full mark, or finer than 0.01.
    """
    row = _own_sheet(sheet, by)
    if row.conflict:
        raise Conflict(f"您对这份申报应当回避：{row.conflict}。", fix="请评其他申报。")
    _came(row, row.candidate.award_round)
    criteria = row.candidate.award_round.criteria
    if len(marks) != len(criteria):
        raise Refusal(f"应有 {len(criteria)} 项得分，收到 {len(marks)} 项。", fix="请逐项打分。")
    for (name, full), mark in zip(criteria, marks, strict=True):
        if not 0 <= mark <= full or mark != mark.quantize(MOST_MARK_PLACES):
            raise Refusal(f"“{name}”得分 {mark} 应在 0 至 {full} 之间，最多两位小数。", fix="请核对得分。")
    row.marks, row.total = [f"{mark:.2f}" for mark in marks], sum(marks, Decimal(0))
    row.remark, row.scored_at = remark[:4000], timezone.now()
    row.save()
    record_event(by=by, action="policies.score", subject=f"sheet:{row.pk}", after={"total": str(row.total)})
    return row


@transaction.atomic
def recuse(*, sheet: ScoreSheet, why: str, by: User) -> ScoreSheet:
    """Step back from a sheet; what was marked on it does not count."""
    row = _own_sheet(sheet, by)
    if not why.strip():
        raise Refusal("回避须写明事由。", fix="请填写事由。")
    row.conflict, row.marks, row.total, row.scored_at = f"本人申请回避：{why.strip()}"[:200], [], None, None
    row.save()
    record_event(by=by, action="policies.recuse", subject=f"sheet:{row.pk}", why=why)
    return row
