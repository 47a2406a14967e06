"""Indicators: catalogue entries in, figures with their statement and rows out."""

from zhicheng.engines.indicators.compiling import rows_sql, scan_sql
from zhicheng.engines.indicators.definition import Earlier, Indicator, Ratio
from zhicheng.engines.indicators.periods import period_bounds

__all__ = ["Earlier", "Indicator", "Ratio", "period_bounds", "rows_sql", "scan_sql"]
