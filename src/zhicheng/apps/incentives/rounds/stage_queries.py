"""The stages of a round as officers and members read them: where it stands, visits, timetable, committee, ballots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, Exists, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from zhicheng.apps.accounts.public import User, may, require
from zhicheng.apps.incentives.batches.models import Absence, DecisionWhen, EqualVotes, VoteBase, VoteShare
from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    BallotSeat,
    Candidate,
    CommitteeMember,
    DefenceSlot,
    ScoreSheet,
    SiteVisit,
    StageRun,
)
from zhicheng.apps.incentives.rounds.ballots import needed
from zhicheng.apps.incentives.rounds.calls import Standing, Status
from zhicheng.apps.incentives.rounds.queries import sheets_held
from zhicheng.apps.incentives.rounds.stages import DECISION, DEFENCE, MATERIAL, ON_SITE, VOTE, Stage
from zhicheng.apps.incentives.rounds.tallying import needs_second
from zhicheng.kernel.refusals import NotFound

KINDS = {
    MATERIAL: words("材料评审"), ON_SITE: words("现场评审"), DEFENCE: words("答辩"), VOTE: words("评审委员会表决"),
    DECISION: words("政府审定"),
}  # fmt: skip
DONE, NOW, NEXT = "done", "now", "next"

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counted(TypedDict):
        """What is noted on a ballot for those who conduct it."""

        called: int
        voted: int
        quorum: int
        short: int
        who: list[BallotSeat]
        lines: list[dict[str, Any]]

    class Barred(TypedDict):
        """Why a member may not vote on a candidate, empty when nothing stands against it."""

        barred: str

    CountedBallot = WithAnnotations[Ballot, Counted]
    BallotCandidate = WithAnnotations[Candidate, Barred]


@dataclass(frozen=True)
class StageShown:
    """One stage of a round on its page: what it is, its rules in words, where it stands, and what was noted in it."""

    place: int
    stage: Stage
    kind: Any
    rules: list[Any]
    state: str
    run: StageRun | None


def state_of(row: AwardRound, place: int) -> str:
    """Whether a stage is done, runs now, or is still to come."""
    if row.status == Status.OPEN:
        return NEXT
    if row.status == Status.SCORING:
        return DONE if place < row.stage else NOW if place == row.stage else NEXT
    if row.sequence[place].after_notice:
        return DONE if row.status == Status.GRANTED else NOW if row.waits_for_decision else (
            DONE if row.status == Status.NOTICE else NEXT
        )  # fmt: skip
    return DONE


def line_of(row: AwardRound) -> list[tuple[str, str]]:
    """The way of a round from the call to the grant, each place with done, now or next."""
    if row.status == Status.CANCELLED:
        return [(str(Status.CANCELLED.label), NOW)]
    order = [Status.OPEN, Status.SCORING, Status.RANKED, Status.NOTICE, Status.GRANTED]
    here = order.index(Status(row.status))
    stages = [(place, one, state_of(row, place)) for place, one in enumerate(row.sequence)]

    def at(status: Status) -> str:
        place = order.index(status)
        return DONE if place < here or row.status == Status.GRANTED else NOW if place == here else NEXT

    notice = at(Status.NOTICE)
    behind = [(one.name, state) for _place, one, state in stages if one.after_notice]
    if notice == NOW and any(state == NOW for _name, state in behind):
        behind = [(name, NEXT if state == NOW else state) for name, state in behind]
    return [
        (str(Status.OPEN.label), at(Status.OPEN)),
        *((one.name, state) for _place, one, state in stages if not one.after_notice),
        (str(Status.RANKED.label), at(Status.RANKED)),
        (str(Status.NOTICE.label), notice),
        *behind,
        (str(Status.GRANTED.label), at(Status.GRANTED)),
    ]


def rules_of(stage: Stage) -> list[Any]:
    """The rules of a stage in words."""
    said: list[Any] = []
    if stage.scored:
        said.append(_("权重 %(weight)s%%") % {"weight": stage.weight})
        said.append(_("盲评，只见编号") if stage.blind else _("专家知道单位"))
        if stage.keep:
            said.append(_("入围 %(keep)s") % {"keep": stage.keep})
        if stage.least is not None:
            said.append(_("至少 %(least)s 份评分") % {"least": stage.least})
    if stage.kind == DEFENCE:
        said.append(_("缺席：%(rule)s") % {"rule": Absence(stage.absent or Absence.OUT).label})
    if stage.kind == VOTE:
        said += [
            _("到会 %(share)s") % {"share": VoteShare(stage.quorum).label},
            _("赞成占%(base)s的%(share)s") % {"base": VoteBase(stage.base).label, "share": VoteShare(stage.threshold).label},
            _("同票：%(rule)s") % {"rule": EqualVotes(stage.equals).label},
            _("公示票数") if stage.shown else _("不公示票数"),
        ]  # fmt: skip
    if stage.kind == DECISION:
        said.append(DecisionWhen(stage.when).label)
    return said


def stages_of(row: AwardRound) -> list[StageShown]:
    """Every stage of a round with what was noted in it."""
    runs = {one.place: one for one in row.runs.select_related("closed_by")}
    return [
        StageShown(place, one, KINDS[one.kind], rules_of(one), state_of(row, place), runs.get(place))
        for place, one in enumerate(row.sequence)
    ]


def visits_of(row: AwardRound, place: int) -> list[Candidate]:
    """Candidates of an on-site stage with the day of their visit and their team; three queries."""
    days = {
        one.candidate_id: one for one in SiteVisit.objects.filter(candidate__award_round=row, place=place)
    }
    rows = list((_in(row) | row.candidates.filter(pk__in=days)).order_by("pk"))
    sheets = ScoreSheet.objects.filter(candidate__award_round=row, stage=place).select_related("expert")
    teams: dict[int, list[ScoreSheet]] = {}
    for sheet in sheets:
        teams.setdefault(sheet.candidate_id, []).append(sheet)
    found: list[Any] = rows
    for one in found:
        one.visit, one.team = days.get(one.pk), teams.get(one.pk, [])
        one.team_keys = {sheet.expert_id for sheet in one.team}
    return [one for one in found if one.visit or one.status == Standing.ELIGIBLE]


def _in(row: AwardRound) -> Any:
    """Candidates who got past eligibility."""
    out = (Standing.DRAFT, Standing.APPLIED, Standing.INELIGIBLE, Standing.WITHDRAWN)
    return row.candidates.exclude(status__in=out)


def slots_of(row: AwardRound, place: int) -> list[DefenceSlot]:
    """The timetable of a defence in its order."""
    rows = DefenceSlot.objects.filter(candidate__award_round=row, place=place)
    return list(rows.select_related("candidate__organisation", "candidate__award_round").order_by("order"))


def slot(row: AwardRound, number: int) -> DefenceSlot:
    """One slot of a round."""
    rows = DefenceSlot.objects.filter(candidate__award_round=row, pk=number)
    found = rows.select_related("candidate__award_round").first()
    if found is None:
        raise NotFound("没有这个答辩时段。", fix="请刷新页面。")
    return found


def committee_of(row: AwardRound) -> list[CommitteeMember]:
    """The committee, its chair first."""
    return list(row.committee.select_related("person").order_by("-chair", "pk"))


def member(row: AwardRound, number: int) -> CommitteeMember:
    """One member of the committee of a round."""
    found = row.committee.filter(pk=number).select_related("person", "award_round").first()
    if found is None:
        raise NotFound("评审委员会没有这位委员。", fix="请刷新页面。")
    return found


def ballots_of(row: AwardRound) -> list[CountedBallot]:
    """Ballots of a round, the latest first, each with how many handed in; totals only once it was counted.

    What one member voted is stored nowhere. While a ballot is open its totals are not read either.
    """
    voted = Count("seats", filter=Q(seats__voted_at__isnull=False))
    found: list[Any] = list(
        row.ballots.annotate(called=Count("seats"), voted=voted).select_related("opened_by").order_by("-pk")
    )
    candidates = {one.pk: one for one in row.candidates.all()} if found else {}
    seats: dict[int, list[BallotSeat]] = {}
    for seat in BallotSeat.objects.filter(ballot__award_round=row).select_related("person").order_by("pk"):
        seats.setdefault(seat.ballot_id, []).append(seat)
    for one in found:
        stage = row.sequence[one.place]
        one.quorum = needed(stage.quorum, one.called)
        one.short = max(0, one.quorum - one.voted)
        one.who = seats.get(one.pk, [])
        counted = one.status == Ballot.Status.CLOSED
        one.lines = [
            {**line, "of": candidates.get(line["candidate"])} for line in one.result.get("lines", [])
        ] if counted else []  # fmt: skip
    return found


def ballot(row: AwardRound, number: int) -> Ballot:
    """One ballot of a round, for whoever conducts it."""
    found = row.ballots.filter(pk=number).select_related("award_round").first()
    if found is None:
        raise NotFound("没有这次表决。", fix="请刷新页面。")
    return found


def seated(row: AwardRound) -> list[Candidate]:
    """Candidates with a tier, whom the government may strike."""
    return list(row.candidates.filter(status=Standing.ELIGIBLE).exclude(tier="").order_by("rank", "pk"))


def second_waits(row: AwardRound) -> bool:
    """Whether a second ballot between equals is to be opened."""
    counted = list(row.ballots.filter(place=row.stage, status=Ballot.Status.CLOSED).order_by("turn"))
    return row.current.kind == VOTE and bool(needs_second(row, counted))


# -- members: their own ballots ------------------------------------------------------------------------


def is_called(user: User) -> bool:
    """Whether a person has sheets or ballots of stages that run; one query."""
    seats = BallotSeat.objects.filter(person=user, ballot__status=Ballot.Status.OPEN)
    return User.objects.filter(Exists(sheets_held(user)) | Exists(seats), pk=user.pk).exists()


def called_from_elsewhere(user: User) -> bool:
    """The same of those who do not work in this room: its own officers find the way in its tabs, without a question a page."""
    return not may(user, "policies.prepare") and is_called(user)


def own_ballots(user: Any) -> list[BallotSeat]:
    """Ballots a person may hand in now or has handed in while they are open."""
    require(user, "policies.vote")
    rows = BallotSeat.objects.filter(person=user, ballot__status=Ballot.Status.OPEN)
    return list(rows.select_related("ballot__award_round").order_by("pk"))


def own_ballot(number: int, user: Any) -> tuple[BallotSeat, list[BallotCandidate]]:
    """A person's own seat at a ballot, with the candidates and why the person may not vote on some.

    Raises:
        NotFound: the person was not called to it.
    """
    require(user, "policies.vote")
    rows = BallotSeat.objects.filter(person=user, ballot=number).select_related("ballot__award_round")
    seat = rows.first()
    if seat is None:
        raise NotFound("没有您的这次表决。", fix="请从“我的评分”打开。")
    found: list[Any] = list(
        Candidate.objects.filter(counts__ballot=number).select_related("organisation").order_by("rank", "pk")
    )
    for one in found:
        one.barred = seat.barred.get(str(one.pk), "")
    return seat, found


def days_of(slots: list[DefenceSlot]) -> list[date]:
    """The days a timetable spans, for its heading."""
    return sorted({one.starts_at.date() for one in slots})
