"""Pages of this room's lists, counted in 条."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from zhicheng.apps.web import public as web
from zhicheng.apps.web.public import Page

Row = TypeVar("Row", bound=models.Model)


def count_words(count: int) -> str:
    """How many rows a list has, said honestly."""
    return web.count_words(count, "条")


def page_of(rows: QuerySet[Row], after: str, *, falling: bool = True) -> Page:
    """Cut a page out of rows ordered by id, newest first unless told otherwise."""
    return web.page_of(rows, after, falling=falling, unit="条")


__all__ = ["Page", "count_words", "page_of"]
