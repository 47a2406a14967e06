"""The pages of a no: not found, not allowed, broken; each with a reference number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int) -> HttpResponse:
    reference = getattr(request, "request_id", "")
    return render(request, f"{status}.html", {"reference": reference}, status=status)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer an address behind which there is nothing."""
    return _page(request, 404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer somebody who may not."""
    return _page(request, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the software failed; the log holds the same reference number."""
    return _page(request, 500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from one of our pages, or came too late."""
    context = {"reference": getattr(request, "request_id", ""), "stale_form": True}
    return render(request, "403.html", context, status=403)
