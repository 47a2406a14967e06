"""What changes an item: one function, one transaction, one audit event, and a word to every speaker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from zhicheng.apps.accounts.public import record_event
from zhicheng.apps.consultation.duties import require
from zhicheng.apps.consultation.models import (
    Instruction,
    Item,
    ItemEvent,
    ItemSpeaker,
    Judgement,
    Letter,
    Package,
    Participant,
    Passage,
    Report,
    Session,
    Speech,
)
from zhicheng.apps.consultation.states import ItemState, next_state
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from zhicheng.apps.accounts.public import User

# A dissatisfied speaker or new evidence re-opens within this time; the length is the office's own rule.
REOPEN_WINDOW = timedelta(days=180)


@transaction.atomic
def open_session(
    *, number: str, topic: str, held_on: date, region_code: str, research: str = "", by: User
) -> Session:
    """Open a consultation session."""
    require(by, "prepare")
    session, made = Session.objects.get_or_create(
        number=number,
        defaults={"topic": topic, "held_on": held_on, "region_code": region_code, "research": research},
    )
    if not made and (session.topic, session.held_on) != (topic, held_on):
        raise Conflict(f"场次编号 {number} 已用于“{session.topic}”。", fix="请换一个编号。")
    if made:
        record_event(
            by=by, action="consultation.open_session", subject=f"session:{number}", after={"topic": topic}
        )
    return session


@transaction.atomic
def add_speech(
    *, session: Session, speaker: Participant, text: str, reply: str = "", recording: str = "", by: User
) -> Speech:
    """Record what a participant said."""
    require(by, "prepare")
    speech = Speech.objects.create(
        session=session,
        speaker=speaker,
        position=session.speeches.count() + 1,
        text=text.strip(),
        reply=reply,
        recording=recording,
    )
    record_event(
        by=by,
        action="consultation.add_speech",
        subject=f"speech:{speech.pk}",
        after={"speaker": speaker.title},
    )
    return speech


@transaction.atomic
def take_up(
    *, speech: Speech, start: int, end: int, kind: str, title: str, on: date, by: User, joins: str = ""
) -> Item:
    """Make a passage an item, or join it to one that exists: the speaker is kept either way.

    Raises:
        Refusal: the passage lies outside the speech.
        NotFound: the item to join does not exist in the session.
    """
    require(by, "prepare")
    _check_span(speech, start, end)
    session = speech.session
    if joins:
        item = Item.objects.select_for_update().filter(session=session, number=joins).first()
        if item is None:
            raise NotFound(f"本场没有编号 {joins} 的事项。", fix="请从本场事项中选择。")
    else:
        item = Item.objects.create(
            session=session,
            number=f"{session.number}-{session.items.count() + 1:02d}",
            kind=kind,
            title=title.strip(),
            text=speech.text[start:end],
            entered_state_on=on,
        )
        _log(item, "collect", "", on=on, by=by.display_name or by.username, why="")
    ItemSpeaker.objects.get_or_create(item=item, speaker=speech.speaker)
    Passage.objects.create(speech=speech, start=start, end=end, fate=Passage.Fate.ITEM, item=item)
    record_event(
        by=by, action="consultation.take_up", subject=f"item:{item.number}", after={"span": [start, end]}
    )
    return item


@transaction.atomic
def set_aside(*, speech: Speech, start: int, end: int, reason: str, by: User) -> Passage:
    """Say why a passage becomes no item."""
    require(by, "prepare")
    _check_span(speech, start, end)
    if not reason.strip():
        raise Refusal("不立项的段落必须写明理由。", fix="请填写理由，例如“现场已答复”。")
    passage = Passage.objects.create(
        speech=speech, start=start, end=end, fate=Passage.Fate.SET_ASIDE, reason=reason
    )
    record_event(by=by, action="consultation.set_aside", subject=f"speech:{speech.pk}", why=reason)
    return passage


@transaction.atomic
def merge(*, item: str, into: str, on: date, why: str, by: User) -> Item:
    """Merge an item into another of its kind; every speaker of both is kept."""
    require(by, "prepare")
    if item == into:
        raise Refusal(f"事项 {item} 不能并入自己。", fix="请选择另一项。")
    target = locked(into)
    source = _step(item, "merge", on=on, by=by, why=why, merged_into=target)
    for link in source.raised_by.all():
        ItemSpeaker.objects.get_or_create(item=target, speaker=link.speaker)
    source.passages.update(item=target)
    return target


@transaction.atomic
def submit_list(*, session: Session, kind: str, on: date, by: User) -> Package:
    """Freeze one of the two lists under a number and submit it for decision.

    Raises:
        Refusal: nothing of this kind is left to submit, or a passage has no fate yet.
    """
    require(by, "prepare")
    open_passages = unsettled(session)
    if open_passages:
        raise Refusal(
            f"还有 {open_passages} 段发言没有去向，不能呈报。",
            fix="请先在对照页逐段立项、并入或写明不立项的理由。",
        )
    items = list(
        Item.objects.select_for_update().filter(
            session=session, kind=kind, state__in=(ItemState.COLLECTED, ItemState.LISTED)
        )
    )
    if not items:
        raise Refusal(f"本场没有待呈报的{Item.Kind(kind).label}。", fix="请先从发言中立项。")
    content = "\n".join(f"{one.number}\t{one.title}\t{one.text}" for one in items)
    count = session.packages.count() + 1
    package = Package.objects.create(
        session=session,
        number=f"{session.number}-{'问题' if kind == Item.Kind.PROBLEM else '建议'}清单-{count}",
        kind=kind,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        submitted_on=on,
        submitted_by=by,
    )
    package.items.set(items)
    for one in items:
        if one.state == ItemState.COLLECTED:
            _step(one.number, "list", on=on, by=by, why="")
        _step(one.number, "submit", on=on, by=by, why=f"列入{package.number}")
    return package


@transaction.atomic
def instruct(*, items: Iterable[str], text: str, leader: str, on: date, by: User) -> Instruction:
    """Record a leader's instruction; on a parked item it opens a new round."""
    require(by, "instruct")
    if not text.strip():
        raise Refusal("批示内容不能为空。", fix="请录入批示原文。")
    rows = [locked(one) for one in items]
    instruction = Instruction.objects.create(
        text=text, by=leader, given_on=on, recorded_by=by, round=max((one.round for one in rows), default=1)
    )
    for one in rows:
        fresh = {"round": one.round + 1} if one.state == ItemState.PARKED else {}
        _step(one.number, "instruct", on=on, by=by, why=text, **fresh)
    instruction.items.set(rows)
    return instruction


