"""Own figures and quotes as measures that can be held against each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from zhicheng.apps.figures.public import Figure, catalogue
from zhicheng.apps.intelligence.quote_models import QuotedFigure
from zhicheng.engines.benchmarks import Measure, Period, Quote, read_words
from zhicheng.engines.indicators import Indicator, period_bounds

_DAY_KINDS = ("stock", "cumulative", "ratio")


def measure_of_indicator(entry: Indicator, as_of: date, period: str) -> Measure:
    """Return what an indicator of the catalogue measures on a day."""
    said = read_words(entry.name_zh)
    when = Period("day", None, as_of)
    if entry.kind == "flow":
        start, end = period_bounds(period, as_of)
        when = Period("span", start, end)
    return Measure(entry.id, entry.name_zh, entry.unit_zh, entry.kind, said.narrowed, said.counted, when)


def measure_of_figure(figure: Figure) -> Measure:
    """Return what a computed figure measures."""
    return measure_of_indicator(catalogue()[figure.id], figure.as_of, figure.period or "ytd")


def measure_of_quote(quote: QuotedFigure) -> Measure:
    """Return what a quote measures, as the person who took it over confirmed."""
    span = quote.kind not in _DAY_KINDS
    when = Period(
        "span" if span else "day", quote.period_start if span else None, quote.period_end, quote.period_text
    )
    entry = catalogue().get(quote.indicator)
    name = quote.words or (entry.name_zh if entry else "")
    kind = quote.kind if quote.kind in ("stock", "flow", "cumulative", "ratio", "event", "target") else ""
    return Measure(
        quote.indicator or quote.words, name, quote.unit, kind,  # type: ignore[arg-type]
        frozenset(quote.narrowed), quote.counted, when,
    )  # fmt: skip


def value_of(quote: QuotedFigure) -> Decimal:
    """Return the quoted value; one that is no number never became a quote."""
    try:
        return Decimal(quote.value)
    except InvalidOperation as error:
        raise ValueError(f"quote {quote.pk} holds no number: {quote.value}") from error


def quote_of(row: QuotedFigure) -> Quote:
    """Return a stored quote as the engine takes it."""
    return Quote(
        row.pk,
        row.about_code,
        measure_of_quote(row),
        value_of(row),
        row.approx,
        row.publisher,
        row.published_on,
    )
