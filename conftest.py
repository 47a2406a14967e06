"""What every test shares: the fixed cast, and a test database that can be emptied between tests."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["zhicheng.apps.accounts.testing"]


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Make test databases from the models: a hundred migrations take half a minute, which each process would pay.

    `tests/upgrade` runs the migrations themselves and finds the same tables at their end.
    """
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Put the audit trail's triggers in place, all but those that keep transactional tests from emptying it."""
    from django.db import connection  # noqa: PLC0415

    from zhicheng.apps.accounts.audit_triggers import create_sql, wipe_sql  # noqa: PLC0415

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in (*create_sql(connection.vendor), *wipe_sql(connection.vendor)):
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def the_language_of_the_city() -> None:
    """Begin every test in the language of the settings: a page read in English leaves its thread in English."""
    from django.conf import settings  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def only_transactions_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's own transaction is none of the program's: a line in the audit trail needs one the program opened."""
    from django.db import connection  # noqa: PLC0415

    from zhicheng.apps.accounts import audit  # noqa: PLC0415

    def opened_by_the_program() -> bool:
        blocks = connection.atomic_blocks
        return bool(blocks) and not blocks[-1]._from_testcase

    monkeypatch.setattr(audit, "inside_a_change", opened_by_the_program)
