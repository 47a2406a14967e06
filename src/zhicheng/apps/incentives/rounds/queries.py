"""Award rounds as each side reads them: officers everything, applicants their own, experts codes only, anybody the notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from zhicheng.apps.accounts.public import Role, User, may, one_person_mode, require, scope
from zhicheng.apps.incentives.batches.queries import with_cases
from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    Candidate,
    DefenceSlot,
    Objection,
    ScoreSheet,
    SiteVisit,
)
from zhicheng.apps.incentives.paging import Page, count_words, page_of
from zhicheng.apps.incentives.rounds.calls import Standing, Status
from zhicheng.apps.incentives.rounds.stages import DECISION, ON_SITE, VOTE
from zhicheng.apps.incentives.rounds.succession import notice_ends
from zhicheng.apps.ledger.public import HonourTier
from zhicheng.kernel.refusals import NotFound

TIERS = dict(HonourTier.choices)
PAGE, COUNTED = 50, 10_000
# Behind everybody with a place.
UNPLACED = 32_767
MOST_NAMED = 200
VOTING = (Role.EXPERT, Role.LEADER, Role.DEPARTMENT, Role.CITY_OFFICER)
PUBLISHED = (Status.NOTICE, Status.GRANTED)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Place(TypedDict):
        """What is noted on an application: its place in the order."""

        place: Any

    class Told(Place):
        """What is noted besides for those who read the list: the tier in words."""

        tier_words: str

    PlacedCandidate = WithAnnotations[Candidate, Place]
    ToldCandidate = WithAnnotations[Candidate, Told]


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


def candidates_of(row: AwardRound) -> list[ToldCandidate]:
    """Every application that was handed in, those with a place first, with how many sheets are in."""
    found: list[Any] = list(_with_sheets(row, handed_in(row)).order_by("place", "pk"))
    for one in found:
        one.tier_words = TIERS.get(one.tier, one.tier)
    return found


def candidates_page(row: AwardRound, after: str = "") -> Page:
    """One page of the applications of a round, those with a place first, each with its files."""
    page = placed_page(handed_in(row), after, shown=lambda rows: _with_sheets(row, rows))
    for one in page.rows:
        one.tier_words = TIERS.get(one.tier, one.tier)
    return page


def handed_in(row: AwardRound) -> QuerySet[PlacedCandidate]:
    """Applications of a round but for drafts, with the place that orders them."""
    return row.candidates.exclude(status=Standing.DRAFT).annotate(place=Coalesce("rank", UNPLACED))


def _with_sheets(row: AwardRound, rows: QuerySet[PlacedCandidate]) -> QuerySet[PlacedCandidate]:
    sheets = Q(sheets__stage=row.stage)
    return rows.select_related("organisation", "applied_by").prefetch_related("files").annotate(
        given=Count("sheets", filter=sheets & Q(sheets__total__isnull=False)),
        shut=Count("sheets", filter=sheets & ~Q(sheets__conflict="")), handed=Count("sheets", filter=sheets),
    )  # fmt: skip


def placed_page(
    rows: QuerySet[PlacedCandidate],
    after: str,
    *,
    shown: Callable[[QuerySet[PlacedCandidate]], QuerySet[PlacedCandidate]],
) -> Page:
    """Cut a page out of candidates in the order of their places; the cursor is place and key of the last one.

    Args:
        rows: candidates with their `place`. after: cursor of the page before. shown: adds what the page shows.
    """
    count = rows.order_by()[: COUNTED + 1].count()
    ordered = shown(rows).order_by("place", "pk")
    place, _, key = after.partition("-")
    if place.isdigit() and key.isdigit() and int(place) <= UNPLACED and int(key) < 2**63:
        ordered = ordered.filter(Q(place__gt=int(place)) | Q(place=int(place), pk__gt=int(key)))
    found: list[Any] = list(ordered[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], count_words(count), f"{last.place}-{last.pk}" if last else "", bool(after))


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
        .prefetch_related("visits", "slots", "files")
        .order_by("-pk")
    )


def steps_for(row: AwardRound, user: Any) -> list[str]:
    """The steps an officer may take on a round now, the main one first."""

    def can(verb: str) -> bool:
        return may(user, f"policies.{verb}", region=row.region_code)

    found: list[str] = []
    if row.status == Status.OPEN and can("review"):
        found += ["check", "start"]
    if row.status == Status.SCORING and can("review") and row.current.kind != DECISION:
        found.append("close_stage")
    if row.status == Status.RANKED:
        found += [*(["publish"] if can("publish") else []), *(["vacant"] if can("approve") else [])]
    own = row.opened_by_id == user.pk and not one_person_mode()
    if row.status == Status.NOTICE and can("approve") and not own:
        found.append("grant")
    if row.status == Status.NOTICE and can("publish"):
        found.append("withdraw_notice")
    if row.status in {Status.SCORING, Status.RANKED, Status.NOTICE} and can("approve") and may_reopen(row):
        found.append("reopen_stage")
    if row.status not in {Status.GRANTED, Status.CANCELLED} and can("approve"):
        found.append("cancel")
    return found


def may_reopen(row: AwardRound) -> bool:
    """Whether the latest closed stage may still be taken back, as far as a button has to know."""
    if row.status == Status.NOTICE and not row.current.after_notice:
        return False
    places = list(row.runs.filter(closed_at__isnull=False).values_list("place", flat=True))
    return bool(places) and (row.status != Status.NOTICE or max(places) == row.stage)


def people_to_call(row: AwardRound, roles: tuple[str, ...]) -> list[tuple[str, str]]:
    """Who may be called to a round, user name with name and role, so that nobody has to know user names by heart."""
    rows = User.objects.filter(is_active=True, role__in=roles)
    rows = rows.filter(Q(region_code="") | Q(region_code=row.region_code)).order_by("role", "username")
    return [(one.username, f"{one.display_name}（{one.get_role_display()}）") for one in rows[:MOST_NAMED]]


def seats_empty(row: AwardRound) -> list[tuple[Any, int]]:
    """Tiers with seats that nobody holds once the list stands, with how many; none before; one query."""
    if row.status not in PUBLISHED:
        return []
    held = dict(
        row.candidates.exclude(tier="").filter(status=Standing.ELIGIBLE).order_by().values_list("tier")
        .annotate(count=Count("pk"))
    )  # fmt: skip
    return [
        (TIERS.get(tier, tier), seats - held.get(tier, 0))
        for tier, seats in row.tiers
        if seats > held.get(tier, 0) and tier not in row.vacant
    ]


def objections_of(row: AwardRound) -> list[Objection]:
    """What was said against a ranking."""
    return with_cases(row.objections.select_related("candidate", "answered_by"))


# -- experts: codes only -----------------------------------------------------------------------------


def sheets_held(user: Any) -> QuerySet[ScoreSheet]:
    """An expert's sheets in stages that run."""
    return ScoreSheet.objects.filter(
        expert=user, candidate__award_round__status=Status.SCORING, candidate__status=Standing.ELIGIBLE,
        stage=F("candidate__award_round__stage"),
    )  # fmt: skip