@transaction.atomic
def assign(
    *, item: str, lead_unit: str, assisting: str, due_on: date, on: date, by: User, ordinary: bool = False
) -> Item:
    """Hand an instructed item to its units with a day; an ordinary one needs no instruction and says so.

    Raises:
        Refusal: the day lies before the assignment or no unit is named.
        Conflict: nobody instructed the item and it is not sent the ordinary way.
    """
    require(by, "supervise")
    if not lead_unit.strip():
        raise Refusal("没有主办单位。", fix="请填写主办单位。")
    if due_on <= on:
        raise Refusal(f"办结期限 {due_on} 不晚于交办日 {on}。", fix="请填写交办日之后的日期。")
    why = f"主办：{lead_unit}；协办：{assisting or '无'}；期限：{due_on}" + (
        "；按一般事项办理，无批示" if ordinary else ""
    )
    step = "ordinary" if ordinary else "assign"
    return _step(
        item, step, on=on, by=by, why=why, lead_unit=lead_unit, assisting_units=assisting, due_on=due_on
    )


@transaction.atomic
def report(*, item: str, kind: str, text: str, on: date, by: User, evidence: str = "") -> Report:
    """Report progress, or before the deadline that it cannot be kept; the item stays where it is.

    Raises:
        Conflict: the item is not in hand, or inability is reported only after the deadline.
    """
    require(by, "supervise" if kind in {Report.Kind.URGE, Report.Kind.CHECK} else "answer")
    row = locked(item)
    if row.state != ItemState.IN_HAND and kind != Report.Kind.CHECK:
        raise Conflict(
            f"事项 {item} 现在处于“{row.get_state_display()}”，不在办理中。",
            fix="只有办理中的事项可以报告进展。",
        )
    if kind == Report.Kind.INABILITY and row.due_on and on > row.due_on:
        raise Conflict(
            f"期限 {row.due_on} 已过，难以按期须在到期前报告。", fix="请提交办理结果，或由督考办决定挂账。"
        )
    unit = row.lead_unit if kind != Report.Kind.URGE else "市督考办"
    made = Report.objects.create(
        item=row, kind=kind, unit=unit, text=text, evidence=evidence, reported_on=on, by=by
    )
    record_event(by=by, action=f"consultation.report.{kind}", subject=f"item:{item}", why=text)
    return made


