"""What pages show of figures: tiles, counties, trends, and all that the home page and the wall screen hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.figures.comparing import TENTH, Comparison, compare
from zhicheng.apps.figures.models import SignedFigure, Target
from zhicheng.apps.figures.queries import catalogue, compute, trend, trends
from zhicheng.apps.ledger.public import LedgerRegion
from zhicheng.apps.web.public import Place, grouped, layout_of, money_sizes, said, short_region_name

LINKS = (
    ("creation", _("创造")),
    ("utilization", _("运用")),
    ("protection", _("保护")),
    ("administration", _("管理")),
    ("public_service", _("服务")),
    ("quality", _("质量品牌")),
)
# Six tiles, and the figure that stands small beside the large one.
KEY_FIGURES = {
    "valid_invention_patents": ("", ""),
    "patents_transferred": ("", ""),
    "patent_pledge_amount": ("patent_pledge_count", _("%s 笔")),
    "haopin_shandong_brands_total": ("haopin_shandong_brands_new", _("新增 %s")),
    "admin_adjudication_cases": ("admin_adjudication_decisions", _("裁决书 %s")),
    "gi_products_total": ("gi_products_new", _("新增 %s")),
}
LEAD = next(iter(KEY_FIGURES))


@dataclass(frozen=True)
class County:
    """A region directly below, with its figure.

    Args:
        code: region code. name: as pages call it. one: its figure and what it is held against.
        href: its figure's page. row, column: place in the schematic map from 1, 0 when it has none.
    """

    code: str
    name: str
    one: Comparison
    href: str
    row: int = 0
    column: int = 0

    @property
    def value(self) -> Decimal | None:
        """The value of its figure."""
        return self.one.figure.value


def address(identity: str, place: Place, tail: str = "") -> str:
    """Address of a figure's page at a place."""
    query = urlencode({"region": place.region, "as_of": place.as_of.isoformat(), "period": place.period})
    return f"/figures/{identity}/{tail}?{query}"


def tiles(place: Place, above: str = "") -> list[dict[str, Any]]:
    """The key figures as tiles with trend, companion figure and, for a county, its place in the city."""
    companions = [one for one, _words in KEY_FIGURES.values() if one]
    asked = [*KEY_FIGURES, *companions]
    found = {
        one.figure.id: one
        for one in compare(asked, region=place.region, as_of=place.as_of, period=place.period)
    }
    past = trends(tuple(KEY_FIGURES), region=place.region, as_of=place.as_of, period=place.period)
    standings = _standings(place, above)
    return [
        _tile(found[identity], place) | {
            "note": _companion(words, found.get(companion)),
            "series": [one.value for one in past[identity]],
            "standing": standings.get(identity, ""),
        }
        for identity, (companion, words) in KEY_FIGURES.items()
    ]  # fmt: skip


def _tile(one: Comparison, place: Place) -> dict[str, Any]:
    return {
        "name": one.figure.label, "value": one.figure.value, "unit": one.figure.unit_label, "missing": one.figure.missing,
        "change": one.change, "improved": one.improved, "target": one.target.value if one.target else None,
        "rank": one.rank.rank_text if one.rank else "", "signed": one.signed, "href": address(one.figure.id, place),
    }  # fmt: skip


def _companion(words: Any, one: Comparison | None) -> str:
    if one is None or one.figure.value is None:
        return ""
    return str(words) % grouped(one.figure.value)


def _parent(place: Place) -> str:
    """The city a county lies in; empty for anything that is no county."""
    above = LedgerRegion.objects.filter(code=place.region, level="county").values_list(
        "parent_code", flat=True
    )
    return above.first() or ""


def _standings(place: Place, above: str) -> dict[str, str]:
    """For a county: which place it takes in its city with each key figure."""
    asked = list(KEY_FIGURES)
    peers = compute(asked, region=above, as_of=place.as_of, period=place.period, by="region") if above else []
    words = {}
    for identity in asked:
        known = {one.region: one.value for one in peers if one.id == identity and one.value is not None}
        mine = known.get(place.region)
        if mine is not None and len(known) > 1:
            before = sum(1 for value in known.values() if value > mine)
            words[identity] = _now("全市 %(count)d 个县级单位中第 %(place)d") % {
                "count": len(known), "place": before + 1,
            }  # fmt: skip
    return words


