"""Cases over the API: the same actions, rights and refusals as on the pages."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, check_if_match, etag
from zhicheng.apps.cases import actions, assigning, conversing, hooks, linking, papers, queries, tracing
from zhicheng.apps.cases.access import case_for
from zhicheng.apps.cases.asking import person, today
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.entering import application_from
from zhicheng.apps.cases.filing import Receipt, file_case
from zhicheng.apps.cases.for_rooms import refuse_here
from zhicheng.apps.cases.models import Channel, Handling
from zhicheng.apps.cases.organising import organisation_for
from zhicheng.kernel.refusals import NotFound, Refusal

router = Router(tags=["cases"])
LARGEST_ID = 2**63 - 1


class Attachment(Schema):
    """A file handed in with an application."""

    material: str = Field(max_length=60)
    name: str = Field(max_length=200)
    content: str = Field(description="Base64")


class New(Schema):
    """An application: `f.<field>` of the matter's form, `title`, `region`, `ip_kind`, `email`, `applicant.<word>`."""

    matter: str = Field(max_length=60)
    values: dict[str, str] = Field(max_length=300)
    organisation: int | None = Field(
        default=None, ge=1, le=LARGEST_ID, description="代表哪个主体；不填为获授权的第一个"
    )
    files: list[Attachment] = Field(default=[], max_length=40)


class Step(Schema):
    """What is entered with an action."""

    values: dict[str, str] = Field(default={}, max_length=100)
    why: str = Field(default="", max_length=2000)


class Words(Schema):
    """Something said on a case."""

    text: str = Field(min_length=1, max_length=5000)
    to_party: bool = False


class Give(Schema):
    """Who is given cases."""

    person: str = Field(max_length=150, description="用户名")
    cases: list[int] = Field(min_length=1, max_length=assigning.MOST_AT_ONCE)
    why: str = Field(default="", max_length=300)
    preview: bool = False


class Answer(Schema):
    """Signing for a case, or giving it back."""

    take: bool
    why: str = Field(default="", max_length=500)


class Ask(Schema):
    """What other units are asked."""

    units: list[str] = Field(min_length=1, max_length=20)
    question: str = Field(min_length=1, max_length=200)
    due_on: date


class Other(Schema):
    """Another case, and why the two belong together."""

    other: int = Field(ge=1, le=LARGEST_ID)
    why: str = Field(min_length=1, max_length=300)


class Where(Schema):
    """An address that is told of case events."""

    url: str = Field(max_length=500)
    events: str = Field(default="", max_length=300)


class Trace(Schema):
    """Number and code of a receipt."""

    number: str = Field(max_length=80)
    code: str = Field(max_length=20)


