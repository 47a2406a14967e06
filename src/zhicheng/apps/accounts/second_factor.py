"""Who must sign in with a second factor and has not set one up."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from zhicheng.apps.accounts.people import User


def has_second_factor(user: User) -> bool:
    """Tell whether the person set up an authenticator."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def forget_second_factor(user: User) -> None:
    """Take away every authenticator the person set up, and the codes for when it is lost."""
    Authenticator.objects.filter(user=user).delete()


def second_factor_missing(user: User) -> bool:
    """Tell whether an officer still has to set one up."""
    return user.is_officer and not has_second_factor(user)
