"""Keeps pages alive while a large set is written on SQLite: a few writers wait for the lock, the next is told to come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.apps.records.public import being_written
from zhicheng.kernel.refusals import Refusal
from zhicheng.site.api import api, on_bug, on_refusal

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LONG = 2.0  # seconds after which a write counts as waiting for the lock
COME_BACK = 30


class Busy(Refusal):
    """Somebody else writes the ledger, and enough people wait for them already."""

    code = "busy"
    status = 503


class WritersMiddleware:
    """Lets all threads but one wait for the writer of SQLite, so that reading always goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = max(1, settings.ZHICHENG_THREADS - 1)
        self._since: dict[int, float] = {}
        self._guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request; a write that would take the last thread while a set is written is refused."""
        if request.method in READING or connection.vendor != "sqlite":
            return self.get_response(request)
        with self._waiting() as before:
            if before >= self.places and (found := being_written()):
                row, far = found[0]
                what = f"“{row.source}”正在写入台账（已写 {far.done:,} 行），已有 {before} 人在等；您的这次提交没有保存。"
                return answer(request, Busy(what, fix=f"请约 {COME_BACK} 秒后重新提交；查看页面不受影响。"))
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say in words that the lock did not come free in time."""
        return answer(request, too_long()) if is_lock(exception) else None

    @contextmanager
    def _waiting(self) -> Iterator[int]:
        """Enter the writers under way; gives how many of the others have been at it for long."""
        me, now = threading.get_ident(), time.monotonic()
        with self._guard:
            before = sum(1 for since in self._since.values() if now - since > LONG)
            self._since[me] = now
        try:
            yield before
        finally:
            with self._guard:
                self._since.pop(me, None)


def is_lock(exception: Exception) -> bool:
    """Tell whether SQLite gave up waiting for its writer."""
    return isinstance(exception, OperationalError) and "locked" in str(exception)


def too_long() -> Busy:
    """The refusal of a write that waited as long as it may."""
    what = "台账一直有人在写，等了很久仍未轮到；您的这次提交没有保存。"
    return Busy(what, fix=f"请约 {COME_BACK} 秒后重新提交；查看页面不受影响。")


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a problem for programs, as a fragment for htmx, else as a page; each says when to come back."""
    if request.path.startswith("/api/"):
        response = on_refusal(request, refusal)
    else:
        context = {"refusal": refusal, "reference": getattr(request, "request_id", "")}
        template = "web/_refusal.html" if getattr(request, "htmx", False) else "web/refused.html"
        response = render(request, template, context, status=refusal.status)
    response["Retry-After"] = str(COME_BACK)
    return response


@api.exception_handler(OperationalError)
def on_lock(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Say over the API that the lock did not come free in time; any other failure of the database is a bug."""
    return answer(request, too_long()) if is_lock(error) else on_bug(request, error)
