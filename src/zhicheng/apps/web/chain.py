"""One link of the chain 创造·运用·保护·管理·服务·质量品牌: its records and its figures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.public import registry
from zhicheng.apps.web.navigation import exists

LINKS = {
    "creation": _("创造"),
    "utilization": _("运用"),
    "protection": _("保护"),
    "administration": _("管理"),
    "public_service": _("服务"),
    "quality": _("质量品牌"),
}


def link(request: HttpRequest, link: str) -> HttpResponse:
    """List what the link of the chain holds, and lead to its figures."""
    if link not in LINKS:
        raise Http404(link)
    types = [
        {"label": one.label, "path": path, "help": one.model.__doc__}
        for one in registry.of_room(link)
        if exists(path := f"/records/{one.id}/")
    ]
    figures = f"/figures/?link={link}" if exists("/figures/") else ""
    return render(
        request, "web/chain.html", {"link": link, "name": LINKS[link], "types": types, "figures": figures}
    )
