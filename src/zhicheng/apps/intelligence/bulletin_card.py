"""The card of the home page for those who approve bulletins, and the latest published one for everybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zhicheng.apps.intelligence import bulletin_queries
from zhicheng.apps.web.public import Card, Line, Place


def card(user: Any, place: Place) -> Card | None:
    """Return what waits for this person's approval, then the latest bulletin of the place."""
    lines = [
        Line(
            one.title,
            f"/intelligence/bulletins/{one.pk}/",
            f"{_('截至')} {one.as_of}",
            one.get_status_display(),
            "warm",
        )
        for one in bulletin_queries.waiting(user)
    ]
    newest = bulletin_queries.latest(place.region)
    if newest and newest.published_at:
        address = f"/intelligence/bulletins/published/{newest.pk}/"
        lines.append(
            Line(newest.title, address, f"{_('发布')} {newest.published_at:%Y-%m-%d}", _("最新通稿"), "good")
        )
    if not lines and not bulletin_queries.works(user):
        return None
    return Card(_("通稿"), tuple(lines), _("还没有发布通稿。"), "/intelligence/bulletins/")
