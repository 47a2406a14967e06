"""Figures over the API: the same values, statements and rows as on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.accounts.public import check_if_match, city, etag, opening_date, signed_in
from zhicheng.apps.figures import actions
from zhicheng.apps.figures.access import require_figures, require_rows, sees_rows
from zhicheng.apps.figures.comparing import compare
from zhicheng.apps.figures.lineage import rows, statement
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import compute
from zhicheng.apps.figures.saying import with_comparison
from zhicheng.kernel.refusals import NotFound, Refusal

router = Router(tags=["figures"])
PAGE = 1000
LARGEST_ID = 2**63 - 1


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
    after: str = Query("", max_length=80, description="上一页返回的 next"),
) -> dict[str, Any]:
    """Return up to a thousand rows in the order of their keys, the statement, and the key to go on after."""
    place, day = _where(region, as_of)
    require_rows(request.user, place)
    total = compute([identity], region=place, as_of=day, period=period)[0].rows
    frame = rows(identity, region=place, as_of=day, period=period, after=after, limit=PAGE + 1)
    shown = frame.head(PAGE)
    following = str(shown["row_key"][-1]) if frame.height > PAGE else None
    return {
        "total": total,
        "next": following,
        "statement": statement(identity, region=place, as_of=day, period=period),
        "rows": shown.to_dicts(),
    }


class Why(Schema):
    """Why a published figure changes; it is announced with it."""

    why: str = Field(min_length=1, max_length=500)


@router.post("/figures/{identity}/prepare", summary="Prepare a figure for signing")
def prepare_figure(
    request: HttpRequest, identity: str, region: str = "", as_of: date | None = None, period: str = "ytd"
) -> dict[str, Any]:
    """Freeze a figure with definition, statement, snapshot and row keys; another person signs it."""
    place, day = _where(region, as_of)
    row = actions.prepare(
        indicator=identity, region=place, as_of=day, period=period, by=signed_in(request.user)
    )
    return _signed(row)


@router.get("/signed/{number}", summary="One prepared or published figure")
def one_signed(request: HttpRequest, number: int, response: HttpResponse) -> dict[str, Any]:
    """Return it with the ETag that a change must be made from."""
    row = _found(request, number)
    response["ETag"] = _mark(row)
    return _signed(row)


@router.post("/signed/{number}/sign", summary="Sign a prepared figure")
def sign_figure(request: HttpRequest, number: int) -> dict[str, Any]:
    """Sign what somebody else prepared; If-Match names the state it was read in."""
    return _signed(actions.sign(figure=_unchanged(request, number), by=signed_in(request.user)))


@router.post("/signed/{number}/correct", summary="Correct a published figure")
def correct_figure(request: HttpRequest, number: int, body: Why) -> dict[str, Any]:
    """Prepare what is known now in its place, with the reason."""
    return _signed(
        actions.correct(figure=_unchanged(request, number), why=body.why, by=signed_in(request.user))
    )


@router.post("/signed/{number}/withdraw", summary="Withdraw a published figure")
def withdraw_figure(request: HttpRequest, number: int, body: Why) -> dict[str, Any]:
    """Withdraw it with the reason."""
    return _signed(
        actions.withdraw(figure=_unchanged(request, number), why=body.why, by=signed_in(request.user))
    )


def _found(request: HttpRequest, number: int) -> SignedFigure:
    row = SignedFigure.objects.filter(pk=number).first() if number <= LARGEST_ID else None
    if row is None or not sees_rows(request.user, row.region_code):
        raise NotFound(f"没有编号 {number} 的签发数据。", fix="请核对编号。")
    return row


def _unchanged(request: HttpRequest, number: int) -> SignedFigure:
    row = _found(request, number)
    check_if_match(request, _mark(row))
    return row


def _mark(row: SignedFigure) -> str:
    return etag("signed", row.pk, f"{row.status}-{row.replaced_by_id or 0}")


def _signed(one: SignedFigure) -> dict[str, Any]:
    return {
        "number": one.pk, "id": one.indicator, "version": one.version, "value": one.value, "unit": one.unit,
        "region": one.region_code, "as_of": one.as_of.isoformat(), "period": one.period or None, "snapshot": one.snapshot,
        "rows": one.rows, "status": one.status, "why": one.why or None, "notice": one.notice or None,
        "definition": one.definition.get("definition"), "statement": one.statement, "rows_hash": one.rows_hash,
        "replaced_by": one.replaced_by_id, "signed_at": one.signed_at.isoformat() if one.signed_at else None,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
    }  # fmt: skip


@router.get("/published", summary="Published figures, without sign-in")
def published(request: HttpRequest, region: str = "", indicator: str = "") -> list[dict[str, Any]]:
    """Return what was signed, also what was corrected or withdrawn since, with the reason."""
    rows = SignedFigure.objects.exclude(status=SignedFigure.Status.PREPARED)
    rows = rows.filter(region_code=_where(region, None)[0])
    if indicator:
        rows = rows.filter(indicator=indicator)
    return [_signed(one) for one in rows.select_related("replaced_by")[:PAGE]]


def _where(region: str, as_of: date | None) -> tuple[str, date]:
    """The region and day asked for, by default the city's.

    Raises:
        Refusal: the region is no code.
    """
    if region and not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise Refusal(f"区划“{region[:30]}”不是六位代码。", fix="请写六位区划代码。")
    here = city()
    return region or (here.region_code if here else ""), as_of or opening_date()
