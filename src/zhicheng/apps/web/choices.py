"""Choices that a form knows only once it is made: regions in scope, people of an office, papers of a matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let a field of a form be answered with one of these values; each comes with its words."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField), f"{name} is answered in words, not by choosing"
    field.choices = list(choices)
