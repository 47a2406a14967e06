"""Where a figure comes from: the statement that computes it and the rows behind it, page by page or all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import polars as pl

from zhicheng.apps.figures.labels import column_choices, column_label, record_of
from zhicheng.apps.figures.queries import outside_reason, parameters
from zhicheng.apps.figures.snapshots import current_snapshot, fact_path
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators import Indicator, period_bounds, rows_sql, scan_sql

HIDDEN = {"row_key", "region"}


@dataclass(frozen=True)
class RowsPage:
    """Some of the rows behind a figure, ready to be shown.

    Args:
        headings: words over the columns.
        rows: (address of the record behind the row, its cells in words).
        after: key to go on after, empty on the last page.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Any, ...]], ...]
    after: str = ""


def statement(identity: str, *, region: str, as_of: date, period: str = "ytd") -> str:
    """The SQL that computes a figure, with its parameters written beside it."""
    entries = load_catalogue()
    one = entries.indicator(identity).at(as_of)
    if one.ratio:
        parts = (one.ratio.numerator, one.ratio.denominator)
        return "\n\n".join(
            f"-- {part}\n{statement(part, region=region, as_of=as_of, period=period)}" for part in parts
        )
    fact = entries.facts[one.fact]
    start, _ = period_bounds(period, as_of)
    head = f"-- $regions = ['{region}'], $as_of = {as_of}, $start = {start}\n-- {fact.id}: {fact.grain}\n"
    return head + scan_sql(fact, [one], fact.id)


def counted(identity: str, as_of: date) -> tuple[Fact, Indicator]:
    """The indicator whose rows are shown, that of the numerator for a ratio, and its fact."""
    entries = load_catalogue()
    one = entries.indicator(identity)
    while one.ratio:
        one = entries.indicator(one.ratio.numerator)
    return entries.facts[one.fact], one.at(as_of)


def rows(
    identity: str, *, region: str, as_of: date, period: str = "ytd", after: str = "", limit: int = 0
) -> pl.DataFrame:
    """The rows behind a figure, each once, in the order of their keys; those of the numerator for a ratio.

    Args:
        identity: the indicator.
        region: region code.
        as_of: the day.
        period: for flows.
        after: key of the last row seen, empty for the first page.
        limit: at most so many; 0 for all.
    """
    fact, one = counted(identity, as_of)
    start, _ = period_bounds(period, as_of)
    path = fact_path(current_snapshot(), fact)
    text = rows_sql(fact, one, f"read_parquet('{path}')", after=bool(after), limit=limit)
    given: dict[str, Any] = {"regions": [region], "start": start, "as_of": as_of, "after": after}
    if after and after.isdigit():
        given["after"] = int(after)
    with duckdb.connect() as base:
        table = base.sql(text, params=parameters(text, given)).to_arrow_table()
    frame = pl.DataFrame(pl.from_arrow(table))
    return frame.clear() if one.unavailable or outside_reason(region) else frame


def rows_page(identity: str, *, region: str, as_of: date, period: str, after: str, size: int) -> RowsPage:
    """A page of the rows behind a figure in a reader's words."""
    frame = rows(identity, region=region, as_of=as_of, period=period, after=after, limit=size + 1)
    fact, _ = counted(identity, as_of)
    shown = frame.head(size)
    record = record_of(fact)
    keys = shown["row_key"].cast(str).to_list()
    cells = worded(shown, fact).with_columns(pl.selectors.date().cast(str))
    found = tuple(
        (f"/records/{record}/{key}/" if record else "", row)
        for key, row in zip(keys, cells.iter_rows(), strict=True)
    )
    return RowsPage(tuple(cells.columns), found, keys[-1] if frame.height > size else "")


def worded(frame: pl.DataFrame, fact: Fact) -> pl.DataFrame:
    """Rows under a reader's headings, codes as words, without the columns that only machines need."""
    columns: dict[str, pl.Series] = {}
    for name in frame.columns:
        if name in HIDDEN:
            continue
        words = column_choices(fact, name)
        series = frame[name]
        columns[column_label(fact, name)] = series.replace(words) if words else series
    return pl.DataFrame(columns)


def row_keys(identity: str, *, region: str, as_of: date, period: str) -> Iterator[str]:
    """Keys of the rows behind a figure as text."""
    yield from rows(identity, region=region, as_of=as_of, period=period)["row_key"].cast(str)
