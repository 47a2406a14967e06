"""Whether a figure can be said at all: data that were never loaded are missing, not zero."""

from __future__ import annotations

from functools import lru_cache

import duckdb

from zhicheng.apps.figures.labels import column_label, table_label
from zhicheng.apps.figures.snapshots import Snapshot, fact_path
from zhicheng.catalogue.loader import Catalogue
from zhicheng.engines.indicators import Indicator


def reason(entries: Catalogue, snapshot: Snapshot, one: Indicator) -> str:
    """Why a figure has no value; empty when it has one."""
    if one.unavailable:
        return one.unavailable
    fact = entries.facts[one.fact]
    tables = (*fact.tables, *(need for need in one.needs if need not in fact.columns))
    empty = [table for table in tables if not snapshot.rows(table)]
    if empty:
        return f"没有导入过数据：{'、'.join(table_label(table) for table in empty)}"
    blank = [
        need
        for need in one.needs
        if need in fact.columns and not _filled(str(fact_path(snapshot, fact)), need, fact.columns[need])
    ]
    return f"数据里没有填过：{'、'.join(column_label(fact, need) for need in blank)}" if blank else ""


def left_out(entries: Catalogue, snapshot: Snapshot, one: Indicator) -> tuple[str, ...]:
    """Names of the categories of a figure whose data are missing."""
    parts = [entries.indicator(part) for part in one.parts]
    return tuple(part.name_zh for part in parts if reason(entries, snapshot, part))


@lru_cache(maxsize=512)
def _filled(path: str, column: str, kind: str) -> bool:
    empty = f" and {column} <> ''" if kind == "text" else ""
    with duckdb.connect() as base:
        row = base.execute(
            f"select 1 from read_parquet('{path}') where {column} is not null{empty} limit 1"
        ).fetchone()
    return row is not None
