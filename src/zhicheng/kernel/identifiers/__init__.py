"""Identifiers of the field: one module per kind, each with parse, normalise, validate and explain."""

from __future__ import annotations

from types import ModuleType
from typing import cast

from zhicheng.kernel.identifiers import (
    citizen_id,
    gtin,
    locarno,
    nice_class,
    org_code,
    patent_application,
    patent_publication,
    phone,
    similar_group,
    standard,
    trademark,
    uscc,
)
from zhicheng.kernel.identifiers.verdict import IdentifierError, Level, Verdict

IDENTIFIERS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        citizen_id,
        gtin,
        locarno,
        nice_class,
        org_code,
        patent_application,
        patent_publication,
        phone,
        similar_group,
        standard,
        trademark,
        uscc,
    )
}


def validate(kind: str, text: str) -> Verdict:
    """Judge a value by the rule of a kind, a key of ``IDENTIFIERS``."""
    return cast(Verdict, IDENTIFIERS[kind].validate(text))


__all__ = ["IDENTIFIERS", "IdentifierError", "Level", "Verdict", "validate"]
