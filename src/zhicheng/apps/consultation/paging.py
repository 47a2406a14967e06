"""Pages of a list by keyset: the cursor is the last row's key, so that a page costs the same at any depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

PAGE = 40
COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, how many there are in words, and the cursor of the next page."""

    rows: list[Any]
    count: str
    next: str
    back: bool


def page_of(rows: QuerySet[Any], after: str, *, size: int = PAGE) -> Page:
    """Cut a page out of rows, newest key first; two queries."""
    count = rows.order_by()[: COUNTED + 1].count()
    ordered = rows.order_by("-pk")
    if after.isdigit():
        ordered = ordered.filter(pk__lt=int(after))
    found = list(ordered[: size + 1])
    words = "1 万以上" if count > COUNTED else f"共 {count}"
    return Page(found[:size], words, str(found[size - 1].pk) if len(found) > size else "", bool(after))
