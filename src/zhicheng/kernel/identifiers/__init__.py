"""Identifiers of the field: one module per kind, each with parse, normalise, validate and explain."""

from __future__ import annotations

from types import ModuleType
from typing import cast

from zhicheng.kernel.identifiers import (
    patent_application,
    patent_publication,
    uscc,
)
from zhicheng.kernel.identifiers.verdict import IdentifierError, Level, Verdict

IDENTIFIERS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module for module in (uscc, patent_application, patent_publication)
}


def validate(kind: str, text: str) -> Verdict:
    """Judge a value by the rule of a kind, a key of ``IDENTIFIERS``."""
    return cast(Verdict, IDENTIFIERS[kind].validate(text))


__all__ = ["IDENTIFIERS", "IdentifierError", "Level", "Verdict", "validate"]
