"""Places of candidates as the stages so far give them: means, totals, votes, and who is seated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhicheng.apps.incentives.models import AwardRound, Candidate, DefenceSlot, SiteVisit
from zhicheng.apps.incentives.rounds.ranking import Entrant, ranked, seated, trimmed_mean, weighted
from zhicheng.apps.incentives.rounds.stages import DEFENCE, ON_SITE, ZERO, Stage, needed_sheets
from zhicheng.kernel.refusals import Refusal

Standing = Candidate.Status


def take_means(row: AwardRound, candidates: Sequence[Candidate], on: date) -> None:
    """Write each candidate's mean of the stage that runs; who was absent from a defence goes by the rule of the stage.

    Raises:
        Refusal: a candidate was not visited, not asked for attendance, or has too few sheets.
    """
    stage = row.current
    _visited(row, stage, candidates, on)
    absent = _absent(row, stage, candidates)
    least, trimmed = needed_sheets(stage, row.least_scores, row.trimmed)
    for one in candidates:
        if one.pk in absent:
            mean = Decimal("0.0000")
            if stage.absent != ZERO:
                one.status, one.why, one.rank, one.tier = Standing.ABSENT, absent[one.pk], None, ""
        else:
            given = [
                sheet.total
                for sheet in one.sheets.all()
                if sheet.stage == row.stage and sheet.total is not None
            ]
            if len(given) < least:
                raise Refusal(
                    f"“{stage.name}”：申报 {one.code} 只有 {len(given)} 份评分，至少要 {least} 份。",
                    fix="请催专家评分，或增加专家。",
                )
            mean = trimmed_mean(given, trimmed)
        one.stage_totals = [*one.stage_totals[: row.stage], f"{mean:.4f}"]


def _visited(row: AwardRound, stage: Stage, candidates: Sequence[Candidate], on: date) -> None:
    if stage.kind != ON_SITE:
        return
    days = dict(
        SiteVisit.objects.filter(candidate__award_round=row, place=row.stage).values_list(
            "candidate", "visited_on"
        )
    )
    for one in candidates:
        if one.pk not in days:
            raise Refusal(
                f"“{stage.name}”：申报 {one.code} 还没有安排现场日期。", fix="请先安排日期和评审组。"
            )
        if days[one.pk] > on:
            raise Refusal(
                f"“{stage.name}”：申报 {one.code} 的现场日期 {days[one.pk]} 还没有到。",
                fix="请在现场评审之后结束本环节。",
            )


def _absent(row: AwardRound, stage: Stage, candidates: Sequence[Candidate]) -> dict[int, str]:
    if stage.kind != DEFENCE:
        return {}
    slots = {
        one.candidate_id: one
        for one in DefenceSlot.objects.filter(candidate__award_round=row, place=row.stage)
    }
    for one in candidates:
        slot = slots.get(one.pk)
        if slot is None or slot.attended is None:
            state = "没有登记是否到场" if slot else "还没有安排答辩时段"
            raise Refusal(f"“{stage.name}”：申报 {one.code} {state}。", fix="请先排定时段并登记到场。")
    return {key: f"答辩缺席：{slot.why}" for key, slot in slots.items() if slot.attended is False}


def place_all(
    row: AwardRound, candidates: Sequence[Candidate], votes: Mapping[int, tuple[Fraction, ...]] | None = None
) -> None:
    """Totals, places and tiers as the stages so far give them; where there was a vote it comes before the total."""
    weights = [one.weight for one in row.sequence]
    entrants = []
    for one in candidates:
        means = [Decimal(mean) for mean in one.stage_totals]
        one.total = weighted(means, weights[: len(means)])
        share = (votes or {}).get(one.pk, ())
        entrants.append(
            Entrant(one.pk, one.total, _criterion_means(one, len(row.criteria)), one.submitted_at, share)
        )
    placed = ranked(entrants, row.tie)
    tiers = seated(placed, [(tier, seats) for tier, seats in row.tiers])
    by_key = {one.key: one for one in placed}
    for one in candidates:
        one.rank, one.tier = by_key[one.pk].rank, tiers.get(one.pk, "")


def _criterion_means(candidate: Candidate, criteria: int) -> tuple[Decimal, ...]:
    """Mean mark of each criterion over every sheet that counts, for the tie rule."""
    sheets = [one.marks for one in candidate.sheets.all() if one.total is not None]
    if not sheets:
        return (Decimal(0),) * criteria
    return tuple(
        sum((Decimal(marks[place]) for marks in sheets), Decimal(0)) / len(sheets)
        for place in range(criteria)
    )
