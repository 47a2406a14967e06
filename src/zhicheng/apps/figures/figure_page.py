"""All that one figure's page shows, put together in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhicheng.apps.accounts.public import may
from zhicheng.apps.figures import boards
from zhicheng.apps.figures.access import sees_rows
from zhicheng.apps.figures.comparing import Comparison, compare
from zhicheng.apps.figures.history import difference
from zhicheng.apps.figures.lineage import rows_page, statement
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import Figure, catalogue, compute
from zhicheng.apps.figures.sections import sections
from zhicheng.apps.web.public import PERIODS, Place
from zhicheng.engines.indicators import Indicator

ROWS = 25
PUBLISHED = 10


@dataclass(frozen=True)
class Version:
    """A definition and when it applied.

    Args:
        version: its number. definition: its words. until: its last day, None for the present one.
        why: why it was left. here: True for the one this page's figure stands on.
    """

    version: int
    definition: str
    until: Any
    why: str
    here: bool


def figure_page(identity: str, place: Place, user: Any, *, after: str = "") -> dict[str, Any]:
    """The page of a figure for a person; a fixed number of SQL queries whatever the ledger holds."""
    entry = catalogue()[identity]
    given: dict[str, Any] = {"region": place.region, "as_of": place.as_of, "period": place.period}
    one = compare([identity], **given)[0]
    open_rows = sees_rows(user, place.region)
    chart = boards.trend_chart(identity, place)
    signed = SignedFigure.objects.filter(indicator=identity, region_code=place.region)
    waiting = signed.filter(as_of=place.as_of, period=one.figure.period, status=SignedFigure.Status.PREPARED)
    return {
        "entry": entry, "one": one, "place": place, "chart": chart, "chart_words": boards.sentence(chart, place.as_of),
        "counties": boards.counties(identity, place), "periods": periods(entry, place), "versions": versions(entry, place),
        "parts": parts(entry, place), "statement": statement(identity, **given), "sees_rows": open_rows,
        "page": rows_page(identity, after=after, size=ROWS, **given) if open_rows and one.figure.rows else None,
        "published": _published(signed) if open_rows else [],
        "waiting": waiting.select_related("prepared_by").first(),
        "may_prepare": may(user, "figures.sign", region=place.region),
        "may_sign": may(user, "figures.approve", region=place.region),
        "sections": sections.of(identity, user, place),
        "may_enter": may(user, "records.prepare", region=place.region),
    }  # fmt: skip


def _published(signed: Any) -> list[Any]:
    found = signed.exclude(status=SignedFigure.Status.PREPARED).select_related("signed_by", "replaced_by")
    return [difference(row) for row in found[:PUBLISHED]]


def periods(entry: Indicator, place: Place) -> list[tuple[str, str, Comparison]]:
    """A flow in every period that ends on the day: (code, words, figure); nothing for a state."""
    if entry.kind != "flow":
        return []
    return [
        (code, str(words), compare([entry.id], region=place.region, as_of=place.as_of, period=code)[0])
        for code, words in PERIODS.items()
    ]


def versions(entry: Indicator, place: Place) -> list[Version]:
    """Every definition the indicator has had, the present one first."""
    here = entry.at(place.as_of).version
    now = Version(entry.version, entry.definition, None, "", entry.version == here)
    earlier = sorted(entry.earlier, key=lambda one: one.until, reverse=True)
    return [
        now,
        *(Version(one.version, one.definition, one.until, one.why, one.version == here) for one in earlier),
    ]


def parts(entry: Indicator, place: Place) -> list[Figure]:
    """What a figure is made of: the categories it unites, or numerator and denominator of a ratio."""
    names = list(entry.at(place.as_of).parts)
    if entry.ratio:
        names = [entry.ratio.numerator, entry.ratio.denominator]
    if not names:
        return []
    return compute(names, region=place.region, as_of=place.as_of, period=place.period)
