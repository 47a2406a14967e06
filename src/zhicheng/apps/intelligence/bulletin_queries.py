"""Bulletins as a person may read them: one's own region's while they are made, everybody's once published."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence.bulletin_models import Bulletin, BulletinVersion
from zhicheng.apps.web.public import Page, page_of, region_name
from zhicheng.catalogue.bulletin_loader import BulletinEntry, load_bulletins
from zhicheng.engines.bulletins import Facts, Heading, Place, TemplateError, Text, build, parse
from zhicheng.kernel.refusals import NotFound

Status = Bulletin.Status
PUBLIC = (Status.PUBLISHED, Status.CORRECTED, Status.WITHDRAWN)


def works(user: Any) -> bool:
    """Tell whether a person writes or approves bulletins; everybody else reads what is published."""
    return may(user, "bulletins.prepare") or may(user, "bulletins.approve")


def visible(user: Any) -> QuerySet[Bulletin]:
    """Return the bulletins of a person's region and below, in every state."""
    if not works(user):
        require(user, "bulletins.prepare")
    return Bulletin.objects.filter(scope(user).regions_q())


def bulletins_page(user: Any, *, q: str = "", status: str = "", after: str = "") -> Page:
    """Return one page of bulletins, the newest first."""
    rows = visible(user).defer("template", "html", "markdown", "figures")
    if q:
        rows = rows.filter(title__icontains=q)
    if status in Status.values:
        rows = rows.filter(status=status)
    return page_of(rows.select_related("prepared_by", "approved_by"), after)


def bulletin(number: int, user: Any) -> Bulletin:
    """Return one bulletin for those who work on it.

    Raises:
        NotFound: there is none, or it is another city's.
    """
    found = visible(user).select_related("prepared_by", "approved_by", "replaces").filter(pk=number).first()
    if found is None:
        raise NotFound("没有这篇通稿。", fix="请返回通稿列表。")
    return found


def versions(row: Bulletin) -> list[BulletinVersion]:
    """Return the revisions of a bulletin, the newest first."""
    return list(row.versions.select_related("by").defer("template")[:50])


def version(row: Bulletin, revision: int) -> BulletinVersion:
    """Return the text as it was saved once.

    Raises:
        NotFound: there is no such revision.
    """
    found = row.versions.select_related("by").filter(revision=revision).first()
    if found is None:
        raise NotFound(f"没有第 {revision} 版。", fix="请返回通稿。")
    return found


def published(region: str = "") -> QuerySet[Bulletin]:
    """Return what anybody may read, withdrawn and corrected ones with their notice, the newest first."""
    rows = Bulletin.objects.filter(status__in=PUBLIC, published_at__isnull=False)
    return rows.filter(region_code=region) if region else rows


def published_page(*, q: str = "", after: str = "") -> Page:
    """Return one page of published bulletins."""
    rows = published().defer("template", "html", "markdown", "figures")
    return page_of(rows.filter(title__icontains=q) if q else rows, after)


def published_one(number: int) -> Bulletin:
    """Return one published bulletin.

    Raises:
        NotFound: there is none, or it is not published.
    """
    found = published().select_related("replaces").filter(pk=number).first()
    if found is None:
        raise NotFound("没有这篇通稿，或尚未发布。", fix="请返回已发布的通稿。")
    return found


def correction_of(row: Bulletin) -> Bulletin | None:
    """Return the published bulletin that took the place of this one."""
    return Bulletin.objects.filter(replaces=row, published_at__isnull=False).only("pk", "title").first()


def templates() -> list[BulletinEntry]:
    """Return the templates of the catalogue."""
    return list(load_bulletins().values())


def template_title(text: str, region: str, as_of: date) -> str:
    """Return the title that a template would have; a number in it shows its name."""
    line = next((one for one in text.split("\n") if one.startswith("# ")), "")
    try:
        template = parse(line)
    except TemplateError:  # a condition that goes on over the next line
        template = parse("")
    place = Place(region, region_name(region))
    document, _ = build(template, facts=Facts(), place=place, as_of=as_of, lenient=True)
    first = next((one for one in document.blocks if isinstance(one, Heading) and one.level == 1), None)
    words = "".join(one.text for one in first.runs if isinstance(one, Text)) if first else ""
    return words[:200] or "（未命名）"


def waiting(user: Any) -> list[Bulletin]:
    """Return the bulletins that wait for this person's approval."""
    if not may(user, "bulletins.approve"):
        return []
    rows = Bulletin.objects.filter(scope(user).regions_q(), status=Status.SUBMITTED)
    return list(rows.exclude(prepared_by=user).only("pk", "title", "as_of", "status")[:6])


def latest(region: str) -> Bulletin | None:
    """Return the newest published bulletin of a region."""
    rows = Bulletin.objects.filter(region_code=region, status=Status.PUBLISHED)
    return rows.defer("template", "html").order_by("-published_at").first()


def figures_like(words: str) -> list[dict[str, str]]:
    """Return indicators that match a few words, with what to write for them."""
    plain = words.strip().lower()
    found = [
        one
        for one in catalogue().values()
        if not plain or plain in one.id or plain in one.name_zh.lower() or plain in one.definition
    ]
    ranked = sorted(found, key=lambda one: (plain not in one.name_zh, one.name_zh))[:12]
    return [
        {"id": one.id, "name": one.name_zh, "unit": one.unit_zh, "kind": one.kind, "insert": f"{{{{{one.id}{_form(one.is_money)}}}}}"}
        for one in ranked
    ]  # fmt: skip


def _form(money: bool) -> str:
    return " 格式=亿2" if money else ""
