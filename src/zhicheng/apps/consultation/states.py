"""The states of an item and the steps between them: from where, to where, and whose permission each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.kernel.refusals import Conflict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ItemState(models.TextChoices):
    """Where an item stands on its way to an answer."""

    COLLECTED = "collected", _("收集")
    LISTED = "listed", _("列入清单")
    SUBMITTED = "submitted", _("呈批")
    INSTRUCTED = "instructed", _("待交办")
    IN_HAND = "in_hand", _("办理")
    ANSWERED = "answered", _("待审结")
    CHECKED = "checked", _("反馈")
    JUDGED = "judged", _("已评价")
    CLOSED = "closed", _("销号")
    PARKED = "parked", _("挂账")
    DECLINED = "declined", _("不予采纳")
    MERGED = "merged", _("并入")


S = ItemState
FINAL = frozenset({S.CLOSED, S.DECLINED, S.MERGED})
# Columns of the board, in the order an item passes them.
BOARD = (S.COLLECTED, S.LISTED, S.SUBMITTED, S.INSTRUCTED, S.IN_HAND, S.ANSWERED, S.CHECKED, S.JUDGED, S.PARKED, S.CLOSED, S.DECLINED)  # fmt: skip
# A passage that became one of these still waits for somebody.
WAITING = frozenset(set(BOARD) - FINAL)


@dataclass(frozen=True)
class Step:
    """A step of an item.

    Args:
        name: how actions and the trail call it. label: how people call it.
        sources: states it starts from. target: state it leads to.
        permission: what the acting person must hold; `speaker` for the one who raised the item.
    """

    name: str
    label: StrOrPromise
    sources: frozenset[str]
    target: str
    permission: str


def _steps() -> dict[str, Step]:
    rows: tuple[tuple[str, StrOrPromise, tuple[str, ...], str, str], ...] = (
        ("list", _("列入清单"), (S.COLLECTED,), S.LISTED, "consultation.submit"),
        ("submit", _("呈报"), (S.LISTED,), S.SUBMITTED, "consultation.submit"),
        ("merge", _("并入"), (S.COLLECTED,), S.MERGED, "consultation.record"),
        ("decline", _("不予采纳"), (S.LISTED, S.SUBMITTED), S.DECLINED, "consultation.submit"),
        ("instruct", _("批示"), (S.SUBMITTED,), S.INSTRUCTED, "consultation.instruct"),
        (
            "instruct_again", _("再次批示"),
            (S.INSTRUCTED, S.IN_HAND, S.ANSWERED, S.CHECKED, S.JUDGED, S.CLOSED, S.PARKED, S.DECLINED),
            S.INSTRUCTED, "consultation.instruct",
        ),
        ("assign", _("交办"), (S.INSTRUCTED,), S.IN_HAND, "consultation.supervise"),
        ("ordinary", _("按一般事项交办"), (S.COLLECTED, S.LISTED, S.SUBMITTED), S.IN_HAND, "consultation.supervise"),
        ("reassign", _("改派"), (S.IN_HAND,), S.IN_HAND, "consultation.supervise"),
        ("extend", _("延期"), (S.IN_HAND,), S.IN_HAND, "consultation.supervise"),
        ("transfer", _("移交接收"), (S.INSTRUCTED, S.IN_HAND), S.INSTRUCTED, "consultation.supervise"),
        ("answer", _("报送办理结果"), (S.IN_HAND,), S.ANSWERED, "consultation.answer"),
        ("return", _("退回重办"), (S.ANSWERED,), S.IN_HAND, "consultation.supervise"),
        ("check", _("审结"), (S.ANSWERED,), S.CHECKED, "consultation.supervise"),
        ("judge", _("评价"), (S.CHECKED,), S.JUDGED, "speaker"),
        ("close", _("销号"), (S.JUDGED,), S.CLOSED, "consultation.close"),
        ("park", _("挂账"), (S.IN_HAND, S.ANSWERED, S.CHECKED, S.JUDGED), S.PARKED, "consultation.supervise"),
        ("reopen", _("重新打开"), (S.JUDGED, S.CLOSED, S.PARKED), S.IN_HAND, "consultation.feedback"),
        ("resubmit", _("重新呈报"), (S.DECLINED,), S.SUBMITTED, "consultation.feedback"),
    )  # fmt: skip
    return {row[0]: Step(row[0], row[1], frozenset(row[2]), row[3], row[4]) for row in rows}


STEPS = _steps()


def next_state(step: str, state: str, *, number: str) -> str:
    """Return the state a step leads to.

    Raises:
        Conflict: the step does not start from the item's state.
    """
    rule = STEPS[step]
    if state not in rule.sources:
        here = ItemState(state).label
        allowed = "、".join(str(one.label) for one in ItemState if one in rule.sources)
        raise Conflict(
            f"事项 {number} 现在处于“{here}”，“{rule.label}”只能从“{allowed}”开始。",
            fix="请刷新页面看看是谁先办了，再决定下一步。",
        )
    return rule.target