@transaction.atomic
def answer(
    *, item: str, text: str, signed_by: str, on: date, by: User, not_done: str = "", evidence: str = ""
) -> Item:
    """Record the unit's answer, signed by its head.

    Raises:
        Refusal: the head's signature or the answer is missing.
    """
    require(by, "answer")
    if not text.strip():
        raise Refusal("办理结果不能为空。", fix="请写明做了什么、没做什么及原因。")
    if not signed_by.strip():
        raise Refusal("办理结果须由单位负责人签字。", fix="请填写签字的负责人。")
    row = _step(item, "answer", on=on, by=by, why=text)
    Report.objects.create(
        item=row, kind=Report.Kind.ANSWER, unit=row.lead_unit, text=text, not_done=not_done, evidence=evidence,
        signed_by=signed_by, reported_on=on, by=by,
    )  # fmt: skip
    return row


@transaction.atomic
def return_answer(*, item: str, why: str, on: date, by: User) -> Item:
    """Send an answer back that does not meet the six questions of supervision."""
    require(by, "supervise")
    if not why.strip():
        raise Refusal("退回须写明理由。", fix="请说明哪里不符合要求。")
    return _step(item, "return", on=on, by=by, why=why)


@transaction.atomic
def judge(*, speaker: Participant, item: str, value: str, text: str, on: date) -> Item:
    """Take a speaker's verdict; once every speaker has given one the item moves on, or re-opens.

    Raises:
        NotAllowed: the person did not raise this item.
        Conflict: there is no answer to judge yet, or a verdict was given in this round.
    """
    row = locked(item)
    if not row.raised_by.filter(speaker=speaker).exists():
        raise NotAllowed("这不是您提出的事项。", fix="请从您的专属页面进入。")
    if row.state != ItemState.ANSWERED:
        raise Conflict(
            f"事项 {item} 现在处于“{row.get_state_display()}”，还不能评价。", fix="收到办理结果后再评价。"
        )
    _, made = Judgement.objects.get_or_create(
        item=row, speaker=speaker, round=row.round, defaults={"value": value, "text": text, "given_on": on}
    )
    if not made:
        raise Conflict("本轮您已经评价过。", fix="如有新情况，请在专属页面提交新证据。")
    record_event(
        by=None, action="consultation.judge", subject=f"item:{item}", why=text, after={"value": value}
    )
    verdicts = {one.speaker_id: one.value for one in row.judgements.filter(round=row.round)}
    if len(verdicts) < row.raised_by.count():
        return row
    row = _move(row, "judge", on=on, by=speaker.title, why=text)
    if Judgement.Value.DISSATISFIED in verdicts.values():
        row = _move(
            row,
            "reopen",
            on=on,
            by=speaker.title,
            why=text or "不满意",
            reopened=row.reopened + 1,
            round=row.round + 1,
        )
    return row


@transaction.atomic
def reopen(*, item: str, why: str, on: date, by: User | None, speaker: Participant | None = None) -> Item:
    """Re-open on new evidence within the window; a speaker may do it for his or her own item.

    Raises:
        Conflict: the window is over.
    """
    row = locked(item)
    if speaker is None:
        require(by, "reopen")
    elif not row.raised_by.filter(speaker=speaker).exists():
        raise NotAllowed("这不是您提出的事项。", fix="请从您的专属页面进入。")
    if not why.strip():
        raise Refusal("重新打开须写明新的情况。", fix="请填写新证据或新情况。")
    last = row.entered_state_on + REOPEN_WINDOW
    if on > last:
        raise Conflict(f"重新打开的期限已于 {last} 届满。", fix="请作为新事项提出，并与本项关联。")
    name = speaker.title if speaker else _name(by)
    if by is not None:
        record_event(by=by, action="consultation.reopen", subject=f"item:{item}", why=why)
    return _move(row, "reopen", on=on, by=name, why=why, reopened=row.reopened + 1, round=row.round + 1)


@transaction.atomic
def close(*, item: str, on: date, by: User, why: str = "") -> Item:
    """Strike an item off (销号): answered, signed, checked, and judged by every speaker.

    Raises:
        Conflict: a speaker has no answer or gave no verdict, or the item cannot be solved yet.
    """
    require(by, "supervise")
    row = locked(item)
    silent = row.raised_by.exclude(speaker__judgements__item=row, speaker__judgements__round=row.round)
    if silent.exists():
        names = "、".join(link.speaker.title for link in silent.select_related("speaker"))
        raise Conflict(
            f"发言人（{names}）还没有评价，不能销号。", fix="请等待或联系发言人；无法解决的请挂账并说明。"
        )
    return _step(item, "close", on=on, by=by, why=why)


@transaction.atomic
def park(*, item: str, why: str, on: date, by: User) -> Item:
    """Keep an item open on the books with an explanation instead of a false “done” (挂账)."""
    require(by, "supervise")
    if not why.strip():
        raise Refusal("挂账须写明原因和下一步。", fix="请填写说明。")
    return _step(item, "park", on=on, by=by, why=why)


