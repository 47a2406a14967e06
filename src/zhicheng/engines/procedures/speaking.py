"""A definition in the other language: every name that has two is given in the one asked for, all else stays."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Words


def in_language(matter: Matter, language: str) -> Matter:
    """A definition for showing only; tasks, conditions in words and legal sources exist in Chinese alone.

    Args:
        matter: the definition.
        language: language of the page, such as `en` or `zh-hans`; any but English leaves the definition as it is.
    """
    return _spoken(matter) if language.startswith("en") else matter


def _spoken(value: Any) -> Any:
    if isinstance(value, Words):
        return Words(value.en, value.en)
    if isinstance(value, tuple):
        return tuple(_spoken(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: _spoken(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **changed)
    return value
