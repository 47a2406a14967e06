"""What follows over the API: letters, recurrences, clauses, samples, the rules, and what one's own people raised."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Router, Status
from ninja.params.functions import Query

from zhicheng.apps.accounts.public import check_if_match, etag, opening_date, require, signed_in
from zhicheng.apps.consultation import access, actions, documents, queries
from zhicheng.apps.consultation.api_schemas import NewsIn, RulesIn, SampleIn, VerdictIn
from zhicheng.apps.consultation.models import (
    Evidence,
    Letter,
    LoopRules,
    Package,
    Participant,
    PolicyLink,
    Recurrence,
)
from zhicheng.apps.consultation.rules import NAMES, rules_for
from zhicheng.apps.web.public import Page, page_of
from zhicheng.kernel.refusals import NotFound

router = Router(tags=["consultation"])
DECIDED = "^(|open|linked|different|proposed|confirmed|refused)$"


def _page_json(page: Page, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": rows, "next": page.next or None}


def _word(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=documents.DOCX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _rules_mark(row: LoopRules) -> str:
    return etag("consultation-rules", row.region_code, "-".join(str(getattr(row, name)) for name in NAMES))


@router.get("/consultation/rules", summary="The rules of the loop")
def rules(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Return the lengths that hold in the caller's region, in days."""
    require(request.user, "consultation.view")
    row = rules_for(getattr(request.user, "region_code", ""))
    response["ETag"] = _rules_mark(row)
    return {name: getattr(row, name) for name in NAMES}


@router.put("/consultation/rules", summary="Change the rules of the loop")
def set_rules(request: HttpRequest, body: RulesIn, response: HttpResponse) -> dict[str, Any]:
    """Change the lengths of the caller's region; those left out stay, deadlines already given stay too."""
    user = signed_in(request.user)
    region = user.region_code
    require(user, "consultation.supervise", region=region)
    row = rules_for(region)
    check_if_match(request, _rules_mark(row))
    given = body.dict(exclude_unset=True)
    why = given.pop("why")
    values = {name: given.get(name) or getattr(row, name) for name in NAMES}
    done = actions.set_rules(region=region, values=values, why=why, by=user)
    response["ETag"] = _rules_mark(done)
    return {name: getattr(done, name) for name in NAMES}


def _letter_json(row: Letter) -> dict[str, Any]:
    return {
        "id": row.pk, "speaker": row.speaker_id, "item": row.item.number if row.item else None, "subject": row.subject,
        "text": row.text, "sent_on": row.sent_on, "mail": row.mail, "mailed_at": row.mailed_at,
    }  # fmt: skip


@router.get("/consultation/letters", summary="Letters to speakers")
def list_letters(
    request: HttpRequest, item: str = Query("", max_length=48), speaker: int = Query(0, ge=0),
    after: str = Query("", max_length=20),
) -> dict[str, Any]:  # fmt: skip
    """Return up to forty letters, newest first, of one item or one speaker where asked."""
    page = page_of(queries.letters(request.user, item=item, speaker=speaker), after, size=queries.PAGE)
    return _page_json(page, [_letter_json(one) for one in page.rows])


@router.get("/consultation/letters/{row_id}", summary="One letter")
def one_letter(request: HttpRequest, row_id: int) -> dict[str, Any]:
    """Return a letter as its speaker got it."""
    return _letter_json(queries.letter(request.user, row_id))


@router.get("/consultation/letters/{row_id}/word", summary="A letter as Word")
def letter_word(request: HttpRequest, row_id: int) -> HttpResponse:
    """Hand a letter out as Word."""
    row = queries.letter(request.user, row_id)
    return _word(documents.letter_document(row), f"反馈函-{row.pk}.docx")


