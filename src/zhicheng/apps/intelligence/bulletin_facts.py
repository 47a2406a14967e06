"""Fetches what a template looks up: figures as signed and as known now, quoted ranks, names behind a figure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from zhicheng.apps.figures.public import (
    Figure,
    QuotedRank,
    SignedFigure,
    catalogue,
    children_of,
    compute,
    current_snapshot,
    rows,
)
from zhicheng.apps.ledger.public import LedgerRegion
from zhicheng.apps.web.public import region_name
from zhicheng.engines.bulletins import (
    Facts,
    FigureKey,
    Known,
    Needs,
    Place,
    QuotedPlace,
    SignedValue,
    Template,
    needs,
)
from zhicheng.engines.bulletins.needs import regions_split
from zhicheng.engines.indicators import Indicator

# Columns whose names a bulletin may print, fact by fact: organisations, products and holders of public honours.
NAMES = {
    "honours": ("holder_name",),
    "geographical_indications": ("name",),
    "operation_centres": ("name",),
    "patent_pools": ("name",),
    "speciality_products": ("name",),
}
MOST_NAMES = 60
Status = SignedFigure.Status


@dataclass(frozen=True)
class Gathered:
    """What a template asks for, and the answers."""

    needs: Needs
    facts: Facts


def gather(template: Template, *, region: str, as_of: date) -> Gathered:
    """Fetch everything a template may look up: one scan per day and period, three questions to the database."""
    split = regions_split(template, region)
    below = {code: children_of(code) for code in split}
    names = region_names({region, *(one for codes in below.values() for one in codes)})
    children = {code: tuple(Place(one, names[one]) for one in codes) for code, codes in below.items()}
    wanted = needs(template, region=region, as_of=as_of, children=lambda code: children.get(code, ()))
    figures = known_figures(wanted.figures, parents=split, names=names)
    facts = Facts(figures, _ranks(wanted.ranks), _lists(wanted.names, figures), children)
    return Gathered(wanted, facts)


def known_figures(
    keys: Iterable[FigureKey], *, parents: Iterable[str] = (), names: Mapping[str, str] | None = None
) -> dict[FigureKey, Known]:
    """Return what is known of each figure, signed and computed now.

    Args:
        parents: regions whose parts are asked for together.
        names: names of the regions as far as they are at hand.
    """
    wanted = list(keys)
    entries = catalogue()
    named = {**region_names({key.region for key in wanted} - set(names or ())), **(names or {})}
    there = [key for key in wanted if key.id in entries]
    now = _computed(there, tuple(parents))
    signed = _signed_rows(there)
    found: dict[FigureKey, Known] = {}
    for key in wanted:
        entry = entries.get(key.id)
        if entry is None:
            near = tuple(one for one in entries if key.id[:6] in one)[:4]
            found[key] = Known("", near=near)
            continue
        figure, mine = now[key], signed.get((key.id, key.region, key.as_of, _period(entry, key)), [])
        standing = next((row for row in mine if row.status == Status.SIGNED), None)
        gone = next((row for row in mine if row.status == Status.WITHDRAWN), None)
        found[key] = Known(
            entry.name_zh,
            signed_value(standing, entry, named[key.region]) if standing else None,
            any(row.status == Status.PREPARED for row in mine),
            figure.value,
            figure.missing,
            entry.version,
            gone.why if gone else "",
        )
    return found


def signed_value(row: SignedFigure, entry: Indicator | None, place: str) -> SignedValue:
    """Return a signed figure as the engine takes it: definition and source as they were signed."""
    said = row.definition
    return SignedValue(
        row.indicator, said.get("name_zh") or (entry.name_zh if entry else row.indicator), Decimal(row.value),
        row.unit, said.get("kind") or (entry.kind if entry else ""), row.region_code, place, row.as_of, row.period,
        row.version, said.get("definition", ""), said.get("source", ""), row.snapshot, row.rows,
        row.signed_at.date() if row.signed_at else None,
    )  # fmt: skip


def _period(entry: Indicator, key: FigureKey) -> str:
    return key.period if entry.kind == "flow" else ""


def region_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of regions: the city's own tree in one question, the national standard for the rest."""
    wanted = set(codes)
    if not wanted:
        return {}
    rows_ = LedgerRegion.objects.filter(code__in=wanted).order_by("valid_from")
    found = dict(rows_.values_list("code", "name"))
    return {code: found.get(code) or region_name(code) for code in wanted}


