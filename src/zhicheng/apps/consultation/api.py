"""The loop over the API: the same scope, forms and rules as on the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from ninja.params.functions import Query

from zhicheng.apps.accounts.public import check_if_match, etag, opening_date, signed_in
from zhicheng.apps.consultation import access, actions, api_follow, api_records, queries
from zhicheng.apps.consultation import board as boards
from zhicheng.apps.consultation.acts import ACTS, BY_NAME, acts_for, do, form_for
from zhicheng.apps.consultation.api_schemas import (
    ActIn,
    AnswerIn,
    InstructIn,
    ParticipantIn,
    PassageIn,
    SessionIn,
    SpeechIn,
    SubmitIn,
    TaskIn,
    VerifyIn,
)
from zhicheng.apps.consultation.corrections import organisation_of
from zhicheng.apps.consultation.models import (
    Item,
    Package,
    PolicyLink,
    Recurrence,
    Session,
    Transfer,
    Verification,
)
from zhicheng.apps.consultation.story import told
from zhicheng.kernel.refusals import NotFound, Refusal

router = Router(tags=["consultation"])
router.add_router("", api_records.router)
router.add_router("", api_follow.router)


def _session_json(row: Session) -> dict[str, Any]:
    return {"number": row.number, "topic": row.topic, "held_on": row.held_on, "region": row.region_code,
            "group": row.group.code if row.group else None, "synthetic": row.synthetic}  # fmt: skip


def _line_json(line: queries.Line) -> dict[str, Any]:
    one = line.item
    return {
        "number": one.number, "title": one.title, "kind": one.kind, "state": one.state, "round": one.round,
        "region": one.region_code, "lead_unit": one.lead_unit, "assisting_units": one.assisting_units,
        "due_on": one.due_on, "raised_on": one.raised_on, "entered_state_on": one.entered_state_on, "days": line.days,
        "late": [asdict(each) for each in line.late], "reopened": one.reopened, "handed_over": one.handed_over,
        "ordinary": one.ordinary, "speakers": line.speakers,
    }  # fmt: skip


def _mark(row: Item) -> str:
    return etag("consultation", row.number, row.revision)


@router.get("/consultation/sessions", summary="Consultation sessions")
def list_sessions(
    request: HttpRequest, q: str = Query("", max_length=200), after: str = Query("", max_length=20)
) -> dict[str, Any]:
    """Return up to forty sessions, newest first."""
    page = queries.sessions_page(request.user, q=q, after=after)
    return {"items": [{**_session_json(one), "items": one.total, "settled": one.done} for one in page.rows],
            "next": page.next or None}  # fmt: skip


@router.post("/consultation/sessions", summary="Open a session", response={201: dict})
def open_session(request: HttpRequest, body: SessionIn) -> Status[dict[str, Any]]:
    """Open a session in the caller's region."""
    user = signed_in(request.user)
    group = boards.group_of(user, body.group) if body.group else None
    row = actions.open_session(**{**body.dict(), "group": group}, region_code=user.region_code, by=user)
    return Status(201, _session_json(row))


