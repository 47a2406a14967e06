"""On-site stages: a day and a team for each candidate; the team gets the sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import AwardRound, Candidate, RoundExpert, ScoreSheet, SiteVisit
from zhicheng.apps.incentives.rounds.calls import Standing, Status, locked
from zhicheng.apps.incentives.rounds.handing import sheets_for
from zhicheng.apps.incentives.rounds.stages import NAMES, ON_SITE, needed_sheets
from zhicheng.kernel.refusals import Conflict, Refusal


def in_stage(candidate: Candidate, kind: str) -> tuple[AwardRound, Candidate]:
    """The candidate and its round locked while a stage of a kind runs.

    Raises:
        Conflict: another stage runs, or the candidate is out.
    """
    row = locked(candidate.award_round, Status.SCORING)
    if row.current.kind != kind:
        raise Conflict(
            f"“{row.title}”现在的环节是“{row.current.name}”，不是{NAMES[kind]}。", fix="请刷新页面查看。"
        )
    one = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if one.status != Standing.ELIGIBLE:
        raise Conflict(f"申报 {one.code} 现在是“{one.get_status_display()}”。", fix="请刷新页面查看。")
    return row, one


@transaction.atomic
def arrange_visit(
    *, candidate: Candidate, on: date, team: Sequence[int], by: User, note: str = ""
) -> SiteVisit:
    """Set or change the day of a visit and who goes; each expert of the team gets a sheet.

    Args:
        candidate: who is visited. on: the day. team: keys of experts called to the round. note: place, contact.

    Raises:
        Refusal: too small a team, somebody who was not called or has an interest.
        Conflict: somebody who has marked already would leave the team.
    """
    require(by, "policies.review", region=candidate.award_round.region_code)
    row, one = in_stage(candidate, ON_SITE)
    least, _trimmed = needed_sheets(row.current, row.least_scores, row.trimmed)
    called = list(row.experts.select_related("expert").filter(expert__in=team))
    if len(called) != len(set(team)):
        raise Refusal(
            f"评审组 {len(set(team))} 人中有人没有受邀参加“{row.title}”。", fix="请从受邀专家中选。"
        )
    if len(called) < least:
        raise Refusal(
            f"申报 {one.code} 的评审组只有 {len(called)} 人，“{row.current.name}”至少要 {least} 人评分。",
            fix="请增加评审组成员。",
        )
    if row.closes_on > on:
        raise Refusal(f"现场日期 {on} 早于申报截止 {row.closes_on}。", fix="请核对日期。")
    _hand_to_team(row, one, called)
    visit, _ = SiteVisit.objects.update_or_create(
        candidate=one,
        place=row.stage,
        defaults={"visited_on": on, "note": note.strip()[:300], "arranged_by": by},
    )
    record_event(
        by=by, action="policies.arrange_visit", subject=f"candidate:{one.pk}",
        after={"on": on.isoformat(), "team": sorted(call.expert.username for call in called)},
    )  # fmt: skip
    return visit


def _hand_to_team(row: AwardRound, one: Candidate, called: Sequence[RoundExpert]) -> None:
    """Give the team its sheets; who leaves the team gives the empty sheet back."""
    there = {sheet.expert_id: sheet for sheet in one.sheets.filter(stage=row.stage)}
    keep = {call.expert_id for call in called}
    for key, sheet in there.items():
        if key not in keep and sheet.total is not None:
            raise Conflict(
                f"{sheet.expert.display_name} 已为申报 {one.code} 评分，不能移出评审组。",
                fix="请保留，或请专家先申请回避。",
            )
    fresh = sheets_for(row, [one], [call for call in called if call.expert_id not in there])
    barred = next((sheet for sheet in fresh if sheet.conflict), None)
    if barred is not None:
        raise Refusal(
            f"{barred.expert.display_name} 对申报 {one.code} 应当回避：{barred.conflict}。",
            fix="请换一位专家。",
        )
    one.sheets.filter(stage=row.stage).exclude(expert__in=keep).delete()
    ScoreSheet.objects.bulk_create(fresh)
