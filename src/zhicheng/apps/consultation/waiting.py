"""What waits in the loop for a person: the card on the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import Role, may, opening_date, scope
from zhicheng.apps.consultation import access
from zhicheng.apps.consultation.models import Item, Participant
from zhicheng.apps.consultation.queries import lines_of
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.web.public import Card, Line, Place

SHOWN = 6
# Where an item stands when an office has to act.
TURN = {
    Role.CPPCC: (ItemState.COLLECTED, ItemState.LISTED, ItemState.CHECKED),
    Role.LEADER: (ItemState.SUBMITTED,),
    Role.SUPERVISION: (ItemState.INSTRUCTED, ItemState.ANSWERED, ItemState.JUDGED),
}


def card(user: Any, place: Place) -> Card | None:
    """Return the card of the loop for a person, None for who has no part in it."""
    if may(user, "consultation.own") and not may(user, "consultation.view"):
        return _own(user)
    if not may(user, "consultation.view"):
        return None
    today = opening_date()
    rows = list(_turn(user).select_related("session")[:SHOWN])
    lines = []
    for one in lines_of(rows, on=today):
        overdue = next((late.days for late in one.late if late.kind == "overdue"), 0)
        tag = _("逾期 %(days)s 天") % {"days": overdue} if overdue else one.item.get_state_display()
        note = f"{one.item.lead_unit} {one.item.due_on or ''}".strip()
        lines.append(
            Line(
                one.item.title,
                reverse("consultation:item", args=[one.item.number]),
                note,
                tag,
                "bad" if overdue else "",
            )
        )
    return Card(_("协商闭环"), tuple(lines), _("没有等您办的协商事项。"), reverse("consultation:board"))


def _turn(user: Any) -> QuerySet[Item]:
    rows = access.items(user)
    if user.role in TURN:
        return rows.filter(scope(user).regions_q(), state__in=TURN[user.role]).order_by(
            "entered_state_on", "pk"
        )
    unit = getattr(user, "department", "") or "-"
    return rows.filter(state=ItemState.IN_HAND, tasks__unit=unit, tasks__ended_on__isnull=True).order_by(
        "due_on", "pk"
    )


def _own(user: Any) -> Card | None:
    speakers = Participant.objects.filter(scope(user).organisations_q())
    rows = Item.objects.filter(raised_by__speaker__in=speakers).exclude(state=ItemState.MERGED).distinct()
    lines = [
        Line(one.title, reverse("consultation:mine"), "", one.get_state_display(), "warm" if one.state == ItemState.CHECKED else "")
        for one in rows.order_by("-pk")[:SHOWN]
    ]  # fmt: skip
    if not lines:
        return None
    return Card(_("我们提出的事项"), tuple(lines), "", reverse("consultation:mine"))