@router.get("/matters", summary="The matters that may be filed")
def matters(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every matter the caller may file, with its form and materials."""
    return [
        {
            "code": one.code, "version": one.version, "name": str(one.name), "purpose": one.purpose,
            "fields": [{"id": f.id, "label": str(f.label), "type": f.type, "required": f.required, "help": f.help,
                        "choices": dict(f.choices)} for f in one.fields],
            "materials": [{"id": m.id, "label": str(m.label), "required_when": m.required_when} for m in one.materials],
            "sources": [str(s) for s in one.sources],
        }
        for one in queries.filable(person(request), today())
    ]  # fmt: skip


@router.get("/cases", summary="A worklist, page by page")
def worklist(
    request: HttpRequest, list: str = Query("", max_length=20), matter: str = Query("", max_length=60),  # noqa: A002
    stage: str = Query("", max_length=60), light: str = Query("", max_length=10), place: str = Query("", max_length=6),
    q: str = Query("", max_length=200), after: str = Query("", max_length=60),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty cases, those due first in front; `light` is red, yellow, green or stopped."""
    given = {
        "list": list,
        "matter": matter,
        "stage": stage,
        "light": light,
        "place": place,
        "q": q,
        "after": after,
    }
    page = queries.worklist(person(request), given, today())
    return {
        "items": [_line(one) for one in page.rows],
        "count": page.counted,
        "more": page.more,
        "next": page.next or None,
    }


def _line(row: queries.Row) -> dict[str, Any]:
    one = row.handling
    return {
        "id": one.pk, "number": one.number, "matter": one.matter, "title": row.title, "stage": one.stage,
        "light": row.light.value if row.light else None, "due_on": one.due_on, "provisional": one.provisional,
        "handler": one.handler.username if one.handler else None, "received_on": one.received_on,
        "accepted_on": one.accepted_on, "closed_on": one.closed_on, "outcome": one.outcome, "revision": one.revision,
    }  # fmt: skip


@router.post("/cases", response={201: dict[str, Any]}, summary="File a case")
def file(request: HttpRequest, new: New, response: HttpResponse) -> Status[dict[str, Any]]:
    """File a case; send an Idempotency-Key, and a retried request files nothing twice."""
    user = person(request)
    matter = matter_in_force(new.matter, today())
    firm = organisation_for(user, new.organisation)
    files = [(one.material, one.name, _bytes(one)) for one in new.files]
    refuse_here(matter)
    application = application_from(matter, new.values, organisation=firm, files=files)
    receipt = file_case(application=application, by=user, channel=Channel.API, on=today())
    response["Location"] = f"/api/v1/cases/{receipt.case.pk}"
    response["ETag"] = _mark(receipt.case)
    return Status(201, _receipt(receipt))


def _bytes(one: Attachment) -> bytes:
    try:
        return base64.b64decode(one.content, validate=True)
    except ValueError as error:  # not Base64, or not even ASCII
        raise Refusal(f"文件“{one.name}”的内容不是 Base64。", fix="请按 Base64 编码后发送。") from error


def _receipt(receipt: Receipt) -> dict[str, Any]:
    row = receipt.case
    return {
        "id": row.pk, "number": row.number, "code": receipt.code, "stage": row.stage, "due_on": row.due_on,
        "provisional": row.provisional, "missing": list(receipt.missing), "revision": row.revision,
    }  # fmt: skip


def _mark(row: Handling) -> str:
    return etag("case", row.pk, row.revision)


@router.get("/cases/{int:number}", summary="One case with what may be done now")
def one_case(request: HttpRequest, number: int, response: HttpResponse) -> dict[str, Any]:
    """Return a case; its ETag is what an action must be taken from."""
    told = queries.story(person(request), _known(number), today())
    row = told.handling
    response["ETag"] = _mark(row)
    return {
        "id": row.pk, "number": row.number, "matter": row.matter, "version": row.version, "title": row.title,
        "stage": row.stage, "stage_name": told.stage, "light": told.light.value if told.light else None,
        "due_on": row.due_on, "provisional": row.provisional, "received_on": row.received_on,
        "accepted_on": row.accepted_on, "closed_on": row.closed_on, "outcome": row.outcome, "revision": row.revision,
        "handler": row.handler.username if row.handler else None, "unit": row.unit, "roles": list(told.roles),
        "values": [{"label": label, "value": value} for label, value in told.values],
        "actions": [
            {"id": one.action.id, "name": str(one.action.name), "ready": one.ready, "why": list(one.why),
             "fields": [{"id": f.id, "label": str(f.label), "type": f.type, "required": f.required} for f in one.action.fields]}
            for one in told.offers
        ],
        "hand_overs": [
            {"office": one.office, "sent_on": one.sent_on, "why": one.why, "state": one.state, "due_on": one.due_on,
             "late": one.late, "answered_on": one.answered_on, "answer": one.answer} for one in told.handed
        ],
        "papers": [{"title": one.title, "number": one.number, "level": one.level, "versions": [
            {"id": v.pk, "version": v.version, "name": v.name, "sha256": v.sha256} for v in one.versions.all()
        ]} for one in told.papers],
    }  # fmt: skip


def _known(number: int) -> int:
    if not 0 < number <= LARGEST_ID:
        raise NotFound(f"没有找到办件 {number}。", fix="请核对编号。")
    return number


@router.post("/cases/{int:number}/actions/{action}", summary="Take an action of the definition")
def take(
    request: HttpRequest, number: int, action: str, step: Step, response: HttpResponse
) -> dict[str, Any]:
    """Take an action from the version that If-Match names; of two who act at once, one is told what changed."""
    user = person(request)
    sent = request.headers.get("If-Match", "")
    revision = _revision(_known(number), sent)
    if revision is None and sent != "*":
        check_if_match(request, _mark(case_for(user, number, today())))
    done = actions.act(
        case=number, action=action, by=user, values=step.values, why=step.why, revision=revision, on=today()
    )
    response["ETag"] = _mark(done)
    return {
        "id": done.pk, "stage": done.stage, "due_on": done.due_on, "closed_on": done.closed_on, "outcome": done.outcome,
        "revision": done.revision,
    }  # fmt: skip


def _revision(case: int, sent: str) -> int | None:
    """The version a caller saw, read out of its mark, so that the refusal can say what changed since."""
    head, _, last = sent.strip().removeprefix("W/").strip('"').rpartition("-")
    return int(last) if head == f"case-{case}" and last.isdigit() else None


@router.get("/cases/{int:number}/clock", summary="Every limit of a case with its derivation")
def clock(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Return statutory and promised due day of each limit, each with how it came about; a guess is marked provisional."""
    told = queries.story(person(request), _known(number), today())
    return [
        {
            "limit": one.limit.id, "name": str(one.limit.name), "phase": one.phase, "light": one.light.value,
            "remaining": one.remaining, "unit": one.limit.unit, "statutory": one.due.as_data(),
            "promised": one.promised.as_data() if one.promised else None, "late": one.late,
        }
        for one in told.standings
    ]  # fmt: skip


@router.get("/cases/{int:number}/history", summary="Who did what, when and why")
def history(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Return the history of a case as the caller may see it."""
    return [
        {"on": one.on, "at": one.at, "by": str(one.by or ""), "action": one.action, "words": one.words, "why": one.why,
         "before": one.before, "after": one.after}
        for one in queries.story(person(request), _known(number), today()).events
    ]  # fmt: skip


@router.post(
    "/cases/{int:number}/comments", response={201: dict[str, Any]}, summary="Say something on a case"
)
def comment(request: HttpRequest, number: int, words: Words) -> Status[dict[str, Any]]:
    """Say something among officers, or to the party."""
    row = conversing.comment(
        case=_known(number), text=words.text, to_party=words.to_party, by=person(request), on=today()
    )
    return Status(201, {"id": row.pk, "to_party": row.to_party})


@router.post("/cases/{int:number}/papers", response={201: dict[str, Any]}, summary="Hand in a paper")
def hand_in(
    request: HttpRequest, number: int, paper: Attachment, title: str = Query("", max_length=200)
) -> Status[dict[str, Any]]:
    """Hand in a paper for a material, or another document when `material` is empty."""
    row = papers.hand_in(
        case=_known(number), name=paper.name, content=_bytes(paper), material=paper.material, title=title,
        by=person(request), on=today(),
    )  # fmt: skip
    return Status(201, {"id": row.pk, "versions": row.versions.count()})


@router.post("/cases/assignments", summary="Give cases to somebody, or see what that would do")
def assign(request: HttpRequest, give: Give) -> dict[str, Any]:
    """Give cases to a person; with `preview` nothing is changed."""
    user, who = person(request), _person(give.person)
    found = assigning.preview(cases=give.cases, person=who, by=user, on=today())
    done = (
        0
        if give.preview
        else assigning.assign_many(cases=give.cases, person=who, by=user, why=give.why, on=today())
    )
    return {
        "assigned": done,
        "cases": [{"id": one.handling.pk, "possible": one.possible, "words": one.words} for one in found],
    }


def _person(username: str) -> User:
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise NotFound(f"没有用户“{username}”。", fix="请核对用户名。")
    return found


@router.post("/cases/assignments/{int:number}", summary="Sign for a case or give it back")
def answer(request: HttpRequest, number: int, given: Answer) -> dict[str, Any]:
    """Sign for a case, or give it back with a reason."""
    row = assigning.answer_assignment(
        assignment=_known(number), take=given.take, why=given.why, by=person(request), on=today()
    )
    return {"case": row.case_id, "state": row.state}


@router.post("/cases/{int:number}/units", response={201: list[int]}, summary="Ask other units")
def ask(request: HttpRequest, number: int, asked: Ask) -> Status[list[int]]:
    """Ask other units for their view."""
    rows = conversing.ask_units(
        case=_known(number),
        units=asked.units,
        question=asked.question,
        due_on=asked.due_on,
        by=person(request),
        on=today(),
    )
    return Status(201, [one.pk for one in rows])


@router.post("/cases/{int:number}/links", response={201: dict[str, Any]}, summary="Link two cases")
def link(request: HttpRequest, number: int, given: Other) -> Status[dict[str, Any]]:
    """Note that two cases belong together."""
    row = linking.link(case=_known(number), other=given.other, why=given.why, by=person(request), on=today())
    return Status(201, {"id": row.pk})


@router.post("/cases/{int:number}/merge", summary="Handle a case together with another")
def merge(request: HttpRequest, number: int, given: Other) -> dict[str, Any]:
    """Merge a case into another; every submitter stays."""
    row = linking.merge(case=_known(number), into=given.other, why=given.why, by=person(request), on=today())
    return {"into": row.pk, "parties": row.parties.count()}


@router.get("/hooks", summary="Addresses told of case events")
def list_hooks(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the endpoints of the caller's region, without their secrets."""
    return [
        {"id": one.pk, "url": one.url, "events": one.events, "active": one.active}
        for one in hooks.endpoints(person(request))
    ]


@router.post("/hooks", response={201: dict[str, Any]}, summary="Be told of case events")
def add_hook(request: HttpRequest, where: Where) -> Status[dict[str, Any]]:
    """Add an address; the secret its messages are signed with is shown this once."""
    row, secret = hooks.add_endpoint(url=where.url, events=where.events, by=person(request))
    return Status(201, {"id": row.pk, "url": row.url, "secret": secret})


@router.delete("/hooks/{int:number}", summary="Stop telling an address")
def stop_hook(request: HttpRequest, number: int) -> dict[str, Any]:
    """Switch an endpoint off; what was not delivered is kept."""
    row = hooks.switch_endpoint(number=_known(number), active=False, by=person(request))
    return {"id": row.pk, "active": row.active}


@router.post("/cases/trace", summary="Where a case stands, by number and code")
def trace(request: HttpRequest, given: Trace) -> dict[str, Any]:
    """Return where a case stands to who has its number and code; guessing is slowed down."""
    person(request)
    found = tracing.trace(number=given.number, code=given.code, address=request.META.get("REMOTE_ADDR", ""))
    return {
        "number": found.number, "matter": found.matter, "stage": found.stage, "received_on": found.received_on,
        "due_on": found.due_on, "provisional": found.provisional, "closed_on": found.closed_on, "outcome": found.outcome,
    }  # fmt: skip
