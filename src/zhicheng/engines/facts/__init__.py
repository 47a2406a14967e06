"""Facts: tables of a snapshot prepared once, one row for each region level and span of belonging."""

from zhicheng.engines.facts.definition import Fact
from zhicheng.engines.facts.preparing import materialise_sql

__all__ = ["Fact", "materialise_sql"]
