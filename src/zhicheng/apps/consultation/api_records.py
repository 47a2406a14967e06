"""The record of a session over the API: people, speeches, marks and corrections, and regions that work as one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from zhicheng.apps.accounts.public import check_if_match, etag, opening_date, require, signed_in
from zhicheng.apps.consultation import access, actions, queries
from zhicheng.apps.consultation import board as boards
from zhicheng.apps.consultation.api_schemas import (
    GroupIn,
    LinkIn,
    MergeIn,
    ParticipantCorrectionIn,
    ReplyIn,
    RoleIn,
    SpeechCorrectionIn,
)
from zhicheng.apps.consultation.correction_rows import corrections_of
from zhicheng.apps.consultation.links import link_address
from zhicheng.apps.consultation.models import Participant, Passage, RegionGroup, Speech
from zhicheng.kernel.refusals import NotFound

router = Router(tags=["consultation"])


def corrections_json(rows: Any) -> list[dict[str, Any]]:
    """Return corrections with the words before and after, shortened to what differs."""
    return [
        {"on": one.row.on, "by": str(one.row.by), "why": one.row.why, "after_freeze": one.row.after_freeze,
         "to_look_at": one.row.to_look_at,
         "changes": [{"field": each.label, "before": each.before, "after": each.after} for each in one.changes]}
        for one in corrections_of(rows.select_related("by"))
    ]  # fmt: skip


def _group_json(row: RegionGroup) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "regions": [one.region_code for one in row.members.all()]}


@router.get("/consultation/groups", summary="Region groups")
def list_groups(request: HttpRequest) -> dict[str, Any]:
    """Return the region groups that the caller's region belongs to."""
    require(request.user, "consultation.view")
    return {"items": [_group_json(one) for one in boards.groups(request.user)]}