def against_city(place: Place, above: str) -> list[dict[str, Any]]:
    """A county's key figures beside those of its city, with its share where both can be said."""
    if not above:
        return []
    asked = list(KEY_FIGURES)
    mine = compute(asked, region=place.region, as_of=place.as_of, period=place.period)
    city = compute(asked, region=above, as_of=place.as_of, period=place.period)
    return [
        {
            "name": one.label, "unit": one.unit_label, "mine": one.value, "city": whole.value, "href": address(one.id, place),
            "share": (one.value / whole.value * 100).quantize(TENTH) if one.value is not None and whole.value else None,
        }
        for one, whole in zip(mine, city, strict=True)
    ]  # fmt: skip


def signed_ids(place: Place) -> set[str]:
    """Indicators with a signed figure for this region and day."""
    return set(
        SignedFigure.objects.filter(
            region_code=place.region, as_of=place.as_of, status=SignedFigure.Status.SIGNED
        ).values_list("indicator", flat=True)
    )


def counties(identity: str, place: Place) -> list[County]:
    """One for each region directly below, largest first, those without a value last."""
    below = LedgerRegion.objects.filter(parent_code=place.region).values_list("code", "name", "short_name")
    names = {code: short or short_region_name(name) for code, name, short in below}
    if not names:
        return []
    spots = layout_of(place.region)
    found = compare([identity], region=place.region, as_of=place.as_of, period=place.period, by="region")
    rows = [
        County(
            one.figure.region, names.get(one.figure.region, one.figure.region), one,
            address(identity, Place(one.figure.region, place.as_of, place.period)), *spots.get(one.figure.region, (0, 0)),
        )
        for one in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or 0)))


def trend_chart(identity: str, place: Place) -> dict[str, Any]:
    """Data of a trend chart: the figure on the same day of six years, and its targets."""
    one = catalogue()[identity]
    points = trend(identity, region=place.region, as_of=place.as_of, period=place.period)
    goals = dict(
        Target.objects.filter(indicator=identity, region_code=place.region).values_list("year", "value")
    )
    factor, unit = money_sizes()[0] if one.is_money else (Decimal(1), said(one, "unit"))
    values = [None if point.value is None else float(point.value / factor) for point in points]
    series: list[dict[str, Any]] = [{"name": said(one, "name"), "values": values, "role": "", "labels": True}]
    aimed = [goals.get(point.as_of.year) for point in points]
    goal = [float(value / factor) if value else None for value in aimed]
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
    return _now("%(first)s 年同日 %(low)s%(unit)s，%(last)s 年 %(high)s%(unit)s（各年 %(day)s）。") % {
        "first": first, "last": last, "unit": chart["unit"], "day": f"{as_of:%m-%d}",
        "low": f"{low:,.10g}", "high": f"{high:,.10g}",
    }  # fmt: skip


def board(place: Place) -> dict[str, Any]:
    """What home page and wall screen show: tiles, counties and the trend of the leading figure."""
    chart, above = trend_chart(LEAD, place), _parent(place)
    return {
        "place": place,
        "tiles": tiles(place, above),
        "against": against_city(place, above),
        "counties": counties(LEAD, place),
        "lead": catalogue()[LEAD],
        "lead_unit": said(catalogue()[LEAD], "unit"),
        "lead_href": address(LEAD, place),
        "chart": chart,
        "chart_words": sentence(chart, place.as_of),
    }


def published_figures(region: str, limit: int = 200) -> list[SignedFigure]:
    """Figures that anybody may read, the newest first."""
    rows = SignedFigure.objects.filter(region_code=region, status=SignedFigure.Status.SIGNED)
    return list(rows.select_related("signed_by").order_by("-as_of", "indicator")[:limit])


def notices(region: str, limit: int = 50) -> list[SignedFigure]:
    """Figures that were published and no longer stand, with what is announced about them; the newest first."""
    gone = (SignedFigure.Status.CORRECTED, SignedFigure.Status.WITHDRAWN)
    rows = SignedFigure.objects.filter(region_code=region, status__in=gone).select_related("replaced_by")
    return list(rows.order_by("-ended_at", "-pk")[:limit])


def published_tiles(figures: list[SignedFigure], place: Place) -> list[dict[str, Any]]:
    """The key figures as the public sees them: the values that stand published, the newest of each."""
    newest: dict[str, SignedFigure] = {}
    for one in figures:
        newest.setdefault(one.indicator, one)
    return [
        {
            "name": said(one.definition, "name") or one.indicator, "value": Decimal(one.value),
            "unit": said(one.definition, "unit") or one.unit,
            "change": None, "published_on": one.as_of, "signed": True, "href": address(one.indicator, place),
        }
        for one in (newest[identity] for identity in KEY_FIGURES if identity in newest)
    ]  # fmt: skip
