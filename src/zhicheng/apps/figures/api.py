"""Figures over the API: the same values, statements and rows as on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from zhicheng.apps.accounts.public import city, opening_date
from zhicheng.apps.figures.access import require_figures, require_rows
from zhicheng.apps.figures.comparing import compare
from zhicheng.apps.figures.lineage import rows, statement
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.saying import with_comparison
from zhicheng.kernel.refusals import Refusal

router = Router(tags=["figures"])
PAGE = 1000


@router.get("/figures", summary="Figures of a region on a day")
def list_figures(
    request: HttpRequest, id: list[str] = Query(default=[]), region: str = "", as_of: date | None = None,  # noqa: A002, B008
    period: str = "ytd", by: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the figures asked for, all of them when none is named, with last year's value, target and rank."""
    place, day = _where(region, as_of)
    require_figures(request.user, place)
    found = compare(id or None, region=place, as_of=day, period=period, by=by)
    return [with_comparison(one) for one in found]


@router.get("/figures/{identity}/rows", summary="The rows behind a figure")
def figure_rows(
    request: HttpRequest,
    identity: str,
    region: str = "",
    as_of: date | None = None,
    period: str = "ytd",
    offset: int = Query(0, ge=0, le=10**9),
) -> dict[str, Any]:
    """Return up to a thousand rows, the statement, and where to go on."""
    place, day = _where(region, as_of)
    require_rows(request.user, place)
    frame = rows(identity, region=place, as_of=day, period=period)
    start = offset
    following = start + PAGE if start + PAGE < frame.height else None
    return {
        "total": frame.height,
        "next_offset": following,
        "statement": statement(identity, region=place, as_of=day, period=period),
        "rows": frame.slice(start, PAGE).to_dicts(),
    }


@router.get("/published", summary="Published figures, without sign-in")
def published(request: HttpRequest, region: str = "", indicator: str = "") -> list[dict[str, Any]]:
    """Return what was signed, also what was corrected or withdrawn since, with the reason."""
    rows = SignedFigure.objects.exclude(status=SignedFigure.Status.PREPARED)
    rows = rows.filter(region_code=_where(region, None)[0])
    if indicator:
        rows = rows.filter(indicator=indicator)
    return [
        {
            "id": one.indicator, "version": one.version, "value": one.value, "unit": one.unit, "region": one.region_code,
            "as_of": one.as_of.isoformat(), "period": one.period or None, "snapshot": one.snapshot, "rows": one.rows,
            "status": one.status, "why": one.why or None, "definition": one.definition.get("definition"),
            "signed_at": one.signed_at.isoformat() if one.signed_at else None,
        }
        for one in rows[:PAGE]
    ]  # fmt: skip


def _where(region: str, as_of: date | None) -> tuple[str, date]:
    """The region and day asked for, by default the city's.

    Raises:
        Refusal: the region is no code.
    """
    if region and not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise Refusal(f"区划“{region[:30]}”不是六位代码。", fix="请写六位区划代码。")
    here = city()
    return region or (here.region_code if here else ""), as_of or opening_date()
