"""Pages of a list by keyset: an honest count, the rows, and the cursor of the next page, as deep as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

PAGE = 50
COUNTED = 10_000
LARGEST_ID = 2**63 - 1
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, how many there are in words, the cursor of the next page, and a way back."""

    rows: list[Any]
    count: str
    next: str
    back: bool


def count_words(count: int, unit: str = "") -> str:
    """How many rows a list has, said honestly."""
    return "1 万以上" if count > COUNTED else f"共 {count} {unit}".rstrip()


def page_of(
    rows: QuerySet[Row],
    after: str,
    *,
    size: int = PAGE,
    falling: bool = True,
    total: QuerySet[Row] | None = None,
    unit: str = "",
) -> Page:
    """Cut a page out of rows ordered by id; two queries.

    Args:
        rows: what the person may see, filtered.
        after: id of the last row of the page before; anything else begins at the first page.
        size: rows on a page.
        falling: newest first, otherwise oldest first.
        total: what to count, where counting `rows` would cost more; None counts them.
        unit: the word behind the count.
    """
    count = (rows if total is None else total).order_by()[: COUNTED + 1].count()
    ordered = rows.order_by("-pk" if falling else "pk")
    if after.isdigit() and int(after) <= LARGEST_ID:
        ordered = ordered.filter(**{"pk__lt" if falling else "pk__gt": int(after)})
    found = list(ordered[: size + 1])
    following = str(found[size - 1].pk) if len(found) > size else ""
    return Page(found[:size], count_words(count, unit), following, bool(after))
