"""Money to the 分 on pages, and a name looked up by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context

from zhicheng.apps.accounts.public import may
from zhicheng.apps.ledger.public import HonourTier, honour_names

register = template.Library()
TIERS = dict(HonourTier.choices)
CODE = re.compile(r"\b([a-z_]+)/([a-z_]+)\b")


@register.filter
def fen(value: Any) -> str:
    """Write money in 元 with two places and separators; missing is a dash."""
    return "—" if value in (None, "") else f"{Decimal(str(value)):,.2f}"


@register.filter
def called(key: Any, names: Mapping[Any, str]) -> str:
    """The name that belongs to an id, the id when nobody knows it."""
    return names.get(key, str(key))


@register.simple_tag(takes_context=True)
def if_may(context: Context, permission: str) -> bool:
    """Tell whether the reader has a permission."""
    request = context.get("request")
    return request is not None and may(request.user, permission)


@register.simple_tag(takes_context=True)
def spoken(context: Context, text: str) -> str:
    """Write the codes of honours in a text the way a person reads them; one query a page."""
    if not CODE.search(text):
        return text
    request = context.get("request")
    names = getattr(request, "honour_names", None)
    if names is None:
        names = honour_names()
        if request is not None:
            request.honour_names = names

    def named(found: re.Match[str]) -> str:
        scheme, tier = found.groups()
        return f"{names[scheme]} {TIERS.get(tier, tier)}" if scheme in names else found[0]

    return CODE.sub(named, text)
