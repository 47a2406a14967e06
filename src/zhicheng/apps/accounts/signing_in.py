"""The door of pages: asks who is there before a view is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from zhicheng.apps.accounts.scope import require

View = Callable[..., HttpResponseBase]


def needs(permission: str) -> Callable[[View], View]:
    """Show a view only to people with a permission; the shell answers everybody else in words."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.user, permission)
            return view(request, *args, **kwargs)

        return guarded

    return guard
