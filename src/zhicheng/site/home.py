"""The home page by role, and the wall screen: the one place that sets figures and every room's cards together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.apps.accounts.public import Role, User
from zhicheng.apps.figures.public import board, published_figures, require_figures, sees_figures
from zhicheng.apps.web.public import cards, place_of

# Who comes for their tasks first sees them above the city's figures.
TASKS_FIRST = (Role.DEPARTMENT, Role.SUPERVISION, Role.CPPCC)


def home(request: HttpRequest) -> HttpResponse:
    """Show figures and tasks to officers, their own affairs to organisations, what is published to everybody else."""
    place = place_of(request)
    user = request.user
    if not place.region:
        return render(request, "web/home.html", {"tiles": []})
    if sees_figures(user, place.region) and not request.GET.get("published"):
        context: dict[str, Any] = {**board(place), "cards": cards.of(user, place)}
        context["tasks_first"] = isinstance(user, User) and user.role in TASKS_FIRST
        return render(request, "figures/home.html", context)
    if isinstance(user, User) and not request.GET.get("published"):
        return render(request, "web/home_own.html", {"cards": cards.of(user, place)})
    return render(request, "figures/published.html", {"figures": published_figures(place.region)})


def screen(request: HttpRequest) -> HttpResponse:
    """The home page for a wall screen: dark, without controls, refreshing itself, without personal data."""
    place = place_of(request)
    require_figures(request.user, place.region)
    return render(request, "figures/screen.html", board(place))
