"""Names to organisations, with the evidence for each match and every other candidate."""

from zhicheng.engines.matching.matcher import Known, Match, Matcher
from zhicheng.engines.matching.names import normalise_name

__all__ = ["Known", "Match", "Matcher", "normalise_name"]
