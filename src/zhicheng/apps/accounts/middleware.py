"""What happens around every request: its number, and the state of the account behind it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.request_id import new_request_id, set_request_id
from zhicheng.apps.accounts.second_factor import second_factor_missing

Next = Callable[[HttpRequest], HttpResponse]
_SEEN_EVERY_SECONDS = 300
# A mark older than this was left by a killed process.
_WRITING_SECONDS = 60


class RequestIdMiddleware:
    """Gives every request a number and tells it in the answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request under a fresh number."""
        number = new_request_id()
        request.request_id = number  # type: ignore[attr-defined]
        set_request_id(number)
        response = self.get_response(request)
        response["X-Request-ID"] = number
        return response


class AccountMiddleware:
    """Ends idle sessions and those of disabled accounts; asks for what an account still owes."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request of a person whose account is in order."""
        user = request.user
        if isinstance(user, User):
            now = int(time.time())
            idle = now - int(request.session.get("active_at", now))
            if idle > settings.ZHICHENG_IDLE_SECONDS or _expired(user):
                logout(request)
                return redirect(f"{reverse('account_login')}?ended=1")
            if not _ledger_is_written():
                if now - int(request.session.get("active_at", 0)) > min(60, settings.ZHICHENG_IDLE_SECONDS):
                    request.session["active_at"] = now
                _note_seen(user)
            if owed := _owed(request, user):
                return redirect(owed)
        return self.get_response(request)


def _ledger_is_written() -> bool:
    """While a large set holds SQLite's one write lock, reading a page must not wait to note who was here."""
    try:
        age = time.time() - (Path(settings.ZHICHENG_HOME) / "ledger-is-written").stat().st_mtime
    except OSError:
        return False
    return age < _WRITING_SECONDS


def _expired(user: User) -> bool:
    return bool(user.ends_on and user.ends_on < timezone.localdate())


def _note_seen(user: User) -> None:
    now = timezone.now()
    if user.seen_at is None or (now - user.seen_at).total_seconds() > _SEEN_EVERY_SECONDS:
        User.objects.filter(pk=user.pk).update(seen_at=now)


def _owed(request: HttpRequest, user: User) -> str:
    """Return the page the person must go through first, empty when nothing is owed."""
    path = request.path
    if path.startswith((f"/{settings.STATIC_URL.lstrip('/')}", "/accounts/", "/i18n/", "/healthz")):
        return ""
    if user.must_change_password:
        return reverse("accounts:change_password")
    if settings.ZHICHENG_MFA_REQUIRED and second_factor_missing(user):
        return reverse("mfa_activate_totp")
    return ""
