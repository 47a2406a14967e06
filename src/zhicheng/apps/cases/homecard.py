"""The room's card on the home page: what waits for a person, the most urgent first."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import User, may
from zhicheng.apps.cases import queries
from zhicheng.apps.cases.asking import today
from zhicheng.apps.web.public import Card, Line, Place
from zhicheng.kernel.lights import Light

SHOWN = 6
TONES = {Light.GREEN: "good", Light.YELLOW: "warm", Light.RED: "bad", Light.STOPPED: ""}


def card(user: Any, place: Place) -> Card | None:
    """Return the card; None for who has nothing to do with cases."""
    if not isinstance(user, User) or not (may(user, "cases.view") or may(user, "cases.own")):
        return None
    page = queries.worklist(user, {}, today())
    lines = tuple(
        Line(
            text=f"{one.handling.number} {one.title}", href=reverse("cases:case", args=[one.handling.pk]),
            note=f"{one.handling.due_on}" if one.handling.due_on else one.stage,
            tag=_(one.light.words) if one.light else one.stage, tone=TONES[one.light] if one.light else "",
        )
        for one in page.rows[:SHOWN]
    )  # fmt: skip
    return Card(_("等您办的件"), lines, _("没有等您办的件。"), reverse("cases:index"))
