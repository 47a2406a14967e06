"""Policies, kept runs, batches, notices and one's own entitlements over the API; amounts are exact strings in 元."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, check_if_match, etag, opening_date
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import queries as batch_queries
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.models import Batch, Entitlement, EvaluationRun
from zhicheng.apps.incentives.payment import queries as money_queries
from zhicheng.apps.incentives.policies import queries as policy_queries
from zhicheng.apps.incentives.runs import keeping
from zhicheng.apps.incentives.runs import queries as run_queries
from zhicheng.apps.incentives.runs.queries import Answer
from zhicheng.kernel.refusals import NotAllowed

router = Router(tags=["policies"])
STEP = Literal[
    "submit",
    "take_back",
    "accept_rest",
    "review",
    "send_back",
    "reopen",
    "publish",
    "approve",
    "close",
    "cancel",
]


class RunIn(Schema):
    """An evaluation to make and keep; as_of is what was known that day, by default the city's day."""

    as_of: date | None = None
    examples: bool = False


class BatchIn(Schema):
    """A batch to freeze: policy, year of the events, and the kept run to read."""

    policy: str = Field(max_length=80)
    year: int = Field(ge=2000, le=2100)
    run: int | None = Field(None, gt=0, lt=2**63)


class StepIn(Schema):
    """One step of a batch, with a reason where it asks for one."""

    step: STEP
    why: str = Field("", max_length=4000)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("没有登录，不能办理。", fix="请带上接口令牌。")
    return request.user


@router.get("/policies", summary="Policies and clauses in force")
def list_policies(request: HttpRequest, examples: bool = False) -> dict[str, Any]:
    """Return every document with its clauses, each with its latest version and source."""
    program = policy_queries.program_for(request.user, examples=examples)
    return {
        "items": [
            {
                "policy": key, "title": one.title, "issuer": one.issuer, "example": one.example, "source": str(one.source or ""),
                "clauses": [
                    {
                        "clause": clause.id, "name": clause.name, "since": clause.versions[-1].since.isoformat(),
                        "amount": policy_queries.amount_in_words(clause.versions[-1], program.facts[clause.fact]), "source": str(clause.versions[-1].source or ""),
                    }
                    for clause in program.clauses
                    if clause.policy == key
                ],
            }
            for key, one in program.policies.items()
        ]
    }  # fmt: skip


