"""Figures over the API: the same values, statements and rows as on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from zhicheng.apps.accounts.public import city, opening_date, require
from zhicheng.apps.figures.commands import as_json
from zhicheng.apps.figures.queries import compute, rows, statement

router = Router(tags=["figures"])
PAGE = 1000


@router.get("/figures", summary="Figures of a region on a day")
def list_figures(
    request: HttpRequest, id: list[str] = Query(default=[]), region: str = "", as_of: date | None = None,  # noqa: A002, B008
    period: str = "ytd", by: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the figures asked for, all of them when none is named."""
    require(request.user, "figures.view")  # type: ignore[arg-type]
    place, day = _where(region, as_of)
    return [as_json(one) for one in compute(id or None, region=place, as_of=day, period=period, by=by)]


@router.get("/figures/{identity}/rows", summary="The rows behind a figure")
def figure_rows(
    request: HttpRequest,
    identity: str,
    region: str = "",
    as_of: date | None = None,
    period: str = "ytd",
    offset: int = 0,
) -> dict[str, Any]:
    """Return up to a thousand rows, the statement, and where to go on."""
    require(request.user, "figures.view")  # type: ignore[arg-type]
    place, day = _where(region, as_of)
    frame = rows(identity, region=place, as_of=day, period=period)
    start = max(0, offset)
    following = start + PAGE if start + PAGE < frame.height else None
    return {
        "total": frame.height,
        "next_offset": following,
        "statement": statement(identity, region=place, as_of=day, period=period),
        "rows": frame.slice(start, PAGE).to_dicts(),
    }


def _where(region: str, as_of: date | None) -> tuple[str, date]:
    here = city()
    return region or (here.region_code if here else ""), as_of or opening_date()
