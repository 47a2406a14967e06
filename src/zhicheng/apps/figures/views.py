"""Pages of figures: the list by link of the chain, one figure down to its rows, downloads, what counties owe."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, record_event, require, signed_in
from zhicheng.apps.figures import boards, files, reporting
from zhicheng.apps.figures.access import require_figures, require_rows, sees_figures
from zhicheng.apps.figures.comparing import compare
from zhicheng.apps.figures.figure_page import figure_page
from zhicheng.apps.figures.lineage import counted, rows, statement, worded
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import catalogue
from zhicheng.apps.figures.saying import with_comparison
from zhicheng.apps.web.public import Place, place_of, region_name
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.kernel.refusals import NotAllowed


def index(request: HttpRequest) -> HttpResponse:
    """List every figure by link of the chain; who sees none computed sees what is published."""
    place = place_of(request)
    if not sees_figures(request.user, place.region):
        require(request.user, "published.view")
        return published(request, place)
    chosen, wanted = request.GET.get("link", ""), request.GET.get("q", "").strip()
    entries = catalogue()
    found = compare(None, region=place.region, as_of=place.as_of, period=place.period)
    groups = []
    for link, label in boards.LINKS:
        shown = [
            one for one in found
            if entries[one.figure.id].link == link and chosen in {"", link}
            and wanted.lower() in f"{one.figure.name} {one.figure.id} {entries[one.figure.id].name_en}".lower()
        ]  # fmt: skip
        if shown:
            groups.append({"link": link, "label": label, "figures": shown})
    context = {
        "groups": groups, "links": boards.LINKS, "chosen": chosen, "q": wanted, "entries": entries,
        "may_sign": may(request.user, "figures.sign", region=place.region),
    }  # fmt: skip
    return render(request, "figures/index.html", context)


def published(request: HttpRequest, place: Place) -> HttpResponse:
    """Show what anybody may read: standing figures, and notices of those that were corrected or withdrawn."""
    context = {
        "figures": boards.published_figures(place.region),
        "notices": boards.notices(place.region),
        "names": catalogue(),
    }
    return render(request, "figures/published.html", context)


def figure(request: HttpRequest, identity: str) -> HttpResponse:
    """Show one figure: value, comparison, trend, counties, definition, statement, rows, what was published."""
    place = place_of(request)
    load_catalogue().indicator(identity)
    if sees_figures(request.user, place.region):
        page = figure_page(identity, place, request.user, after=request.GET.get("after", ""))
        template = "figures/_rows.html" if request.headers.get("HX-Request") else "figures/figure.html"
        return render(request, template, page)
    standing = [one for one in boards.published_figures(place.region) if one.indicator == identity]
    gone = [one for one in boards.notices(place.region) if one.indicator == identity]
    if not standing and not gone:
        raise NotAllowed(_("这项数据没有公布。"), fix=_("登录后按权限查看，或查看已公布的数据。"))
    context = {"figures": standing, "notices": gone, "names": catalogue()}
    return render(request, "figures/published.html", context)


def rows_file(request: HttpRequest, identity: str, form: str) -> Any:
    """Download the rows behind a figure as CSV or XLSX; the export is logged."""
    place = place_of(request)
    require_rows(request.user, place.region)
    entry = load_catalogue().indicator(identity)
    given: dict[str, Any] = {"region": place.region, "as_of": place.as_of, "period": place.period}
    fact, _one = counted(identity, place.as_of)
    frame = rows(identity, **given)
    shown = worded(frame, fact).insert_column(0, frame["row_key"].cast(str).alias(_("行号")))
    one = compare([identity], **given)[0].figure
    about = [
        (_("指标"), entry.name_zh), (_("编号"), identity), (_("口径"), f"v{one.version} {entry.at(place.as_of).definition}"),
        (_("数值"), f"{one.text or _('缺数据')} {one.unit}"), (_("区划"), f"{region_name(place.region)} {place.region}"),
        (_("截至"), str(place.as_of)), (_("期间"), one.period or "—"), (_("快照"), one.snapshot),
        (_("行数"), str(frame.height)), (_("计算语句"), statement(identity, **given)),
    ]  # fmt: skip
    _log(request, f"figure:{identity}", place, frame.height, form)
    return _download(shown, about, f"{identity}-{place.region}-{place.as_of}", form)


def list_file(request: HttpRequest, form: str) -> Any:
    """Download every figure at this place with what it is held against."""
    place = place_of(request)
    require_figures(request.user, place.region)
    found = compare(None, region=place.region, as_of=place.as_of, period=place.period)
    cells = [
        {
            name: "、".join(map(str, value)) if isinstance(value, list) else value
            for name, value in one.items()
        }
        for one in map(with_comparison, found)
    ]
    frame = pl.DataFrame(cells, infer_schema_length=None)
    about = [(_("区划"), place.region), (_("截至"), str(place.as_of)), (_("期间"), place.period_name)]
    _log(request, "figures", place, frame.height, form)
    return _download(frame, about, f"figures-{place.region}-{place.as_of}", form)


def _download(frame: pl.DataFrame, about: list[tuple[str, str]], name: str, form: str) -> Any:
    if form == "xlsx":
        path = files.workbook(frame, about)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")
    answer = StreamingHttpResponse(files.csv_lines(frame), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _log(request: HttpRequest, subject: str, place: Place, count: int, form: str) -> None:
    with transaction.atomic():
        record_event(
            by=request.user if request.user.is_authenticated else None,
            action="figures.export_rows", subject=subject,
            after={"region": place.region, "as_of": str(place.as_of), "rows": count, "form": form},
        )  # fmt: skip


def sources(request: HttpRequest) -> HttpResponse:
    """Show what each county owes, who is late, how fresh each source is; an officer of the city reminds here."""
    today = timezone.localdate()
    if request.method == "POST":
        reporting.remind(
            record_type=request.POST.get("record_type", ""), region=request.POST.get("region", ""),
            by=signed_in(request.user), today=today,
        )  # fmt: skip
        return redirect("figures:sources")
    owed = reporting.reports(request.user, today=today)
    context = {
        "rows": owed,
        "late": sum(one.late for one in owed),
        "fresh": reporting.freshness(request.user, today=today),
        "today": today,
        "may_remind": may(request.user, "figures.approve"),
    }
    return render(request, "figures/sources.html", context)


def to_sign(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person's signature and what stands signed at this place."""
    place = place_of(request)
    require_figures(request.user, place.region)
    found = SignedFigure.objects.filter(region_code=place.region).select_related("prepared_by", "signed_by")
    context = {
        "names": catalogue(),
        "waiting": found.filter(status=SignedFigure.Status.PREPARED).order_by("indicator", "pk"),
        "standing": found.filter(status=SignedFigure.Status.SIGNED, as_of=place.as_of).order_by("indicator"),
        "may_sign": may(request.user, "figures.approve", region=place.region),
    }
    return render(request, "figures/to_sign.html", context)
