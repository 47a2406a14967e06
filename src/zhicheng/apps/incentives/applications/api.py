"""Applications over the API: a firm's windows, drafts, proofs, handing in; the officer's worklist and decision."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, check_if_match, demo_loaded, etag, may, opening_date, require
from zhicheng.apps.incentives.applications import applying, deciding, queries
from zhicheng.apps.incentives.applications.queries import Sheet, Shown
from zhicheng.apps.incentives.applications.windows import as_plain, windows
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.files.carrying import LONGEST_TEXT, decoded
from zhicheng.apps.incentives.firms import lists as firm_lists
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.firms.claims import AccountGiven, acting_for
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import Evaluation, current_evaluation, current_program
from zhicheng.kernel.refusals import NotAllowed

router = Router(tags=["policies"])
MOST = 2**63


class AccountIn(Schema):
    """Where to pay; kept encrypted."""

    holder: str = Field(max_length=120)
    bank: str = Field(max_length=120)
    account: str = Field(max_length=40)


class DraftIn(Schema):
    """An application to begin: for whom, under which clause, for which fact of the ledger (none: one to be described)."""

    organisation: int = Field(gt=0, lt=MOST)
    clause: str = Field(max_length=120)
    fact: str = Field("", max_length=300)


class ContentIn(Schema):
    """What an application says: values by column, the number of a described fact, the declaration, the account."""

    values: dict[str, str] = Field(default_factory=dict, max_length=60)
    fact: str = Field("", max_length=120)
    declared: bool = False
    account: AccountIn | None = None


class ProofIn(Schema):
    """A proof, its content in Base64."""

    material: Literal["proof", "invoice", "other"]
    name: str = Field(min_length=1, max_length=200)
    content: str = Field(max_length=LONGEST_TEXT)


class DecisionIn(Schema):
    """What an officer does, with the finding, the complete list of what is missing, or the reason."""

    step: Literal["accept", "return", "refuse", "end"]
    words: str = Field(max_length=4000)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("没有登录，不能办理。", fix="请带上接口令牌。")
    return request.user


def _evaluation() -> Evaluation:
    return current_evaluation(opening_date())


def _own(request: HttpRequest, number: int) -> PolicyApplication:
    return queries.own_application(number if 0 < number < MOST else 0, _person(request))


def _mark(row: PolicyApplication) -> str:
    return etag("application", row.pk, row.revision)


def _line(one: Shown) -> dict[str, Any]:
    row, pay = one.row, one.pay
    return {
        "application": row.pk, "organisation": row.organisation_id, "name": row.organisation.name, "clause": row.clause,
        "clause_name": row.clause_name, "fact": row.fact, "case": row.case_number or None, "state": one.stage or "draft",
        "applied_on": row.applied_on.isoformat() if row.applied_on else None, "revision": row.revision,
        "pay_by": pay.due_on.isoformat() if pay and pay.due_on else None, "pay_state": pay.state if pay else None,
        "days_left": one.left, "late": one.late, "synthetic": row.synthetic,
    }  # fmt: skip


def _sheet(found: Sheet) -> dict[str, Any]:
    return {
        **_line(found.shown), "values": found.row.values, "declared": found.row.declared,
        "account": found.row.account.masked if found.row.account else None,
        "asked": [
            {
                "column": one.asked.name, "label": one.asked.column.label, "type": one.asked.column.type, "unit": one.asked.column.unit,
                "help": one.asked.column.help, "choices": dict(one.asked.choices), "stated": one.stated or None, "held": one.held or None,
                "differs": one.differs, "missing": one.missing,
            }
            for one in found.lines
        ],
        "as_if_accepted": found.outcome.as_json() if found.outcome else None,
        "papers": [{"title": one.title, "name": one.name, "version": one.version} for one in found.papers],
        "proofs": [{"proof": one.pk, "material": one.material, "name": one.name, "sha256": one.sha256} for one in found.row.proofs.all()],
    }  # fmt: skip


def _laid_open(request: HttpRequest, row: PolicyApplication, response: HttpResponse) -> dict[str, Any]:
    response["ETag"] = _mark(row)
    return _sheet(queries.sheet(row, _evaluation(), _person(request), today()))


@router.get("/policies/windows", summary="Windows of application that are open or open soon")
def list_windows(request: HttpRequest) -> dict[str, Any]:
    """Return windows with their clauses, those that close first in front."""
    by = _person(request)
    if not may(by, "policies.view"):
        require(by, "policies.own")
    return {"items": [as_plain(one) for one in windows(current_program(), today())]}


@router.get("/policies/own/applications", summary="What an organisation has applied for")
def list_own(
    request: HttpRequest, organisation: int = Query(0, ge=0, lt=MOST), after: str = Query("", max_length=20)
) -> dict[str, Any]:
    """Return up to fifty applications of an organisation the caller acts for, drafts among them, the latest first."""
    require(_person(request), "policies.apply")
    firm = firm_queries.organisation_for(organisation, _person(request))
    acting_for(firm, _person(request))
    page = firm_lists.applications_page(firm, today(), after)
    return {"items": [_line(one) for one in page.rows], "next": page.next or None}


@router.post("/policies/own/applications", summary="Begin an application", response={201: dict[str, Any]})
def begin(request: HttpRequest, given: DraftIn, response: HttpResponse) -> Status[dict[str, Any]]:
    """Begin an application; asking twice begins one."""
    by = _person(request)
    firm = firm_queries.organisation_for(given.organisation, by)
    made = applying.begin(
        organisation=firm,
        clause=given.clause,
        fact=given.fact,
        evaluation=_evaluation(),
        by=by,
        synthetic=demo_loaded(),
    )
    response["Location"] = f"/api/v1/policies/own/applications/{made.pk}"
    return Status(201, _laid_open(request, made, response))


@router.get("/policies/own/applications/{int:number}", summary="One of one's own applications")
def one_own(request: HttpRequest, number: int, response: HttpResponse) -> dict[str, Any]:
    """Return what is asked, what is stated, what the ledger holds, and what would be due."""
    return _laid_open(request, _own(request, number), response)


@router.put("/policies/own/applications/{int:number}", summary="Fill an application in")
def fill_in(request: HttpRequest, number: int, given: ContentIn, response: HttpResponse) -> dict[str, Any]:
    """Keep what is filled in, complete or not; send the ETag read before as If-Match."""
    row = _own(request, number)
    check_if_match(request, _mark(row))
    account = AccountGiven(**given.account.dict()) if given.account else None
    made = applying.save(
        application=row, values=given.values, fact=given.fact, declared=given.declared, account=account, evaluation=_evaluation(),
        by=_person(request), revision=row.revision,
    )  # fmt: skip
    return _laid_open(request, made, response)


@router.delete("/policies/own/applications/{int:number}", summary="Delete a draft", response={204: None})
def delete(request: HttpRequest, number: int) -> Status[None]:
    """Delete a draft with its proofs and account data."""
    applying.delete(application=_own(request, number), by=_person(request))
    return Status(204, None)


@router.post("/policies/own/applications/{int:number}/proofs", summary="Lay a proof beside", response={201: dict[str, Any]})  # fmt: skip
def lay_proof(
    request: HttpRequest, number: int, given: ProofIn, response: HttpResponse
) -> Status[dict[str, Any]]:
    """Lay a proof beside a draft, or add it while the application is being corrected."""
    row = _own(request, number)
    content = decoded(given.name, given.content)
    applying.lay_proof(application=row, material=given.material, name=given.name, content=content, by=_person(request), on=today())  # fmt: skip
    return Status(201, _laid_open(request, row, response))


@router.post("/policies/own/applications/{int:number}/submit", summary="Hand an application in")
def submit(request: HttpRequest, number: int) -> dict[str, Any]:
    """Hand in, or hand in again after its correction; returns number and, the first time, the tracing code."""
    row, by = _own(request, number), _person(request)
    found = queries.with_standings([row], today())[0]
    if found.stage == "correcting":
        applying.correct(application=row, evaluation=_evaluation(), by=by, on=today())
        return {"case": row.case_number, "code": None}
    sent = applying.submit(application=row, evaluation=_evaluation(), by=by, on=today())
    return {"case": sent.application.case_number, "code": sent.code or None}


@router.post("/policies/own/applications/{int:number}/withdraw", summary="Take an application back")
def withdraw(request: HttpRequest, number: int) -> dict[str, Any]:
    """Take an application back before it is decided."""
    row = applying.withdraw(application=_own(request, number), by=_person(request), on=today())
    return _line(queries.with_standings([row], today())[0])


@router.get("/policies/applications", summary="The worklist of applications, newest first")
def worklist(
    request: HttpRequest, state: str = Query("", max_length=12), clause: str = Query("", max_length=120),
    region: str = Query("", max_length=6), left: str = Query("", max_length=4), q: str = Query("", max_length=200),
    after: str = Query("", max_length=20),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty applications of the caller's regions; `left` is late, 10 or 30 days."""
    given = {"state": state, "clause": clause, "region": region, "left": left, "q": q, "after": after}
    page = queries.worklist(_person(request), given, today())
    return {"items": [_line(one) for one in page.rows], "next": page.next or None}


@router.get("/policies/applications/{int:number}", summary="An application beside the ledger")
def one_application(request: HttpRequest, number: int, response: HttpResponse) -> dict[str, Any]:
    """Return what the firm states, what the ledger holds, and what would be due if it were accepted."""
    row = queries.application(number if 0 < number < MOST else 0, _person(request))
    return _laid_open(request, row, response)


@router.post("/policies/applications/{int:number}/decision", summary="Decide an application")
def decide(request: HttpRequest, number: int, given: DecisionIn) -> dict[str, Any]:
    """Accept, send back once, refuse, or end without payment."""
    by = _person(request)
    row = queries.application(number if 0 < number < MOST else 0, by)
    made = deciding.decide(application=row, step=given.step, words=given.words, by=by, on=today())
    return {**_line(queries.with_standings([made], today())[0]), "change_set": made.change_set or None}
