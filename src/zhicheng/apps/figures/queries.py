"""Figures read from a snapshot: values by region, trends, the rows behind a figure and its statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import duckdb
import polars as pl

from zhicheng.apps.figures.missing import left_out, reason
from zhicheng.apps.figures.snapshots import Snapshot, current_snapshot, fact_path
from zhicheng.apps.ledger.public import LedgerRegion
from zhicheng.catalogue.loader import Catalogue, load_catalogue
from zhicheng.engines.indicators import Indicator, period_bounds, rows_sql, scan_sql
from zhicheng.engines.indicators.periods import same_day_last_year
from zhicheng.kernel.refusals import Refusal

FEN = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """One value with everything that makes it a figure.

    Args:
        value: exact, None when missing.
        rows: how many rows are behind it.
        missing: why there is no value, empty when there is one.
        incomplete: categories the value leaves out because their data are missing.
    """

    id: str
    version: int
    kind: str
    name: str
    value: Decimal | None
    unit: str
    region: str
    as_of: date
    period: str
    snapshot: str
    rows: int
    missing: str = ""
    incomplete: tuple[str, ...] = ()

    @property
    def text(self) -> str | None:
        """The exact value as text."""
        if self.value is None:
            return None
        return f"{self.value:f}"


def catalogue() -> dict[str, Indicator]:
    """Every indicator by id."""
    return load_catalogue().indicators


def compute(
    ids: Sequence[str] | None, *, region: str, as_of: date, period: str = "ytd", by: str | None = None
) -> list[Figure]:
    """Compute figures, all indicators of one fact in one scan.

    Args:
        ids: indicator ids; None for all.
        region: region code.
        as_of: the day.
        period: ytd, month, quarter or year, for flows.
        by: `region` for one figure of each region directly below.

    Raises:
        CatalogueError: no such indicator.
        Refusal: no such period or breakdown.
    """
    entries = load_catalogue()
    wanted = [entries.indicator(one) for one in ids] if ids else list(entries.indicators.values())
    if by not in {None, "region"}:
        raise Refusal(f"不能按“{by}”分组。", fix="可用：region。")
    places = children_of(region) if by else (region,)
    start, _ = period_bounds(period, as_of)
    snapshot = current_snapshot()
    found = _scan(entries, snapshot, tuple(_with_parts(entries, wanted)), places, start, as_of)
    return [
        _figure(entries, snapshot, one, place, found, as_of, period) for one in wanted for place in places
    ]


def children_of(region: str) -> tuple[str, ...]:
    """Codes directly below a region, in order."""
    return tuple(
        LedgerRegion.objects.filter(parent_code=region).order_by("code").values_list("code", flat=True)
    )


def _with_parts(entries: Catalogue, wanted: Iterable[Indicator]) -> list[Indicator]:
    found: dict[str, Indicator] = {}
    for one in wanted:
        if one.ratio:
            for part in _with_parts(
                entries, [entries.indicator(one.ratio.numerator), entries.indicator(one.ratio.denominator)]
            ):
                found[part.id] = part
        else:
            found[one.id] = one
    return list(found.values())


Values = dict[tuple[str, str], tuple[Decimal | None, int]]


def _scan(
    entries: Catalogue,
    snapshot: Snapshot,
    wanted: tuple[Indicator, ...],
    places: tuple[str, ...],
    start: date,
    as_of: date,
) -> Values:
    by_fact: dict[str, list[Indicator]] = {}
    for one in wanted:
        by_fact.setdefault(one.fact, []).append(one)
    values: Values = {}
    with duckdb.connect() as base:
        base.execute("set threads=2")
        for name, group in by_fact.items():
            fact = entries.facts[name]
            statement = scan_sql(fact, group, f"read_parquet('{fact_path(snapshot, fact)}')")
            rows = base.execute(
                statement, _used(statement, {"regions": list(places), "start": start, "as_of": as_of})
            ).fetchall()
            for row in rows:
                for index, one in enumerate(group):
                    value, count = row[1 + 2 * index], row[2 + 2 * index]
                    values[one.id, row[0]] = (_exact(value, count, one), count)
    return values


def _used(statement: str, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if f"${name}" in statement}


def _exact(value: Any, count: int, indicator: Indicator) -> Decimal:
    if value is None or count == 0:
        return Decimal("0.00") if indicator.is_money else Decimal(0)
    number = Decimal(str(value))
    if indicator.is_money:
        return number.quantize(FEN)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _figure(
    entries: Catalogue,
    snapshot: Snapshot,
    one: Indicator,
    place: str,
    found: Values,
    as_of: date,
    period: str,
) -> Figure:
    shown_period = period if one.kind == "flow" else ""
    blank = Figure(
        one.id,
        one.version,
        one.kind,
        one.name_zh,
        None,
        one.unit_zh,
        place,
        as_of,
        shown_period,
        snapshot.id,
        0,
    )
    if one.ratio is None:
        missing, incomplete = reason(entries, snapshot, one), left_out(entries, snapshot, one)
        if missing or (one.parts and len(incomplete) == len(one.parts)):
            return replace(blank, missing=missing or f"各类都没有数据：{'、'.join(incomplete)}")
        value, rows = found.get((one.id, place), (_exact(None, 0, one), 0))
        return replace(blank, value=value, rows=rows, incomplete=incomplete)
    top = _figure(entries, snapshot, entries.indicator(one.ratio.numerator), place, found, as_of, period)
    low = _figure(entries, snapshot, entries.indicator(one.ratio.denominator), place, found, as_of, period)
    if top.value is None or low.value is None:
        return replace(blank, missing=top.missing or low.missing)
    if low.value == 0:
        return replace(blank, missing=f"分母“{low.name}”为 0 或没有数据")
    step = Decimal(1).scaleb(-one.ratio.places)
    value = (top.value * one.ratio.scale / low.value).quantize(step, ROUND_HALF_UP)
    return replace(blank, value=value, rows=top.rows, incomplete=top.incomplete + low.incomplete)


def statement(identity: str, *, region: str, as_of: date, period: str = "ytd") -> str:
    """The SQL that computes a figure, with its parameters written beside it."""
    entries = load_catalogue()
    one = entries.indicator(identity)
    if one.ratio:
        parts = (one.ratio.numerator, one.ratio.denominator)
        return "\n\n".join(
            f"-- {part}\n{statement(part, region=region, as_of=as_of, period=period)}" for part in parts
        )
    fact = entries.facts[one.fact]
    start, _ = period_bounds(period, as_of)
    head = f"-- $regions = ['{region}'], $as_of = {as_of}, $start = {start}\n-- {fact.id}: {fact.grain}\n"
    return head + scan_sql(fact, [one], fact.id)


def rows(identity: str, *, region: str, as_of: date, period: str = "ytd") -> pl.DataFrame:
    """The rows behind a figure, each once; those of the numerator for a ratio."""
    entries = load_catalogue()
    one = entries.indicator(identity)
    if one.ratio:
        return rows(one.ratio.numerator, region=region, as_of=as_of, period=period)
    fact = entries.facts[one.fact]
    start, _ = period_bounds(period, as_of)
    text = rows_sql(fact, one, f"read_parquet('{fact_path(current_snapshot(), fact)}')")
    with duckdb.connect() as base:
        used = _used(text, {"regions": [region], "start": start, "as_of": as_of})
        table = base.sql(text, params=used).to_arrow_table()
    return pl.DataFrame(pl.from_arrow(table))


def trend(identity: str, *, region: str, as_of: date, years: int = 6) -> list[Figure]:
    """The same figure on the same day of the last years, oldest first."""
    days = [as_of]
    for _ in range(years - 1):
        days.append(same_day_last_year(days[-1]))
    return [_at(identity, region, day, current_snapshot().id) for day in reversed(days)]


@lru_cache(maxsize=4096)
def _at(identity: str, region: str, day: date, snapshot: str) -> Figure:
    del snapshot  # part of the key: a new snapshot is a new question
    return compute([identity], region=region, as_of=day)[0]
