"""A retried POST with the same Idempotency-Key happens once and gets the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from zhicheng.apps.accounts.public import RememberedAnswer, User, token_user
from zhicheng.site.api import problem

API_PATH = "/api/"
LONGEST_KEY = 200


class IdempotencyMiddleware:
    """Remembers the answer of a POST to the API in the transaction of the POST itself.

    The key row is written first and committed together with the change, so that a crash leaves neither,
    and of two equal requests at the same moment the second waits and then gets the first one's answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request, once per key."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key or not request.path.startswith(API_PATH):
            return self.get_response(request)
        caller = caller_of(request)
        if not caller:
            return self.get_response(request)
        if len(key) > LONGEST_KEY:
            return problem(request, 422, "bad_key", f"Idempotency-Key 超过 {LONGEST_KEY} 字。", "请缩短。")
        digest = request_digest(request)
        try:
            with transaction.atomic():
                kept = RememberedAnswer.objects.create(caller=caller, key=key, request_digest=digest)
                response = self.get_response(request)
                _remember(kept, response)
        except IntegrityError:
            earlier = RememberedAnswer.objects.filter(caller=caller, key=key).first()
            if earlier is None:
                raise
            return answer_again(request, earlier, digest)
        return response


def caller_of(request: HttpRequest) -> str:
    """Return who calls: a person by session or token; empty for an unknown caller."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    user = token_user(token) if scheme.lower() == "bearer" else getattr(request, "user", None)
    return f"user:{user.pk}" if isinstance(user, User) else ""


def request_digest(request: HttpRequest) -> str:
    """Return what makes two requests the same one."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).hexdigest()


def answer_again(request: HttpRequest, kept: RememberedAnswer, digest: str) -> HttpResponse:
    """Return the remembered answer, or refuse a key that was used for something else."""
    if kept.request_digest != digest:
        return problem(
            request,
            422,
            "key_reused",
            f"Idempotency-Key“{kept.key}”已用于另一个请求。",
            "同一个键只能重发同一个请求；新的请求请换新键。",
        )
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    if kept.location:
        response["Location"] = kept.location
    response["Idempotency-Replayed"] = "true"
    return response


def _remember(kept: RememberedAnswer, response: HttpResponse) -> None:
    """Keep a success; forget a refusal, so that it can be mended and sent again; undo a failure."""
    if response.status_code >= 500:
        transaction.set_rollback(True)
    elif response.status_code >= 400 or isinstance(response, StreamingHttpResponse):
        kept.delete()
    else:
        kept.status = response.status_code
        kept.content_type = response.get("Content-Type", "")[:100]
        kept.body = response.content
        kept.location = response.get("Location", "")
        kept.save()