@router.get("/consultation/groups/{code}", summary="One region group")
def one_group(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return a group and how many items each of its regions handles; its board is `/consultation/board?group=`."""
    row = boards.group_of(request.user, code)
    return {**_group_json(row), "by_region": boards.by_region(request.user, row, on=opening_date())}


@router.post("/consultation/groups", summary="Form a region group", response={201: dict})
def form_group(request: HttpRequest, body: GroupIn) -> Status[dict[str, Any]]:
    """Let regions share sessions and a board; the same group formed again changes nothing."""
    row = actions.form_group(**body.dict(), by=signed_in(request.user))
    return Status(201, _group_json(row))


def _person_mark(row: Participant) -> str:
    return etag("consultation-participant", row.pk, row.revision)


def _person_json(row: Participant) -> dict[str, Any]:
    return {
        "id": row.pk, "session": row.session.number, "kind": row.kind, "title": row.title, "email": row.email,
        "uscc": row.organisation.uscc if row.organisation else None, "revision": row.revision,
        "link_expires_on": row.link_expires_on, "link_revoked_at": row.link_revoked_at, "link_opened_at": row.link_opened_at,
        "roles": [{"title": one.title, "from_on": one.from_on, "until_on": one.until_on} for one in row.roles.all()],
        "corrections": corrections_json(row.corrections),
    }  # fmt: skip


@router.get("/consultation/participants/{row_id}", summary="One participant")
def one_participant(request: HttpRequest, row_id: int, response: HttpResponse) -> dict[str, Any]:
    """Return a participant with posts and corrections."""
    row = queries.participant(request.user, row_id)
    response["ETag"] = _person_mark(row)
    return _person_json(row)


@router.patch("/consultation/participants/{row_id}", summary="Correct a participant")
def correct_participant(
    request: HttpRequest, row_id: int, body: ParticipantCorrectionIn, response: HttpResponse
) -> dict[str, Any]:
    """Correct how a participant was entered; fields left out stay as they are."""
    row = queries.participant(request.user, row_id)
    check_if_match(request, _person_mark(row))
    given = body.dict(exclude_unset=True)
    now = {"kind": row.kind, "title": row.title, "email": row.email}
    actions.correct_participant(
        speaker=row, on=opening_date(), by=signed_in(request.user), **{**now, **given}
    )
    fresh = queries.participant(request.user, row_id)
    response["ETag"] = _person_mark(fresh)
    return _person_json(fresh)


@router.post("/consultation/participants/{row_id}/roles", summary="Note a new post", response={201: dict})
def add_role(request: HttpRequest, row_id: int, body: RoleIn) -> Status[dict[str, Any]]:
    """Note a new post; what was said stays under the post of that day."""
    row = actions.change_role(
        speaker=queries.participant(request.user, row_id),
        by=signed_in(request.user),
        **body.dict(),
    )
    return Status(201, {"title": row.title, "from_on": row.from_on})


@router.post("/consultation/participants/{row_id}/link", summary="Give a fresh link", response={201: dict})
def issue_link(request: HttpRequest, row_id: int) -> Status[dict[str, Any]]:
    """Give a speaker a fresh personal link; the one before stops working."""
    row = queries.participant(request.user, row_id)
    actions.issue_link(speaker=row, by=signed_in(request.user))
    fresh = queries.participant(request.user, row_id)
    return Status(201, {"link": link_address(fresh), "expires_on": fresh.link_expires_on})


@router.delete("/consultation/participants/{row_id}/link", summary="Take a link back")
def revoke_link(request: HttpRequest, row_id: int, body: LinkIn) -> dict[str, Any]:
    """Take a speaker's personal link back at once."""
    row = queries.participant(request.user, row_id)
    done = actions.revoke_link(speaker=row, why=body.why, by=signed_in(request.user))
    return {"link_revoked_at": done.link_revoked_at}


@router.post(
    "/consultation/participants/{row_id}/letters", summary="Write the summary letter", response={201: dict}
)
def write_summary(request: HttpRequest, row_id: int) -> Status[dict[str, Any]]:
    """Write a speaker one letter on all that he or she raised."""
    row = queries.participant(request.user, row_id)
    made = actions.write_summary(speaker=row, on=opening_date(), by=signed_in(request.user))
    return Status(201, {"id": made.pk, "subject": made.subject, "text": made.text, "mail": made.mail})


def _speech_mark(row: Speech) -> str:
    return etag("consultation-speech", row.pk, row.revision)


def _speech_json(row: Speech) -> dict[str, Any]:
    return {
        "id": row.pk, "session": row.session.number, "speaker": row.speaker_id, "position": row.position, "text": row.text,
        "reply": row.reply, "recording": row.recording, "revision": row.revision,
        "passages": [
            {"id": one.pk, "start": one.start, "end": one.end, "fate": one.fate, "reason": one.reason,
             "item": one.item.number if one.item else None, "needs_look": one.needs_look}
            for one in row.passages.select_related("item")
        ],
        "corrections": corrections_json(row.corrections),
    }  # fmt: skip


@router.get("/consultation/speeches/{row_id}", summary="One speech")
def one_speech(request: HttpRequest, row_id: int, response: HttpResponse) -> dict[str, Any]:
    """Return a speech with its marks and corrections."""
    row = queries.speech(request.user, row_id)
    response["ETag"] = _speech_mark(row)
    return _speech_json(row)


@router.patch("/consultation/speeches/{row_id}", summary="Correct a speech")
def correct_speech(
    request: HttpRequest, row_id: int, body: SpeechCorrectionIn, response: HttpResponse
) -> dict[str, Any]:
    """Correct the words of a speech; its marks move along, changed ones are to be looked at again."""
    row = queries.speech(request.user, row_id)
    check_if_match(request, _speech_mark(row))
    actions.correct_speech(speech=row, on=opening_date(), by=signed_in(request.user), **body.dict())
    fresh = queries.speech(request.user, row_id)
    response["ETag"] = _speech_mark(fresh)
    return _speech_json(fresh)


@router.put("/consultation/speeches/{row_id}/reply", summary="Note the reply on the spot")
def note_reply(request: HttpRequest, row_id: int, body: ReplyIn, response: HttpResponse) -> dict[str, Any]:
    """Note what was answered on the spot; changing it needs a reason."""
    row = queries.speech(request.user, row_id)
    check_if_match(request, _speech_mark(row))
    actions.note_reply(speech=row, on=opening_date(), by=signed_in(request.user), **body.dict())
    fresh = queries.speech(request.user, row_id)
    response["ETag"] = _speech_mark(fresh)
    return _speech_json(fresh)


def _mark_of_mine(request: HttpRequest, row_id: int) -> Passage:
    row = Passage.objects.filter(pk=row_id, speech__session__in=access.sessions(request.user)).first()
    if row is None:
        raise NotFound("没有这段标记，或不在您的范围内。", fix="请从协商会的发言中读取编号。")
    return row


@router.delete("/consultation/passages/{row_id}", summary="Take a mark back")
def release(request: HttpRequest, row_id: int) -> dict[str, Any]:
    """Take a mark back, so that its words wait for a fate again."""
    _mark_of_mine(request, row_id)
    speech = actions.release(passage=row_id, by=signed_in(request.user))
    return {"speech": speech.pk}


@router.post("/consultation/passages/{row_id}/look", summary="Confirm a mark after a correction")
def look(request: HttpRequest, row_id: int) -> dict[str, Any]:
    """Say that a mark still fits its corrected words."""
    _mark_of_mine(request, row_id)
    row = actions.look_again(passage=row_id, by=signed_in(request.user))
    return {"id": row.pk, "needs_look": row.needs_look}


@router.post("/consultation/sessions/{number}/merges", summary="Merge two items", response={201: dict})
def merge(request: HttpRequest, number: str, body: MergeIn) -> Status[dict[str, Any]]:
    """Merge an item into another of the session; every speaker of both is kept."""
    user = signed_in(request.user)
    session = access.session(number, user)
    for one in (body.item, body.into):
        if access.item(one, user).session_id != session.pk:
            raise NotFound(f"事项 {one} 不是 {number} 的事项。", fix="请核对编号。")
    day = body.on or max(opening_date(), session.held_on)
    row = actions.merge(item=body.item, into=body.into, why=body.why, on=day, by=user)
    speakers = [one.speaker.title for one in row.raised_by.select_related("speaker").order_by("pk")]
    return Status(201, {"number": row.number, "speakers": speakers})
