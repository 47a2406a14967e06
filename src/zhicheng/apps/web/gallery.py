"""A page with every component once, for whoever builds pages; the numbers on it mean nothing."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.kernel.refusals import Refusal, Source

TILE = {
    "name": "样例指标",
    "value": Decimal(4207000000),
    "unit": "元",
    "note": "267 笔",
    "change": Decimal("13.2"),
    "target": Decimal(4500000000),
    "rank": "全省第三",
    "signed": True,
    "href": "#",
    "series": [3, 4, 4, 6, 7, 9],
}
FALLING = {
    **TILE,
    "value": 61,
    "unit": "件",
    "note": "",
    "change": Decimal("-4.7"),
    "target": None,
    "rank": "",
}
MISSING = {**TILE, "value": None, "missing": "缺少人口数", "change": None, "target": None, "series": []}
CHART = {
    "kind": "line",
    "unit": "件",
    "x": ["2020", "2021", "2022", "2023", "2024", "2025"],
    "series": [
        {"name": "样例", "values": [14210, 16480, 19050, None, 25274, 27650], "labels": True},
        {"name": "目标", "values": [None, None, 19500, 22000, 25000, 28000], "role": "target"},
    ],
}


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; not in production."""
    if settings.SESSION_COOKIE_SECURE:
        raise Http404
    names = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑"]
    cells = [
        {"name": name, "value": None if index == 7 else 5200 - index * 400, "href": "#"}
        for index, name in enumerate(names)
    ]
    refusal = Refusal(
        "样例条款没有适用版本：获奖日 2023-05-06 早于最早生效日 2024-01-01。",
        fix="请核对日期，或补充更早的版本。",
        source=Source("样例文件", "样例〔2024〕1号", "第三条"),
    )
    context = {
        "tiles": [TILE, FALLING, MISSING, TILE, FALLING, TILE],
        "cells": cells,
        "chart": CHART,
        "bars": {**CHART, "kind": "bar", "series": CHART["series"][:1]},
        "refusal": refusal,
        "page": {"count": "1 万以上", "next": "x", "back": True},
    }
    return render(request, "web/gallery.html", context)
