"""Blind scoring: sheets are handed out, conflicts shut, marks entered, stages closed into means and a ranking."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.conflicts import agencies_of, conflict, known_about, names_of
from zhicheng.apps.incentives.models import AwardRound, Candidate, ExpertInterest, ScoreSheet
from zhicheng.apps.incentives.ranking import Entrant, ranked, seated, trimmed_mean, weighted
from zhicheng.apps.incentives.rounds import Standing, Status, locked
from zhicheng.apps.ledger.public import Organisation
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

MOST_MARK_PLACES = Decimal("0.01")


@transaction.atomic
def declare_interest(*, organisation: Organisation, words: str, by: User) -> ExpertInterest:
    """Let an expert declare an interest in an organisation; open sheets about it are shut at once."""
    require(by, "policies.score")
    if not words.strip():
        raise Refusal("请写明是什么关系。", fix="如任职、持股、顾问、亲属。")
    made, _ = ExpertInterest.objects.update_or_create(
        expert=by, organisation=organisation, defaults={"words": words.strip()[:200]}
    )
    ScoreSheet.objects.filter(
        expert=by, candidate__organisation=organisation, candidate__award_round__status=Status.SCORING
    ).update(conflict=f"本人申报有利害关系：{words.strip()}"[:200], marks=[], total=None)
    record_event(
        by=by, action="policies.declare_interest", subject=f"organisation:{organisation.pk}", why=words
    )
    return made


@transaction.atomic
def start_scoring(*, award_round: AwardRound, by: User) -> AwardRound:
    """Close the call and hand out the sheets of the first stage.

    Raises:
        Refusal: an application was not checked, nobody may stand, or a candidate has too few experts without a conflict.
    """
    require(by, "policies.review", region=award_round.region_code)
    row = locked(award_round, Status.OPEN)
    waiting = row.candidates.filter(status=Standing.APPLIED).count()
    if waiting:
        raise Refusal(f"还有 {waiting} 份申报没有资格结论。", fix="请先核对资格。")
    _hand_out(row)
    row.candidates.filter(status=Standing.DRAFT).update(status=Standing.WITHDRAWN)
    row.status, row.stage = Status.SCORING, 0
    row.save(update_fields=["status", "stage"])
    record_event(by=by, action="policies.start_scoring", subject=f"round:{row.number}")
    return row


def _hand_out(row: AwardRound) -> None:
    candidates = list(row.candidates.filter(status=Standing.ELIGIBLE))
    if not candidates:
        raise Refusal("没有资格通过的申报。", fix="请核对资格，或取消这一轮评选。")
    experts = list(row.experts.select_related("expert"))
    names, agencies = names_of(row), agencies_of(row)
    known = {one.expert_id: known_about(one.expert, one.works_for) for one in experts}
    sheets = [
        ScoreSheet(
            candidate=one, expert=called.expert, stage=row.stage,
            conflict=conflict(
                one, called.expert, known[called.expert_id], names=names.get(one.organisation_id, set()),
                agencies=agencies.get(one.organisation_id, set()),
            ),
        )
        for one in candidates
        for called in experts
    ]  # fmt: skip
    for one in candidates:
        free = sum(1 for sheet in sheets if sheet.candidate is one and not sheet.conflict)
        if free < row.least_scores:
            raise Refusal(
                f"申报 {one.code} 只有 {free} 位没有利害关系的专家，至少要 {row.least_scores} 位。",
                fix="请增加专家。",
            )
    ScoreSheet.objects.bulk_create(sheets)


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


@transaction.atomic
def close_stage(*, award_round: AwardRound, by: User) -> AwardRound:
    """Close the stage that runs: means are taken, the best go on, after the last stage everybody has a place.

    Raises:
        Refusal: a candidate has fewer scores than the round asks for.
    """
    require(by, "policies.review", region=award_round.region_code)
    row = locked(award_round, Status.SCORING)
    candidates = list(row.candidates.filter(status=Standing.ELIGIBLE).prefetch_related("sheets"))
    for one in candidates:
        given = [sheet for sheet in one.sheets.all() if sheet.stage == row.stage and sheet.total is not None]
        if len(given) < row.least_scores:
            raise Refusal(
                f"申报 {one.code} 只有 {len(given)} 份评分，至少要 {row.least_scores} 份。",
                fix="请催专家评分，或增加专家。",
            )
        mean = trimmed_mean([sheet.total for sheet in given if sheet.total is not None], row.trimmed)
        one.stage_totals = [*one.stage_totals[: row.stage], f"{mean:.4f}"]
    _place(row, candidates)
    keep = row.stages[row.stage][2]
    last = row.stage + 1 == len(row.stages)
    for one in candidates:
        if last:
            continue
        if keep and (one.rank or 0) > keep:
            one.status = Standing.OUT
        one.tier = ""
    Candidate.objects.bulk_update(candidates, ["stage_totals", "total", "rank", "tier", "status"])
    row.status = Status.RANKED if last else Status.SCORING
    row.stage += 0 if last else 1
    row.save(update_fields=["status", "stage"])
    if not last:
        _hand_out(row)
    record_event(
        by=by, action="policies.close_stage", subject=f"round:{row.number}", after={"stage": row.stage}
    )
    return row


def _place(row: AwardRound, candidates: list[Candidate]) -> None:
    """Totals, places and tiers as the stages so far give them."""
    weights = [one[1] for one in row.stages]
    entrants = []
    for one in candidates:
        means = [Decimal(mean) for mean in one.stage_totals]
        share = weights[: len(means)]
        one.total = weighted(means, share)
        entrants.append(
            Entrant(one.pk, one.total, _criterion_means(one, len(row.criteria)), one.submitted_at)
        )
    placed = ranked(entrants, row.tie)
    tiers = seated(placed, [(tier, seats) for tier, seats in row.tiers])
    by_key = {one.key: one for one in placed}
    for one in candidates:
        one.rank, one.tier = by_key[one.pk].rank, tiers.get(one.pk, "")


def _criterion_means(candidate: Candidate, criteria: int) -> tuple[Decimal, ...]:
    """Mean mark of each criterion over every sheet that counts, for the tie rule."""
    sheets = [one.marks for one in candidate.sheets.all() if one.total is not None]
    return tuple(
        sum((Decimal(marks[place]) for marks in sheets), Decimal(0)) / len(sheets)
        for place in range(criteria)
    )
