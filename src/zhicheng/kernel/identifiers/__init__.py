"""Identifiers of the field: one module per kind, each with parse, normalise, validate and explain."""

from __future__ import annotations

from types import ModuleType
from typing import cast

from zhicheng.kernel import industries, ipc, regions
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
from zhicheng.kernel.verdicts import IdentifierError, Level, Verdict

IDENTIFIERS: dict[str, ModuleType] = {
    "citizen_id": citizen_id,
    "gtin": gtin,
    "industry": industries,
    "ipc": ipc,
    "locarno": locarno,
    "nice_class": nice_class,
    "org_code": org_code,
    "patent_application": patent_application,
    "patent_publication": patent_publication,
    "phone": phone,
    "region": regions,
    "similar_group": similar_group,
    "standard": standard,
    "trademark": trademark,
    "uscc": uscc,
}


def validate(kind: str, text: str) -> Verdict:
    """Judge a value by the rule of a kind, a key of ``IDENTIFIERS``."""
    return cast(Verdict, IDENTIFIERS[kind].validate(text))


__all__ = ["IDENTIFIERS", "IdentifierError", "Level", "Verdict", "validate"]