@router.get("/consultation/sessions/{number}", summary="One session")
def one_session(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return a session with its people, speeches (each passage with its fate), items and lists."""
    parts = queries.session_story(request.user, number)
    return {
        **_session_json(parts["session"]), "research": parts["session"].research,
        "participants": [{"id": one.pk, "kind": one.kind, "title": one.title, "revision": one.revision} for one in parts["participants"]],
        "speeches": [
            {"id": one.speech.pk, "speaker": one.speech.speaker_id, "text": one.speech.text, "reply": one.speech.reply,
             "recording": one.speech.recording, "revision": one.speech.revision, "open": one.open, "looks": one.looks, "passages": [
                {"id": piece.passage.pk if piece.passage else None, "needs_look": bool(piece.passage and piece.passage.needs_look), "start": piece.start, "end": piece.end, "fate": piece.passage.fate if piece.passage else None,
                 "item": piece.passage.item.number if piece.passage and piece.passage.item else None,
                 "reason": piece.passage.reason if piece.passage else ""}
                for line in one.lines for piece in line if not piece.blank]}
            for one in parts["speeches"]
        ],
        "items": [one.number for one in parts["items"]],
        "packages": [{"number": one.number, "kind": one.kind, "submitted_on": one.submitted_on, "hash": one.content_hash} for one in parts["packages"]],
    }  # fmt: skip


@router.post(
    "/consultation/sessions/{number}/participants", summary="Add a participant", response={201: dict}
)
def add_participant(request: HttpRequest, number: str, body: ParticipantIn) -> Status[dict[str, Any]]:
    """Enter somebody who took part."""
    given = body.dict()
    row = actions.add_participant(
        session=access.session(number, request.user), organisation=organisation_of(given.pop("uscc")), by=signed_in(request.user), **given
    )  # fmt: skip
    return Status(201, {"id": row.pk, "title": row.title, "link_expires_on": row.link_expires_on})


@router.post("/consultation/sessions/{number}/speeches", summary="Record a speech", response={201: dict})
def add_speech(request: HttpRequest, number: str, body: SpeechIn) -> Status[dict[str, Any]]:
    """Record what a participant said."""
    session = access.session(number, request.user)
    speaker = session.participants.filter(pk=body.speaker).first()
    if speaker is None:
        raise NotFound(f"本场没有参会人 {body.speaker}。", fix="请先加入参会人。")
    row = actions.add_speech(
        session=session, by=signed_in(request.user), **{**body.dict(), "speaker": speaker}
    )
    return Status(201, {"id": row.pk, "position": row.position})


@router.post(
    "/consultation/sessions/{number}/passages", summary="Give a passage its fate", response={201: dict}
)
def add_passage(request: HttpRequest, number: str, body: PassageIn) -> Status[dict[str, Any]]:
    """Make a passage an item, join it to one, or set it aside with a reason."""
    user = signed_in(request.user)
    session = access.session(number, user)
    speech = session.speeches.filter(pk=body.speech).select_related("session", "speaker").first()
    if speech is None:
        raise NotFound(f"本场没有发言 {body.speech}。", fix="请核对编号。")
    if body.fate == "set_aside":
        actions.set_aside(speech=speech, start=body.start, end=body.end, reason=body.reason, by=user)
        return Status(201, {"fate": "set_aside"})
    day = body.on or max(opening_date(), session.held_on)
    row = actions.take_up(
        speech=speech, start=body.start, end=body.end, kind=body.kind, title=body.title, joins=body.joins,
        measure=body.measure, on=day, by=user,
    )  # fmt: skip
    return Status(201, {"fate": body.fate, "item": row.number})


@router.post(
    "/consultation/sessions/{number}/tasks", summary="Add a pledge or conference task", response={201: dict}
)
def add_task(request: HttpRequest, number: str, body: TaskIn) -> Status[dict[str, Any]]:
    """Enter a pledge or a conference task; it is supervised by its measure."""
    session = access.session(number, request.user)
    day = max(opening_date(), session.held_on)
    row = actions.add_task(session=session, on=day, by=signed_in(request.user), **body.dict())
    return Status(201, {"number": row.number})


@router.post("/consultation/sessions/{number}/packages", summary="Submit a list", response={201: dict})
def submit(request: HttpRequest, number: str, body: SubmitIn) -> Status[dict[str, Any]]:
    """Freeze one of the two lists under a number and submit it."""
    session = access.session(number, request.user)
    day = body.on or max(opening_date(), session.held_on)
    row = actions.submit_list(session=session, kind=body.kind, on=day, by=signed_in(request.user))
    return Status(201, _package_json(row))


def _package_json(row: Package) -> dict[str, Any]:
    return {"number": row.number, "kind": row.kind, "submitted_on": row.submitted_on, "hash": row.content_hash, "content": row.content}  # fmt: skip


@router.get("/consultation/packages/{number}", summary="A frozen list")
def one_package(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return a list exactly as it was submitted."""
    row = Package.objects.filter(number=number, session__in=access.sessions(request.user)).first()
    if row is None:
        raise NotFound(f"没有清单 {number}。", fix="请核对编号。")
    return _package_json(row)


@router.post("/consultation/instructions", summary="Record an instruction", response={201: dict})
def instruct(request: HttpRequest, body: InstructIn) -> Status[dict[str, Any]]:
    """Record a leader's instruction on one or several items."""
    user = signed_in(request.user)
    for number in body.items:
        access.item(number, user)
    row = actions.instruct(
        items=body.items, text=body.text, leader=body.leader, on=body.on or opening_date(), by=user
    )
    return Status(201, {"round": row.round, "items": sorted(row.items.values_list("number", flat=True))})


@router.get("/consultation/items", summary="Items, page by page")
def list_items(
    request: HttpRequest, q: str = Query("", max_length=200), state: str = Query("", max_length=12),
    kind: str = Query("", max_length=12), session: str = Query("", max_length=40), lead_unit: str = Query("", max_length=80),
    show: str = Query("", pattern="^(|open|mine|late|no_instruction|unanswered)$"), after: str = Query("", max_length=20),
) -> dict[str, Any]:  # fmt: skip
    """Return up to forty items, newest first, with what is late."""
    given = {"q": q, "state": state, "kind": kind, "session": session, "lead_unit": lead_unit, "show": show, "after": after}  # fmt: skip
    page = queries.items_page(request.user, given, on=opening_date())
    return {"items": [_line_json(one) for one in page.rows], "next": page.next or None}


@router.get("/consultation/items/{number}", summary="One item")
def one_item(request: HttpRequest, number: str, response: HttpResponse) -> dict[str, Any]:
    """Return an item, its story, and the steps the caller may take now with their fields."""
    parts = queries.item_story(request.user, number)
    row = parts["item"]
    response["ETag"] = _mark(row)
    return {
        **_line_json(queries.lines_of([row], on=opening_date())[0]), "text": row.text, "measure": row.measure,
        "revision": row.revision,
        "story": [{"on": one.day, "what": str(one.what), "who": one.who, "text": one.text, "state": str(one.tag)} for one in told(parts)],
        "verdicts": [{"speaker": one.speaker_id, "round": one.round, "value": one.value, "text": one.text, "given_on": one.given_on, "by_telephone": one.recorded_by_id is not None} for one in parts["verdicts"]],
        "evidence": [{"id": one.pk, "name": one.name} for each in parts["reports"] for one in each.files.all() if one.file],
        "recurrences": [{"id": one.pk, "earlier": one.earlier.number, "score": one.score, "decision": one.decision} for one in parts["recurrences"]],
        "policy_links": [{"id": one.pk, "clause": one.clause, "indicator": one.indicator, "decision": one.decision} for one in parts["links"]],
        "transfers": [{"id": one.pk, "from": one.from_region, "to": one.to_region, "decision": one.decision, "receipt": one.receipt} for one in parts["transfers"]],
        "steps": [{"step": act.name, "label": str(act.label), "fields": {name: str(field.label) for name, field in act.form.base_fields.items()}} for act in acts_for(row, request.user)],
    }  # fmt: skip


@router.post("/consultation/items/{number}/steps", summary="Take a step with an item")
def act(request: HttpRequest, number: str, body: ActIn, response: HttpResponse) -> dict[str, Any]:
    """Take a step; If-Match names the version it was made from."""
    user = signed_in(request.user)
    row = access.item(number, user)
    chosen = BY_NAME.get(body.step)
    if chosen is None:
        raise Refusal(f"没有“{body.step}”这一步。", fix=f"可用：{'、'.join(one.name for one in ACTS)}。")
    check_if_match(request, _mark(row))
    form = form_for(chosen, row, on=opening_date(), data={"on": opening_date().isoformat(), **body.fields})
    if not form.is_valid():
        wrong = "；".join(f"{form.fields[name].label if name in form.fields else name}：{errors[0]}" for name, errors in form.errors.items())  # fmt: skip
        raise Refusal(f"字段有误：{wrong}。", fix="请按事项的 steps 中列出的字段填写。")
    do(chosen, row, form, by=user)
    fresh = access.item(number, user)
    response["ETag"] = _mark(fresh)
    return _line_json(queries.lines_of([fresh], on=opening_date())[0])


@router.post("/consultation/recurrences/{key}", summary="Decide on a recurrence")
def recurrence(request: HttpRequest, key: int, body: AnswerIn) -> dict[str, Any]:
    """Say whether an item is an earlier problem come back."""
    _of_mine(Recurrence, key, request)
    row = actions.decide_recurrence(
        proposal=key, same=body.yes, on=opening_date(), by=signed_in(request.user)
    )
    return {"id": row.pk, "decision": row.decision}


@router.post("/consultation/policy-links/{key}", summary="Confirm a clause")
def policy_link(request: HttpRequest, key: int, body: AnswerIn) -> dict[str, Any]:
    """Confirm, or refuse, that a suggestion became a clause."""
    _of_mine(PolicyLink, key, request)
    row = actions.decide_policy_link(
        link=key, confirmed=body.yes, on=opening_date(), by=signed_in(request.user)
    )
    return {"id": row.pk, "decision": row.decision}


@router.get("/consultation/transfers", summary="Transfers between regions")
def list_transfers(request: HttpRequest) -> dict[str, Any]:
    """Return transfers from and to the caller's region."""
    return {"items": [
        {"id": one.pk, "item": one.item.number, "from": one.from_region, "to": one.to_region, "decision": one.decision,
         "receipt": one.receipt, "why": one.why} for one in queries.transfers(request.user)
    ]}  # fmt: skip


@router.post("/consultation/transfers/{key}", summary="Answer a transfer")
def transfer(request: HttpRequest, key: int, body: AnswerIn) -> dict[str, Any]:
    """Accept a transfer against a receipt, or send it back."""
    _of_mine(Transfer, key, request)
    row = actions.decide_transfer(
        transfer=key, accept=body.yes, answer=body.text, on=opening_date(), by=signed_in(request.user)
    )
    return {"id": row.pk, "decision": row.decision, "receipt": row.receipt}


@router.post("/consultation/samples/{key}", summary="Write down a second look")
def verify(request: HttpRequest, key: int, body: VerifyIn) -> dict[str, Any]:
    """Write down what a second look found."""
    _of_mine(Verification, key, request)
    row = actions.verify(verification=key, on=opening_date(), by=signed_in(request.user), **body.dict())
    return {"id": row.pk, "finding": row.finding}


def _of_mine(model: Any, key: int, request: HttpRequest) -> None:
    if not model.objects.filter(pk=key, item__in=access.items(request.user)).exists():
        raise NotFound(f"没有编号 {key} 的记录。", fix="请从事项中读取编号。")


@router.get("/consultation/board", summary="The tracking board")
def board(request: HttpRequest, group: str = Query("", max_length=40)) -> dict[str, Any]:
    """Return where every item is, who is late and the measures, for the caller's region or a group."""
    user = signed_in(request.user)
    row = boards.group_of(user, group) if group else None
    found = boards.board(user, region=user.region_code, on=opening_date(), group=row)
    lists = {name: [_line_json(one) for one in getattr(found, name)] for name in ("overdue", "no_instruction", "unanswered", "no_verdict")}  # fmt: skip
    return {
        "columns": [asdict(one) for one in found.columns], "measures": [asdict(one) for one in found.measures],
        "units": [asdict(one) for one in found.units], "unanswered_count": found.unanswered_count, "total": found.total, **lists,
    }  # fmt: skip


@router.get("/consultation/notices", summary="What one's office was told")
def notices(request: HttpRequest, after: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return up to forty notices, newest first."""
    page = queries.notices_page(request.user, after=after)
    return {"items": [{"item": one.item.number, "on": one.on, "text": one.text} for one in page.rows], "next": page.next or None}  # fmt: skip
