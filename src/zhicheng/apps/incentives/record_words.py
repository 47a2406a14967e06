"""What the codes in this room's records mean, said from the catalogue as it stands: clauses, facts, their columns and values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from zhicheng.engines.incentives.rules import FactColumn, Program

APPLIED = "applied"


def _program() -> Program:
    from zhicheng.apps.incentives.runs.evaluations import current_program  # noqa: PLC0415 - reads the models

    return current_program(examples=True)


def _column(row: Mapping[str, Any]) -> FactColumn | None:
    shape = _program().facts.get(str(row.get("fact_kind") or ""))
    return shape.columns.get(str(row.get("item") or "")) if shape else None


def clause(row: Mapping[str, Any]) -> str:
    """The name of the clause of a row."""
    found = _program().clause(str(row.get("clause") or ""))
    return found.name if found else ""


def matter(row: Mapping[str, Any]) -> str:
    """The name of the clause, where a row names its matter by one."""
    return clause({"clause": row.get("matter")})


def fact_kind(row: Mapping[str, Any]) -> str:
    """What kind of fact a row belongs to."""
    found = _program().facts.get(str(row.get("fact_kind") or ""))
    return found.label if found else ""


def item(row: Mapping[str, Any]) -> str:
    """What was established: a column of the fact, or the day of application."""
    found = _column(row)
    if found is not None:
        return found.label
    return _("申报日") if row.get("item") == APPLIED else ""


def stated(row: Mapping[str, Any]) -> str:
    """The established value: a choice by its word, an amount with its unit."""
    from zhicheng.apps.incentives.applications.fields import in_words  # noqa: PLC0415 - reads the models

    found = _column(row)
    try:
        return in_words(found, str(row.get("stated") or "")) if found else ""
    except InvalidOperation:
        return ""  # a file may hold what is no number
