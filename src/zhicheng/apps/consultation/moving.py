"""The one way an item moves: locked, from a state the step may start from, written down, and told to everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.consultation.models import Item, ItemEvent
from zhicheng.apps.consultation.states import next_state
from zhicheng.apps.consultation.telling import tell
from zhicheng.kernel.refusals import NotFound, Refusal


def locked(number: str) -> Item:
    """Return an item, locked for this transaction.

    Raises:
        NotFound: no item has this number.
    """
    row = Item.objects.select_for_update(of=("self",)).select_related("session").filter(number=number).first()
    if row is None:
        raise NotFound(f"没有编号 {number} 的协商事项。", fix="请核对编号。")
    return row


def name_of(user: User | None) -> str:
    """Return how a person is named in the story of an item."""
    return str(user) if user else "系统"


def said(text: str, what: str, fix: str) -> str:
    """Return a text that must not be empty.

    Raises:
        Refusal: it is.
    """
    if not text.strip():
        raise Refusal(f"{what}不能为空。", fix=fix)
    return text.strip()


def move(
    row: Item, step: str, *, on: date, by: User | None, why: str, who: str = "", letter: str = "", **changes: Any
) -> Item:  # fmt: skip
    """Take a step with a locked item.

    Args:
        on: the day of the step. by: the acting user, None for a speaker or the software itself.
        why: what the trail says. who: name shown instead of the user's, for a speaker.
        letter: words for the speakers where more is to be told than the step itself.
        changes: further columns of the item.

    Raises:
        Conflict: the step does not start from the item's state.
        Refusal: the day lies before the last step.
    """
    before = row.state
    target = next_state(step, before, number=row.number)
    last = max(row.entered_state_on, row.events.aggregate(last=Max("on"))["last"] or row.entered_state_on)
    if on < last:
        raise Refusal(
            f"日期 {on} 早于事项 {row.number} 上一步的日期 {last}。", fix="请填写不早于上一步的日期。"
        )
    # A change of unit or an extension is no new beginning: the days in the state go on, or ping-pong would shorten them.
    stays_on = target == before and changes.get("round", row.round) == row.round
    stayed = 0 if stays_on else (on - row.entered_state_on).days
    if not stays_on:
        row.entered_state_on = on
    row.state, row.revision = target, row.revision + 1
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    event = ItemEvent.objects.create(
        item=row, step=step, state_before=before, state_after=row.state, stayed=stayed, round=row.round, on=on,
        by=who or name_of(by), why=why,
    )  # fmt: skip
    record_event(
        by=by, action=f"consultation.{step}", subject=f"item:{row.number}", why=why,
        before={"state": before}, after={"state": row.state, "round": row.round},
    )  # fmt: skip
    tell(row, event, on=on, letter=letter)
    return row
