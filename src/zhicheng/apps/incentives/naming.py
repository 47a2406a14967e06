"""Codes of honours in a text, written the way a person reads them: `china_patent_award/gold` → 中国专利奖 金奖."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhicheng.apps.ledger.public import HonourTier

TIERS = dict(HonourTier.choices)
CODE = re.compile(r"\b([a-z_]+)/([a-z_]+)\b")


def said_by_name(text: str, names: Mapping[str, str]) -> str:
    """A text with the codes of known schemes replaced by their names; codes nobody knows stay.

    Args:
        text: as the engine writes it. names: of the schemes, by code.
    """

    def named(found: re.Match[str]) -> str:
        scheme, tier = found.groups()
        return f"{names[scheme]} {TIERS.get(tier, tier)}" if scheme in names else found[0]

    return CODE.sub(named, text)
