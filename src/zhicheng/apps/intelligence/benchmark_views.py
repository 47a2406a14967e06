"""Pages of what was quoted: the list with its contradictions, the benchmark, the watch-list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, require
from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence import actions, queries
from zhicheng.apps.intelligence.benchmarking import TOLERANCES, Benchmark, Row, benchmark, chart_of
from zhicheng.apps.intelligence.exports import BENCHMARK_COLUMNS, benchmark_line, log_export
from zhicheng.apps.intelligence.forms import indicator_choices
from zhicheng.apps.intelligence.quote_groups import groups_of, watched_cells
from zhicheng.apps.web.public import BOM, csv_line, place_of
from zhicheng.kernel.refusals import Refusal


def quotes(request: HttpRequest) -> HttpResponse:
    """List quotes; those that say the same, replace or contradict each other stand together."""
    given = {name: request.GET.get(name, "") for name in ("q", "indicator", "about", "after")}
    page = queries.quotes_page(request.user, **given)
    context = {
        "page": page, "given": given, "groups": groups_of(page.rows), "choices": indicator_choices(),
        "names": {one.id: one.name_zh for one in catalogue().values()},
        "may_review": may(request.user, "intelligence.review"),
    }  # fmt: skip
    return render(request, "intelligence/quotes.html", context)


@require_POST
def supersede(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a quote no longer holds."""
    by: Any = request.user
    actions.mark_superseded(quote=number, by=by, why=request.POST.get("why", ""))
    return redirect("intelligence:quotes")


def benchmark_page(request: HttpRequest) -> HttpResponse:
    """Show one indicator across regions, computed and quoted marked, pairs that differ refused with the reason."""
    require(request.user, "intelligence.view")
    identity = request.GET.get("indicator", "")
    context: dict[str, Any] = {
        "choices": indicator_choices(), "tolerances": TOLERANCES, "chosen": identity,
        "watched": queries.watched_indicators(request.user) if not identity else [],
        "names": {one.id: one.name_zh for one in catalogue().values()},
    }  # fmt: skip
    if identity:
        found = _found(request)
        chart = chart_of(found)
        context |= {"found": found, "chart": chart, "chart_words": _in_words(found), "place": found.place}
    return render(request, "intelligence/benchmark.html", context)


def _found(request: HttpRequest) -> Benchmark:
    require(request.user, "intelligence.view")
    tolerance = request.GET.get("tolerance", "0") or "0"
    if not tolerance.isdigit():
        raise Refusal(
            f"容许相差的天数“{tolerance}”不是数。", fix=f"可选：{'、'.join(map(str, TOLERANCES))}。"
        )
    return benchmark(
        request.user, request.GET.get("indicator", ""), place_of(request), tolerance=int(tolerance)
    )


def _in_words(found: Benchmark) -> str:
    known = [row for row in found.rows if row.value is not None]
    if not known:
        return _("没有可以放在一起比较的数。")
    refused = len(found.refused)
    words = _("可比的 %(count)s 个地区中，%(name)s最高。") % {"count": len(known), "name": known[0].name}
    return words + (_("另有 %(count)s 个地区口径不同，未列入。") % {"count": refused} if refused else "")


def benchmark_file(request: HttpRequest) -> StreamingHttpResponse:
    """Download a benchmark as CSV, refused pairs with their reason; the export is logged."""
    found = _found(request)
    log_export(request.user, "benchmark", found.indicator.id, len(found.rows))
    answer = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    name = f"benchmark-{found.indicator.id}-{found.place.region}-{found.place.as_of}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(found: Benchmark) -> Iterator[str]:
    yield BOM + csv_line(BENCHMARK_COLUMNS)
    for row in _all(found):
        yield csv_line(benchmark_line(found, row))


def _all(found: Benchmark) -> list[Row]:
    return [*found.rows, *found.bounds, *found.refused]


def watch(request: HttpRequest) -> HttpResponse:
    """Show the peers and indicators followed as one table: the latest quote of each, or that none was read."""
    by: Any = request.user
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in ("region", "indicator")}
        if request.POST.get("step") == "unwatch":
            actions.unwatch(by=by, **given)
        else:
            actions.watch(by=by, why=request.POST.get("why", ""), **given)
        return redirect("intelligence:watch")
    peers, followed = queries.watched_regions(by), queries.watched_indicators(by)
    context = {
        "peers": peers, "followed": followed, "rows": watched_cells(by, peers, followed),
        "names": {one.id: one.name_zh for one in catalogue().values()}, "choices": indicator_choices(),
        "may_watch": may(by, "intelligence.watch"),
    }  # fmt: skip
    return render(request, "intelligence/watch.html", context)
