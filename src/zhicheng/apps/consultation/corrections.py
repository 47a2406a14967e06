"""Puts right what was recorded wrongly of a session: with a reason, the words before kept, the marks carried along."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import Role, User, record_event, require
from zhicheng.apps.consultation.models import Correction, Item, Participant, Passage, Session, Speech
from zhicheng.apps.consultation.moving import said
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.sessions import lock_session
from zhicheng.apps.consultation.spans import shifted
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.consultation.telling import notify
from zhicheng.apps.ledger.public import Organisation
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal


def organisation_of(uscc: str) -> Organisation | None:
    """Return the organisation of the ledger behind a code, None for no code.

    Raises:
        Refusal: the ledger holds no such organisation.
    """
    if not uscc.strip():
        return None
    row = Organisation.objects.filter(uscc=uscc.strip().upper()).first()
    if row is None:
        raise Refusal(
            f"台账中没有统一社会信用代码为 {uscc.strip()} 的主体。",
            fix="请核对代码，或先在台账中登记该主体。",
        )
    return row


@transaction.atomic
def correct_speech(
    *, speech: Speech, text: str, why: str, on: date, by: User, recording: str | None = None
) -> Correction:  # fmt: skip
    """Correct the words of a speech; its marks move along, those whose own words changed are to be looked at again.

    After a list was frozen this is a recorded correction: the list keeps what was submitted, and the offices are told.

    Args:
        recording: None leaves it as it is.

    Raises:
        Refusal: nothing changed, or there is no reason.
        Conflict: the words of a marked passage would be gone.
    """
    require(by, "consultation.record", region=speech.session.region_code)
    lock_session(speech.session)
    row = Speech.objects.select_for_update(of=("self",)).select_related("session").get(pk=speech.pk)
    new = {"text": _same_line_ends(said(text, "发言", "请保留发言记录。"), row.text)}
    if recording is not None:
        new["recording"] = recording.strip()
    before, after = _changed(row, new)
    why = _reason(why, before)
    looks = _carry(row, after["text"]) if "text" in after else []
    _save(row, after)
    made = _keep(row.session, before, after, why, on=on, by=by, speech=row, to_look_at=looks)
    if made.after_freeze:
        _tell(looks, why, on=on)
    record_event(
        by=by, action="consultation.correct_speech", subject=f"speech:{row.pk}", why=why, before=before,
        after={**after, "to_look_at": looks},
    )  # fmt: skip
    return made


@transaction.atomic
def note_reply(*, speech: Speech, reply: str, on: date, by: User, why: str = "") -> Speech:
    """Record what was answered on the spot; changing what stands there needs a reason and keeps the words before.

    Raises:
        Refusal: another reply stands there and no reason is given, or nothing changed.
    """
    require(by, "consultation.record", region=speech.session.region_code)
    row = Speech.objects.select_for_update(of=("self",)).select_related("session").get(pk=speech.pk)
    before, after = _changed(row, {"reply": reply.strip()})
    if row.reply:
        why = _reason(why, before)
        _keep(row.session, before, after, why, on=on, by=by, speech=row)
    elif not after:
        raise Refusal("现场回应没有填写。", fix="请录入部门当场的答复。")
    _save(row, after)
    record_event(
        by=by,
        action="consultation.note_reply",
        subject=f"speech:{row.pk}",
        why=why,
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def correct_participant(
    *, speaker: Participant, kind: str, title: str, email: str, why: str, on: date, by: User, uscc: str | None = None
) -> Correction:  # fmt: skip
    """Correct how a participant was entered; a post that changed later is no correction but a new post.

    Args:
        uscc: code of the organisation in the ledger, empty for none, None leaves it as it is.

    Raises:
        Refusal: nothing changed, there is no reason, or the kind or the organisation is unknown.
    """
    require(by, "consultation.organise", region=speaker.session.region_code)
    row = Participant.objects.select_for_update(of=("self",)).select_related("session").get(pk=speaker.pk)
    if kind not in Participant.Kind.values:
        raise Refusal(f"身份类别“{kind}”不认识。", fix="请选择企业家、政协委员、专家学者或部门负责人。")
    new: dict[str, Any] = {
        "kind": kind,
        "title": said(title, "称谓", "请填写会议当日的身份。"),
        "email": email.strip(),
    }
    if uscc is not None:
        found = organisation_of(uscc)
        new["organisation_id"] = found.pk if found else None
    before, after = _changed(row, new)
    why = _reason(why, before)
    if "title" in after:
        row.roles.filter(title=before["title"], from_on=row.session.held_on).update(title=after["title"])
    _save(row, after)
    made = _keep(row.session, before, after, why, on=on, by=by, participant=row)
    # The address itself stays out of the trail: it is personal, and the correction keeps it for the office.
    record_event(
        by=by, action="consultation.correct_participant", subject=f"participant:{row.pk}", why=why,
        before=_without_address(before), after=_without_address(after),
    )  # fmt: skip
    return made


@transaction.atomic
def look_again(*, passage: int, by: User) -> Passage:
    """Say that a mark still fits its corrected words.

    Raises:
        NotFound: there is no such mark. Conflict: it is not to be looked at.
    """
    row = (
        Passage.objects.select_for_update(of=("self",))
        .select_related("speech__session")
        .filter(pk=passage)
        .first()
    )
    if row is None:
        raise NotFound("没有这段标记。", fix="请刷新页面。")
    require(by, "consultation.record", region=row.speech.session.region_code)
    if not row.needs_look:
        raise Conflict("这段原话没有待复核的更正。", fix="请刷新页面。")
    row.needs_look = False
    row.save(update_fields=["needs_look"])
    record_event(
        by=by, action="consultation.look_again", subject=f"speech:{row.speech_id}", after={"passage": row.pk}
    )
    return row


def _same_line_ends(text: str, stored: str) -> str:
    """Browsers send line ends of two characters; that alone is no correction, and would move every mark."""
    plain = text.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in stored else plain


def _changed(row: Any, new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name, value in new.items() if getattr(row, name) != value]
    return {name: getattr(row, name) for name in names}, {name: new[name] for name in names}


def _reason(why: str, before: dict[str, Any]) -> str:
    if not before:
        raise Refusal("没有改动任何内容。", fix="请修改后再保存。")
    return said(why, "更正理由", "请写明为什么更正，例如“与录音核对”。")[:300]


def _save(row: Any, after: dict[str, Any]) -> None:
    for name, value in after.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*after, "revision"])


def _keep(
    session: Session, before: dict[str, Any], after: dict[str, Any], why: str, **more: Any
) -> Correction:
    frozen = session.packages.exists()
    return Correction.objects.create(
        session=session, before=before, after=after, why=why, after_freeze=frozen, **more
    )


def _without_address(values: dict[str, Any]) -> dict[str, Any]:
    return {name: "***" if name == "email" and value else value for name, value in values.items()}


def _carry(row: Speech, text: str) -> list[int]:
    """Move the marks of a speech to where their words stand now; return those whose words changed."""
    marks = list(row.passages.select_related("item").order_by("start"))
    places = shifted(row.text, text, [(one.start, one.end) for one in marks])
    looks = []
    for one, (start, end) in zip(marks, places, strict=True):
        old, new = row.text[one.start : one.end], text[start:end]
        if not any(each.isalnum() for each in new):
            raise Conflict(
                f"更正后“{old[:20]}”这段话不见了，而它已“{one.get_fate_display()}”。",
                fix="请保留这段话；清单呈报之前也可以先在对照页撤回标记。",
            )
        if old != new:
            one.needs_look = True
            looks.append(one.pk)
            _follow(one.item, old, new)
        one.start, one.end = start, end
    Passage.objects.bulk_update(marks, ["start", "end", "needs_look"])
    return looks


def _follow(item: Item | None, old: str, new: str) -> None:
    """Let an item that is still being put together take the corrected words; one on its way keeps what was submitted."""
    if item is None:
        return
    if item.state in (ItemState.COLLECTED, ItemState.LISTED) and item.text == old.strip():
        item.text = new.strip()
    item.revision += 1
    item.save(update_fields=["text", "revision"])


@in_record_language
def _tell(looks: list[int], why: str, *, on: date) -> None:
    """Tell the offices that follow an item on its way that the words it stands on were corrected."""
    for item in Item.objects.filter(passages__in=looks).select_related("session").distinct():
        text = _("“%(title)s”的原话有更正：%(why)s") % {"title": item.title, "why": why}
        notify(item, text, on=on, role=Role.CPPCC, region=item.session.region_code)
        notify(item, text, on=on, role=Role.SUPERVISION)
