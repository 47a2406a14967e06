"""The root of the API: who calls, what a no looks like, and each room's part of it."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from zhicheng.apps.accounts.public import User, token_user
from zhicheng.kernel.refusals import Refusal

log = logging.getLogger("zhicheng.api")
PROBLEM = "application/problem+json"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
ROOMS = [
    "accounts",
    "records",
    "ledger",
    "figures",
    "cases",
    "creation",
    "utilization",
    "protection",
    "administration",
    "public_service",
    "quality",
    "incentives",
    "consultation",
    "intelligence",
]


class TokenOf(HttpBearer):
    """A program that acts in a person's name: `Authorization: Bearer zc_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """Return the person behind the token; a token that opens nothing is refused, not ignored."""
        user = token_user(token)
        if user is None:
            raise AuthenticationError
        request.user = user
        return user


def public_reader(request: HttpRequest) -> AnonymousUser | None:
    """Let anybody read what is published; whoever writes must say who they are."""
    return AnonymousUser() if request.method in SAFE_METHODS else None


api = NinjaAPI(
    title="知城 Zhicheng",
    version="1",
    description="台账、指标与办件的接口。错误按 RFC 9457 返回；写入须带 If-Match，新建可带 Idempotency-Key。",
    auth=[TokenOf(), SessionAuth(csrf=True), public_reader],
    docs_url=None,
)


def problem(
    request: HttpRequest, status: int, code: str, title: str, detail: str = "", **more: object
) -> HttpResponse:
    """Return an RFC 9457 problem.

    Args:
        code: stable name of the kind of problem, the last part of its `type`.
        title: what, in words. detail: why, and what to do.
        more: further members, e.g. `fix`, `source`, `errors`.
    """
    body = {
        "type": f"urn:zhicheng:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:zhicheng:request:{getattr(request, 'request_id', '')}",
        **{name: value for name, value in more.items() if value},
    }
    return JsonResponse(body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say an expected no."""
    source = str(refusal.source) if refusal.source else ""
    return problem(
        request, refusal.status, refusal.code, refusal.what, str(refusal), fix=refusal.fix, source=source
    )


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which parameter is wrong and how."""
    errors = [
        {"where": ".".join(str(step) for step in item["loc"]), "what": item["msg"]} for item in error.errors
    ]
    return problem(request, 422, "invalid", "请求的参数有误。", "请按 errors 逐项改正后重发。", errors=errors)


@api.exception_handler(AuthenticationError)
def on_unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that the caller is unknown."""
    response = problem(request, 401, "not_signed_in", "没有有效的身份。", "请带上有效的接口令牌，或先登录。")
    response["WWW-Authenticate"] = 'Bearer realm="zhicheng"'
    return response


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Say that there is nothing here."""
    return problem(request, 404, "not_found", "没有找到。", "请核对地址与编号。")


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say what the framework refused."""
    return problem(request, error.status_code, "refused", str(error), "请核对请求。")


@api.exception_handler(Exception)
def on_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that the software failed; the log has the rest under the same request number."""
    log.error(
        "API failed",
        exc_info=error,
        extra={"request_id": getattr(request, "request_id", ""), "status_code": 500},
    )
    return problem(request, 500, "failed", "服务出错，已记录。", "请把 instance 中的编号告知管理员。")


for room in ROOMS:
    if find_spec(f"zhicheng.apps.{room}") and find_spec(f"zhicheng.apps.{room}.api"):
        api.add_router("", import_module(f"zhicheng.apps.{room}.api").router)
