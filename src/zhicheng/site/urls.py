"""The root of all addresses: each room under its own path, the API under /api/v1/."""

from __future__ import annotations

from importlib.util import find_spec

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from zhicheng.site import home
from zhicheng.site.api import api

_PATHS = {
    "accounts": "accounts/",
    "records": "records/",
    "figures": "figures/",
    "cases": "cases/",
    "consultation": "consultation/",
    "incentives": "incentives/",
    "intelligence": "intelligence/",
    "web": "",
}


def healthz(request: HttpRequest) -> HttpResponse:
    """Tell a watchdog that the server answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def _rooms() -> list[URLPattern | URLResolver]:
    return [
        path(prefix, include(f"zhicheng.apps.{room}.urls"))
        for room, prefix in _PATHS.items()
        if find_spec(f"zhicheng.apps.{room}") and find_spec(f"zhicheng.apps.{room}.urls")
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", home.home, name="home"),
    path("screen/", home.screen, name="screen"),
    *_rooms(),
    path("accounts/", include("allauth.urls")),
]

handler403 = "zhicheng.site.errors.forbidden"
handler404 = "zhicheng.site.errors.not_found"
handler500 = "zhicheng.site.errors.broken"
