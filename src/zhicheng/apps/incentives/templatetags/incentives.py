"""Money to the 分 on pages, and a name looked up by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context

from zhicheng.apps.accounts.public import may
from zhicheng.apps.incentives.naming import CODE, said_by_name
from zhicheng.apps.incentives.rounds.stage_queries import is_called
from zhicheng.apps.ledger.public import honour_names
from zhicheng.apps.web.public import region_name

register = template.Library()
# the engine knows a region by its code only
REGION = re.compile(r"(?<!\d)(\d{6}) (?=辖区)")


@register.filter
def fen(value: Any) -> str:
    """Write money in 元 with two places and separators; missing is a dash."""
    return "—" if value in (None, "") else f"{Decimal(str(value)):,.2f}"


@register.filter
def called(key: Any, names: Mapping[Any, str]) -> str:
    """The name that belongs to an id, the id when nobody knows it."""
    return names.get(key, str(key))


@register.simple_tag(takes_context=True)
def region(context: Context, code: str) -> str:
    """The name of a region of the city; one query a page."""
    return _region(context, code)


@register.simple_tag(takes_context=True)
def called_to_score(context: Context) -> bool:
    """Tell an officer of the room whether sheets or ballots wait; everybody else has an entry in the navigation."""
    request = context.get("request")
    return request is not None and may(request.user, "policies.prepare") and is_called(request.user)


@register.simple_tag(takes_context=True)
def if_may(context: Context, permission: str) -> bool:
    """Tell whether the reader has a permission."""
    request = context.get("request")
    return request is not None and may(request.user, permission)


@register.simple_tag(takes_context=True)
def spoken(context: Context, text: str) -> str:
    """Write the codes of honours and regions in a text the way a person reads them; one query a page each."""
    request = context.get("request")
    text = REGION.sub(lambda found: _region(context, found[1]), text)
    if not CODE.search(text):
        return text
    names = getattr(request, "honour_names", None)
    if names is None:
        names = honour_names()
        if request is not None:
            request.honour_names = names
    return said_by_name(text, names)


def _region(context: Context, code: str) -> str:
    request, shell = context.get("request"), context.get("shell")
    names: dict[str, str] = getattr(request, "region_names", None) or {}
    if not names and shell is not None:
        names = {one.code: one.name for one in shell.regions}  # the frame has looked them up already
    if code not in names:
        names[code] = region_name(code)
    if request is not None:
        request.region_names = names
    return names[code]