@transaction.atomic
def decline(*, item: str, why: str, on: date, by: User) -> Item:
    """Decline an item with a reason its speakers will read."""
    require(by, "prepare")
    if not why.strip():
        raise Refusal("不予采纳须写明理由。", fix="请填写理由，发言人会收到。")
    return _step(item, "decline", on=on, by=by, why=why)


@transaction.atomic
def link_policy(*, item: str, clause: str, indicator: str, by: User) -> Item:
    """Say which clause a suggestion became and which indicator it was meant to move."""
    require(by, "link")
    row = locked(item)
    before = {"clause": row.clause, "indicator": row.indicator}
    row.clause, row.indicator = clause, indicator
    row.save(update_fields=["clause", "indicator"])
    record_event(
        by=by,
        action="consultation.link_policy",
        subject=f"item:{item}",
        before=before,
        after={"clause": clause, "indicator": indicator},
    )
    return row


@transaction.atomic
def revoke_link(*, speaker: Participant, at: date, by: User) -> Participant:
    """Take back a speaker's personal link."""
    require(by, "prepare")
    from django.utils import timezone  # noqa: PLC0415 - the only clock this module reads

    speaker.link_revoked_at = timezone.now()
    speaker.save(update_fields=["link_revoked_at"])
    record_event(
        by=by, action="consultation.revoke_link", subject=f"participant:{speaker.pk}", after={"on": str(at)}
    )
    return speaker


def locked(number: str) -> Item:
    """Return an item, locked for this transaction.

    Raises:
        NotFound: no item has this number.
    """
    row = Item.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise NotFound(f"没有编号 {number} 的协商事项。", fix="请核对编号。")
    return row


def unsettled(session: Session) -> int:
    """How many paragraphs of the session's speeches have no fate yet."""
    total = 0
    for speech in session.speeches.prefetch_related("passages"):
        settled = [(one.start, one.end) for one in speech.passages.all()]
        total += sum(not _covered(start, end, settled) for start, end in paragraphs(speech.text))
    return total


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the non-empty lines of a text."""
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            first = start + line.index(body)
            spans.append((first, first + len(body)))
        start += len(line)
    return spans


def _covered(start: int, end: int, settled: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in settled)


def _check_span(speech: Speech, start: int, end: int) -> None:
    if not 0 <= start < end <= len(speech.text):
        raise Refusal(
            f"段落 {start}–{end} 超出发言的范围（共 {len(speech.text)} 字）。", fix="请重新选择文字。"
        )


def _name(user: User | None) -> str:
    return (user.display_name or user.username) if user else ""


def _step(number: str, step: str, *, on: date, by: User, why: str, **changes: object) -> Item:
    row = _move(locked(number), step, on=on, by=_name(by), why=why, **changes)
    record_event(
        by=by, action=f"consultation.{step}", subject=f"item:{number}", why=why, after={"state": row.state}
    )
    return row


def _move(row: Item, step: str, *, on: date, by: str, why: str, **changes: object) -> Item:
    before = row.state
    row.state = next_state(step, row.state, number=row.number)
    row.entered_state_on = on
    row.revision += 1
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    event = _log(row, step, before, on=on, by=by, why=why)
    _tell_speakers(row, event, on=on)
    return row


def _log(row: Item, step: str, before: str, *, on: date, by: str, why: str) -> ItemEvent:
    return ItemEvent.objects.create(
        item=row, step=step, state_before=before, state_after=row.state, on=on, by=by, why=why
    )


LETTERS: dict[str, Callable[[Item, ItemEvent], str]] = {
    "answer": lambda item, event: f"您提出的“{item.title}”已有办理结果：{event.why} 请评价是否满意。",
    "park": lambda item, event: f"您提出的“{item.title}”暂时无法解决，已挂账继续跟踪。原因：{event.why}",
    "decline": lambda item, event: f"您提出的“{item.title}”未予采纳。理由：{event.why}",
    "close": lambda item, event: f"您提出的“{item.title}”已销号。半年内如有新情况，可重新打开。",
}


def _tell_speakers(row: Item, event: ItemEvent, *, on: date) -> None:
    words = LETTERS.get(event.step)
    text = words(row, event) if words else f"您提出的“{row.title}”进入“{ItemState(row.state).label}”环节。"
    Letter.objects.bulk_create(
        Letter(speaker=link.speaker, item=row, event=event, text=text, sent_on=on)
        for link in row.raised_by.select_related("speaker")
    )
