"""Award rounds over the API for officers and applicants: calls, applications, every step, results; public rankings."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, check_if_match, demo_loaded, etag, require
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.models import AwardRound, Candidate
from zhicheng.apps.incentives.notices import consequences, objections
from zhicheng.apps.incentives.rounds import awarding, calls, stage_queries
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.calls import Plan
from zhicheng.apps.incentives.rounds.stages import Stage
from zhicheng.kernel.refusals import NotAllowed, NotFound

router = Router(tags=["award rounds"])
KEY = Field(gt=0, lt=2**63)
STEP = Literal[
    "check", "start", "close_stage", "reopen_stage", "publish", "withdraw_notice", "vacant", "grant", "cancel"
]  # fmt: skip


class StageIn(Schema):
    """A stage of a call; what is left out the settings of the city fill."""

    kind: Literal["material", "on_site", "defence", "vote", "decision"]
    name: str = Field("", max_length=40)
    weight: int = Field(0, ge=0, le=100)
    keep: int = Field(0, ge=0, le=1000)
    least: int | None = Field(None, ge=0, le=1000)
    trimmed: int | None = Field(None, ge=0, le=1000)
    named: bool = False
    absent: Literal["", "out", "zero"] = ""
    quorum: Literal["", "half", "two_thirds", "three_quarters", "all"] = ""
    threshold: Literal["", "half", "two_thirds", "three_quarters", "all"] = ""
    base: Literal["", "present", "members"] = ""
    equals: Literal["", "score", "second"] = ""
    shown: bool | None = None
    when: Literal["", "before", "after"] = ""


class ConditionIn(Schema):
    """A check of eligibility with its years."""

    check: str = Field(max_length=40)
    years: int = Field(0, ge=0, le=50)


class RoundIn(Schema):
    """A call for an award: seats best first, criteria summing to 100, stages in their order."""

    scheme_code: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=200)
    round: int | None = Field(None, ge=1, le=200)
    opens_on: date
    closes_on: date
    tiers: list[tuple[str, int]] = Field(max_length=20)
    criteria: list[tuple[str, int]] = Field(max_length=50)
    stages: list[StageIn] = Field(max_length=12)
    conditions: list[ConditionIn] = Field([], max_length=20)
    holder_kinds: list[str] = Field([], max_length=20)
    tie: Literal["criterion", "both", "earlier"] = "criterion"
    trimmed: int | None = Field(None, ge=0, le=5)
    least_scores: int | None = Field(None, ge=2, le=50)
    freed_seat: Literal["empty", "next"] | None = None


class RoundStepIn(Schema):
    """One step of a round, with reason, document or tier where it asks for one."""

    step: STEP
    why: str = Field("", max_length=4000)
    tier: str = Field("", max_length=20)


class ApplicationIn(Schema):
    """An application; experts of a blind stage read it without knowing whose it is."""

    organisation: int = KEY
    statement: str = Field(max_length=50_000)
    object_name: str = Field("", max_length=200)
    submit: bool = False


class CandidateStepIn(Schema):
    """A finding on a candidate, taking an application back, or a revocation."""

    step: Literal["eligible", "ineligible", "withdraw", "revoke"]
    why: str = Field("", max_length=4000)


class FindingIn(Schema):
    """A decision on an objection; one against the whole notice says what is struck or that it is published anew."""

    finding: Literal["", "upheld", "partly", "rejected"] = ""
    answer: str = Field("", max_length=4000)
    take_out: bool = False
    strike: list[int] = Field([], max_length=1000)
    republish: bool = False


def person(request: HttpRequest) -> User:
    """Who calls, signed in.

    Raises:
        NotAllowed: nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise NotAllowed("没有登录，不能办理。", fix="请带上接口令牌。")
    return request.user


def for_officer(request: HttpRequest, number: str) -> AwardRound:
    """A round of the caller's regions, for who reads all of it."""
    require(person(request), "policies.view")
    return round_queries.award_round(number[:60], request.user)


def mark_of(row: AwardRound) -> str:
    """What a step must be taken from."""
    return etag("round", row.number, f"{row.status}.{row.stage}")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def as_round(row: AwardRound) -> dict[str, Any]:
    """A round as everybody who may read the call sees it."""
    return {
        "round": row.number, "scheme": row.scheme_code, "title": row.title, "session": row.round, "region": row.region_code,
        "opens_on": row.opens_on.isoformat(), "closes_on": row.closes_on.isoformat(), "tiers": row.tiers,
        "criteria": row.criteria, "stages": [one.as_json() for one in row.sequence], "stage": row.stage, "status": row.status,
        "tie": row.tie, "trimmed": row.trimmed, "least_scores": row.least_scores, "freed_seat": row.freed_seat,
        "notice_from": _day(row.notice_from), "notice_until": _day(row.notice_until), "vacant": row.vacant,
        "granted_on": _day(row.granted_on), "synthetic": row.synthetic,
    }  # fmt: skip