@router.get("/consultation/packages/{number}/word", summary="A frozen list as Word")
def package_word(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a frozen list out as Word."""
    row = (
        Package.objects.filter(number=number, session__in=access.sessions(request.user))
        .select_related("session")
        .first()
    )
    if row is None:
        raise NotFound(f"没有清单 {number}。", fix="请核对编号。")
    return _word(documents.package_document(row), f"{row.number}.docx")


@router.get("/consultation/evidence/{row_id}", summary="A file of evidence")
def evidence(request: HttpRequest, row_id: int) -> FileResponse:
    """Hand out a file of evidence to whoever may see its item."""
    row = Evidence.objects.filter(pk=row_id, item__in=access.items(request.user)).first()
    if row is None or not row.file:
        raise NotFound(f"没有编号 {row_id} 的文件。", fix="请从事项中读取编号。")
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)


@router.get("/consultation/recurrences", summary="Proposed and linked recurrences")
def list_recurrences(
    request: HttpRequest,
    decision: str = Query("open", pattern=DECIDED),
    after: str = Query("", max_length=20),
) -> dict[str, Any]:
    """Return up to forty recurrences, newest first; `decision` empty for all."""
    rows = Recurrence.objects.filter(item__in=access.items(request.user)).select_related("item", "earlier")
    page = page_of(
        (rows.filter(decision=decision) if decision else rows).order_by("-pk"), after, size=queries.PAGE
    )
    return _page_json(page, [
        {"id": one.pk, "item": one.item.number, "title": one.item.title, "earlier": one.earlier.number,
         "earlier_title": one.earlier.title, "score": one.score, "decision": one.decision} for one in page.rows
    ])  # fmt: skip


@router.get("/consultation/policy-links", summary="Suggestions that became clauses")
def list_policy_links(
    request: HttpRequest, decision: str = Query("", pattern=DECIDED), after: str = Query("", max_length=20)
) -> dict[str, Any]:
    """Return up to forty links from suggestions to clauses, newest first."""
    rows = PolicyLink.objects.filter(item__in=access.items(request.user)).select_related("item")
    page = page_of(
        (rows.filter(decision=decision) if decision else rows).order_by("-pk"), after, size=queries.PAGE
    )
    return _page_json(page, [
        {"id": one.pk, "item": one.item.number, "clause": one.clause, "indicator": one.indicator, "note": one.note,
         "decision": one.decision} for one in page.rows
    ])  # fmt: skip


@router.get("/consultation/samples", summary="Drawn samples")
def list_samples(request: HttpRequest) -> dict[str, Any]:
    """Return the samples drawn, those that wait for a second look first."""
    return {"items": [
        {"id": one.pk, "item": one.item.number, "round": one.round, "drawn_on": one.drawn_on, "seed": one.seed,
         "finding": one.finding, "text": one.text} for one in queries.verifications(request.user)
    ]}  # fmt: skip


@router.post("/consultation/samples", summary="Draw a sample", response={201: dict})
def sample(request: HttpRequest, body: SampleIn) -> Status[dict[str, Any]]:
    """Draw closed items of the caller's region by lot."""
    user = signed_in(request.user)
    rows = actions.draw_sample(region=user.region_code, on=opening_date(), by=user, **body.dict())
    return Status(201, {"items": [{"id": one.pk, "item": one.item.number} for one in rows]})


@router.get("/consultation/mine", summary="What one's own people raised")
def mine(request: HttpRequest) -> dict[str, Any]:
    """Return what speakers of the caller's organisations raised, and what may be done now."""
    today = opening_date()
    return {"items": [
        {"speaker": speaker.pk, "session": speaker.session.number, "number": own.item.number, "title": own.item.title,
         "state": own.item.state, "answer": own.answer.text if own.answer else None,
         "not_done": own.answer.not_done if own.answer else None, "verdict": own.verdict.value if own.verdict else None,
         "may_judge": own.may_judge, "may_reopen": own.may_reopen}
        for speaker in access.own_speakers(request.user).order_by("-pk")[:20]
        for own in queries.own_items(speaker, on=today, reopen_days=rules_for(speaker.session.region_code).reopen_days)
    ]}  # fmt: skip


def _speaker(request: HttpRequest, row_id: int) -> Participant:
    require(request.user, "consultation.rate")
    row = access.own_speakers(request.user).filter(pk=row_id).first()
    if row is None:
        raise NotFound("没有这位发言人。", fix="请从 /consultation/mine 读取编号。")
    return row


@router.post("/consultation/mine/{speaker}/{number}/verdict", summary="Judge what was done")
def verdict(request: HttpRequest, speaker: int, number: str, body: VerdictIn) -> dict[str, Any]:
    """Give the verdict of a speaker of one's own organisation; the same one twice counts once."""
    row = actions.judge(speaker=_speaker(request, speaker), item=number, on=opening_date(), **body.dict())
    return {"number": row.number, "state": row.state}


@router.post("/consultation/mine/{speaker}/{number}/news", summary="Add news, or re-open")
def news(request: HttpRequest, speaker: int, number: str, body: NewsIn) -> dict[str, Any]:
    """Add what is new while an item is on its way, or re-open it with that within the window."""
    person = _speaker(request, speaker)
    if body.reopen:
        row = actions.reopen(item=number, why=body.text, on=opening_date(), speaker=person)
    else:
        row = actions.add_evidence(item=number, speaker=person, text=body.text, on=opening_date())
    return {"number": row.number, "state": row.state, "round": row.round}