@router.get("/policies/runs", summary="Kept evaluations, newest first")
def list_runs(request: HttpRequest, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return up to fifty kept runs."""
    page = run_queries.runs_page(request.user, after)
    return {"items": [_run(one) for one in page.rows], "next": page.next or None}


@router.post("/policies/runs", summary="Evaluate and keep the result", response={201: dict[str, Any]})
def make_run(request: HttpRequest, given: RunIn) -> Status[dict[str, Any]]:
    """Evaluate every policy over the ledger as it is and keep what the result rests on."""
    made = keeping.keep_run(as_of=given.as_of or opening_date(), by=_person(request), examples=given.examples)
    return Status(201, _run(made))


def _run(one: EvaluationRun) -> dict[str, Any]:
    return {
        "run": one.pk, "as_of": one.as_of.isoformat(), "snapshot": one.snapshot, "examples": one.examples,
        "total": f"{Decimal(one.total):.2f}", "totals": one.totals, "made_by": str(one.made_by), "made_at": one.made_at.isoformat(),
    }  # fmt: skip


@router.get("/policies/runs/{number}/answers", summary="Answers of a kept run, page by page")
def list_answers(
    request: HttpRequest, number: int, policy: str = Query("", max_length=80), clause: str = Query("", max_length=120),
    status: str = Query("", max_length=20), region: str = Query("", max_length=6), year: str = Query("", max_length=4),
    q: str = Query("", max_length=200), after: str = Query("", max_length=1000),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty answers with their steps and reasons, within the caller's regions."""
    row = seen.run(number if 0 < number < 2**63 else 0, request.user)
    given = {
        "policy": policy,
        "clause": clause,
        "status": status,
        "region": region,
        "year": year,
        "q": q,
        "after": after,
    }
    page = run_queries.outcomes_page(row, request.user, given)
    return {"items": [_answer(one, request.user) for one in page.rows], "next": page.next or None}


def _answer(one: Answer, user: Any) -> dict[str, Any]:
    found = one.outcome.as_json()
    if one.outcome.kind == "person" and not seen.sees_persons(user):
        found["beneficiary"] = seen.HIDDEN
    return found


@router.get("/policies/batches", summary="Batches, newest first")
def list_batches(
    request: HttpRequest, status: str = Query("", max_length=12), policy: str = Query("", max_length=80),
    year: str = Query("", max_length=4), after: str = Query("", max_length=20),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty batches."""
    page = batch_queries.batches_page(request.user, status=status, policy=policy, year=year, after=after)
    return {"items": [_batch(one) for one in page.rows], "next": page.next or None}


@router.post("/policies/batches", summary="Freeze a batch", response={201: dict[str, Any]})
def freeze(request: HttpRequest, given: BatchIn) -> Status[dict[str, Any]]:
    """Freeze what is due and not yet claimed. Send an Idempotency-Key to make a retry harmless."""
    by = _person(request)
    run = seen.run(given.run, by) if given.run else None
    made = batch_actions.freeze(
        policy=given.policy, year=given.year, as_of=run.as_of if run else opening_date(), by=by, run=run,
        evaluation=keeping.evaluation_of_run(run) if run else None,
    )  # fmt: skip
    return Status(201, _batch(seen.batch(made.number, by)))


@router.get("/policies/batches/{number}", summary="One batch with its money")
def one_batch(request: HttpRequest, number: str, response: HttpResponse) -> dict[str, Any]:
    """Return one batch; its ETag is what a step must be taken from."""
    row = seen.batch(number[:60], request.user)
    response["ETag"] = _mark(row)
    sums = batch_queries.sums_of(row)
    money = {word: {"orders": count, "amount": f"{amount:.2f}"} for word, count, amount in sums.rows}
    return {**_batch(row), "listed": f"{sums.listed:.2f}", "orders": money}


def _mark(row: Batch) -> str:
    return etag("batch", row.number, row.status)


@router.get("/policies/batches/{number}/entitlements", summary="Amounts of a batch, page by page")
def list_entitlements(
    request: HttpRequest,
    number: str,
    show: str = Query("", max_length=12),
    after: str = Query("", max_length=20),
) -> dict[str, Any]:
    """Return up to fifty amounts with their steps; persons are named only for whoever pays them."""
    page = batch_queries.entitlements_page(
        seen.batch(number[:60], request.user), request.user, show=show, after=after
    )
    return {"items": [_entitlement(one) for one in page.rows], "next": page.next or None}


def _entitlement(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "clause": one.clause, "version": one.version, "beneficiary": one.shown, "kind": one.kind,
        "organisation": one.organisation_id, "region": one.region_code, "fact": one.fact, "event_date": one.event_date.isoformat(),
        "amount": f"{one.amount:.2f}", "shares": one.shares, "steps": one.steps, "status": one.status, "why": one.why,
        "accepted": one.accepted_by_id is not None, "confirmed": one.confirmed,
    }  # fmt: skip


@router.post("/policies/batches/{number}/steps", summary="Take one step of a batch", response=dict[str, Any])
def take_step(request: HttpRequest, number: str, given: StepIn, response: HttpResponse) -> dict[str, Any]:
    """Take one step from the state that If-Match names."""
    by = _person(request)
    row = seen.batch(number[:60], by)
    check_if_match(request, _mark(row))
    _take(given, row, by)
    row = seen.batch(row.number, by)
    response["ETag"] = _mark(row)
    return _batch(row)


def _take(given: StepIn, row: Batch, by: User) -> None:
    plain = {
        "submit": batch_actions.submit, "take_back": reviewing.take_back, "accept_rest": reviewing.accept_rest,
        "review": reviewing.review, "close": batch_actions.close,
    }  # fmt: skip
    reasoned = {"send_back": reviewing.send_back, "reopen": reviewing.reopen, "cancel": batch_actions.cancel}
    dated = {"publish": batch_actions.publish, "approve": batch_actions.approve}
    if given.step in plain:
        plain[given.step](batch=row, by=by)
    elif given.step in reasoned:
        reasoned[given.step](batch=row, why=given.why, by=by)
    else:
        dated[given.step](batch=row, on=today(), by=by)


def _batch(row: Batch) -> dict[str, Any]:
    return {
        "batch": row.number, "policy": row.policy, "title": row.title, "year": row.year, "region": row.region_code,
        "status": row.status, "as_of": row.as_of.isoformat(), "snapshot": row.snapshot, "run": row.run_id,
        "notice_from": row.notice_from.isoformat() if row.notice_from else None,
        "notice_until": row.notice_until.isoformat() if row.notice_until else None, "why": row.why,
    }  # fmt: skip


@router.get("/policies/notices", summary="Public notices")
def list_notices(request: HttpRequest, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return notices that stand or stood; anybody may read them."""
    page = batch_queries.notices(after)
    return {"items": [_batch(one) for one in page.rows], "next": page.next or None}


@router.get("/policies/notices/{number}", summary="One public notice")
def one_notice(request: HttpRequest, number: str, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return a notice without personal data, fifty rows at a time."""
    row = batch_queries.notice(number[:60])
    page = batch_queries.notice_rows(row, after)
    return {**_batch(row), "items": [_public(one, one.shown) for one in page.rows], "next": page.next or None}


def _public(one: Entitlement, shown: str) -> dict[str, Any]:
    person = one.kind == "person"
    return {
        "beneficiary": shown, "uscc": one.organisation.uscc if one.organisation and not person else None,
        "clause": one.clause_name, "object": None if person else one.object, "event_date": one.event_date.isoformat(),
        "amount": f"{one.amount:.2f}",
    }  # fmt: skip


@router.get("/policies/budget", summary="The budget: appropriated, committed, paid, left")
def budget(
    request: HttpRequest, policy: str = Query("", max_length=80), year: str = Query("", max_length=4)
) -> dict[str, Any]:
    """Return every pot with its state."""
    return {
        "items": [
            {
                "policy": one.policy, "clause": one.clause or None, "year": one.year, "payer": one.payer,
                "appropriated": f"{one.appropriated:.2f}", "committed": f"{one.committed:.2f}", "paid": f"{one.paid:.2f}",
                "left": f"{one.left:.2f}", "recovered": f"{one.recovered:.2f}",
            }
            for one in money_queries.pots(request.user, policy=policy, year=year)
        ]
    }  # fmt: skip


@router.get("/policies/clawbacks", summary="Money asked back, newest first")
def list_clawbacks(
    request: HttpRequest, status: str = Query("", max_length=12), after: str = Query("", max_length=20)
) -> dict[str, Any]:
    """Return up to fifty clawbacks of the caller's regions."""
    page = money_queries.clawbacks_page(request.user, status=status, after=after)
    return {
        "items": [
            {
                "clawback": one.pk, "beneficiary": one.shown, "clause": one.entitlement.clause, "batch": one.entitlement.batch.number,
                "reason": one.reason, "words": one.words, "amount": f"{one.amount:.2f}", "recovered": f"{one.recovered:.2f}",
                "status": one.status, "found_on": one.found_on.isoformat(),
            }
            for one in page.rows
        ],
        "next": page.next or None,
    }  # fmt: skip