def _as_candidate(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "code": one.code, "organisation": one.organisation_id, "name": one.name, "object": one.object_name,
        "status": one.status, "why": one.why, "checked": one.checked, "stage_totals": one.stage_totals,
        "total": str(one.total) if one.total is not None else None, "rank": one.rank, "tier": one.tier or None,
        "sheets": {"handed": one.handed, "given": one.given, "shut": one.shut} if hasattr(one, "handed") else None,
    }  # fmt: skip


@router.get("/policies/rounds", summary="Award rounds, newest first")
def list_rounds(request: HttpRequest, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return up to fifty rounds: an officer's own regions, to applicants the calls."""
    page = round_queries.rounds_page(person(request), after)
    return {"items": [as_round(one) for one in page.rows], "next": page.next or None}


@router.post("/policies/rounds", summary="Open a call", response={201: dict[str, Any]})
def open_round(request: HttpRequest, given: RoundIn) -> Status[dict[str, Any]]:
    """Open a call with any sequence of stages."""
    data = {
        name: getattr(given, name) for name in RoundIn.model_fields if name not in {"stages", "conditions"}
    }
    plan = Plan(
        **data,
        stages=[Stage(**one.dict()) for one in given.stages],
        conditions=[one.dict() for one in given.conditions],
    )
    return Status(201, as_round(calls.open_round(plan=plan, by=person(request), synthetic=demo_loaded())))


@router.get("/policies/rounds/{number}", summary="One award round")
def one_round(request: HttpRequest, number: str, response: HttpResponse) -> dict[str, Any]:
    """Return one round; its ETag is what a step must be taken from."""
    row = round_queries.award_round(number[:60], person(request))
    response["ETag"] = mark_of(row)
    return as_round(row)


@router.post("/policies/rounds/{number}/steps", summary="Take one step of a round", response=dict[str, Any])
def round_step(
    request: HttpRequest, number: str, given: RoundStepIn, response: HttpResponse
) -> dict[str, Any]:
    """Take one step from the state that If-Match names."""
    row, by = for_officer(request, number), person(request)
    check_if_match(request, mark_of(row))
    dated: dict[str, Any] = {"check": calls.check_candidates, "publish": awarding.publish_round, "close_stage": round_flow.close_stage}  # fmt: skip
    reasoned: dict[str, Any] = {
        "reopen_stage": round_flow.reopen_stage, "withdraw_notice": awarding.withdraw_notice, "cancel": calls.cancel_round
    }  # fmt: skip
    if given.step in dated:
        dated[given.step](award_round=row, on=today(), by=by)
    elif given.step in reasoned:
        reasoned[given.step](award_round=row, why=given.why, by=by)
    elif given.step == "start":
        round_flow.start_scoring(award_round=row, by=by)
    elif given.step == "vacant":
        awarding.leave_vacant(award_round=row, tier=given.tier, why=given.why, by=by)
    else:
        awarding.grant(award_round=row, on=today(), document=given.why, by=by)
    row.refresh_from_db()
    response["ETag"] = mark_of(row)
    return as_round(row)


@router.get("/policies/rounds/{number}/candidates", summary="Applications of a round, page by page")
def list_candidates(
    request: HttpRequest, number: str, after: str = Query("", max_length=40)
) -> dict[str, Any]:
    """Return up to fifty applications, those with a place first."""
    page = round_queries.candidates_page(for_officer(request, number), after)
    return {"items": [_as_candidate(one) for one in page.rows], "next": page.next or None}


@router.get("/policies/rounds/{number}/applications", summary="One's own applications")
def list_applications(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return the applications of the organisations the caller acts for, without marks and places."""
    row = round_queries.award_round(number[:60], person(request))
    return {"items": [_own(one) for one in round_queries.own_candidates(row, request.user)]}


def _own(one: Candidate) -> dict[str, Any]:
    return {
        "id": one.pk, "code": one.code, "organisation": one.organisation_id, "object": one.object_name, "status": one.status,
        "why": one.why, "statement": one.statement, "visits": [_day(visit.visited_on) for visit in one.visits.all()],
        "slots": [{"order": slot.order, "starts_at": slot.starts_at.isoformat()} for slot in one.slots.all()],
    }  # fmt: skip


@router.post(
    "/policies/rounds/{number}/applications", summary="Write or hand in", response={201: dict[str, Any]}
)
def apply(request: HttpRequest, number: str, given: ApplicationIn) -> Status[dict[str, Any]]:
    """Write an application for an organisation the caller acts for, and hand it in when asked to."""
    by = person(request)
    require(by, "policies.apply")
    row = round_queries.award_round(number[:60], by)
    made = calls.save_application(
        award_round=row, organisation=firm_queries.organisation_for(given.organisation, by), statement=given.statement,
        object_name=given.object_name, by=by,
    )  # fmt: skip
    if given.submit:
        made = calls.submit_application(candidate=made, on=today(), by=by)
    return Status(201, _own(made))


@router.post("/policies/rounds/{number}/candidates/{candidate}/steps", summary="Decide on a candidate")
def candidate_step(
    request: HttpRequest, number: str, candidate: int, given: CandidateStepIn
) -> dict[str, Any]:
    """Say whether a candidate may stand, take one's own application back, or revoke what was granted."""
    by = person(request)
    row = round_queries.award_round(number[:60], by)
    one = round_queries.candidate(row, candidate if 0 < candidate < 2**63 else 0)
    if given.step == "withdraw":
        return _own(calls.withdraw_application(candidate=one, by=by))
    require(by, "policies.view")
    if given.step == "revoke":
        made = awarding.revoke(candidate=one, on=today(), why=given.why, by=by)
        return {"id": one.pk, "change_set": str(made.key)}
    done = calls.qualify(candidate=one, eligible=given.step == "eligible", why=given.why, by=by)
    return _as_candidate(done)


@router.post("/policies/rounds/{number}/objections/{objection}", summary="Answer an objection")
def answer_round_objection(
    request: HttpRequest, number: str, objection: int, given: FindingIn
) -> dict[str, Any]:
    """Decide an objection; without a finding, name the consequence of one that was upheld in the cases room."""
    row, by = for_officer(request, number), person(request)
    found = row.objections.filter(pk=objection if 0 < objection < 2**63 else 0).first()
    if found is None:
        raise NotFound("没有这件异议。", fix="请核对编号。")
    if given.finding:
        done = objections.answer_objection(
            objection=found, finding=given.finding, answer=given.answer, take_out=given.take_out, strike=given.strike,
            republish=given.republish, by=by, on=today(),
        )  # fmt: skip
    else:
        done = consequences.draw_consequence(
            objection=found, strike=given.strike, republish=given.republish, by=by, on=today()
        )
    return {
        "objection": done.pk,
        "status": done.status,
        "consequence": done.consequence,
        "struck": done.struck,
    }


@router.get("/policies/rounds/{number}/result", summary="Stages as they ran, and totals of the votes")
def round_result(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return every stage with where it stands, timetables, and totals of counted ballots; never who voted what."""
    row = for_officer(request, number)
    return {
        "stages": [
            {
                **one.stage.as_json(), "state": one.state, "seed": one.run.seed if one.run else "",
                "decided_on": _day(one.run.decided_on) if one.run else None, "document": one.run.document if one.run else "",
            }
            for one in stage_queries.stages_of(row)
        ],
        "ballots": [
            {
                "id": one.pk, "turn": one.turn, "status": one.status, "members": one.called, "voted": one.voted,
                "quorum": one.quorum, "lines": one.result.get("lines", []) if one.lines else [],
            }
            for one in stage_queries.ballots_of(row)
        ],
    }  # fmt: skip


# -- anybody -----------------------------------------------------------------------------------------


@router.get("/policies/round-notices", summary="Public rankings of award rounds")
def list_round_notices(request: HttpRequest, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return rankings that stand or stood on public notice; anybody may read them."""
    page = round_queries.notices(after)
    return {"items": [_notice(one) for one in page.rows], "next": page.next or None}


def _notice(row: AwardRound) -> dict[str, Any]:
    return {
        "round": row.number, "title": row.title, "status": row.status, "notice_from": _day(row.notice_from),
        "notice_until": _day(row.notice_until), "vacant": row.vacant,
    }  # fmt: skip


@router.get("/policies/round-notices/{number}", summary="One public ranking")
def one_round_notice(
    request: HttpRequest, number: str, after: str = Query("", max_length=40)
) -> dict[str, Any]:
    """Return who is to be given what, fifty at a time; totals of the vote where the round publishes them."""
    row, page = round_queries.notice(number[:60], after)
    items = [
        {
            "name": one.name, "uscc": one.organisation.uscc, "object": one.object_name, "tier": one.tier, "notice_until": _day(one.notice_until),
            "votes": {key: one.votes[key] for key in ("for", "against", "abstain")} if one.votes else None,
        }
        for one in page.rows
    ]  # fmt: skip
    return {**_notice(row), "items": items, "next": page.next or None}
