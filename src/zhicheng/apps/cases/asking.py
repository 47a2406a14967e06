"""Who asks, and on which day: what every view of the room begins with."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from zhicheng.apps.accounts.public import User, require, signed_in


def person(request: HttpRequest) -> User:
    """Return who is signed in.

    Raises:
        NotAllowed: nobody is.
    """
    require(request.user, "account.self")
    return signed_in(request.user)


def today() -> date:
    """Return the Beijing day; cases run with the real days, whatever day the figures show."""
    return timezone.localdate()
