"""Freezes the two lists under a number and submits them; says no with a reason; lets a no be heard again."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.models import Item, Package, Passage, Session
from zhicheng.apps.consultation.moving import locked, move, said
from zhicheng.apps.consultation.passages import open_pieces
from zhicheng.apps.consultation.sessions import lock_session
from zhicheng.apps.consultation.states import ItemState
from zhicheng.kernel.refusals import Refusal

LISTS = (Item.Kind.PROBLEM, Item.Kind.SUGGESTION)


@transaction.atomic
def submit_list(*, session: Session, kind: str, on: date, by: User) -> Package:
    """Freeze one of the two lists under a number and submit it for decision.

    Raises:
        Refusal: nothing of this kind is left to submit, or a passage has no fate yet.
    """
    require(by, "consultation.submit", region=session.region_code)
    if kind not in LISTS:
        raise Refusal("只有问题清单和建议清单呈报领导。", fix="表态承诺和会议任务请直接交办。")
    lock_session(session)
    if waiting := open_pieces(session):
        raise Refusal(
            f"还有 {waiting} 段发言没有去向，不能呈报。", fix="请先在对照页逐段立项、并入或写明不立项的理由。"
        )
    if changed := Passage.objects.filter(speech__session=session, needs_look=True).count():
        raise Refusal(
            f"有 {changed} 段原话更正后还没有复核，不能呈报。",
            fix="请在对照页看过更正后的原话，确认去向不变或重新整理。",
        )
    rows = session.items.filter(kind=kind, state__in=(ItemState.COLLECTED, ItemState.LISTED))
    numbers = list(rows.values_list("number", flat=True))
    label = _list_name(kind)
    if not numbers:
        raise Refusal(f"{label}没有待呈报的事项。", fix="请先从发言中立项。")
    items = [locked(one) for one in numbers]
    content = [_frozen(one) for one in items]
    package = Package.objects.create(
        session=session,
        number=f"{session.number}-{label}-{session.packages.count() + 1}",
        kind=kind,
        content=content,
        content_hash=content_hash(content),
        submitted_on=on,
        submitted_by=by,
    )
    package.items.set(items)
    for one in items:
        if one.state == ItemState.COLLECTED:
            move(one, "list", on=on, by=by, why="")
        move(one, "submit", on=on, by=by, why=f"列入{package.number}")
    return package


def _list_name(kind: str) -> str:
    """Return the name of a list as it stands in its number: the same whatever language the page is read in."""
    return {Item.Kind.PROBLEM.value: "问题清单", Item.Kind.SUGGESTION.value: "建议清单"}[kind]


def _frozen(item: Item) -> dict[str, Any]:
    speakers = item.raised_by.select_related("speaker").order_by("speaker_id")
    return {
        "number": item.number, "title": item.title, "text": item.text,
        "speakers": [link.speaker.title for link in speakers],
        "merged": list(item.merged.order_by("number").values_list("number", flat=True)),
    }  # fmt: skip


def content_hash(content: list[dict[str, Any]]) -> str:
    """Return the SHA-256 of a package's content, written in one fixed way."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@transaction.atomic
def decline(*, item: str, why: str, on: date, by: User) -> Item:
    """Decline an item with a reason its speakers will read."""
    row = locked(item)
    require(by, "consultation.submit", region=row.region_code)
    return move(row, "decline", on=on, by=by, why=said(why, "不予采纳的理由", "请填写理由，发言人会收到。"))


def note(row: Item, what: str, *, by: User | None, why: str = "", **after: Any) -> None:
    """Write an audit event about an item that does not move it, and mark it as changed."""
    row.revision += 1
    row.save(update_fields=["revision"])
    record_event(by=by, action=f"consultation.{what}", subject=f"item:{row.number}", why=why, after=after)
