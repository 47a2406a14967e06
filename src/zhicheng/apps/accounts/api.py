"""The API's word on who is calling."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.scope import scope

router = Router(tags=["accounts"])


class Caller(Schema):
    """Who calls, and what they see."""

    username: str
    display_name: str
    role: str
    region_code: str
    regions: list[str]
    organisations: list[int]


@router.get("/me", response=Caller)
def me(request: HttpRequest) -> Caller:
    """Return the caller; without sign-in every part is empty and only published things are seen."""
    user = request.user
    seen = scope(user)
    known = user if isinstance(user, User) else None
    return Caller(
        username=known.username if known else "",
        display_name=known.display_name if known else "",
        role=seen.role,
        region_code=known.region_code if known else "",
        regions=list(seen.region_codes),
        organisations=list(seen.organisation_ids),
    )
