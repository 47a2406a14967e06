"""The fixed cast of every access test: two officers, a department, an enterprise and a stranger."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.roles import Role

PASSWORD = "cast-of-the-tests-9"  # noqa: S105


@dataclass(frozen=True)
class Cast:
    """People a page is tried with; `stranger` is an officer of another city."""

    city_officer: User
    county_officer: User
    department: User
    enterprise: User
    stranger: User


def make_user(username: str, role: str, region_code: str = "", **more: object) -> User:
    """Make an active user with the cast's password."""
    user = User(username=username, display_name=username, role=role, region_code=region_code, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the fixed cast."""
    return Cast(
        city_officer=make_user("shi", Role.CITY_OFFICER, "370700"),
        county_officer=make_user("shouguang", Role.COUNTY_OFFICER, "370783"),
        department=make_user("keji", Role.DEPARTMENT, "370700", department="市科技局"),
        enterprise=make_user("qiye", Role.ENTERPRISE, "370700"),
        stranger=make_user("waishi", Role.CITY_OFFICER, "330200"),
    )


def signed_in(user: User | None) -> Client:
    """Return a browser in which the person is signed in, or nobody."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="zhicheng.apps.accounts.sign_in.LifeCycleBackend")
    return client
