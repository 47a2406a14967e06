"""What pages show of figures: tiles with change, target and quoted rank; counties; trends; lists by link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from zhicheng.apps.figures.models import QuotedRank, SignedFigure, Target
from zhicheng.apps.figures.queries import Figure, catalogue, children_of, compute, trend
from zhicheng.apps.web.public import Place, region_name
from zhicheng.engines.indicators.periods import same_day_last_year

LINKS = (
    ("creation", _("创造")),
    ("utilization", _("运用")),
    ("protection", _("保护")),
    ("administration", _("管理")),
    ("public_service", _("服务")),
    ("quality", _("质量品牌")),
)
KEY_FIGURES = (
    "valid_invention_patents",
    "patents_transferred",
    "patent_pledge_amount",
    "haopin_shandong_brands_total",
    "admin_adjudication_cases",
    "gi_products_total",
)


@dataclass(frozen=True)
class Comparison:
    """A figure beside its own past and its target."""

    figure: Figure
    last_year: Figure | None
    target: Decimal | None
    rank: str

    @property
    def change(self) -> Decimal | None:
        """Change on the same day of last year in percent, None where it cannot be said."""
        now, then = self.figure.value, self.last_year.value if self.last_year else None
        if now is None or not then:
            return None
        return ((now - then) / then * 100).quantize(Decimal("0.1"))


def compare(ids: list[str] | None, place: Place) -> list[Comparison]:
    """Figures with last year's value, this year's target and a quoted rank; a fixed number of queries."""
    now = compute(ids, region=place.region, as_of=place.as_of, period=place.period)
    before = compute(ids, region=place.region, as_of=same_day_last_year(place.as_of), period=place.period)
    targets = dict(
        Target.objects.filter(region_code=place.region, year=place.as_of.year).values_list(
            "indicator", "value"
        )
    )
    ranks = dict(
        QuotedRank.objects.filter(region_code=place.region, as_of=place.as_of).values_list(
            "indicator", "rank_text"
        )
    )
    return [
        Comparison(one, old, targets.get(one.id), ranks.get(one.id, ""))
        for one, old in zip(now, before, strict=True)
    ]


def address(identity: str, place: Place, tail: str = "") -> str:
    """Address of a figure's page at a place."""
    query = urlencode({"region": place.region, "as_of": place.as_of.isoformat(), "period": place.period})
    return f"/figures/{identity}/{tail}?{query}"


def tiles(place: Place) -> list[dict[str, Any]]:
    """The key figures as tiles with their trend."""
    signed = signed_ids(place)
    return [
        {
            "name": one.figure.name,
            "value": one.figure.value,
            "unit": one.figure.unit,
            "missing": one.figure.missing,
            "change": one.change,
            "target": one.target,
            "rank": one.rank,
            "signed": one.figure.id in signed,
            "series": [past.value for past in trend(one.figure.id, region=place.region, as_of=place.as_of)],
            "href": address(one.figure.id, place),
        }
        for one in compare(list(KEY_FIGURES), place)
    ]


def signed_ids(place: Place) -> set[str]:
    """Indicators with a signed figure for this region and day."""
    return set(
        SignedFigure.objects.filter(
            region_code=place.region, as_of=place.as_of, status=SignedFigure.Status.SIGNED
        ).values_list("indicator", flat=True)
    )


def counties(identity: str, place: Place) -> list[dict[str, Any]]:
    """One row for each region directly below, largest first."""
    if not children_of(place.region):
        return []
    found = compute([identity], region=place.region, as_of=place.as_of, period=place.period, by="region")
    rows = [
        {
            "name": region_name(one.region),
            "code": one.region,
            "value": one.value,
            "href": address(identity, Place(one.region, place.as_of, place.period)),
        }
        for one in found
    ]
    return sorted(rows, key=lambda row: (row["value"] is None, -(row["value"] or 0)))


def trend_chart(identity: str, place: Place) -> dict[str, Any]:
    """Data of a trend chart: the figure on the same day of six years, and its targets."""
    one = catalogue()[identity]
    points = trend(identity, region=place.region, as_of=place.as_of)
    goals = dict(
        Target.objects.filter(indicator=identity, region_code=place.region).values_list("year", "value")
    )
    factor, unit = (Decimal(100_000_000), "亿元") if one.is_money else (Decimal(1), one.unit_zh)
    values = [None if point.value is None else float(point.value / factor) for point in points]
    series: list[dict[str, Any]] = [{"name": one.name_zh, "values": values, "role": "", "labels": True}]
    goal = [
        float(goals[point.as_of.year] / factor) if goals.get(point.as_of.year) else None for point in points
    ]
    if any(value is not None for value in goal):
        series.append({"name": str(_("目标")), "values": goal, "role": "target"})
    kind = "bar" if one.kind == "flow" else "line"
    return {"kind": kind, "unit": unit, "x": [str(point.as_of.year) for point in points], "series": series}


def sentence(chart: dict[str, Any], as_of: date) -> str:
    """A trend in one sentence, for those who do not see the picture."""
    values = chart["series"][0]["values"]
    known = [(year, value) for year, value in zip(chart["x"], values, strict=True) if value is not None]
    if len(known) < 2:
        return ""
    (first, low), (last, high) = known[0], known[-1]
    unit = chart["unit"]
    return f"{first} 年同日 {low:,.10g}{unit}，{last} 年 {high:,.10g}{unit}（各年 {as_of:%m-%d}）。"


def board(place: Place) -> dict[str, Any]:
    """What home page and wall screen show: tiles, counties and the trend of the leading figure."""
    lead = KEY_FIGURES[0]
    chart = trend_chart(lead, place)
    return {
        "place": place,
        "tiles": tiles(place),
        "counties": counties(lead, place),
        "lead": catalogue()[lead],
        "lead_href": address(lead, place),
        "chart": chart,
        "chart_words": sentence(chart, place.as_of),
    }


def published_figures(region: str, limit: int = 200) -> list[SignedFigure]:
    """Figures that anybody may read, the newest first."""
    rows = SignedFigure.objects.filter(region_code=region, status=SignedFigure.Status.SIGNED)
    return list(rows.select_related("signed_by").order_by("-as_of", "indicator")[:limit])
