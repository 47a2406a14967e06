"""What a quote of a found figure would say: taken from its words, its period and its article; a person confirms."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence.article_models import FoundFigure
from zhicheng.engines.benchmarks import read_words

QUOTABLE = ("metric", "count", "rank", "change", "policy_amount")
_OF_PERIOD = {
    "state": "stock", "cumulative": "cumulative", "ytd": "flow", "flow": "flow", "year": "flow", "quarter": "flow",
    "month": "flow", "range": "flow", "span": "flow", "plan": "target", "target": "target",
}  # fmt: skip
_DAY_KINDS = ("stock", "cumulative", "ratio")


def propose(found: FoundFigure) -> dict[str, Any]:
    """Return the columns of a quote as they would be taken over."""
    words = own_words(found)
    kind = kind_of(found, words)
    start, end = period_of(found, kind)
    said = read_words(found.phrase)
    return {
        "indicator": found.indicator, "words": words[:300], "kind": kind, "counted": said.counted,
        "narrowed": sorted(said.narrowed), "value": found.base_value or found.value,
        "unit": found.base_unit or found.unit, "approx": found.approx, "about_code": found.about_code,
        "about_region": found.about_region, "period_text": found.period_text, "period_start": start,
        "period_end": end, "rank": found.rank_value, "rank_bound": found.rank_bound, "rank_text": found.rank_text,
        "rank_scope": found.rank_scope,
    }  # fmt: skip


def kind_of(found: FoundFigure, words: str) -> str:
    """Say whether a figure is a stock, a flow, a total, one ceremony's number or a plan.

    The figure's own words decide; then what the sentence says before the number (`签约仪式上，…`), then the kind
    of its period, then that of its indicator.
    """
    before = read_words(said_before(found)).kind
    entry = catalogue().get(found.indicator)
    said = read_words(words).kind
    if "target" in (before, said):
        return "target"
    if entry is not None and entry.kind == "ratio":
        return "ratio"
    if said or before == "event":
        return said or before
    return _OF_PERIOD.get(found.period_kind, "") or (entry.kind if entry is not None else "")


def said_before(found: FoundFigure) -> str:
    """Return the sentence up to the number."""
    place = found.sentence.find(found.value) if found.value else -1
    return found.sentence[:place] if place > 0 else ""


def own_words(found: FoundFigure) -> str:
    """Return the words that speak of this figure alone; a period taken over from the text before is left out."""
    taken_over = any("承上文" in one for one in found.qualifiers)
    kept = [one for one in found.qualifiers if "承上文" not in one and not one.startswith("附于")]
    return " ".join(one for one in [*kept, found.phrase, "" if taken_over else found.period_text] if one)


def period_of(found: FoundFigure, kind: str) -> tuple[date | None, date | None]:
    """Return first and last day; `截至目前` is the day of the event, else the day of publication."""
    said = found.article.event_on or found.article.published_on
    end = found.period_end
    if end is None and found.period_kind in ("", "state", "cumulative", "ytd") and kind != "target":
        end = said
    if kind in _DAY_KINDS:
        return None, end
    start = found.period_start
    if start is None and found.period_kind == "ytd" and end is not None:
        start = date(end.year, 1, 1)
    return start, end
