"""What happens inside the stages of a round, over the API: experts, visits, defences, committee, ballots, decision, sheets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.rounds import (
    calls,
    defences,
    government,
    scoring,
    stage_queries,
    visits,
    voting,
)
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.api import for_officer, person
from zhicheng.kernel.refusals import Refusal

router = Router(tags=["award rounds"])
KEY = Field(gt=0, lt=2**63)


class CallIn(Schema):
    """Somebody called to a round, with where the person works."""

    username: str = Field(max_length=150)
    works_for: str = Field("", max_length=200)


class MemberIn(CallIn):
    """A member of the committee."""

    chair: bool = False


class VisitIn(Schema):
    """A day and a team; the team are keys of called experts."""

    candidate: int = KEY
    on: date
    team: list[int] = Field(max_length=100)
    note: str = Field("", max_length=300)


class DefenceIn(Schema):
    """When a defence begins and how long a slot is; the seed of the lots may be named once."""

    starts_at: datetime
    minutes: int
    rest: int = 0
    hall: str = Field("", max_length=200)
    seed: str = Field("", max_length=64)


class AttendanceIn(Schema):
    """Whether a candidate came."""

    slot: int = KEY
    attended: bool
    why: str = Field("", max_length=300)


class BallotStepIn(Schema):
    """Count or annul a ballot."""

    step: Literal["close", "annul"]
    why: str = Field("", max_length=300)


class VoteIn(Schema):
    """One choice for every candidate one may vote on."""

    choices: dict[int, Literal["for", "against", "abstain"]] = Field(max_length=1000)


class DecisionIn(Schema):
    """What the government decided; reasons by key of who is struck."""

    decided_on: date
    document: str = Field(max_length=200)
    struck: dict[int, str] = Field({}, max_length=1000)


class SheetIn(Schema):
    """Marks in the order of the criteria, or the reason to step back."""

    marks: list[Decimal] = Field([], max_length=50)
    remark: str = Field("", max_length=4000)
    recuse: str = Field("", max_length=200)


@router.post("/policies/rounds/{number}/experts", summary="Call an expert", response={201: dict[str, Any]})
def call_expert(request: HttpRequest, number: str, given: CallIn) -> Status[dict[str, Any]]:
    """Call an expert, or correct where the expert works."""
    row = for_officer(request, number)
    made = calls.call_expert(award_round=row, by=person(request), **given.dict())
    return Status(201, {"expert": made.expert_id, "works_for": made.works_for})


@router.post("/policies/rounds/{number}/committee", summary="Call a member", response={201: dict[str, Any]})
def call_member(request: HttpRequest, number: str, given: MemberIn) -> Status[dict[str, Any]]:
    """Call somebody to the committee that votes."""
    made = voting.call_member(award_round=for_officer(request, number), by=person(request), **given.dict())
    return Status(201, {"member": made.pk, "chair": made.chair, "works_for": made.works_for})


@router.delete(
    "/policies/rounds/{number}/committee/{member}", summary="Dismiss a member", response={204: None}
)
def dismiss_member(
    request: HttpRequest, number: str, member: int, why: str = Query("", max_length=300)
) -> Status[None]:
    """Take somebody off the committee while no ballot is open."""
    row = for_officer(request, number)
    found = stage_queries.member(row, member if 0 < member < 2**63 else 0)
    voting.dismiss_member(member=found, why=why, by=person(request))
    return Status(204, None)


@router.post("/policies/rounds/{number}/visits", summary="Arrange a visit")
def arrange_visit(request: HttpRequest, number: str, given: VisitIn) -> dict[str, Any]:
    """Set the day and the team of a visit."""
    one = round_queries.candidate(for_officer(request, number), given.candidate)
    made = visits.arrange_visit(
        candidate=one, on=given.on, team=given.team, note=given.note, by=person(request)
    )
    return {"candidate": one.pk, "on": made.visited_on.isoformat(), "note": made.note}


@router.post("/policies/rounds/{number}/defence", summary="Draw lots and lay out slots")
def schedule_defence(request: HttpRequest, number: str, given: DefenceIn) -> dict[str, Any]:
    """Draw the order of a defence from a recorded seed, or move its slots."""
    row = for_officer(request, number)
    begin = timezone.make_aware(given.starts_at) if timezone.is_naive(given.starts_at) else given.starts_at
    run = defences.schedule_defence(
        award_round=row, starts_at=begin, by=person(request), **given.dict(exclude={"starts_at"})
    )
    return {"seed": run.seed, "slots": _slots(row, run.place)}


@router.get("/policies/rounds/{number}/timetable/{place}", summary="Timetable of a defence")
def timetable(request: HttpRequest, number: str, place: int) -> dict[str, Any]:
    """Return order, times and attendance of the defence at a place of the round."""
    row = for_officer(request, number)
    return {"items": _slots(row, place) if 0 <= place < len(row.sequence) else []}


def _slots(row: Any, place: int) -> list[dict[str, Any]]:
    return [
        {
            "id": one.pk, "order": one.order, "candidate": one.candidate_id, "code": one.candidate.code, "name": one.candidate.name,
            "starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat(), "attended": one.attended, "why": one.why,
        }
        for one in stage_queries.slots_of(row, place)
    ]  # fmt: skip


@router.post("/policies/rounds/{number}/attendance", summary="Who came to a defence")
def attendance(request: HttpRequest, number: str, given: AttendanceIn) -> dict[str, Any]:
    """Write down whether a candidate came."""
    slot = stage_queries.slot(for_officer(request, number), given.slot)
    done = defences.mark_attendance(slot=slot, attended=given.attended, why=given.why, by=person(request))
    return {"slot": done.pk, "attended": done.attended}


@router.post("/policies/rounds/{number}/ballots", summary="Open a ballot", response={201: dict[str, Any]})
def open_ballot(request: HttpRequest, number: str) -> Status[dict[str, Any]]:
    """Open the vote, or a second one between equals."""
    made = voting.open_ballot(award_round=for_officer(request, number), by=person(request))
    return Status(201, {"ballot": made.pk, "turn": made.turn, "status": made.status})


@router.post("/policies/rounds/{number}/ballots/{ballot}/steps", summary="Count or annul a ballot")
def ballot_step(request: HttpRequest, number: str, ballot: int, given: BallotStepIn) -> dict[str, Any]:
    """Count a ballot once the quorum is there, or annul it with a reason."""
    by = person(request)
    row = stage_queries.ballot(for_officer(request, number), ballot if 0 < ballot < 2**63 else 0)
    if given.step == "close":
        done = voting.close_ballot(ballot=row, by=by)
    else:
        done = voting.annul_ballot(ballot=row, why=given.why, by=by)
    return {
        "ballot": done.pk,
        "status": done.status,
        "result": done.result if done.status == "closed" else None,
    }


@router.post("/policies/rounds/{number}/decision", summary="Enter the government's decision")
def decide(request: HttpRequest, number: str, given: DecisionIn) -> dict[str, Any]:
    """Enter day and document of the decision, and who is struck with the reason."""
    row = for_officer(request, number)
    done = government.decide(award_round=row, today=today(), by=person(request), **given.dict())
    return {"round": done.number, "status": done.status}


# -- experts and members -------------------------------------------------------------------------------


@router.get("/policies/scoring", summary="One's own sheets and ballots")
def own_scoring(request: HttpRequest, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return up to fifty own sheets of stages that run, and the open ballots one was called to."""
    by = person(request)
    page = round_queries.own_sheets(by, after)
    return {
        "items": [
            {
                "sheet": one.pk, "candidate": one.candidate.code, "name": None if one.at.blind else one.candidate.name,
                "round": one.candidate.award_round.number, "stage": one.at.name, "conflict": one.conflict or None,
                "total": str(one.total) if one.total is not None else None,
                "starts_at": one.slot.starts_at.isoformat() if one.slot else None,
            }
            for one in page.rows
        ],
        "next": page.next or None,
        "ballots": [
            {"ballot": seat.ballot_id, "round": seat.ballot.award_round.number, "turn": seat.ballot.turn, "voted": seat.voted_at is not None}
            for seat in stage_queries.own_ballots(by)
        ],
    }  # fmt: skip


