"""Small words of the room's pages: lights, days left, what stands behind a name."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.lights import Light

register = template.Library()
TONES = {Light.GREEN: "good", Light.YELLOW: "warm", Light.RED: "bad", Light.STOPPED: ""}


@register.simple_tag
def light(value: Light | None) -> SafeString | str:
    """Write a light as a word with its colour; colour is never the only sign."""
    if value is None:
        return "—"
    return format_html('<span class="tag {}">{}</span>', TONES[value], value.words)


@register.filter
def days_left(days: int | None) -> str:
    """Write how many days are left, or since when it is overdue."""
    if days is None:
        return ""
    if days < 0:
        return _("超期 %(days)d 日") % {"days": -days}
    return _("剩 %(days)d 日") % {"days": days} if days else _("今天")


@register.filter
def stage_name(matter: Matter, stage: str) -> str:
    """Return the name of a stage."""
    return str(matter.stage(stage).name)


@register.filter
def outcome_name(matter: Matter, outcome: str) -> str:
    """Return the name of an outcome."""
    return str(matter.outcome(outcome).name) if outcome else ""


@register.filter
def party_place(matter: Matter, party: Any) -> str:
    """Return the place of a party as its definition calls it."""
    return next((str(one.name) for one in matter.roles if one.id == party.role), party.place)


@register.filter
def covered(text: str, open_to: Any) -> str:
    """Hide the middle of a contact from who may not see it."""
    if open_to or not text:
        return text
    return f"{text[:1]}＊＊＊{text[-2:] if len(text) > 4 else ''}"
