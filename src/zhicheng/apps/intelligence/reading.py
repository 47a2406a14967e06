"""One file becomes an article with its figures: the engine reads, past decisions suggest, nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from zhicheng.apps.accounts.public import User, city, record_event, require
from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence.article_models import Article, FoundFigure, NewsBatch
from zhicheng.apps.intelligence.quote_models import PhraseAlias
from zhicheng.apps.intelligence.spans import runs_of
from zhicheng.kernel.refusals import Refusal

if TYPE_CHECKING:
    from zhicheng.engines.extraction.document import Reading

MAX_FILE = 20 * 1024**2
READABLE = (".txt", ".html", ".htm", ".docx", ".pdf", ".md")
MAPPED = ("metric", "count", "rank", "change")


@dataclass(frozen=True)
class Kept:
    """An article and whether it is new."""

    article: Article
    new: bool


def keeper_of(by: User) -> str:
    """Return the region whose collection a person works on."""
    here = city()
    region = by.region_code or (here.region_code if here else "")
    if not region:
        raise Refusal(f"{by.display_name}没有区划，不知道文章收录到哪里。", fix="请安全管理员先设置区划。")
    return region


def read_file(
    data: bytes,
    name: str,
    *,
    by: User,
    url: str = "",
    synthetic: bool = False,
    batch: NewsBatch | None = None,
) -> Kept:
    """Read one file and keep it as an article; the same file twice stays one article.

    Raises:
        Refusal: too large, or the engine cannot read it.
    """
    from zhicheng.catalogue.alias_loader import load_aliases  # noqa: PLC0415 - only readers need it
    from zhicheng.engines.extraction.extracting import extract  # noqa: PLC0415 - loads dictionaries
    from zhicheng.engines.extraction.repairing import read_bytes  # noqa: PLC0415 - loads dictionaries

    require(by, "intelligence.review")
    if len(data) > MAX_FILE:
        raise Refusal(f"“{name}”超过 {MAX_FILE // 1024**2} MB。", fix="请只上传文章本身。")
    if not name.lower().endswith(READABLE):
        raise Refusal(f"“{name}”不是可读的格式。", fix=f"可用：{'、'.join(READABLE)}。")
    reading = read_bytes(data, name=name)
    known = Article.objects.filter(region_code=keeper_of(by), sha256=reading.sha256).first()
    if known:
        return Kept(known, new=False)
    return keep(
        reading,
        extract(reading, aliases=load_aliases()).as_data(),
        by=by,
        url=url,
        synthetic=synthetic,
        batch=batch,
    )


@transaction.atomic
def keep(
    reading: Reading, data: Mapping[str, Any], *, by: User, url: str = "", synthetic: bool = False,
    batch: NewsBatch | None = None,
) -> Kept:  # fmt: skip
    """Store what the engine read and found; past decisions on the same phrases are shown as suggestions."""
    require(by, "intelligence.review")
    region = keeper_of(by)
    about = reading.article
    article, new = Article.objects.get_or_create(
        region_code=region, sha256=reading.sha256,
        defaults={
            "name": reading.name[:200], "encoding": reading.encoding[:40], "title": about.title[:300],
            "publisher": about.publisher[:200], "published_on": about.published_on, "author": about.author[:200],
            "about_region": about.region[:100], "about_code": about.region_code[:6], "event_on": about.event_on,
            "year_reason": about.year_reason[:300], "url": url[:500], "raw": reading.raw, "text": reading.text,
            "origin": runs_of(reading.origin), "repairs": _plain(reading.repairs), "cuts": _plain(reading.cuts),
            "extraction": {name: data.get(name, []) for name in ("policies", "people")},
            "synthetic": synthetic, "batch": batch, "by": by,
        },
    )  # fmt: skip
    if not new:
        return Kept(article, new=False)
    found = [_figure(article, index, one) for index, one in enumerate(data.get("figures", []))]
    _suggest(found, region)
    FoundFigure.objects.bulk_create(found)
    record_event(
        by=by, action="intelligence.read", subject=f"article:{article.pk}",
        after={"name": article.name, "sha256": article.sha256, "figures": len(found)},
    )  # fmt: skip
    return Kept(article, new=True)


def _figure(article: Article, index: int, one: Mapping[str, Any]) -> FoundFigure:
    period, rank = one.get("period") or {}, one.get("rank") or {}
    phrase = str(one.get("indicator") or "")[:200]
    identity = str(one.get("indicator_id") or "")
    own_region = str(one.get("region_code") or "")
    return FoundFigure(
        article=article, position=index, kind=str(one.get("kind") or "metric")[:20],
        value=str(one.get("value", ""))[:60], unit=str(one.get("unit") or "")[:40],
        base_value=str(one.get("base_value", ""))[:60], base_unit=str(one.get("base_unit") or "")[:40],
        approx=str(one.get("approx") or "exact")[:10], phrase=phrase,
        indicator=identity if identity in catalogue() else "", suggested_by="engine" if identity in catalogue() else "",
        subject=str(one.get("subject") or "")[:200],
        about_region=str(one.get("region") or article.about_region)[:100],
        about_code=(own_region or ("" if one.get("region") else article.about_code))[:6],
        period_text=str(period.get("text") or "")[:100], period_kind=str(period.get("kind") or "")[:12],
        period_start=_day(period.get("start")), period_end=_day(period.get("end")),
        qualifiers=list(one.get("qualifiers") or []), rank_text=str(rank.get("text") or "")[:60],
        rank_value=rank.get("value"), rank_bound=str(rank.get("bound") or "")[:10],
        rank_scope=str(rank.get("scope") or "")[:60], sentence=str(one.get("sentence") or ""),
        start=int(one.get("start", 0)), end=int(one.get("end", 0)), confidence=str(one.get("confidence", "1"))[:10],
    )  # fmt: skip


def _suggest(found: Sequence[FoundFigure], region: str) -> None:
    """Put what people made of a phrase before what the engine makes of it; the region's own reading first."""
    phrases = {one.phrase for one in found if one.phrase and one.kind in MAPPED}
    known: dict[str, list[PhraseAlias]] = {}
    for alias in PhraseAlias.objects.filter(region_code=region, phrase__in=phrases).exclude(indicator=""):
        known.setdefault(alias.phrase, []).append(alias)
    for one in found:
        aliases = known.get(one.phrase, []) if one.kind in MAPPED else []
        own = [alias for alias in aliases if alias.about_code == one.about_code]
        meant = {alias.indicator for alias in own or aliases}
        if len(meant) == 1 and (own or not one.indicator):
            one.indicator, one.suggested_by = meant.pop(), "alias"


def _plain(items: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {name: value if isinstance(value, int) else str(value) for name, value in vars(one).items() if value}
        for one in items
    ]


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None
