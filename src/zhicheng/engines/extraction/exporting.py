"""The extraction as JSON values, in the shape other programs rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhicheng.engines.extraction.document import Article, Repair
    from zhicheng.engines.extraction.extracting import Extraction
    from zhicheng.engines.extraction.figure import Figure, Person, PolicyRule


def extraction_data(extraction: Extraction) -> dict[str, object]:
    """Everything taken out of one text; unknown is null, an offset counts code points of the raw file."""
    reading = extraction.reading
    return {
        "file": reading.name,
        "sha256": reading.sha256,
        "article": _article(reading.article),
        "figures": [_figure(one) for one in extraction.figures],
        "policies": [_policy(one) for one in extraction.policies],
        "people": [_person(one) for one in extraction.people],
        "repairs": [_repair(one) for one in reading.repairs],
    }


def _article(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "publisher": article.publisher or None,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "author": article.author or None,
        "region": article.region or None,
        "region_code": article.region_code or None,
        "event_on": article.event_on.isoformat() if article.event_on else None,
        "year": article.year,
        "year_reason": article.year_reason,
    }


def _figure(one: Figure) -> dict[str, object]:
    period, rank = one.period, one.rank
    qualifiers = [*one.qualifiers, *([f"附于{one.of[0]}-{one.of[1]}"] if one.of else [])]
    return {
        "value": one.value,
        "unit": one.unit,
        "base_value": one.base_value,
        "base_unit": one.base_unit,
        "approx": one.approx,
        "indicator": one.indicator or None,
        "indicator_id": one.indicator_id or None,
        "subject": one.subject or None,
        "region": one.region or None,
        "region_code": one.region_code or None,
        "period": {
            "text": period.text,
            "kind": period.kind,
            "start": period.start.isoformat() if period.start else None,
            "end": period.end.isoformat() if period.end else None,
        }
        if period
        else None,
        "qualifiers": qualifiers,
        "rank": {"text": rank.text, "value": rank.value, "bound": rank.bound, "scope": rank.scope}
        if rank
        else None,
        "sentence": one.sentence,
        "start": one.start,
        "end": one.end,
        "confidence": float(one.confidence),
        "kind": one.kind,
    }


def _policy(one: PolicyRule) -> dict[str, object]:
    return {
        "trigger": one.trigger,
        "conditions": list(one.conditions),
        "payee": one.payee or None,
        "payer": one.payer or None,
        "mode": one.mode or None,
        "amount": one.amount,
        "unit": one.unit,
        "written": one.written,
        "sentence": one.sentence,
        "start": one.start,
        "end": one.end,
    }


def _person(one: Person) -> dict[str, object]:
    return {
        "name": one.name,
        "roles": [{"title": role.title, "organisation": role.organisation or None} for role in one.roles],
        "on": one.on.isoformat() if one.on else None,
        "sentence": one.sentence,
        "start": one.start,
        "end": one.end,
        "confidence": float(one.confidence),
    }


def _repair(one: Repair) -> dict[str, object]:
    return {
        "kind": one.kind,
        "start": one.start,
        "end": one.end,
        "before": one.before,
        "after": one.after,
        "reason": one.reason,
        "confidence": float(one.confidence),
        "candidates": list(one.candidates),
    }
