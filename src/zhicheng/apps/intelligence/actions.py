"""What people decide about figures read from public texts, and what they watch; each decision is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence.article_models import FoundFigure
from zhicheng.apps.intelligence.proposals import QUOTABLE, propose
from zhicheng.apps.intelligence.quote_models import PhraseAlias, QuotedFigure, WatchedIndicator, WatchedRegion
from zhicheng.apps.intelligence.reading import keeper_of
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import NotFound, Refusal

Decision = FoundFigure.Decision
Standing = QuotedFigure.Status


@transaction.atomic
def accept(*, figure: int, by: User, values: Mapping[str, Any] | None = None) -> QuotedFigure:
    """Take a figure over as a quote, with corrections where given; the same decision twice stays one.

    Args:
        values: columns of the quote that the person corrected; empty to take what was read.

    Raises:
        Refusal: its kind cannot be quoted, or a corrected value is no number.
    """
    found = _locked(figure, by)
    if found.kind not in QUOTABLE:
        raise Refusal("日期和时限不作为引用数据。", fix="请选择不采用。")
    given = dict(values or {})
    columns = {**propose(found), **given}
    _check(columns)
    quote, made = QuotedFigure.objects.get_or_create(
        found=found, defaults={**columns, **_source(found), "status": Standing.STANDING, "by": by}
    )
    before = {} if made else _changed(quote, columns)
    if not made and not before and quote.status == Standing.STANDING:
        return quote
    for name, value in columns.items():
        setattr(quote, name, value)
    quote.status, quote.by = Standing.STANDING, by
    quote.save()
    found.indicator = quote.indicator
    _decided(found, Decision.CORRECTED if given else Decision.ACCEPTED, by)
    _remember(found, by, accepted=1)
    record_event(
        by=by, action="intelligence.accept", subject=f"found_figure:{found.pk}", before=before or None,
        after={"quote": quote.pk, "indicator": quote.indicator, "value": quote.value, "unit": quote.unit},
    )  # fmt: skip
    return quote


@transaction.atomic
def reject(*, figure: int, by: User, why: str = "") -> FoundFigure:
    """Leave a figure aside; a quote made of it is withdrawn."""
    found = _locked(figure, by)
    if found.decision == Decision.REJECTED:
        return found
    QuotedFigure.objects.filter(found=found).update(status=Standing.WITHDRAWN)
    _decided(found, Decision.REJECTED, by)
    _remember(found, by, rejected=1)
    record_event(
        by=by, action="intelligence.reject", subject=f"found_figure:{found.pk}", why=why,
        after={"value": found.value, "phrase": found.phrase},
    )  # fmt: skip
    return found


@transaction.atomic
def map_phrase(*, figure: int, indicator: str, by: User) -> FoundFigure:
    """Say which indicator a figure's phrase means; the figure itself is still to be decided.

    Raises:
        CatalogueError: no such indicator.
    """
    found = _locked(figure, by)
    _check({"indicator": indicator})
    if found.indicator == indicator and found.suggested_by == "person":
        return found
    before = found.indicator
    found.indicator, found.suggested_by = indicator, "person"
    found.save(update_fields=["indicator", "suggested_by"])
    QuotedFigure.objects.filter(found=found).update(indicator=indicator)
    _remember(found, by)
    record_event(
        by=by, action="intelligence.map", subject=f"found_figure:{found.pk}",
        before={"indicator": before}, after={"indicator": indicator, "phrase": found.phrase},
    )  # fmt: skip
    return found


@transaction.atomic
def reopen(*, figure: int, by: User, why: str = "") -> FoundFigure:
    """Take a decision back; a quote made of it is withdrawn."""
    found = _locked(figure, by)
    if found.decision == Decision.OPEN:
        return found
    QuotedFigure.objects.filter(found=found).update(status=Standing.WITHDRAWN)
    before = found.decision
    found.decision, found.decided_by, found.decided_at = Decision.OPEN, None, None
    found.save()
    record_event(
        by=by,
        action="intelligence.reopen",
        subject=f"found_figure:{found.pk}",
        why=why,
        before={"decision": before},
    )
    return found


@transaction.atomic
def mark_superseded(*, quote: int, by: User, why: str) -> QuotedFigure:
    """Say that a quote no longer holds, with the reason; it stays readable beside what replaced it."""
    require(by, "intelligence.review")
    row = QuotedFigure.objects.select_for_update().filter(pk=quote, region_code=keeper_of(by)).first()
    if row is None:
        raise NotFound("没有这条引用数据。", fix="请返回引用数据列表。")
    if row.status == Standing.SUPERSEDED:
        return row
    if not why.strip():
        raise Refusal("标为已被替代须写明理由。", fix="请填写理由，例如哪篇文章更正了它。")
    row.status = Standing.SUPERSEDED
    row.save(update_fields=["status"])
    record_event(by=by, action="intelligence.supersede", subject=f"quote:{row.pk}", why=why)
    return row


@transaction.atomic
def watch(*, by: User, region: str = "", indicator: str = "", why: str = "") -> None:
    """Follow a peer region or an indicator.

    Raises:
        Refusal: no such region or indicator, or neither was named.
    """
    require(by, "intelligence.watch")
    keeper = keeper_of(by)
    if region:
        place = _place(region)
        _, made = WatchedRegion.objects.get_or_create(
            region_code=keeper,
            about_code=place.code,
            defaults={"name": place.name, "why": why[:200], "by": by},
        )
    elif indicator:
        _check({"indicator": indicator})
        _, made = WatchedIndicator.objects.get_or_create(
            region_code=keeper, indicator=indicator, defaults={"by": by}
        )
    else:
        raise Refusal("没有选地区，也没有选指标。", fix="请写地区名称或代码，或选一项指标。")
    if made:
        record_event(by=by, action="intelligence.watch", subject=f"watch:{region or indicator}", why=why)


@transaction.atomic
def unwatch(*, by: User, region: str = "", indicator: str = "") -> None:
    """Follow it no longer."""
    require(by, "intelligence.watch")
    keeper = keeper_of(by)
    gone = (
        WatchedRegion.objects.filter(region_code=keeper, about_code=region)
        if region
        else WatchedIndicator.objects.filter(region_code=keeper, indicator=indicator)
    )
    if gone.delete()[0]:
        record_event(by=by, action="intelligence.unwatch", subject=f"watch:{region or indicator}")


def _locked(figure: int, by: User) -> FoundFigure:
    require(by, "intelligence.review")
    found = (
        FoundFigure.objects.select_for_update(of=("self",))
        .select_related("article")
        .filter(pk=figure, article__region_code=keeper_of(by))
        .first()
    )
    if found is None:
        raise NotFound("没有这个数。", fix="请返回文章列表。")
    return found


def _place(text: str) -> regions.Region:
    if text.isdigit():
        return regions.parse(text)
    found = regions.find(text)
    if not found:
        raise Refusal(f"没有叫“{text}”的地区。", fix="请写全称或六位区划代码。")
    if len(found) > 1 and found[0].level == found[1].level:
        names = "、".join(f"{one.name} {one.code}" for one in found[:5])
        raise Refusal(f"叫“{text}”的地区不止一个：{names}。", fix="请改写六位区划代码。")
    return found[0]


def _check(columns: Mapping[str, Any]) -> None:
    identity = columns.get("indicator", "")
    if identity and identity not in catalogue():
        raise Refusal(f"目录中没有指标“{identity}”。", fix="请从列表中选择。")
    if "value" in columns:
        try:
            Decimal(str(columns["value"]))
        except InvalidOperation as error:
            raise Refusal(f"“{columns['value']}”不是数。", fix="请写成阿拉伯数字，如 27650。") from error
    if columns.get("about_code"):
        regions.parse(columns["about_code"])


def _source(found: FoundFigure) -> dict[str, Any]:
    article = found.article
    return {
        "article": article, "region_code": article.region_code, "publisher": article.publisher,
        "published_on": article.published_on, "title": str(article)[:300], "sentence": found.sentence,
        "start": found.start, "end": found.end, "synthetic": article.synthetic, "figure_kind": found.kind,
    }  # fmt: skip


def _changed(quote: QuotedFigure, columns: Mapping[str, Any]) -> dict[str, Any]:
    before = {name: getattr(quote, name) for name, value in columns.items() if getattr(quote, name) != value}
    return {name: str(value) for name, value in before.items()}


def _decided(found: FoundFigure, decision: str, by: User) -> None:
    found.decision, found.decided_by, found.decided_at = decision, by, timezone.now()
    found.save()


def _remember(found: FoundFigure, by: User, *, accepted: int = 0, rejected: int = 0) -> None:
    if not found.phrase:
        return
    alias, _ = PhraseAlias.objects.get_or_create(
        region_code=found.article.region_code,
        phrase=found.phrase,
        about_code=found.about_code,
        defaults={"by": by},
    )
    alias.accepted, alias.rejected = alias.accepted + accepted, alias.rejected + rejected
    if found.indicator and not rejected:
        alias.indicator = found.indicator
    alias.by = by
    alias.save()
