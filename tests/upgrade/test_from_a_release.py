"""A city of an earlier release, with data in it, goes through the migrations and is still the same city.

The rows lie in `releases/`, one file a release, kept with `scripts/release_rows.py keep` from a small demo city.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
RELEASES = sorted((ROOT / "tests" / "upgrade" / "releases").glob("*.jsonl.gz"))
# What the release itself computed for the city of its file on 2025-12-16.
FIGURES = {
    "2026-11-23": {
        "valid_invention_patents": "157",
        "patent_pledge_amount": "1278532461.62",
        "high_value_invention_patents": "114",
        "gi_products_total": "39",
        "counterfeits_destroyed": "10980",
    },
    "2026-11-25": {
        "valid_invention_patents": "104",
        "patent_pledge_amount": "140352012.77",
        "high_value_invention_patents": "58",
        "gi_products_total": "39",
        "admin_adjudication_cases": "2",
    },
}
pytestmark = pytest.mark.skipif(os.name != "posix", reason="runs the command line of a POSIX system")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of an empty city of its own, on the database the tests run on."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhicheng.site.settings",
        "ZHICHENG_HOME": str(tmp_path / "home"),
        "ZHICHENG_MODE": "demo",
    }
    env.pop("DATABASE_URL", None)
    if connection.vendor != "postgresql":
        yield env
        return
    import psycopg

    place = connection.settings_dict
    name = f"upgrade_{os.getpid()}"
    to = {"host": place["HOST"], "user": place["USER"], "dbname": "postgres", "autocommit": True}
    with psycopg.connect(**to) as base:
        base.execute(f"CREATE DATABASE {name}")
    yield {**env, "DATABASE_URL": f"postgresql://{place['USER']}@/{name}?host={place['HOST']}"}
    with psycopg.connect(**to) as base:
        base.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def zhicheng(env: dict[str, str], *words: str) -> str:
    return run(env, "-c", "from zhicheng.cli.main import run; run()", *words)


COUNT = """
import django, json, sys; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    told = {}
    for table in json.loads(sys.argv[1]):
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        told[table] = cursor.fetchone()[0]
print(json.dumps(told))
"""
TABLES = """
import django, json; django.setup()
from tests.upgrade.test_from_a_release import tables_of
print(json.dumps(tables_of(), sort_keys=True))
"""
SIGN_IN = """
import django; django.setup()
from django.test import Client
from zhicheng.apps.accounts.models import User
user = User.objects.get(username="demo_officer")
assert user.check_password("zhicheng-demo")
browser = Client(HTTP_HOST="localhost")
browser.force_login(user, backend="zhicheng.apps.accounts.sign_in.LifeCycleBackend")
for path in (
    "/", "/figures/valid_invention_patents/", "/records/patents/", "/records/imports/", "/cases/", "/consultation/board/",
    "/consultation/items/", "/incentives/batches/", "/incentives/rounds/", "/incentives/clawbacks/",
):
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
"""


# Django keeps its own list there, and numbered this table's rows with a wider type in its first migrations
NOT_OURS = {"django_migrations", "auth_group_permissions"}


def tables_of() -> dict[str, list[list[object]]]:
    """Every table with its columns, indexes and constraints, whatever they are called."""
    told: dict[str, list[list[object]]] = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - NOT_OURS:
            columns = connection.introspection.get_table_description(cursor, table)
            bounds = connection.introspection.get_constraints(cursor, table).values()
            told[table] = sorted(
                [
                    *([one.name, str(one.type_code), one.null_ok] for one in columns),
                    *(
                        [one["columns"], one["unique"], one["index"], one["check"], one["foreign_key"]]
                        for one in bounds
                    ),
                ],
                key=str,
            )
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.split(".")[0])
def test_a_city_of_an_earlier_release_keeps_its_rows_figures_people_and_audit_trail(release, elsewhere):
    run(elsewhere, "scripts/release_rows.py", "fill", str(release))
    run(elsewhere, "manage.py", "migrate", "--no-input", "-v0")

    with gzip.open(release, "rt", encoding="utf-8") as lines:
        next(lines)
        before = {one["table"]: len(one["rows"]) for one in map(json.loads, lines)}
    before.pop("django_site", None)
    after = json.loads(run(elsewhere, "-c", COUNT, json.dumps(sorted(before))))
    assert after == before

    # the database of all other tests is made from the models: it is the one the migrations lead to
    migrated = json.loads(run(elsewhere, "-c", TABLES))
    assert migrated == json.loads(json.dumps(tables_of()))

    assert "完整" in zhicheng(elsewhere, "verify-audit")
    expected = FIGURES[release.name.split(".")[0]]
    told = zhicheng(
        elsewhere, "figures", *expected, "--region", "370700", "--as-of", "2025-12-16", "--format", "json"
    )
    assert {one["id"]: one["value"] for one in json.loads(told)} == expected
    run(elsewhere, "-c", SIGN_IN)