def sheets_left(user: Any) -> tuple[int, int]:
    """How many sheets an expert still has to mark, and how many there are without those stepped back from."""
    asked = Q(conflict="")
    found = sheets_held(user).aggregate(
        left=Count("pk", filter=asked & Q(total__isnull=True)), asked=Count("pk", filter=asked)
    )
    return found["left"], found["asked"]


def sheet_after(sheet: ScoreSheet, user: Any) -> ScoreSheet | None:
    """The next sheet of the same round that an expert has not marked: those behind it first, then from the beginning."""
    rows = sheets_held(user).filter(
        candidate__award_round=sheet.candidate.award_round_id, conflict="", total__isnull=True
    )
    rows = rows.exclude(pk=sheet.pk).order_by("pk")
    return rows.filter(pk__gt=sheet.pk).first() or rows.first()


def own_sheets(user: Any, after: str = "") -> Page:
    """One page of an expert's sheets in stages that run; candidates of a blind stage are known by their codes."""
    if not may(user, "policies.score"):
        require(user, "policies.vote")
    page = page_of(sheets_held(user).select_related("candidate__award_round"), after, falling=False)
    slots = {
        (one.candidate_id, one.place): one
        for one in DefenceSlot.objects.filter(candidate__in=[one.candidate_id for one in page.rows])
    }
    visits = dict(
        SiteVisit.objects.filter(candidate__in=[one.candidate_id for one in page.rows]).values_list(
            "candidate", "visited_on"
        )
    )
    for one in page.rows:
        named(one)
        one.slot = slots.get((one.candidate_id, one.stage))
        one.visited_on = visits.get(one.candidate_id) if one.at.kind == ON_SITE else None
    return page


