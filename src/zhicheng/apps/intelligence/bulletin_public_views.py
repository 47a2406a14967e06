"""Published bulletins for everybody, without sign-in: the list, one with its notice, its files and its open data."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from zhicheng.apps.accounts.public import require
from zhicheng.apps.intelligence import bulletin_open_data, bulletin_queries
from zhicheng.apps.intelligence.bulletin_building import FORMATS
from zhicheng.apps.intelligence.bulletin_files import read
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.web.public import region_name
from zhicheng.kernel.refusals import NotFound


def published(request: HttpRequest) -> HttpResponse:
    """List what is published, the newest first."""
    require(request.user, "published.view")
    given = {name: request.GET.get(name, "") for name in ("q", "after")}
    context = {"page": bulletin_queries.published_page(**given), "given": given}
    return render(request, "intelligence/bulletins/published.html", context)


def published_one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one published bulletin; a withdrawn one shows its notice only."""
    require(request.user, "published.view")
    row = bulletin_queries.published_one(number)
    context = {
        "row": row, "region": region_name(row.region_code), "newer": bulletin_queries.correction_of(row),
        "withdrawn": row.status == Bulletin.Status.WITHDRAWN, "licence": bulletin_open_data.LICENCE,
        "licence_url": bulletin_open_data.LICENCE_URL,
        "formats": [one for one in FORMATS if one in {"html", "md"} or "name" in row.files.get(one, {})],
    }  # fmt: skip
    return render(request, "intelligence/bulletins/published_one.html", context)


def published_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Download a published bulletin as it was published."""
    require(request.user, "published.view")
    row = bulletin_queries.published_one(number)
    if row.status == Bulletin.Status.WITHDRAWN:
        raise NotFound(f"这篇通稿已撤回：{row.why}", fix="请看撤回说明。")
    return attachment(row, form, read(row, form))


def open_data(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Return the numbers of a published bulletin with definitions and licence."""
    require(request.user, "published.view")
    row = bulletin_queries.published_one(number)
    if form == "json":
        return JsonResponse(bulletin_open_data.as_json(row), json_dumps_params={"ensure_ascii": False})
    if form != "csv":
        raise NotFound(f"没有“{form[:10]}”这种数据。", fix="可下载 csv、json。")
    answer = HttpResponse(bulletin_open_data.as_csv(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bulletin-{row.pk}.csv"'
    return answer


def attachment(row: Bulletin, form: str, data: bytes) -> HttpResponse:
    """Return a file for download under the title of its bulletin."""
    answer = HttpResponse(data, content_type=FORMATS[form])
    name = quote(f"{row.title}.{form}")
    answer["Content-Disposition"] = (
        f"attachment; filename=\"bulletin-{row.pk}.{form}\"; filename*=UTF-8''{name}"
    )
    return answer
