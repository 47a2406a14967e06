"""Articles, their figures and quotes as a person may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhicheng.apps.accounts.public import User, may, require, scope
from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence.article_models import Article, FoundFigure, NewsBatch
from zhicheng.apps.intelligence.quote_models import PhraseAlias, QuotedFigure, WatchedIndicator, WatchedRegion
from zhicheng.apps.web.public import Page, page_of
from zhicheng.engines.indicators import Indicator
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import NotFound, Refusal


def kept_for(user: Any, field: str = "region_code") -> Q:
    """Return the condition for collections a person reads: their own region's, those below, those above."""
    seen = scope(user)
    condition = seen.regions_q(field)
    code = getattr(user, "region_code", "")
    if code and not seen.sees_all:
        condition |= Q(**{f"{field}__in": _above(code)})
    return condition


def _above(code: str) -> list[str]:
    try:
        return [one.code for one in regions.ancestors(code)]
    except Refusal:
        return []


def articles(user: Any) -> QuerySet[Article]:
    """Return the articles a person may read."""
    require(user, "intelligence.view")
    return Article.objects.filter(kept_for(user))


def articles_page(user: Any, *, q: str = "", about: str = "", show: str = "", after: str = "") -> Page:
    """Return one page of articles, newest first, with how many of their figures wait."""
    rows = articles(user).defer("raw", "text", "origin", "repairs", "cuts", "extraction")
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(publisher__icontains=q) | Q(name__icontains=q))
    if about:
        rows = rows.filter(about_code__startswith=regions.prefix(about))
    if show == "open":
        rows = rows.filter(figures__decision=FoundFigure.Decision.OPEN).distinct()
    counted = rows.annotate(
        found=Count("figures", distinct=True),
        waiting=Count("figures", filter=Q(figures__decision=FoundFigure.Decision.OPEN), distinct=True),
    )
    return page_of(counted, after, total=rows)


def article(number: int, user: Any) -> Article:
    """Return one article.

    Raises:
        NotFound: there is none, or it is another city's.
    """
    found = articles(user).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这篇文章。", fix="请返回文章列表。")
    return found


def figures_of(one: Article) -> list[FoundFigure]:
    """Return the figures of an article in the order of the text, each with its quote."""
    return list(one.figures.select_related("quote", "decided_by").order_by("position"))


def batch(key: str, user: Any) -> NewsBatch:
    """Return one batch of texts."""
    require(user, "intelligence.view")
    found = NewsBatch.objects.filter(kept_for(user), key=key).first()
    if found is None:
        raise NotFound("没有这一批文章。", fix="请返回文章列表。")
    return found


def batches(user: Any) -> list[NewsBatch]:
    """Return the latest batches."""
    require(user, "intelligence.view")
    return list(NewsBatch.objects.filter(kept_for(user)).select_related("by")[:10])


def quotes(user: Any) -> QuerySet[QuotedFigure]:
    """Return the quotes a person may read, withdrawn ones left out."""
    require(user, "intelligence.view")
    return (
        QuotedFigure.objects.filter(kept_for(user))
        .exclude(status=QuotedFigure.Status.WITHDRAWN)
        .select_related("by")
    )


def quotes_page(user: Any, *, q: str = "", indicator: str = "", about: str = "", after: str = "") -> Page:
    """Return one page of quotes, the latest accepted first."""
    rows = quotes(user)
    if q:
        rows = rows.filter(Q(words__icontains=q) | Q(publisher__icontains=q) | Q(about_region__icontains=q))
    if indicator:
        rows = rows.filter(indicator=indicator)
    if about:
        rows = rows.filter(about_code=about)
    return page_of(rows, after)


def alias_of(found: FoundFigure) -> PhraseAlias | None:
    """Return what was decided on this phrase before, the region's own reading first."""
    rows = PhraseAlias.objects.filter(region_code=found.article.region_code, phrase=found.phrase)
    if not found.phrase:
        return None
    known = list(rows.select_related("by"))
    own = [one for one in known if one.about_code == found.about_code]
    return next(iter(own or known), None)


def watched_regions(user: Any) -> list[WatchedRegion]:
    """Return the peers followed."""
    require(user, "intelligence.view")
    return list(WatchedRegion.objects.filter(kept_for(user)))


def watched_indicators(user: Any) -> list[WatchedIndicator]:
    """Return the indicators followed."""
    require(user, "intelligence.view")
    return list(WatchedIndicator.objects.filter(kept_for(user)))


def indicators_like(words: str, limit: int = 20) -> Sequence[Indicator]:
    """Return indicators whose name, id or definition holds the words, nearest first; all when none are given."""
    entries = catalogue().values()
    plain = words.strip().lower()
    if not plain:
        return list(entries)[:limit]

    def distance(one: Indicator) -> int:
        if plain in (one.id, one.name_zh):
            return 0
        if plain in one.name_zh or plain in one.id:
            return 1
        if plain in one.definition:
            return 2
        shared = len(set(plain) & set(one.name_zh))
        return 10 - shared if shared * 2 >= min(len(set(plain)), 6) else 99

    ranked = sorted(((distance(one), one.name_zh, one) for one in entries), key=lambda row: row[:2])
    return [one for far, _, one in ranked if far < 99][:limit]


def may_review(user: User | Any, one: Article) -> bool:
    """Tell whether a person decides on the figures of this article."""
    return may(user, "intelligence.review", region=one.region_code) and user.region_code == one.region_code
