"""The states of an item and the steps between them: who may take which, from where."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.kernel.refusals import Conflict


class ItemState(models.TextChoices):
    """Where an item stands on its way to an answer."""

    COLLECTED = "collected", _("收集")
    LISTED = "listed", _("列入清单")
    SUBMITTED = "submitted", _("呈批")
    INSTRUCTED = "instructed", _("已批示")
    IN_HAND = "in_hand", _("办理")
    ANSWERED = "answered", _("反馈")
    JUDGED = "judged", _("评价")
    CLOSED = "closed", _("销号")
    PARKED = "parked", _("挂账")
    DECLINED = "declined", _("不予采纳")
    MERGED = "merged", _("并入")


FINAL = frozenset({ItemState.CLOSED, ItemState.DECLINED, ItemState.MERGED})
# Columns of the board, in the order an item passes them.
BOARD = (
    ItemState.COLLECTED,
    ItemState.LISTED,
    ItemState.SUBMITTED,
    ItemState.INSTRUCTED,
    ItemState.IN_HAND,
    ItemState.ANSWERED,
    ItemState.JUDGED,
    ItemState.PARKED,
    ItemState.CLOSED,
)


@dataclass(frozen=True)
class Step:
    """A step: the states it starts from, the state it leads to, and the duty that may take it."""

    name: str
    sources: frozenset[str]
    target: str
    duty: str


def _step(name: str, sources: tuple[str, ...], target: str, duty: str) -> tuple[str, Step]:
    return name, Step(name, frozenset(sources), target, duty)


STEPS: dict[str, Step] = dict(
    (
        _step("list", (ItemState.COLLECTED,), ItemState.LISTED, "prepare"),
        _step("submit", (ItemState.LISTED,), ItemState.SUBMITTED, "prepare"),
        _step("instruct", (ItemState.SUBMITTED, ItemState.PARKED), ItemState.INSTRUCTED, "instruct"),
        _step("ordinary", (ItemState.LISTED, ItemState.SUBMITTED), ItemState.IN_HAND, "supervise"),
        _step("assign", (ItemState.INSTRUCTED,), ItemState.IN_HAND, "supervise"),
        _step("answer", (ItemState.IN_HAND,), ItemState.ANSWERED, "answer"),
        _step("return", (ItemState.ANSWERED,), ItemState.IN_HAND, "supervise"),
        _step("judge", (ItemState.ANSWERED,), ItemState.JUDGED, "speak"),
        _step("close", (ItemState.JUDGED,), ItemState.CLOSED, "supervise"),
        _step(
            "park", (ItemState.IN_HAND, ItemState.ANSWERED, ItemState.JUDGED), ItemState.PARKED, "supervise"
        ),
        _step("decline", (ItemState.LISTED, ItemState.SUBMITTED), ItemState.DECLINED, "prepare"),
        _step("reopen", (ItemState.JUDGED, ItemState.CLOSED, ItemState.PARKED), ItemState.IN_HAND, "reopen"),
        _step("merge", (ItemState.COLLECTED,), ItemState.MERGED, "prepare"),
    )
)


def next_state(step: str, state: str, *, number: str) -> str:
    """Return the state a step leads to.

    Raises:
        Conflict: the step does not start from the item's state.
    """
    rule = STEPS[step]
    if state not in rule.sources:
        here = ItemState(state).label
        allowed = "、".join(str(ItemState(one).label) for one in sorted(rule.sources))
        raise Conflict(
            f"事项 {number} 现在处于“{here}”，这一步只能从“{allowed}”开始。",
            fix="请刷新页面看看是谁先办了，再决定下一步。",
        )
    return rule.target
