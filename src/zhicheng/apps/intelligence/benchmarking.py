"""One indicator across regions: own figures computed, peers quoted, bounds from ranks; a pair that differs is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.apps.figures.public import Figure, QuotedRank, catalogue, children_of, compute
from zhicheng.apps.intelligence import queries
from zhicheng.apps.intelligence.measured import measure_of_indicator, measure_of_quote, quote_of, value_of
from zhicheng.apps.intelligence.quote_models import QuotedFigure
from zhicheng.apps.web.public import Place, amount, region_name
from zhicheng.engines.benchmarks import (
    Difference,
    Measure,
    NotComparable,
    RankPoint,
    bound_at,
    compare,
    latest_first,
    nearest,
    refuse,
)  # fmt: skip
from zhicheng.engines.indicators import Indicator
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import Refusal

# Own figures are computed anew for at most so many indicator-and-day pairs, to say what would come nearest.
NEAR_DAYS = 6
TOLERANCES = (0, 15, 31, 92)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        mark: computed, quoted, bound or missing.
        low, high: the bounds where there is no value of its own.
        refusal: why the number may not stand in the table; None when it may.
    """

    code: str
    name: str
    mark: str
    unit: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    approx: str = "exact"
    rank: str = ""
    when: str = ""
    words: str = ""
    quote: QuotedFigure | None = None
    missing: str = ""
    refusal: NotComparable | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    """A benchmark: what is measured, rows that may stand together, pairs refused, what ranks say about the rest."""

    indicator: Indicator
    measure: Measure
    place: Place
    tolerance: int
    rows: list[Row]
    refused: list[Row]
    bounds: list[Row] = field(default_factory=list)


def benchmark(user: Any, identity: str, place: Place, *, tolerance: int = 0) -> Benchmark:
    """Hold an indicator of the place against what is known of other regions.

    Args:
        tolerance: days by which the dates of two figures may lie apart.

    Raises:
        Refusal: no such indicator, or no such tolerance.
    """
    entry = catalogue().get(identity)
    if entry is None:
        raise Refusal(f"目录中没有指标“{identity}”。", fix="请从列表中选择。")
    if tolerance not in TOLERANCES:
        raise Refusal(
            f"容许相差 {tolerance} 天不在可选之列。", fix=f"可选：{'、'.join(map(str, TOLERANCES))}。"
        )
    measure = measure_of_indicator(entry, place.as_of, place.period)
    own = _computed(entry, place)
    related = _related(entry)
    standing = QuotedFigure.Status.STANDING
    found = list(
        queries.quotes(user).filter(status=standing, indicator__in=related).exclude(figure_kind="change")
    )
    values = [one for one in found if one.figure_kind != "rank"]
    quoted, refused = _quoted(measure, values, place, tolerance)
    known = {row.code for row in [*own, *quoted, *refused]}
    watched = [
        Row(one.about_code, one.name, "missing", entry.unit_zh, missing="还没有读到这个地区公布的数")
        for one in queries.watched_regions(user)
        if one.about_code not in known
    ]
    rows = sorted([*own, *quoted], key=lambda row: (row.value is None, -(row.value or 0)))
    bounds = _bounds(
        entry, measure, place, rows, [one for one in found if one.figure_kind == "rank"], tolerance
    )
    return Benchmark(entry, measure, place, tolerance, [*rows, *watched], refused, bounds)


def _computed(entry: Indicator, place: Place) -> list[Row]:
    """Return the place's own figure; a county stands beside the other counties of its city."""
    parent = regions.prefix(place.region)[:4] + "00"
    beside = place.region in children_of(parent) if parent != place.region else False
    found = (
        compute([entry.id], region=parent, as_of=place.as_of, period=place.period, by="region")
        if beside
        else compute([entry.id], region=place.region, as_of=place.as_of, period=place.period)
    )
    when = str(measure_of_indicator(entry, place.as_of, place.period).period)
    return [
        Row(
            one.region, region_name(one.region), "computed", one.unit, value=one.value, when=when,
            words=entry.name_zh, missing=one.missing,
        )
        for one in found
    ]  # fmt: skip


def _related(entry: Indicator) -> set[str]:
    """Return the indicator and those on the same fact and unit: near enough to be mistaken for it."""
    if not entry.fact:
        return {entry.id}
    return {
        one.id for one in catalogue().values() if one.fact == entry.fact and one.unit_zh == entry.unit_zh
    } | {entry.id}


def _quoted(
    measure: Measure, found: Sequence[QuotedFigure], place: Place, tolerance: int
) -> tuple[list[Row], list[Row]]:
    by_region: dict[str, list[QuotedFigure]] = {}
    for one in found:
        by_region.setdefault(one.about_code or one.about_region, []).append(one)
    rows, refused = [], []
    own = _Nearby(place)
    for group in by_region.values():
        pairs = [
            (compare(measure, measure_of_quote(one), tolerance=tolerance), one) for one in _newest(group)
        ]
        fitting = next((one for differences, one in pairs if not differences), None)
        if fitting is not None:
            rows.append(_row(fitting))
            continue
        same = [pair for pair in pairs if pair[1].indicator == measure.subject] or pairs
        differences, best = min(same, key=lambda pair: len(pair[0]))
        others = [one for one in group if one.pk != best.pk]
        near = _near(measure, best, others, own, tolerance)
        refused.append(
            _row(best, refuse(measure, measure_of_quote(best), differences, near=near), differences)
        )
    return rows, refused


def _newest(group: Iterable[QuotedFigure]) -> list[QuotedFigure]:
    by_key = {one.pk: one for one in group}
    return [by_key[one.key] for one in latest_first(quote_of(one) for one in by_key.values())]


