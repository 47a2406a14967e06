"""Figures read from a snapshot: values by region, trends, the rows behind a figure and its statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import duckdb

from zhicheng.apps.accounts.public import city, region_prefix
from zhicheng.apps.figures.missing import left_out, reason
from zhicheng.apps.figures.snapshots import Snapshot, current_snapshot, fact_path
from zhicheng.apps.ledger.public import LedgerRegion
from zhicheng.apps.web.public import said
from zhicheng.catalogue.loader import Catalogue, load_catalogue
from zhicheng.engines.indicators import Indicator, period_bounds, scan_sql
from zhicheng.engines.indicators.periods import same_day_last_year
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import NotFound, Refusal

FEN = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """One value with everything that makes it a figure.

    Args:
        value: exact, None when missing.
        rows: how many rows are behind it.
        missing: why there is no value, empty when there is one.
        incomplete: categories the value leaves out because their data are missing.
        name, unit: in Chinese, as the command line and the API say them. label, unit_label: in the language of the page.
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
    def label(self) -> str:
        """Its name in the language of the page."""
        return said(catalogue()[self.id], "name")

    @property
    def unit_label(self) -> str:
        """Its unit in the language of the page; money stays 元, for the page writes it at its own size."""
        return said(catalogue()[self.id], "unit")

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
        Refusal: no such period, breakdown or region.
    """
    entries = load_catalogue()
    wanted = [entries.indicator(one) for one in ids] if ids else list(entries.indicators.values())
    wanted = [one.at(as_of) for one in wanted]
    if by not in {None, "region"}:
        raise Refusal(f"不能按“{by}”分组。", fix="可用：region。")
    start, _ = period_bounds(period, as_of)
    outside = outside_reason(region)
    places = children_of(region) if by else (region,)
    snapshot = current_snapshot()
    if outside:
        return [replace(_blank(one, snapshot, region, as_of, period), missing=outside) for one in wanted]
    found = _scan(entries, snapshot, tuple(_with_parts(entries, wanted, as_of)), places, start, as_of)
    return [
        _figure(entries, snapshot, one, place, found, as_of, period) for one in wanted for place in places
    ]


def children_of(region: str) -> tuple[str, ...]:
    """Codes directly below a region, in order."""
    return tuple(
        LedgerRegion.objects.filter(parent_code=region).order_by("code").values_list("code", flat=True)
    )


def outside_reason(region: str) -> str:
    """Why the ledger cannot speak for a region; empty for the city and everything below it.

    Raises:
        NotFound: nobody knows the code.
    """
    here = city()
    if here is None or region.startswith(region_prefix(here.region_code)):
        if here is None or region == here.region_code or _known(region):
            return ""
        raise NotFound(
            f"没有区划“{region}”。", fix=f"用 zhicheng figures --by region 查看{here.name}的区划。"
        )
    if not _known(region):
        raise NotFound(f"没有区划“{region}”。", fix="请核对六位区划代码。")
    return f"台账只含{here.name}及其以下，不能代表这个区划"


def _known(region: str) -> bool:
    if LedgerRegion.objects.filter(code=region).exists():
        return True
    try:
        regions.region(region)
    except Refusal:
        return False
    return True


def _with_parts(entries: Catalogue, wanted: Iterable[Indicator], as_of: date) -> list[Indicator]:
    found: dict[str, Indicator] = {}
    for one in wanted:
        if one.ratio:
            halves = (entries.indicator(one.ratio.numerator), entries.indicator(one.ratio.denominator))
            for part in _with_parts(entries, (half.at(as_of) for half in halves), as_of):
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
                statement, parameters(statement, {"regions": list(places), "start": start, "as_of": as_of})
            ).fetchall()
            for row in rows:
                cells = iter(row[1:])
                for one in group:
                    value = next(cells)
                    count = value if one.value == "count" else next(cells)
                    values[one.id, row[0]] = (_exact(value, count, one), count)
    return values


def parameters(statement: str, given: dict[str, Any]) -> dict[str, Any]:
    """Those of the given values that a statement asks for."""
    return {name: value for name, value in given.items() if f"${name}" in statement}


def _exact(value: Any, count: int, indicator: Indicator) -> Decimal:
    if value is None or count == 0:
        return Decimal("0.00") if indicator.is_money else Decimal(0)
    number = Decimal(str(value))
    if indicator.is_money:
        return number.quantize(FEN)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _blank(one: Indicator, snapshot: Snapshot, place: str, as_of: date, period: str) -> Figure:
    shown = period if one.kind == "flow" else ""
    return Figure(
        one.id, one.version, one.kind, one.name_zh, None, one.unit_zh, place, as_of, shown, snapshot.id, 0
    )  # fmt: skip


def _figure(
    entries: Catalogue,
    snapshot: Snapshot,
    one: Indicator,
    place: str,
    found: Values,
    as_of: date,
    period: str,
) -> Figure:
    blank = _blank(one, snapshot, place, as_of, period)
    if one.ratio is None:
        missing, incomplete = reason(entries, snapshot, one), left_out(entries, snapshot, one)
        if missing or (one.parts and len(incomplete) == len(one.parts)):
            return replace(blank, missing=missing or f"各类都没有数据：{'、'.join(incomplete)}")
        value, rows = found.get((one.id, place), (_exact(None, 0, one), 0))
        return replace(blank, value=value, rows=rows, incomplete=incomplete)
    upper, lower = entries.indicator(one.ratio.numerator), entries.indicator(one.ratio.denominator)
    top = _figure(entries, snapshot, upper.at(as_of), place, found, as_of, period)
    low = _figure(entries, snapshot, lower.at(as_of), place, found, as_of, period)
    if top.value is None or low.value is None:
        return replace(blank, missing=top.missing or low.missing)
    if low.value == 0:
        return replace(blank, missing=f"分母“{low.name}”为 0 或没有数据")
    step = Decimal(1).scaleb(-one.ratio.places)
    value = (top.value * one.ratio.scale / low.value).quantize(step, ROUND_HALF_UP)
    return replace(blank, value=value, rows=top.rows, incomplete=top.incomplete + low.incomplete)


def trend(identity: str, *, region: str, as_of: date, period: str = "ytd", years: int = 6) -> list[Figure]:
    """The same figure on the same day of the last years, oldest first."""
    return trends((identity,), region=region, as_of=as_of, period=period, years=years)[identity]


def trends(
    ids: Sequence[str], *, region: str, as_of: date, period: str = "ytd", years: int = 6
) -> dict[str, list[Figure]]:
    """Several figures on the same day of the last years, oldest first; one question a year for all of them."""
    days = [as_of]
    for _ in range(years - 1):
        days.append(same_day_last_year(days[-1]))
    snapshot = current_snapshot().id
    by_day = [_at(tuple(ids), region, day, period, snapshot) for day in reversed(days)]
    return {one: [found[index] for found in by_day] for index, one in enumerate(ids)}


@lru_cache(maxsize=1024)
def _at(ids: tuple[str, ...], region: str, day: date, period: str, snapshot: str) -> tuple[Figure, ...]:
    del snapshot  # part of the key: a new snapshot is a new question
    return tuple(compute(ids, region=region, as_of=day, period=period))
