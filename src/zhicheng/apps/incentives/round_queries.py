"""Award rounds as each side reads them: officers everything, applicants their own, experts codes only, anybody the notice."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from zhicheng.apps.accounts.public import may, one_person_mode, require, scope
from zhicheng.apps.incentives.batch_queries import with_cases
from zhicheng.apps.incentives.models import AwardRound, Candidate, Objection, ScoreSheet
from zhicheng.apps.incentives.paging import Page, page_of
from zhicheng.apps.incentives.rounds import Standing, Status
from zhicheng.apps.ledger.public import HonourTier
from zhicheng.kernel.refusals import NotFound

TIERS = dict(HonourTier.choices)
PUBLISHED = (Status.NOTICE, Status.GRANTED)


def rounds(user: Any) -> QuerySet[AwardRound]:
    """Rounds of an officer's regions; applicants read the calls, whoever opened them."""
    if may(user, "policies.view"):
        return AwardRound.objects.filter(scope(user).regions_q())
    require(user, "policies.apply")
    return AwardRound.objects.exclude(status=Status.CANCELLED)


def rounds_page(user: Any, after: str) -> Page:
    """One page of rounds with how many have applied."""
    counted = Count("candidates", filter=~Q(candidates__status__in=(Standing.DRAFT, Standing.WITHDRAWN)))
    return page_of(rounds(user).annotate(applied=counted), after)


def award_round(number: str, user: Any) -> AwardRound:
    """One round by its number."""
    found = rounds(user).filter(number=number).select_related("opened_by").first()
    if found is None:
        raise NotFound(f"没有评选“{number}”，或不在您的范围内。", fix="请返回评选列表。")
    return found


def candidates_of(row: AwardRound) -> list[Candidate]:
    """Every application that was handed in, those with a place first, with how many sheets are in."""
    sheets = Q(sheets__stage=row.stage)
    rows = row.candidates.exclude(status=Standing.DRAFT).select_related("organisation", "applied_by").annotate(
        given=Count("sheets", filter=sheets & Q(sheets__total__isnull=False)),
        shut=Count("sheets", filter=sheets & ~Q(sheets__conflict="")), handed=Count("sheets", filter=sheets),
    )  # fmt: skip
    found = sorted(rows, key=lambda one: (one.rank is None, one.rank or 0, one.pk))
    for one in found:
        one.tier_words = TIERS.get(one.tier, one.tier)  # type: ignore[attr-defined]
    return found


def candidate(row: AwardRound, number: int) -> Candidate:
    """One application of a round."""
    found = row.candidates.filter(pk=number).select_related("organisation", "award_round").first()
    if found is None:
        raise NotFound("没有这份申报。", fix="请返回评选页面。")
    return found


def own_candidates(row: AwardRound, user: Any) -> list[Candidate]:
    """Applications of the organisations a person acts for."""
    return list(
        row.candidates.filter(organisation__in=scope(user).organisation_ids)
        .select_related("organisation")
        .order_by("-pk")
    )


def steps_for(row: AwardRound, user: Any) -> list[str]:
    """The steps an officer may take on a round now, the main one first."""

    def can(verb: str) -> bool:
        return may(user, f"policies.{verb}", region=row.region_code)

    found: list[str] = []
    if row.status == Status.OPEN and can("review"):
        found += ["check", "start"]
    if row.status == Status.SCORING and can("review"):
        found.append("close_stage")
    if row.status == Status.RANKED:
        found += [*(["publish"] if can("publish") else []), *(["vacant"] if can("approve") else [])]
    own = row.opened_by_id == user.pk and not one_person_mode()
    if row.status == Status.NOTICE and can("approve") and not own:
        found.append("grant")
    if row.status not in {Status.GRANTED, Status.CANCELLED} and can("approve"):
        found.append("cancel")
    return found


def objections_of(row: AwardRound) -> list[Objection]:
    """What was said against a ranking."""
    return with_cases(row.objections.select_related("candidate", "answered_by"))


# -- experts: codes only -----------------------------------------------------------------------------


def own_sheets(user: Any) -> list[ScoreSheet]:
    """Sheets of an expert in stages that run; candidates are known by their codes."""
    require(user, "policies.score")
    rows = ScoreSheet.objects.filter(expert=user, candidate__award_round__status=Status.SCORING)
    found = rows.select_related("candidate__award_round").order_by(
        "candidate__award_round", "candidate__code"
    )
    return [one for one in found if one.stage == one.candidate.award_round.stage]


def own_sheet(number: int, user: Any) -> ScoreSheet:
    """One sheet of an expert's own.

    Raises:
        NotFound: it is another expert's, or none.
    """
    require(user, "policies.score")
    found = ScoreSheet.objects.filter(pk=number, expert=user).select_related("candidate__award_round").first()
    if found is None:
        raise NotFound("没有这份评分表。", fix="请从“我的评分”打开。")
    return found


# -- anybody -----------------------------------------------------------------------------------------


def notices() -> list[AwardRound]:
    """Rankings on notice, and those that were granted lately."""
    return list(
        AwardRound.objects.filter(status__in=PUBLISHED, notice_from__isnull=False).order_by("-pk")[:20]
    )


def notice(number: str) -> tuple[AwardRound, list[Candidate]]:
    """A public ranking: who is to be given what, without marks."""
    found = AwardRound.objects.filter(status__in=PUBLISHED, notice_from__isnull=False, number=number).first()
    if found is None:
        raise NotFound(f"没有公示“{number}”，或尚未公示。", fix="请返回公示列表。")
    rows = list(
        found.candidates.exclude(tier="")
        .filter(status=Standing.ELIGIBLE)
        .select_related("organisation")
        .order_by("rank")
    )
    for one in rows:
        one.tier_words = TIERS.get(one.tier, one.tier)  # type: ignore[attr-defined]
    return found, rows
