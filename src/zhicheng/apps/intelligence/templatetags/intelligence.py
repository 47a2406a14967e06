"""Small words of this room's pages: hedges before numbers, how a quote stands to the newest one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()
HEDGES = {
    "at_least": gettext_lazy("不少于"), "above": gettext_lazy("超"), "about": gettext_lazy("约"), "below": gettext_lazy("近"),
}  # fmt: skip
RELATIONS = {
    "newest": (gettext_lazy("最新"), "signed"), "duplicate": (gettext_lazy("重复"), ""),
    "superseded": (gettext_lazy("已被替代"), ""), "contradicts": (gettext_lazy("矛盾"), "bad"),
    "other": (gettext_lazy("口径或期间不同"), ""),
}  # fmt: skip


@register.simple_tag
def hedge(approx: str) -> str:
    """Return the word before a number that is not exact."""
    return str(HEDGES.get(approx, ""))


@register.simple_tag
def relation_word(relation: str) -> SafeString:
    """Return how a quote stands to the newest one, as a tag."""
    word, shade = RELATIONS.get(relation, (_("未定"), ""))
    return format_html('<span class="tag {}">{}</span>', shade, word)


@register.filter
def item(names: Mapping[str, Any], key: str) -> Any:
    """Return the name of a key, the key itself when it has none."""
    return names.get(key, key)
