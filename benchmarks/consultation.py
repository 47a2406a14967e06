"""Measures the board and the worklists of the consultation loop at two sizes: the same number of queries, about the same time.

Run: python benchmarks/consultation.py [--scale 0.1] [--runs 7] [--slow]
Scale 1 is 5,000 sessions with 100,000 items beside 1,000 sessions with 20,000, each item with four steps, a task, an answer and a
verdict. Each page is asked through the whole site by an officer of the city; the two sizes take turns. SQLite.
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
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

SMALL = 20_000
PAGES = {
    "board": ("cppcc", "/consultation/board/"),
    "items": ("cppcc", "/consultation/items/"),
    "late": ("cppcc", "/consultation/items/?show=late"),
    "never answered": ("cppcc", "/consultation/items/?show=unanswered"),
    "a unit's worklist": ("unit", "/consultation/items/?show=mine"),
    "sessions": ("cppcc", "/consultation/"),
    "home": ("supervision", "/"),
}
DAY = date(2025, 12, 16)
STATES = (
    "submitted",
    "instructed",
    "in_hand",
    "answered",
    "checked",
    "judged",
    "parked",
    "declined",
    *("closed",) * 12,
)
UNITS = tuple(f"演示{one}局" for one in range(40))


def rows_of(count: int) -> Iterator[tuple[Any, Any, list[Any]]]:
    """The session (every twentieth time), the item and what hangs on it."""
    from zhicheng.apps.consultation.models import (
        Item,
        ItemEvent,
        ItemSpeaker,
        Judgement,
        Report,
        Session,
        UnitTask,
    )

    for one in range(count):
        place, session, state, day = (
            one % 20,
            one // 20 + 1,
            STATES[one % 20],
            DAY - timedelta(days=one % 900),
        )
        made = Session(pk=session, number=f"370700-B-{session}", region_code="370700", topic=f"演示{session}", held_on=day, synthetic=True) if place == 0 else None  # fmt: skip
        pk, unit = one + 1, UNITS[one % 40]
        item = Item(
            pk=pk, session_id=session, region_code="370700", number=f"370700-B-{session}-{place:03d}", kind="problem",
            title=f"演示事项{one}", text="演示", state=state, lead_unit=unit, due_on=day + timedelta(days=90), raised_on=day,
            entered_state_on=day + timedelta(days=30),
        )  # fmt: skip
        road = ("collected", "listed", "submitted", "instructed", "in_hand")
        hung: list[Any] = [
            ItemEvent(
                item_id=pk, step="assign", state_before=a, state_after=b, stayed=one % 30, on=day, by="演示"
            )
            for a, b in pairwise(road)
        ]
        hung.append(ItemSpeaker(item_id=pk, speaker_id=session))
        hung.append(UnitTask(item_id=pk, unit=unit, region_code="370700", part="lead", given_on=day, due_on=day + timedelta(days=90), ended_on=None if state == "in_hand" else DAY))  # fmt: skip
        if state in ("answered", "checked", "judged", "closed"):
            hung.append(
                Report(item_id=pk, kind="answer", unit=unit, text="演示", signed_by="局长", reported_on=day)
            )
        if state in ("judged", "closed"):
            hung.append(Report(item_id=pk, kind="check", unit="督考办", text="演示", reported_on=day))
            hung.append(Judgement(item_id=pk, speaker_id=session, round=1, value="fair", given_on=day))
        yield made, item, hung


def fill(count: int) -> None:
    """Make a city with that many items."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from zhicheng.apps.accounts.people import User
    from zhicheng.apps.consultation.models import Participant
    from zhicheng.apps.records.beginning import begin_city

    # Tables and indexes as the models say, at once; walking through every migration would take longer than measuring.
    settings.MIGRATION_MODULES = {one.label: None for one in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    begin_city(region_code="370700", one_person=True, opens_on=DAY)
    for name, role in (("cppcc", "cppcc"), ("unit", "department"), ("supervision", "supervision")):
        User.objects.create(
            username=name, role=role, region_code="370700", department=UNITS[2] if name == "unit" else ""
        )
    waiting: dict[type, list[Any]] = {}

    def keep(*rows: Any) -> None:
        for one in rows:
            waiting.setdefault(type(one), []).append(one)

    with transaction.atomic():
        for number, (session, item, hung) in enumerate(rows_of(count), 1):
            if session is not None:
                keep(
                    session,
                    Participant(
                        pk=session.pk, session=session, kind="entrepreneur", title=f"演示负责人{session.pk}"
                    ),
                )
            keep(item, *hung)
            if number % 5_000 == 0 or number == count:
                for model, rows in waiting.items():
                    model.objects.bulk_create(rows)  # type: ignore[attr-defined]
                waiting.clear()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def serve_measures(count: int) -> None:
    """Fill the city, then answer each line on stdin with the seconds and queries of that page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zhicheng.apps.accounts.people import User

    settings.ALLOWED_HOSTS = ["*"]
    fill(count)
    clients: dict[str, Client] = {}
    for name in ("cppcc", "unit", "supervision"):
        clients[name] = Client()
        clients[name].force_login(
            User.objects.get(username=name), backend="zhicheng.apps.accounts.sign_in.LifeCycleBackend"
        )
    print("ready", flush=True)
    for line in sys.stdin:
        name, address = line.split()
        started = time.perf_counter()
        answer = clients[name].get(address)
        seconds = time.perf_counter() - started
        assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as seen:
            clients[name].get(address)
        slow = sorted(seen.captured_queries, key=lambda one: -float(one["time"]))[:3]
        print(json.dumps({"seconds": seconds, "queries": len(seen), "slow": [(one["time"], one["sql"][:600]) for one in slow]}), flush=True)  # fmt: skip


class Site:
    """A city of a size, measured in a process of its own."""

    def __init__(self, home: Path, count: int) -> None:
        home.mkdir(parents=True)
        env = {**os.environ, "ZHICHENG_HOME": str(home), "DATABASE_URL": ""}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--fill", str(count)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stdin
        assert self.process.stdout
        self.tell, self.hear = self.process.stdin, self.process.stdout
        assert self.hear.readline().strip() == "ready"

    def ask(self, who: str, address: str) -> dict[str, Any]:
        """One page: seconds, queries, the slowest statements."""
        self.tell.write(f"{who} {address}\n")
        self.tell.flush()
        found: dict[str, Any] = json.loads(self.hear.readline())
        return found


def compare(sites: dict[str, Site], runs: int, *, slow: bool) -> None:
    """Ask every page in turn at both sizes and print medians, spread and ratio."""
    for name, (who, address) in PAGES.items():
        found: dict[str, list[dict[str, Any]]] = {size: [] for size in sites}
        for site in sites.values():
            site.ask(who, address)
        for _ in range(runs):
            for size, site in sites.items():
                found[size].append(site.ask(who, address))
        medians, said = [], []
        for size in sites:
            times = [one["seconds"] * 1000 for one in found[size]]
            medians.append(statistics.median(times))
            said.append(
                f"{size}: {min(one['queries'] for one in found[size])} queries, {medians[-1]:.0f} ms ({min(times):.0f}–{max(times):.0f})"
            )
        print(f"  {name:18} {'   '.join(said)}   {medians[-1] / medians[0]:.2f} ×", flush=True)
        if slow:
            for seconds, sql in found[list(sites)[-1]][0]["slow"]:
                print(f"      {seconds} s {sql}")
        # Now and then a visit also renews the session; the fewest of all runs is the page itself.
        queries = {min(one["queries"] for one in rows) for rows in found.values()}
        assert len(queries) == 1, f"the number of queries grew: {queries}"


def main() -> None:
    """Read the options, build both cities, compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.1)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument(
        "--slow", action="store_true", help="print the three slowest statements of each page"
    )
    options.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.fill is not None:
        serve_measures(given.fill)
        return
    small, large = int(SMALL * given.scale), int(5 * SMALL * given.scale)
    with tempfile.TemporaryDirectory() as name:
        sites = {f"{count:,}": Site(Path(name) / str(count), count) for count in (small, large)}
        try:
            compare(sites, given.runs, slow=given.slow)
        finally:
            for site in sites.values():
                site.process.communicate(timeout=60)


if __name__ == "__main__":
    main()
