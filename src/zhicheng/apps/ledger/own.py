"""What an organisation sees of its own on the home page: its rights and what falls due; a bank its pledges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import scope
from zhicheng.apps.ledger.models import HonourGrant, HonourScheme, Organisation, Patent, Trademark
from zhicheng.apps.web.public import Card, Line, Place

SOON = timedelta(days=365)
SHOWN = 6


def rights_card(user: Any, place: Place) -> Card | None:
    """Rights of the organisations a person acts for, with those that end within a year."""
    own = scope(user).organisation_ids
    if not own:
        return None
    patents = Patent.objects.filter(owners__organisation_id__in=own).distinct()
    marks = Trademark.objects.filter(organisation_id__in=own)
    lines = [
        Line(one.name, f"/records/organisations/{one.pk}/", one.uscc)
        for one in Organisation.objects.filter(pk__in=own).order_by("name")
    ]
    lines.append(Line(_("专利"), "/records/patents/", f"{patents.count()} {_('件')}"))
    lines.append(Line(_("商标"), "/records/trademarks/", f"{marks.count()} {_('件')}"))
    soon = marks.filter(expires_on__gte=place.as_of, expires_on__lt=place.as_of + SOON, ended_on__isnull=True)
    lines += [
        Line(one.name or one.number, f"/records/trademarks/{one.pk}/", f"{_('有效期至')} {one.expires_on}", _("该续展"), "warm")
        for one in soon.order_by("expires_on")[:SHOWN]
    ]  # fmt: skip
    return Card(_("我的权利"), tuple(lines))


def honours_card(user: Any, place: Place) -> Card | None:
    """Honours of the organisations a person acts for."""
    own = scope(user).organisation_ids
    if not own:
        return None
    rows = HonourGrant.objects.filter(organisation_id__in=own, granted_on__lte=place.as_of)
    shown = list(rows.order_by("-granted_on", "-pk")[:SHOWN])
    names = dict(
        HonourScheme.objects.filter(code__in={one.scheme_code for one in shown}).values_list("code", "name")
    )
    lines = tuple(
        Line(
            f"{names.get(one.scheme_code, one.scheme_code)} {one.get_tier_display()}",
            f"/records/honours/{one.pk}/",
            str(one.granted_on or ""),
        )
        for one in shown
    )
    return Card(_("我的荣誉"), lines, _("还没有登记在册的荣誉。"))
