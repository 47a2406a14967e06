"""What waits in the room of figures: late sources, figures to sign, and reminders received."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, scope
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import catalogue
from zhicheng.apps.figures.reporting import reports
from zhicheng.apps.web.public import Card, Line, Place, region_name

SHOWN = 6


def card(user: Any, place: Place) -> Card | None:
    """Card of the home page for those who prepare records or sign figures."""
    if not may(user, "records.prepare"):
        return None
    found = reports(user, today=timezone.localdate())
    late = [one for one in found if one.late]
    lines = [
        Line(
            f"{region_name(one.region)} · {one.label}", f"/records/{one.record_type}/",
            f"{_('应于')} {one.due_on}" + (f" · {_('已提醒')} {one.reminded_on}" if one.reminded_on else ""), _("逾期"), "bad",
        )
        for one in late[:SHOWN]
    ]  # fmt: skip
    if may(user, "figures.approve"):
        names = catalogue()
        waiting = SignedFigure.objects.filter(scope(user).regions_q(), status=SignedFigure.Status.PREPARED)
        lines += [
            Line(
                names[one.indicator].name_zh if one.indicator in names else one.indicator,
                f"/figures/{one.indicator}/?region={one.region_code}&as_of={one.as_of}", f"{one.value} {one.unit}",
                _("待签发"), "warm",
            )
            for one in waiting.order_by("pk")[:SHOWN]
        ]  # fmt: skip
    fresh = max((one.received_on for one in found if one.received_on), default=None)
    empty = f"{_('没有逾期未报的数据。')}" + (f" {_('最近一次入库')}：{fresh}" if fresh else "")
    return Card(_("数据报送与签发"), tuple(lines), empty, "/figures/sources/")
