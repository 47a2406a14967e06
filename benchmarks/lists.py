"""Measures list pages of patents at two sizes: the same number of queries and about the same time, also deep in.

Run: python benchmarks/lists.py [--scale 0.1] [--runs 7] [--database sqlite|postgres|both] [--plans]
Scale 1 is 1,000,000 patents beside 10,000. Each page is asked through the whole site (routing, session, scope,
template) by an officer of the city; the two sizes take turns. With --plans the database says how it reads the deep page.
"""
# ruff: noqa: PLC0415 - Django is set up only in the processes that measure

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from imports import start_postgres

SMALL = 10_000
COUNTIES = (
    "370702",
    "370703",
    "370704",
    "370705",
    "370724",
    "370725",
    "370781",
    "370782",
    "370783",
    "370784",
)
PAGES = {
    "first page": "",
    "one kind": "kind=invention",
    "one county": "region_code=370783",
    "a number": "q={number}",
    "deep in (90 %)": "after={deep}",
}


def fill(count: int) -> None:
    """Make a city with that many patents and their owners."""
    import polars as pl
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    from zhicheng.apps.accounts.people import User
    from zhicheng.apps.ledger.models import Patent
    from zhicheng.apps.records.beginning import begin_city
    from zhicheng.apps.records.bulk_sql import insert_frame
    from zhicheng.kernel.identifiers.patent_application import with_check

    # Tables and indexes as the models say, at once; walking through every migration would take longer than measuring.
    settings.MIGRATION_MODULES = {one.label: None for one in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    begin_city(region_code="370700", one_person=True)
    User.objects.create(username="officer", role="city_officer", region_code="370700")
    texts = {"CharField", "TextField"}
    empty = {one.column: "" for one in Patent._meta.fields if one.get_internal_type() in texts}
    for start in range(0, count, 50_000):
        numbers = range(start, min(count, start + 50_000))
        rows = [empty | patent(one, with_check) for one in numbers]
        insert_frame("ledger_patent", pl.DataFrame(rows, infer_schema_length=100))
        owners = [
            {
                "patent_id": one + 1,
                "name": f"演示{one % 5000}厂",
                "uscc": "",
                "region_code": COUNTIES[one % 10],
                "position": 1,
            }
            for one in numbers
        ]
        insert_frame("ledger_patentowner", pl.DataFrame(owners))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def patent(one: int, with_check: Any) -> dict[str, Any]:
    """A row of the table; one in fifty has no filing day."""
    return {
        "id": one + 1, "application_number": with_check(f"{2011 + one % 14}{1 + one // 14 % 3}{one // 42:07d}"),
        "kind": ("invention", "utility_model", "design")[one // 14 % 3], "title": f"演示装置{one}",
        "filed_on": None if one % 50 == 0 else date(2011 + one % 14, 1, 1) + timedelta(days=one % 365),
        "region_code": COUNTIES[one % 10], "synthetic": True, "revision": 1,
        "created_at": "2025-01-01 00:00:00+00", "updated_at": "2025-01-01 00:00:00+00",
    }  # fmt: skip


def serve_measures(count: int) -> None:
    """Fill the city, then answer each line on stdin with the seconds, queries and rows of that page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zhicheng.apps.accounts.people import User
    from zhicheng.apps.ledger.models import Patent

    settings.ALLOWED_HOSTS = ["*"]
    fill(count)
    client = Client()
    client.force_login(
        User.objects.get(username="officer"), backend="zhicheng.apps.accounts.sign_in.LifeCycleBackend"
    )
    dated = Patent.objects.filter(filed_on__isnull=False).order_by("-filed_on", "-pk")
    at = dated.values_list("filed_on", "pk")[int(count * 0.9)]
    number = Patent.objects.get(pk=count // 2).application_number
    print("ready", flush=True)
    for line in sys.stdin:
        query = line.strip().format(deep=f"{at[0].isoformat()}_{at[1]}", number=number)
        address = f"/records/patents/?{query}"
        started = time.perf_counter()
        answer = client.get(address)
        seconds = time.perf_counter() - started
        assert answer.status_code == 200
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        slowest = max(seen.captured_queries, key=lambda one: float(one["time"]))["sql"]
        print(json.dumps({"seconds": seconds, "queries": len(seen), "plan": plan(slowest)}), flush=True)


def plan(statement: str) -> str:
    """How the database reads the slowest statement of a page."""
    from django.db import connection

    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + statement.replace("%", "%%"))
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


class Site:
    """A city of a size, measured in a process of its own."""

    def __init__(self, home: Path, count: int, database: str) -> None:
        home.mkdir(parents=True)
        env = {**os.environ, "ZHICHENG_HOME": str(home), "DATABASE_URL": database}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--fill", str(count)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stdin
        assert self.process.stdout
        self.tell, self.hear = self.process.stdin, self.process.stdout
        assert self.hear.readline().strip() == "ready"

    def ask(self, query: str) -> dict[str, Any]:
        self.tell.write(f"{query}\n")
        self.tell.flush()
        found: dict[str, Any] = json.loads(self.hear.readline())
        return found


def compare(sites: dict[str, Site], runs: int, *, plans: bool) -> None:
    for name, query in PAGES.items():
        found: dict[str, list[dict[str, Any]]] = {size: [] for size in sites}
        for site in sites.values():
            site.ask(query)
        for _ in range(runs):
            for size, site in sites.items():
                found[size].append(site.ask(query))
        said = []
        for size in sites:
            times = [one["seconds"] * 1000 for one in found[size]]
            said.append(
                f"{size}: {found[size][0]['queries']} queries, median {statistics.median(times):.1f} ms"
                f" ({min(times):.1f}–{max(times):.1f})"
            )
        print(f"  {name:16} {'   '.join(said)}")
        if plans:
            print("    " + found[list(sites)[-1]][0]["plan"].replace("\n", "\n    "))
        assert len({one["queries"] for rows in found.values() for one in rows}) == 1, (
            "the number of queries grew"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.1)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options.add_argument(
        "--plans", action="store_true", help="print how the database reads the slowest statement"
    )
    options.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.fill is not None:
        serve_measures(given.fill)
        return
    large = int(1_000_000 * given.scale)
    sizes = {f"{SMALL:,}": SMALL, f"{large:,}": large}
    with tempfile.TemporaryDirectory() as name:
        if given.database in ("sqlite", "both"):
            print("SQLite")
            measured(Path(name) / "sqlite", sizes, dict.fromkeys(sizes, ""), given)
        if given.database in ("postgres", "both"):
            url, process = start_postgres()
            if not url:
                print("PostgreSQL: no cluster could be started here, left out")
                return
            print("PostgreSQL")
            databases = {}
            for size, count in sizes.items():
                subprocess.run(["psql", "-qX", url, "-c", f'CREATE DATABASE "lists_{count}"'], check=True)
                databases[size] = url.replace("/zhicheng?", f"/lists_{count}?")
            try:
                measured(Path(name) / "postgres", sizes, databases, given)
            finally:
                assert process
                process.communicate("\n", timeout=60)


def measured(home: Path, sizes: dict[str, int], databases: dict[str, str], given: argparse.Namespace) -> None:
    sites = {size: Site(home / str(count), count, databases[size]) for size, count in sizes.items()}
    try:
        compare(sites, given.runs, plans=given.plans)
    finally:
        for site in sites.values():
            site.process.communicate(timeout=60)


if __name__ == "__main__":
    main()