@router.post("/policies/scoring/{number}", summary="Mark or step back from a sheet")
def mark_sheet(request: HttpRequest, number: int, given: SheetIn) -> dict[str, Any]:
    """Enter marks on one's own sheet, or step back with a reason."""
    by = person(request)
    sheet = round_queries.own_sheet(number if 0 < number < 2**63 else 0, by)
    if given.recuse:
        done = scoring.recuse(sheet=sheet, why=given.recuse, by=by)
    else:
        done = scoring.score(sheet=sheet, marks=given.marks, remark=given.remark, by=by)
    return {
        "sheet": done.pk,
        "total": str(done.total) if done.total is not None else None,
        "conflict": done.conflict,
    }


@router.get("/policies/ballots/{number}", summary="One's own ballot")
def own_ballot(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return the candidates to vote on and those one may not vote on; nothing of what was voted."""
    seat, candidates = stage_queries.own_ballot(number if 0 < number < 2**63 else 0, person(request))
    return {
        "ballot": seat.ballot_id, "status": seat.ballot.status, "voted": seat.voted_at is not None,
        "candidates": [{"id": one.pk, "code": one.code, "name": one.name, "barred": one.barred or None} for one in candidates],
    }  # fmt: skip


@router.post("/policies/ballots/{number}", summary="Hand in one's ballot")
def cast(request: HttpRequest, number: int, given: VoteIn) -> dict[str, Any]:
    """Hand in a ballot, once. No Idempotency-Key is taken: its digest of the request would give the vote away.

    Raises:
        Refusal: the request carries an Idempotency-Key.
    """
    by = person(request)
    if request.headers.get("Idempotency-Key"):
        raise Refusal(
            "表决不接受 Idempotency-Key：服务器会留下请求内容的摘要，能反推选票。",
            fix="请去掉它；重发不会重复计票。",
        )
    seat, _candidates = stage_queries.own_ballot(number if 0 < number < 2**63 else 0, by)
    voting.cast(ballot=seat.ballot, choices=given.choices, by=by)
    return {"ballot": seat.ballot_id, "voted": True}
