"""One organisation over the API: what it is due, has had and lacks, its lists, and the yes it says or takes back."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, opening_date
from zhicheng.apps.incentives.applications.windows import as_plain
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.firms import lists as firm_lists
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.firms.claims import AccountGiven
from zhicheng.apps.incentives.paging import PAGE
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.kernel.refusals import NotAllowed, Refusal

router = Router(tags=["policies"])
KIND = Literal["had", "received", "missed", "applications", "disputes"]


class ConfirmationIn(Schema):
    """A yes to an amount that is due, with the account it goes to."""

    organisation: int = Field(gt=0, lt=2**63)
    clause: str = Field(max_length=120)
    fact: str = Field(max_length=300)
    holder: str = Field(max_length=120)
    bank: str = Field(max_length=120)
    account: str = Field(max_length=40)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("没有登录，不能办理。", fix="请带上接口令牌。")
    return request.user


@router.get("/policies/organisations/{number}", summary="What an organisation is due, has had and lacks")
def one_firm(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return the page of an organisation, for whoever acts for it or officers of its region."""
    if not 0 < number < 2**63:
        raise Refusal("编号超出范围。", fix="请核对编号。")
    organisation = firm_queries.organisation_for(number, request.user)
    found = firm_queries.firm(organisation, as_of=opening_date(), on=today(), first=PAGE)
    return {
        "organisation": organisation.pk, "name": organisation.name, "as_of": found.as_of.isoformat(),
        "due": [
            {**one.answer.outcome.as_json(), "by_rule": f"{one.answer.outcome.amount:.2f}", "amount": f"{one.amount:.2f}",
             "why_less": one.words or None, "proactive": one.proactive, "confirmation": one.confirmation.pk if one.confirmation else None,
             "batch": one.entitlement.batch.number if one.entitlement else None}
            for one in found.due
        ],
        "held_back": [
            {**one.answer.outcome.as_json(), "by_rule": f"{one.answer.outcome.amount:.2f}", "amount": "0.00", "why": one.words}
            for one in found.held_back
        ],
        "had": [_firm_row("had", one) for one in found.had.rows], "received": [_firm_row("received", one) for one in found.received.rows],
        "missed": [one.outcome.as_json() for one in found.missed], "lacking": [one.outcome.as_json() for one in found.lacking],
        "windows": [as_plain(one) for one in found.windows],
        "applications": [_firm_row("applications", one) for one in found.applications.rows],
        "disputes": [_firm_row("disputes", one) for one in found.disputes.rows],
        "counts": {
            "had": found.had.count, "received": found.received.count, "missed": len(found.missed),
            "applications": found.applications.count, "disputes": found.disputes.count,
        },
    }  # fmt: skip


def _firm_row(kind: str, one: Any) -> dict[str, Any]:
    if kind == "had":
        return {
            "clause": one.clause, "fact": one.fact, "amount": f"{one.amount:.2f}", "status": one.status, "batch": one.batch.number,
        }  # fmt: skip
    if kind == "received":
        return {
            "document": one.document, "matter": one.matter, "object": one.object_number or None, "level": one.level,
            "amount": f"{one.amount:.2f}", "paid_on": one.paid_on.isoformat() if one.paid_on else None,
        }  # fmt: skip
    if kind == "applications":
        return {
            "application": one.row.pk, "clause": one.row.clause, "fact": one.row.fact, "state": one.stage or "draft",
        }  # fmt: skip
    if kind == "disputes":
        return {
            "dispute": one.pk, "fact": one.fact, "text": one.text, "status": one.status, "answer": one.answer or None,
        }  # fmt: skip
    return dict(one.outcome.as_json())


@router.get("/policies/organisations/{number}/{kind}", summary="One list of an organisation, whole")
def one_firm_list(
    request: HttpRequest, number: int, kind: KIND,
    after: str = Query("", max_length=500),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty rows of a list the page of an organisation begins with, and the cursor of the next."""
    if not 0 < number < 2**63:
        raise Refusal("编号超出范围。", fix="请核对编号。")
    organisation = firm_queries.organisation_for(number, request.user)
    page = firm_lists.list_page(organisation, kind, as_of=opening_date(), on=today(), after=after)
    return {"items": [_firm_row(kind, one) for one in page.rows], "next": page.next or None}


@router.post("/policies/confirmations", summary="Say yes to an amount", response={201: dict[str, Any]})
def confirm(request: HttpRequest, given: ConfirmationIn) -> Status[dict[str, Any]]:
    """Confirm an amount for an organisation the caller acts for; asking twice changes nothing."""
    by = _person(request)
    organisation = firm_queries.organisation_for(given.organisation, by)
    made = claims.confirm(
        organisation=organisation, clause=given.clause, fact=given.fact, by=by, evaluation=current_evaluation(opening_date()),
        given=AccountGiven(given.holder, given.bank, given.account),
    )  # fmt: skip
    shown = made.account.masked if made.account else ""
    return Status(201, {"confirmation": made.pk, "amount": f"{made.amount:.2f}", "account": shown})


@router.delete("/policies/confirmations/{number}", summary="Take a yes back", response={204: None})
def withdraw(request: HttpRequest, number: int) -> Status[None]:
    """Take a confirmation back before the money is on its way; the account data is erased."""
    by = _person(request)
    claims.withdraw(
        confirmation=firm_queries.confirmation_for(number if 0 < number < 2**63 else 0, by), by=by
    )
    return Status(204, None)
