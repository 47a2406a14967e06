"""Pages of figures: home, the list by link of the chain, one figure down to its rows, the wall screen."""

from __future__ import annotations

import csv
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, record_event, require
from zhicheng.apps.figures import actions, boards, reporting
from zhicheng.apps.figures.access import require_rows, sees_figures, sees_rows
from zhicheng.apps.figures.history import difference
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import catalogue, rows, statement
from zhicheng.apps.web.public import Place, place_of, region_name
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.kernel.refusals import NotAllowed

SHOWN_ROWS = 100


def index(request: HttpRequest) -> HttpResponse:
    """List every figure by link of the chain; who sees none computed sees what is published."""
    place = place_of(request)
    if not sees_figures(request.user, place.region):
        require(request.user, "published.view")  # type: ignore[arg-type]
        return render(request, "figures/published.html", {"figures": boards.published_figures(place.region)})
    chosen = request.GET.get("link", "")
    entries = catalogue()
    signed = boards.signed_ids(place)
    groups = []
    compared = {one.figure.id: one for one in boards.compare(None, place)}
    for link, label in boards.LINKS:
        if chosen in {"", link}:
            found = [compared[one.id] for one in entries.values() if one.link == link]
            groups.append({"link": link, "label": label, "figures": found})
    context = {
        "groups": groups,
        "links": boards.LINKS,
        "chosen": chosen,
        "signed": signed,
        "entries": entries,
    }
    return render(request, "figures/index.html", context)


def figure(request: HttpRequest, identity: str) -> HttpResponse:
    """Show one figure: value, comparison, trend, counties, definition, statement, rows, what was published."""
    place = place_of(request)
    entry = load_catalogue().indicator(identity)
    published = list(
        SignedFigure.objects.filter(indicator=identity, region_code=place.region).exclude(
            status=SignedFigure.Status.PREPARED
        )[:20]
    )
    if not sees_figures(request.user, place.region):
        if not published:
            raise NotAllowed("这项数据没有公布。", fix="登录后按权限查看，或查看已公布的数据。")
        return render(request, "figures/published.html", {"figures": published})
    one = boards.compare([identity], place)[0]
    may_see_rows = sees_rows(request.user, place.region)
    behind = (
        rows(identity, region=place.region, as_of=place.as_of, period=place.period) if may_see_rows else None
    )
    chart = boards.trend_chart(identity, place)
    return render(
        request,
        "figures/figure.html",
        {
            "entry": entry, "one": one, "place": place, "chart": chart,
            "chart_words": boards.sentence(chart, place.as_of), "counties": boards.counties(identity, place),
            "statement": statement(identity, region=place.region, as_of=place.as_of, period=place.period),
            "sees_rows": may_see_rows, "columns": behind.columns if behind is not None else [],
            "rows": behind.head(SHOWN_ROWS).rows() if behind is not None else [],
            "row_count": behind.height if behind is not None else one.figure.rows,
            "published": [difference(row) for row in published] if may_see_rows else [], "may_sign": may(request.user, "figures.sign", region=place.region),  # type: ignore[arg-type]
            "waiting": SignedFigure.objects.filter(
                indicator=identity, region_code=place.region, as_of=place.as_of, status=SignedFigure.Status.PREPARED
            ).first(),
        },
    )  # fmt: skip


def rows_file(request: HttpRequest, identity: str) -> StreamingHttpResponse:
    """Download the rows behind a figure as CSV; the export is logged."""
    place = place_of(request)
    require_rows(request.user, place.region)
    load_catalogue().indicator(identity)
    frame = rows(identity, region=place.region, as_of=place.as_of, period=place.period)
    _log_export(request, identity, place, frame.height)
    answer = StreamingHttpResponse(_csv_lines(frame), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{identity}-{place.region}-{place.as_of}.csv"'
    return answer


def _log_export(request: HttpRequest, identity: str, place: Place, count: int) -> None:
    from django.db import transaction  # noqa: PLC0415 - the only write of these pages

    with transaction.atomic():
        record_event(
            by=request.user if request.user.is_authenticated else None,  # type: ignore[arg-type]
            action="figures.export_rows", subject=f"figure:{identity}",
            after={"region": place.region, "as_of": str(place.as_of), "rows": count},
        )  # fmt: skip


class _Line:
    def write(self, value: str) -> str:
        return value


def _csv_lines(frame: pl.DataFrame) -> Any:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(frame.columns)
    for row in frame.iter_rows():
        yield writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" and cell else cell for cell in row]
        )


@require_POST
def prepare(request: HttpRequest, identity: str) -> HttpResponse:
    """Freeze a figure for signing."""
    place = place_of(request)
    actions.prepare(
        indicator=identity, region=place.region, as_of=place.as_of, period=place.period, by=request.user
    )  # type: ignore[arg-type]
    return redirect(boards.address(identity, place))


@require_POST
def sign(request: HttpRequest, identity: str, number: int) -> HttpResponse:
    """Sign what somebody else prepared."""
    row = get_object_or_404(SignedFigure, pk=number, indicator=identity)
    actions.sign(figure=row, by=request.user)  # type: ignore[arg-type]
    return redirect(boards.address(identity, place_of(request)))


@require_POST
def withdraw(request: HttpRequest, identity: str, number: int) -> HttpResponse:
    """Withdraw a signed figure, or replace it by what is known now, with the reason."""
    row = get_object_or_404(SignedFigure, pk=number, indicator=identity)
    why = request.POST.get("why", "")
    act = actions.correct if request.POST.get("how") == "correct" else actions.withdraw
    act(figure=row, why=why, by=request.user)  # type: ignore[arg-type]
    return redirect(boards.address(identity, place_of(request)))


def sources(request: HttpRequest) -> HttpResponse:
    """Show what each county owes and who is late; an officer of the city reminds them here."""
    today = timezone.localdate()
    if request.method == "POST":
        reporting.remind(
            record_type=request.POST.get("record_type", ""), region=request.POST.get("region", ""),
            by=request.user, today=today,  # type: ignore[arg-type]
        )  # fmt: skip
        return redirect("figures:sources")
    rows_ = [
        {"one": one, "place": region_name(one.region)} for one in reporting.reports(request.user, today=today)
    ]
    may_remind = may(request.user, "figures.approve")  # type: ignore[arg-type]
    return render(request, "figures/sources.html", {"rows": rows_, "may_remind": may_remind})
