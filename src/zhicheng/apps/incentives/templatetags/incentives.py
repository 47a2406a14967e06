"""Money to the 分 on pages, and a name looked up by its id."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.filter
def fen(value: Any) -> str:
    """Write money in 元 with two places and separators; missing is a dash."""
    return "—" if value in (None, "") else f"{Decimal(str(value)):,.2f}"


@register.filter
def called(key: Any, names: Mapping[Any, str]) -> str:
    """The name that belongs to an id, the id when nobody knows it."""
    return names.get(key, str(key))