class _Nearby:
    """Own figures at the day and definition of a peer's quote, computed once each."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[tuple[str, date], Figure] = {}

    def of(self, quote: QuotedFigure) -> tuple[Measure, Figure] | None:
        """Return the own figure that would stand beside this quote, None where there is none."""
        entry, day = catalogue().get(quote.indicator), quote.period_end
        if entry is None or day is None:
            return None
        key = (entry.id, day)
        if key not in self._known:
            if len(self._known) >= NEAR_DAYS:
                return None
            self._known[key] = compute(
                [entry.id], region=self._place.region, as_of=day, period=self._place.period
            )[0]
        figure = self._known[key]
        return (
            (measure_of_indicator(entry, day, self._place.period), figure)
            if figure.value is not None
            else None
        )


def _near(
    measure: Measure, quote: QuotedFigure, others: Sequence[QuotedFigure], own: _Nearby, tolerance: int
) -> str:
    """Say the nearest comparable figure: ours at their definition and day, else theirs nearest to ours."""
    at_theirs = own.of(quote)
    if at_theirs and not compare(at_theirs[0], measure_of_quote(quote), tolerance=tolerance):
        ours, figure = at_theirs
        value, unit = amount(figure.value, figure.unit)
        return f"{region_name(figure.region)}{ours.name} {value}{unit}（{ours.period}）与之同口径"
    other = nearest(measure, [(measure_of_quote(one), one) for one in others], tolerance=tolerance)
    if other is None:
        return ""
    value, unit = amount(value_of(other), other.unit)
    return f"{other.about_region}{other.words} {value}{unit}（{measure_of_quote(other).period}）"


def _row(
    quote: QuotedFigure, refusal: NotComparable | None = None, differences: tuple[Difference, ...] = ()
) -> Row:
    return Row(
        quote.about_code, quote.about_region, "quoted", quote.unit, value=value_of(quote), approx=quote.approx,
        rank=quote.rank_text, when=str(measure_of_quote(quote).period), words=quote.words, quote=quote,
        refusal=refusal, differences=differences,
    )  # fmt: skip


def _bounds(
    entry: Indicator,
    measure: Measure,
    place: Place,
    rows: Sequence[Row],
    ranks: Sequence[QuotedFigure],
    tolerance: int,
) -> list[Row]:
    """Return what published ranks say about others: places with a number bound those before and behind."""
    scope, points = _ranked(entry, place, rows)
    if not points:
        return []
    found, taken = [], {one.rank for one in points}
    for one in ranks:
        if one.indicator != entry.id or not one.rank or (scope and one.rank_scope not in ("", scope)):
            continue
        when = measure_of_quote(one).period.end
        if when is None or abs((when - place.as_of).days) > max(tolerance, 31):
            continue
        bound = bound_at(points, 1 if one.rank_bound == "at_most" else one.rank, one.rank)
        if bound:
            found.append(
                Row(one.about_code, one.about_region, "bound", measure.unit, low=bound.low, high=bound.high,
                    rank=one.rank_text, when=str(measure_of_quote(one).period), words=entry.name_zh, quote=one)
            )  # fmt: skip
    return [*found, *_places(points, measure.unit, scope, taken, place)]


def _ranked(entry: Indicator, place: Place, rows: Sequence[Row]) -> tuple[str, list[RankPoint]]:
    points, scope = [], ""
    for row in rows:
        quote = row.quote
        if quote and quote.rank and quote.rank_bound in ("", "exact") and row.value is not None:
            points.append(RankPoint(quote.rank, row.value, quote.approx))
            scope = scope or quote.rank_scope
    own = next((row for row in rows if row.mark == "computed" and row.code == place.region), None)
    published = QuotedRank.objects.filter(
        indicator=entry.id, region_code=place.region, as_of=place.as_of
    ).first()
    if published and published.rank and own and own.value is not None:
        points.append(RankPoint(published.rank, own.value))
        scope = scope or published.scope
    return scope, points


def _places(points: Sequence[RankPoint], unit: str, scope: str, taken: set[int], place: Place) -> list[Row]:
    """Return the places nobody is known to hold, each stretch between known places as one row."""
    last = _how_many(scope, place)
    edges = sorted(taken)
    stretches = [
        (first + 1, second - 1) for first, second in zip([0, *edges], [*edges, last + 1], strict=True)
    ]
    rows = []
    for first, end in stretches:
        bound = bound_at(points, first, max(first, end))
        if first <= end and bound:
            name = f"第 {first} 位" if first == end else f"第 {first}–{end} 位"
            rows.append(Row("", f"{scope}{name}", "bound", unit, low=bound.low, high=bound.high))
    return rows


def _how_many(scope: str, place: Place) -> int:
    above = regions.ancestors(place.region)
    if "国" in scope or not above:
        return max(len(regions.codes()), 1) if "国" in scope else 1
    return len(regions.children(above[-1].code if "省" in scope else above[0].code))


def chart_of(found: Benchmark) -> dict[str, Any]:
    """Return the chart of a benchmark: computed and quoted bars apart, bounds and missing values not drawn."""
    shown = [row for row in found.rows if row.value is not None]
    money = found.indicator.is_money
    factor, unit = (Decimal(100_000_000), "亿元") if money else (Decimal(1), found.indicator.unit_zh)
    values = [float((row.value or Decimal(0)) / factor) for row in shown]
    marks = (("computed", "本系统计算"), ("quoted", "引用"))
    series = [
        {"name": name, "role": "", "labels": True,
         "values": [value if row.mark == mark else None for row, value in zip(shown, values, strict=True)]}
        for mark, name in marks
        if any(row.mark == mark for row in shown)
    ]  # fmt: skip
    return {"kind": "bar", "unit": unit, "x": [row.name for row in shown], "series": series}
