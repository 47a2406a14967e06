"""Tells whether two short Chinese texts say the same thing again, and whether an answer was copied from another."""

from zhicheng.engines.resemblance.concepts import Concepts, Named
from zhicheng.engines.resemblance.copying import Copy, copied_share, most_copied
from zhicheng.engines.resemblance.recurrence import RECURS_FROM, Match, nearest, resemblance
from zhicheng.engines.resemblance.terms import Terms, terms_of

__all__ = [
    "RECURS_FROM",
    "Concepts",
    "Copy",
    "Match",
    "Named",
    "Terms",
    "copied_share",
    "most_copied",
    "nearest",
    "resemblance",
    "terms_of",
]
