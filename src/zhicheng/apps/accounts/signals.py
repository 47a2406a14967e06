"""What is recorded and limited when somebody signs in or out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.city import SignedInSession
from zhicheng.apps.accounts.people import User


@receiver(user_logged_in)
def note_sign_in(sender: object, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Record the sign-in and end the oldest sessions beyond the person's limit."""
    with transaction.atomic():
        if not request.session.session_key:
            request.session.save()
        key = request.session.session_key or ""
        SignedInSession.objects.update_or_create(session_key=key, defaults={"user": user})
        surplus = list(
            SignedInSession.objects.filter(user=user)
            .exclude(session_key=key)
            .order_by("-began_at")
            .values_list("session_key", flat=True)[settings.ZHICHENG_SESSIONS_PER_PERSON - 1 :]
        )
        end_sessions(surplus)
        record_event(by=user, action="accounts.sign_in", subject=f"user:{user.username}")


@receiver(user_logged_out)
def note_sign_out(sender: object, request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """Record the sign-out."""
    if user is None:
        return
    with transaction.atomic():
        SignedInSession.objects.filter(session_key=request.session.session_key or "").delete()
        record_event(by=user, action="accounts.sign_out", subject=f"user:{user.username}")


@receiver(user_login_failed)
def note_failure(sender: object, credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Record a failed sign-in under the name that was tried."""
    name = str(credentials.get("username") or credentials.get("login") or "?")[:150]
    with transaction.atomic():
        record_event(by=None, action="accounts.sign_in_failed", subject=f"user:{name}")


def end_sessions(keys: list[str]) -> None:
    """End sessions by their keys."""
    Session.objects.filter(session_key__in=keys).delete()
    SignedInSession.objects.filter(session_key__in=keys).delete()
