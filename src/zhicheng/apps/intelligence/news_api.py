"""Texts, their figures, quotes and benchmarks over the API: the same readings and decisions as on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.files import UploadedFile
from ninja.params.functions import File, Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, city, opening_date
from zhicheng.apps.intelligence import actions, queries
from zhicheng.apps.intelligence.article_models import Article, FoundFigure
from zhicheng.apps.intelligence.benchmarking import benchmark
from zhicheng.apps.intelligence.exports import benchmark_json
from zhicheng.apps.intelligence.people import confirm_person, people_of
from zhicheng.apps.intelligence.quote_models import QuotedFigure
from zhicheng.apps.intelligence.reading import MAX_FILE, read_file
from zhicheng.apps.web.public import Place
from zhicheng.kernel.refusals import NotAllowed

router = Router(tags=["news"])
AFTER = Query("", max_length=20)
LARGEST_ID = 2**63 - 1


class Decided(Schema):
    """What becomes of a figure; `values` corrects columns of the quote, `indicator` is what a phrase means."""

    step: Literal["accept", "reject", "map", "reopen"]
    values: dict[str, str] = Field(default_factory=dict)
    indicator: str = Field("", max_length=80)
    why: str = Field("", max_length=500)


class Confirmed(Schema):
    """Who a named person is in the ledger; an empty number says that the ledger does not know them."""

    name: str = Field(max_length=60)
    number: str = Field("", max_length=40)


@router.get("/news/articles", summary="Texts read, newest first")
def list_articles(
    request: HttpRequest,
    q: str = Query("", max_length=100),
    after: str = AFTER,
    show: Literal["", "open"] = "",
) -> dict[str, Any]:
    """Return up to fifty articles with how many of their figures wait for a decision."""
    page = queries.articles_page(request.user, q=q, show=show, after=after)
    items = [{**_about(one), "figures": one.found, "waiting": one.waiting} for one in page.rows]
    return {"items": items, "next": page.next or None}


@router.post("/news/articles", summary="Read a text", response={201: dict[str, Any], 200: dict[str, Any]})
def add_article(request: HttpRequest, file: UploadedFile = File(...)) -> Status[dict[str, Any]]:  # noqa: B008
    """Read one file; the same file twice is one article (200 the second time)."""
    kept = read_file(file.read(MAX_FILE + 1), file.name or "", by=_person(request))
    return Status(201 if kept.new else 200, _whole(kept.article, request))


@router.get("/news/articles/{number}", summary="One text with its figures, people and reward rules")
def one_article(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return an article; spans are code points of the raw file, end exclusive."""
    return _whole(queries.article(min(number, LARGEST_ID), request.user), request)


@router.post("/news/figures/{number}/decision", summary="Decide what becomes of a figure")
def decide(request: HttpRequest, number: int, given: Decided) -> dict[str, Any]:
    """Accept (as read or corrected), reject, map to an indicator, or take a decision back."""
    by, figure = _person(request), min(number, LARGEST_ID)
    if given.step == "accept":
        columns = {name: value for name, value in given.values.items() if name in CORRECTABLE}
        return _quote(actions.accept(figure=figure, by=by, values=columns))
    if given.step == "map":
        return _figure(actions.map_phrase(figure=figure, indicator=given.indicator, by=by))
    change = actions.reject if given.step == "reject" else actions.reopen
    return _figure(change(figure=figure, by=by, why=given.why))


CORRECTABLE = frozenset(
    (
        "indicator",
        "words",
        "kind",
        "counted",
        "value",
        "unit",
        "approx",
        "about_code",
        "about_region",
        "period_text",
    )
)


@router.post("/news/articles/{number}/people", summary="Confirm who a named person is")
def confirm(request: HttpRequest, number: int, given: Confirmed) -> dict[str, Any]:
    """Link a person named in the text to one of the ledger, or say that the ledger has none."""
    link = confirm_person(
        article=min(number, LARGEST_ID), name=given.name, number=given.number, by=_person(request)
    )
    return {"name": link.name, "number": link.number or None}


@router.get("/news/quotes", summary="Quoted figures, the latest accepted first")
def list_quotes(
    request: HttpRequest, indicator: str = Query("", max_length=80), about: str = Query("", max_length=6), after: str = AFTER
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty quotes with source and span; quoted figures are never mixed with computed ones."""
    page = queries.quotes_page(request.user, indicator=indicator, about=about, after=after)
    return {"items": [_quote(one) for one in page.rows], "next": page.next or None}


@router.get("/news/benchmark/{identity}", summary="One indicator across regions")
def one_benchmark(
    request: HttpRequest, identity: str, region: str = Query("", max_length=6), as_of: date | None = None,
    period: str = Query("ytd", max_length=20), tolerance: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Return rows that may stand together, pairs refused with what differs, and bounds that ranks give."""
    here = city()
    place = Place(region or (here.region_code if here else ""), as_of or opening_date(), period)
    found = benchmark(request.user, identity, place, tolerance=tolerance)
    parts = {"rows": found.rows, "refused": found.refused, "bounds": found.bounds}
    return {name: [benchmark_json(found, row) for row in rows] for name, rows in parts.items()}


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("没有登录，不能核定数据。", fix="请带上接口令牌。")
    return request.user


def _about(one: Article) -> dict[str, Any]:
    return {
        "id": one.pk, "file": one.name, "sha256": one.sha256, "title": one.title, "publisher": one.publisher,
        "published_on": one.published_on, "event_on": one.event_on, "year_reason": one.year_reason,
        "region": one.about_region, "region_code": one.about_code, "url": one.url, "synthetic": one.synthetic,
    }  # fmt: skip


def _whole(one: Article, request: HttpRequest) -> dict[str, Any]:
    people = [
        {
            "name": who.name,
            "roles": who.roles,
            "on": who.on or None,
            "number": who.link.number if who.link else None,
        }
        for who in people_of(one, request.user)
    ]
    return {
        **_about(one), "figures": [_figure(found) for found in queries.figures_of(one)], "people": people,
        "policies": one.extraction.get("policies", []),
    }  # fmt: skip


def _figure(one: FoundFigure) -> dict[str, Any]:
    return {
        "id": one.pk, "kind": one.kind, "value": one.value, "unit": one.unit, "base_value": one.base_value,
        "base_unit": one.base_unit, "approx": one.approx, "indicator": one.phrase, "indicator_id": one.indicator or None,
        "region": one.about_region, "region_code": one.about_code, "period": one.period_text, "start": one.start,
        "end": one.end, "sentence": one.sentence, "qualifiers": one.qualifiers, "decision": one.decision,
    }  # fmt: skip


def _quote(one: QuotedFigure) -> dict[str, Any]:
    return {
        "id": one.pk, "article": one.article_id, "indicator_id": one.indicator or None, "words": one.words,
        "kind": one.kind, "value": one.value, "unit": one.unit, "approx": one.approx, "region": one.about_region,
        "region_code": one.about_code, "period": one.period_text, "period_end": one.period_end, "rank": one.rank_text,
        "publisher": one.publisher, "published_on": one.published_on, "sentence": one.sentence, "start": one.start,
        "end": one.end, "status": one.status,
    }  # fmt: skip
