"""The home page: the city's key figures as tiles, opened by everybody."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.apps.web.place import Place, place_of

KEY_FIGURES = (
    "valid_invention_patents",
    "patents_transferred",
    "patent_pledge_amount",
    "haopin_shandong_brands_total",
    "admin_adjudication_cases",
    "gi_products_total",
)


def home(request: HttpRequest) -> HttpResponse:
    """Show the key figures of the region on the day asked for."""
    place = place_of(request)
    return render(request, "web/home.html", {"tiles": _tiles(request, place)})


def _tiles(request: HttpRequest, place: Place) -> list[dict[str, Any]]:
    """Return the tiles, none while no city was made or the room of figures is not installed."""
    if not place.region or find_spec("zhicheng.apps.figures.public") is None:
        return []
    figures = import_module("zhicheng.apps.figures.public")
    found = figures.compute(
        list(KEY_FIGURES), region=place.region, as_of=place.as_of, period=place.period, user=request.user
    )
    return [
        {
            "name": figure.name,
            "value": figure.value,
            "unit": figure.unit,
            "missing": figure.missing,
            "signed": figure.signed,
            "change": None,
            "target": None,
            "href": f"/figures/{figure.id}/?{request.GET.urlencode()}",
        }
        for figure in found
    ]