def _computed(keys: list[FigureKey], parents: tuple[str, ...]) -> dict[FigureKey, Figure]:
    """Compute what is asked for; the parts of one region together, by day and period."""
    groups: dict[tuple[str, tuple[str, ...], date, str], set[str]] = {}
    parts = {parent: children_of(parent) for parent in parents}
    below = {code: parent for parent, codes in parts.items() for code in codes}
    for key in keys:
        parent = below.get(key.region, "")
        group = (parent or key.region, parts.get(parent, ()), key.as_of, key.period)
        groups.setdefault(group, set()).add(key.id)
    snapshot = current_snapshot().id
    found: dict[FigureKey, Figure] = {}
    for (region, codes, day, period), ids in groups.items():
        for one in _scan(tuple(sorted(ids)), region, codes, day, period, snapshot):
            found[FigureKey(one.id, one.region, day, period)] = one
    return found


@lru_cache(maxsize=256)
def _scan(
    ids: tuple[str, ...], region: str, parts: tuple[str, ...], day: date, period: str, snapshot: str
) -> tuple[Figure, ...]:
    del snapshot  # part of the key, as the parts are: a new snapshot or another tree is a new question
    return tuple(compute(list(ids), region=region, as_of=day, period=period, by="region" if parts else None))


def _signed_rows(keys: list[FigureKey]) -> Mapping[tuple[str, str, date, str], list[SignedFigure]]:
    found: dict[tuple[str, str, date, str], list[SignedFigure]] = {}
    rows_ = SignedFigure.objects.filter(
        indicator__in={key.id for key in keys}, region_code__in={key.region for key in keys},
        as_of__in={key.as_of for key in keys},
    ).defer("row_keys", "statement")  # fmt: skip
    for row in rows_.order_by("-id"):
        found.setdefault((row.indicator, row.region_code, row.as_of, row.period), []).append(row)
    return found


def _ranks(keys: tuple[FigureKey, ...]) -> dict[FigureKey, QuotedPlace]:
    if not keys:
        return {}
    found = {
        (row.indicator, row.region_code, row.as_of): row
        for row in QuotedRank.objects.filter(
            indicator__in={key.id for key in keys}, as_of__in={key.as_of for key in keys}
        )
    }
    return {
        key: QuotedPlace(row.rank_text, row.scope, row.source_title, row.rank)
        for key in keys
        if (row := found.get((key.id, key.region, key.as_of)))
    }


def _lists(
    wanted: tuple[tuple[FigureKey, str], ...], figures: Mapping[FigureKey, Known]
) -> dict[tuple[FigureKey, str], tuple[str, ...]]:
    """Lists of names; only where the rows are still those that were signed."""
    found: dict[tuple[FigureKey, str], tuple[str, ...]] = {}
    for key, column in wanted:
        known = figures[key]
        entry = catalogue().get(key.id)
        if known.signed is None or entry is None or column not in NAMES.get(entry.fact, ()):
            continue
        frame = rows(key.id, region=key.region, as_of=key.as_of, period=key.period)
        digest = hashlib.sha256("\n".join(frame["row_key"].cast(str).to_list()).encode()).hexdigest()
        if digest == _signed_hash(known.signed) and frame.height <= MOST_NAMES:
            found[key, column] = tuple(dict.fromkeys(str(one) for one in frame[column] if one))
    return found


def _signed_hash(signed: SignedValue) -> str:
    row = SignedFigure.objects.filter(
        indicator=signed.id, region_code=signed.region, as_of=signed.as_of, period=signed.period,
        status=Status.SIGNED,
    ).values_list("rows_hash", flat=True).first()  # fmt: skip
    return row or ""
