"""Gives every passage of a speech a fate: an item, merged into one, or set aside with a reason."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.models import Item, ItemEvent, ItemSpeaker, Passage, Session, Speech
from zhicheng.apps.consultation.moving import locked, move, name_of, said
from zhicheng.apps.consultation.recurring import propose_recurrences
from zhicheng.apps.consultation.sessions import lock_session
from zhicheng.apps.consultation.spans import unsettled
from zhicheng.apps.consultation.states import ItemState
from zhicheng.kernel.refusals import Conflict, Refusal

# Items that are still being put together; a passage may join them.
JOINABLE = (ItemState.COLLECTED, ItemState.LISTED)


@transaction.atomic
def take_up(
    *, speech: Speech, start: int, end: int, kind: str, title: str, on: date, by: User, joins: str = "", measure: str = ""
) -> Item:  # fmt: skip
    """Make a passage an item, or join it to one of the session: the speaker is kept either way.

    Raises:
        Refusal: the passage lies outside the speech, or the item has no title.
        Conflict: part of the passage has a fate already, or the item to join has left the lists.
    """
    session = speech.session
    require(by, "consultation.record", region=session.region_code)
    lock_session(session)
    _check_span(speech, start, end)
    if joins:
        item = _joinable(session, joins)
        fate = Passage.Fate.MERGED
    else:
        item = _new_item(session, kind, title, speech.text[start:end], on=on, by=by, measure=measure)
        fate = Passage.Fate.ITEM
    # A pledge is not judged by the official who made it.
    if item.kind in (Item.Kind.PROBLEM, Item.Kind.SUGGESTION):
        ItemSpeaker.objects.get_or_create(item=item, speaker=speech.speaker)
    Passage.objects.create(speech=speech, start=start, end=end, fate=fate, item=item)
    record_event(
        by=by, action="consultation.take_up", subject=f"item:{item.number}", after={"span": [start, end]}
    )
    if not joins:
        propose_recurrences(item)
    return item


def _joinable(session: Session, number: str) -> Item:
    item = locked(number)
    if item.session_id != session.pk or item.state not in JOINABLE:
        raise Conflict(f"{number} 不是本场尚在整理的事项。", fix="请从本场“收集”或“列入清单”的事项中选择。")
    return item


def _new_item(
    session: Session, kind: str, title: str, text: str, *, on: date, by: User, measure: str = ""
) -> Item:
    if kind not in Item.Kind.values:
        raise Refusal(f"类别“{kind}”不认识。", fix="请选择问题、建议、表态承诺或会议任务。")
    last = session.items.order_by("-number").values_list("number", flat=True).first()
    place = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    item = Item.objects.create(
        session=session,
        region_code=session.region_code,
        number=f"{session.number}-{place:03d}",
        kind=kind,
        title=said(title, "事项标题", "请用一句话说明。")[:200],
        text=text.strip(),
        measure=measure.strip(),
        raised_on=on,
        entered_state_on=on,
    )
    ItemEvent.objects.create(item=item, step="collect", state_after=item.state, on=on, by=name_of(by))
    return item


@transaction.atomic
def add_task(*, session: Session, kind: str, title: str, text: str, measure: str, on: date, by: User) -> Item:
    """Enter a conference task or a pledge made outside the recorded speeches; it is supervised by its measure.

    Raises:
        Refusal: nothing says when it is done.
    """
    require(by, "consultation.record", region=session.region_code)
    if kind not in (Item.Kind.PLEDGE, Item.Kind.TASK):
        raise Refusal("问题和建议要从发言中立项。", fix="请在对照页选择发言人的原话。")
    said(measure, "衡量办法", "请写明做到什么算完成。")
    lock_session(session)
    item = _new_item(session, kind, title, text or title, on=on, by=by, measure=measure)
    record_event(by=by, action="consultation.add_task", subject=f"item:{item.number}", after={"title": title})
    return item


@transaction.atomic
def set_aside(*, speech: Speech, start: int, end: int, reason: str, by: User) -> Passage:
    """Say why a passage becomes no item.

    Raises:
        Refusal: there is no reason. Conflict: part of the passage has a fate already.
    """
    require(by, "consultation.record", region=speech.session.region_code)
    reason = said(reason, "不立项的理由", "请填写理由，例如“现场已答复”。")
    lock_session(speech.session)
    _check_span(speech, start, end)
    passage = Passage.objects.create(
        speech=speech, start=start, end=end, fate=Passage.Fate.SET_ASIDE, reason=reason[:200]
    )
    record_event(by=by, action="consultation.set_aside", subject=f"speech:{speech.pk}", why=reason)
    return passage


@transaction.atomic
def release(*, passage: int, by: User) -> Speech:
    """Take a mark back, so that the words wait for a fate again; an item that loses its last words goes with it.

    Raises:
        Conflict: the item has left the lists, or others were merged into it.
    """
    row = Passage.objects.select_related("speech__session", "item").get(pk=passage)
    require(by, "consultation.record", region=row.speech.session.region_code)
    lock_session(row.speech.session)
    item = locked(row.item.number) if row.item else None
    if item is not None and item.state != ItemState.COLLECTED:
        raise Conflict(
            f"事项 {item.number} 已处于“{item.get_state_display()}”，不能再改动它的原话。",
            fix="请在事项页办理。",
        )
    speech = row.speech
    before = {"fate": row.fate, "span": [row.start, row.end], "item": item.number if item else ""}
    row.delete()
    if item is not None:
        _forget(item, speech)
    record_event(by=by, action="consultation.release", subject=f"speech:{speech.pk}", before=before)
    return speech


def _forget(item: Item, speech: Speech) -> None:
    if item.passages.exists():
        if not item.passages.filter(speech__speaker=speech.speaker).exists():
            item.raised_by.filter(speaker=speech.speaker).delete()
        return
    if item.merged.exists():
        raise Conflict(f"已有事项并入 {item.number}。", fix="并入之后不能撤回最后一段原话。")
    item.raised_by.all().delete()
    item.events.all().delete()
    item.notices.all().delete()
    item.delete()


@transaction.atomic
def merge(*, item: str, into: str, on: date, why: str, by: User) -> Item:
    """Merge an item into another of its session; every speaker and every passage of both is kept.

    Raises:
        Refusal: both are the same, or of different sessions or lists.
        Conflict: one of them has left the lists.
    """
    if item == into:
        raise Refusal(f"事项 {item} 不能并入自己。", fix="请选择另一项。")
    # Always in one order, so that two people who merge crosswise do not wait for each other.
    rows = {number: locked(number) for number in sorted((item, into))}
    source, target = rows[item], rows[into]
    require(by, "consultation.record", region=source.region_code)
    if source.session_id != target.session_id or source.kind != target.kind:
        raise Refusal(f"{item} 与 {into} 不在同一场的同一张清单上。", fix="请选择本场同类的事项。")
    if target.state not in JOINABLE:
        raise Conflict(f"{into} 已处于“{target.get_state_display()}”。", fix="只能并入尚在整理的事项。")
    move(source, "merge", on=on, by=by, why=why, merged_into=target)
    for link in source.raised_by.all():
        ItemSpeaker.objects.get_or_create(item=target, speaker=link.speaker)
    source.passages.update(item=target, fate=Passage.Fate.MERGED)
    return target


def open_pieces(session: Session) -> int:
    """Return how many pieces of the session's speeches have no fate yet."""
    speeches = session.speeches.prefetch_related("passages")
    return sum(unsettled(one.text, list(one.passages.all())) for one in speeches)


def _check_span(speech: Speech, start: int, end: int) -> None:
    if not 0 <= start < end <= len(speech.text):
        raise Refusal(
            f"段落 {start}–{end} 超出发言的范围（共 {len(speech.text)} 字）。", fix="请重新选择文字。"
        )
    if not any(one.isalnum() for one in speech.text[start:end]):
        raise Refusal("选中的只有标点或空白。", fix="请选择有内容的文字。")
    taken = speech.passages.filter(start__lt=end, end__gt=start).first()
    if taken is not None:
        raise Conflict(
            f"选中的文字有一部分已“{taken.get_fate_display()}”。",
            fix="请刷新页面；要改处置请先撤回原来的标记。",
        )
