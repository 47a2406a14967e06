"""The home page by role, and the wall screen: the one place that sets figures and every room's cards together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import Role, User, may, opening_date
from zhicheng.apps.consultation.public import board as loop_board
from zhicheng.apps.figures.public import (
    board,
    catalogue,
    notices,
    published_figures,
    published_tiles,
    require_figures,
    sees_figures,
)
from zhicheng.apps.intelligence.public import latest_bulletin
from zhicheng.apps.web.public import Card, Line, Place, Step, cards, exists, place_of

# Who comes for their tasks first sees them above the city's figures.
TASKS_FIRST = (Role.DEPARTMENT, Role.SUPERVISION, Role.CPPCC)


def home(request: HttpRequest) -> HttpResponse:
    """Show figures and tasks to officers, their own affairs to organisations, what is published to everybody else."""
    place = place_of(request)
    user = request.user
    if not place.region:
        return render(request, "web/home.html", {"tiles": []})
    if sees_figures(user, place.region) and not request.GET.get("published"):
        context: dict[str, Any] = {**board(place), "cards": cards.of(user, place), "loop": loop(user, place)}
        context["tasks_first"] = isinstance(user, User) and user.role in TASKS_FIRST
        return render(request, "figures/home.html", context)
    if isinstance(user, User) and not request.GET.get("published"):
        return render(request, "web/home_own.html", {"cards": cards.of(user, place)})
    return render(request, "figures/home_public.html", _public(request, place))


def screen(request: HttpRequest) -> HttpResponse:
    """The home page for a wall screen: dark, without controls, refreshing itself, without personal data."""
    place = place_of(request)
    require_figures(request.user, place.region)
    walls = [card for card in cards.of(request.user, place) if card.wall]
    if whole := loop(request.user, place):
        walls.insert(0, whole)
    context = {**board(place), "wall": walls[:3], "bulletin": latest_bulletin(place.region)}
    return render(request, "figures/screen.html", context)


def loop(user: Any, place: Place) -> Card | None:
    """The consultation loop by stage, with how many items are overdue; None for who has no part in it."""
    if not may(user, "consultation.view"):
        return None
    found = loop_board(user, region=place.region, on=opening_date())
    late = len(found.overdue)
    steps = tuple(
        Step(column.label, column.count, late if column.state == "in_hand" else 0) for column in found.columns
    )
    return Card(_("协商闭环"), empty=_("看板"), href="/consultation/board/", steps=steps, wall=True)


def _public(request: HttpRequest, place: Place) -> dict[str, Any]:
    figures = published_figures(place.region)
    bulletin = latest_bulletin(place.region)
    offered = (
        Line(_("查办件进度"), "/cases/trace/", _("凭编号和查询码")),
        Line(_("办事指南"), "/cases/public/", _("办什么、要什么材料、多少天")),
        Line(_("已发布的通稿"), "/intelligence/bulletins/published/", _("全文和数据下载")),
        Line(_("已公布的数据"), "/figures/", _("口径和更正公告")),
        Line(_("荣誉、标准和地理标志"), "/search/", _("公开名录")),
    )
    return {
        "tiles": published_tiles(figures, place), "figures": figures, "notices": notices(place.region),
        "names": catalogue(), "cards": cards.of(request.user, place), "bulletin": bulletin,
        "bulletin_href": f"/intelligence/bulletins/published/{bulletin.pk}/" if bulletin else "",
        "services": [one for one in offered if exists(one.href)],
    }  # fmt: skip
