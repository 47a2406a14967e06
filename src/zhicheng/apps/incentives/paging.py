"""Pages of this room's lists, counted in 条, and the beginnings of lists that say how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

from zhicheng.apps.web import public as web
from zhicheng.apps.web.public import Page

Row = TypeVar("Row", bound=models.Model)
PAGE = 50
FIRST = 6


def count_words(count: int) -> str:
    """How many rows a list has, said honestly."""
    return web.count_words(count, "条")


def page_of(rows: QuerySet[Row], after: str, *, falling: bool = True) -> Page:
    """Cut a page out of rows ordered by id, newest first unless told otherwise."""
    return web.page_of(rows, after, falling=falling, unit="条")


def page_of_values(
    values: Sequence[Any], after: str, *, size: int = PAGE, key: Callable[[Any], str] | None = None
) -> Page:
    """Cut a page out of values in hand, in their order.

    Args:
        values: all of them. after: the key of the last one of the page before; anything else begins at the first page.
        size: values on a page. key: what names a value; None takes its place, for values that never change.
    """
    keys = [key(one) for one in values] if key else [str(place) for place in range(1, len(values) + 1)]
    begin = keys.index(after) + 1 if after in keys else 0
    found = list(values[begin : begin + size])
    following = keys[begin + size - 1] if begin + size < len(values) else ""
    return Page(found, count_words(len(values)), following, begin > 0)


@dataclass(frozen=True)
class Some:
    """The beginning of a list, and how many there are.

    Args:
        rows: the first of them. count: of all of them.
    """

    rows: list[Any]
    count: int

    @property
    def more(self) -> bool:
        """Whether there are others than those shown."""
        return self.count > len(self.rows)


def some_of(rows: QuerySet[Any], *, first: int = FIRST) -> Some:
    """The latest rows of a list and how many there are; two queries."""
    return Some(list(rows.order_by("-pk")[:first]), rows.order_by().count())


def some_values(values: Sequence[Any], *, first: int = FIRST) -> Some:
    """The first of some values, and how many there are."""
    return Some(list(values[:first]), len(values))


__all__ = [
    "FIRST",
    "PAGE",
    "Page",
    "Some",
    "count_words",
    "page_of",
    "page_of_values",
    "some_of",
    "some_values",
]
