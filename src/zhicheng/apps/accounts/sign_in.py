"""How people sign in: who may, what is said to them when locked out, how secrets are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhicheng.apps.accounts.encryption import decrypt, encrypt
from zhicheng.apps.accounts.people import User


class LifeCycleBackend(ModelBackend):
    """Signs in accounts that are active, not past their last day and not dormant."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Tell whether the account may still be used."""
        if not super().user_can_authenticate(user):
            return False
        if user.ends_on and user.ends_on < timezone.localdate():
            return False
        dormant = settings.ZHICHENG_DORMANT_DAYS
        last = user.last_login or user.date_joined
        return not (dormant and last < timezone.now() - timedelta(days=dormant))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are opened by the system administrator, except those of enterprises and the public."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-registration: accounts come from the administrator or single sign-on."""
        return False


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Single sign-on opens only accounts that exist under the same name."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse to open an account nobody granted a role to."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the identity to the account of the same name, the first time it is seen."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data.get("userinfo", sociallogin.account.extra_data)
        name = str(claims.get("preferred_username", ""))
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is not None:
            sociallogin.connect(request, user)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of the second factor lie encrypted in the database."""

    def get_totp_issuer(self) -> str:
        """Return the name shown in the authenticator."""
        return "知城"

    def encrypt(self, text: str) -> str:
        """Encrypt with the city's newest key."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with any of the city's keys."""
        return decrypt(encrypted_text)


def tried_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Return the name somebody tried to sign in with; failures are counted per name."""
    given = credentials or {}
    posted = request.POST.get("login") if request is not None else None
    return given.get("username") or given.get("login") or posted


def locked_out(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    """Answer a sign-in on a locked account: what happened, how long, who can help."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}
    return render(request, "account/locked.html", context, status=429)
