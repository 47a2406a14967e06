"""Indicators: catalogue entries in, figures with their statement and rows out."""

from zhicheng.engines.indicators.compiling import rows_sql
from zhicheng.engines.indicators.definition import Earlier, Indicator, Ratio
from zhicheng.engines.indicators.explaining import Question, explain_sql, questions
from zhicheng.engines.indicators.periods import period_bounds
from zhicheng.engines.indicators.scanning import scan_sql

__all__ = [
    "Earlier",
    "Indicator",
    "Question",
    "Ratio",
    "explain_sql",
    "period_bounds",
    "questions",
    "rows_sql",
    "scan_sql",
]
