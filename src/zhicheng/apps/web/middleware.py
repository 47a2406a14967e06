"""Turns a refusal into a page, or into a fragment when htmx asked."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from zhicheng.kernel.refusals import NotAllowed, Refusal


class ChosenLanguageMiddleware:
    """Shows Chinese unless the person chose otherwise; the browser's own language does not decide.

    Offices keep browsers in any language; the work is done in Chinese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request in the chosen language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


def _returning(request: HttpRequest) -> str:
    """Where somebody who has to sign in goes on: the page asked for, or the page a form stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    said = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()})
    return iri_to_uri(urlsplit(said)._replace(scheme="", netloc="").geturl()) if here and said else "/"


class RefusalMiddleware:
    """Shows every refusal a view lets through, with its number; who is not signed in is asked to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request; an address that only takes forms says so where a person opens it."""
        answer = self.get_response(request)
        plain = (
            answer.status_code == 405
            and request.method == "GET"
            and "html" in request.headers.get("Accept", "")
        )
        if not plain or request.path.startswith("/api/"):
            return answer
        refusal = Refusal(
            _("这个地址只收页面上提交的表单，不能直接打开或刷新。"),
            fix=_("请从左边的目录回到原来的页面，再点按钮。"),
        )
        context = {"refusal": refusal, "reference": getattr(request, "request_id", "")}
        return render(request, "web/refused.html", context, status=405)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal in words; everything else is a bug and stays one."""
        if not isinstance(exception, Refusal):
            return None
        if isinstance(exception, NotAllowed) and not request.user.is_authenticated:
            return redirect_to_login(_returning(request))
        context = {"refusal": exception, "reference": getattr(request, "request_id", "")}
        asked = getattr(request, "htmx", None)
        fragment = asked and not asked.boosted
        template = "web/_refusal.html" if fragment else "web/refused.html"
        return render(request, template, context, status=exception.status)
