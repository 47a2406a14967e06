"""Cards of the home page: late sources and figures to sign, and how fresh each source is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, scope
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import catalogue
from zhicheng.apps.figures.reporting import Report, freshness, reports
from zhicheng.apps.web.public import Card, Line, Place

SHOWN = 6


def card(user: Any, place: Place) -> Card | None:
    """Card for those who prepare records or sign figures: what is late, what waits for a signature."""
    del place
    if not may(user, "records.prepare"):
        return None
    late = [one for one in reports(user, today=timezone.localdate()) if one.late]
    lines = [*_signing(user), *_late(late)][:SHOWN]
    return Card(
        _("数据报送与签发"), tuple(lines), _("没有逾期未报的数据，也没有待签发的数据。"), "/figures/sources/"
    )


def _late(late: Sequence[Report]) -> list[Line]:
    """One line for each kind of record and day; those of one county are named."""
    found = []
    for (label, kind, due), group in groupby(
        sorted(late, key=lambda one: (one.due_on, one.record_type)), key=lambda one: (one.label, one.record_type, one.due_on)
    ):  # fmt: skip
        owing = list(group)
        who = "、".join(one.place for one in owing[:3])
        if len(owing) > 3:
            who = _("%(names)s等 %(count)d 个区划") % {"names": who, "count": len(owing)}
        reminded = max((one.reminded_on for one in owing if one.reminded_on), default=None)
        note = _("应于 %(day)s") % {"day": due}
        if reminded:
            note = _("应于 %(day)s，已提醒 %(reminded)s") % {"day": due, "reminded": reminded}
        found.append(Line(f"{label} · {who}", f"/records/{kind}/", note, _("逾期"), "bad"))
    return found


def _signing(user: Any) -> list[Line]:
    if not may(user, "figures.approve"):
        return []
    waiting = SignedFigure.objects.filter(scope(user).regions_q(), status=SignedFigure.Status.PREPARED)
    names, found = catalogue(), list(waiting.order_by("pk")[: SHOWN + 1])
    if len(found) > SHOWN:
        words = _("%(count)d 项数据等待签发") % {"count": waiting.count()}
        return [Line(words, "/figures/to-sign/", "", _("待签发"), "warm")]
    return [
        Line(
            names[one.indicator].name_zh if one.indicator in names else one.indicator,
            f"/figures/{one.indicator}/?region={one.region_code}&as_of={one.as_of}", f"{one.value} {one.unit}",
            _("待签发"), "warm",
        )
        for one in found
    ]  # fmt: skip


def freshness_card(user: Any, place: Place) -> Card | None:
    """Card for everybody who sees figures: the sources that are oldest, each with its day."""
    del place
    if not may(user, "figures.view") or not scope(user).region_codes:
        return None
    today: date = timezone.localdate()
    found = freshness(user, today=today)
    stale = [one for one in found if one.stale]
    lines = [
        Line(
            one.label, f"/records/{one.record_type}/", str(one.received_on),
            _("%(count)d 天未更新") % {"count": one.days} if one.stale else "", "warm" if one.stale else "",
        )
        for one in (stale or found)[:SHOWN]
    ]  # fmt: skip
    return Card(_("数据新鲜度"), tuple(lines), _("还没有数据入库。"), "/figures/sources/")