def named(sheet: ScoreSheet) -> ScoreSheet:
    """Note on a sheet the stage it belongs to and what its expert may call the candidate."""
    sheet.at = sheet.candidate.award_round.sequence[sheet.stage]  # type: ignore[attr-defined]
    award_round = sheet.candidate.award_round
    sheet.runs = award_round.status == Status.SCORING and award_round.stage == sheet.stage  # type: ignore[attr-defined]
    sheet.lines = [  # type: ignore[attr-defined]
        (name, full, mark) for (name, full), mark in zip(award_round.criteria, sheet.marks, strict=False)
    ]
    sheet.who = sheet.candidate.code if sheet.at.blind else f"{sheet.candidate.code} {sheet.candidate.name}"  # type: ignore[attr-defined]
    return sheet


def own_sheet(number: int, user: Any) -> ScoreSheet:
    """One sheet of an expert's own.

    Raises:
        NotFound: it is another expert's, or none.
    """
    require(user, "policies.score")
    found = ScoreSheet.objects.filter(pk=number, expert=user).select_related("candidate__award_round").first()
    if found is None:
        raise NotFound("没有这份评分表。", fix="请从“我的评分”打开。")
    return named(found)


# -- anybody -----------------------------------------------------------------------------------------


def notices(after: str = "") -> Page:
    """One page of rankings that stand on notice or were granted, the latest first."""
    return page_of(AwardRound.objects.filter(status__in=PUBLISHED, notice_from__isnull=False), after)


def notice(number: str, after: str = "") -> tuple[AwardRound, Page]:
    """A public ranking: a page of who is to be given what, without marks; votes where the round says so."""
    found = AwardRound.objects.filter(status__in=PUBLISHED, notice_from__isnull=False, number=number).first()
    if found is None:
        raise NotFound(f"没有公示“{number}”，或尚未公示。", fix="请返回公示列表。")
    rows = found.candidates.exclude(tier="").filter(status=Standing.ELIGIBLE)
    page = placed_page(
        rows.annotate(place=Coalesce("rank", UNPLACED)),
        after,
        shown=lambda rows: rows.select_related("organisation"),
    )
    votes = votes_told(found)
    for one in page.rows:
        one.tier_words = TIERS.get(one.tier, one.tier)
        one.votes = votes.get(one.pk)
    return found, page


def on_notice(row: AwardRound, number: int | None) -> Candidate | None:
    """The candidate of a public ranking an objection is said against."""
    rows = row.candidates.exclude(tier="").filter(status=Standing.ELIGIBLE)
    return rows.filter(pk=number).first() if number else None


def takes_objections(row: AwardRound, on: date) -> bool:
    """Whether objections are still taken, against the list or against somebody who moved up."""
    until = notice_ends(row)
    return row.status == Status.NOTICE and until is not None and on <= until


def votes_told(row: AwardRound) -> dict[int, dict[str, Any]]:
    """Totals of the first ballot by candidate, where the round publishes them."""
    if not any(one.kind == VOTE and one.shown for one in row.sequence):
        return {}
    first = row.ballots.filter(status=Ballot.Status.CLOSED, turn=1).order_by("-pk").first()
    return {line["candidate"]: line for line in first.result["lines"]} if first else {}
