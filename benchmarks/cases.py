"""Measures cases: lifecycles a second through the API, first pages of lists, due days recomputed after a notice.

Run: python benchmarks/cases.py [--small 10000] [--scale 100000] [--runs 7] [--lifecycles 12] [--limits 20000]
[--keep FOLDER]
Full size: --scale 1000000 --limits 100000. Two cities on SQLite in temporary folders, or in one that is kept and
used again, one with `small` cases and one with `scale`, each served by two server processes; runs are interleaved,
medians stand with their spread. Every case has its parties, rights, materials, tasks, stages, clock events, limits and
history; what was entered into its form and its files are left out to save room. A lifecycle
is one case filed, four actions and its closing, each one request that checks rights, definition, clocks and version
and writes history, audit trail and documents.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

TOKENS = {"officer": "zc_benchmark_officer", "head": "zc_benchmark_head"}
PATENT = "2021199000108"
VALUES = {
    "region": "370700", "f.applicant_name": "演示甲公司", "f.applicant_address": "演示路1号", "f.applicant_phone": "0",
    "f.standing": "owner", "f.respondent_name": "演示乙公司", "f.respondent_address": "演示路2号",
    "f.respondent_abroad": "false", "f.patent_number": PATENT, "f.patent_title": "一种演示装置",
    "f.patent_kind": "invention", "f.claims": "1", "f.known_on": "2026-03-01", "f.continuing": "true", "f.sued": "false",
    "f.claim_text": "停止制造", "f.facts_text": "演示事实",
}  # fmt: skip
FILES = [{"material": one, "name": f"{one}.pdf", "content": "JVBERi0="} for one in ("request", "register")]
PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import date
from zhicheng.apps.accounts.models import ApiToken, User
from zhicheng.apps.accounts.tokens import token_digest
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.entering import application_from
from zhicheng.apps.cases.filing import file_case
from zhicheng.apps.records.public import begin_city
import json, sys
given = json.loads(sys.argv[1])
begin_city(region_code="370700", one_person=False)
people = {}
for name, token in given["tokens"].items():
    people[name] = User.objects.create(username=name, display_name=name, role="city_officer", region_code="370700")
    ApiToken.objects.create(user=people[name], name="benchmark", digest=token_digest(token))
matter = matter_in_force("admin_adjudication", date.today())
files = [(one["material"], one["name"], b"%PDF-") for one in given["files"]]
row = file_case(application=application_from(matter, given["values"], files=files), by=people["officer"], on=date.today())
print(row.case.pk)
"""
SIGN_IN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from zhicheng.apps.accounts.models import User
browser = Client()
browser.force_login(User.objects.get(username="officer"), backend="zhicheng.apps.accounts.sign_in.LifeCycleBackend")
print(browser.cookies["sessionid"].value)
"""
RECOMPUTE = """
import django; django.setup()
import time, sys, json
from pathlib import Path
from zhicheng.apps.accounts.models import User
from zhicheng.apps.cases.recomputing import load_notice
began = time.perf_counter()
days, found = load_notice(path=Path(sys.argv[1]), by=User.objects.get(username="officer"))
print(json.dumps([time.perf_counter() - began, found.limits, found.changed]))
"""
# Tables that are copied for every seeded case, and their column that names the case.
TABLES = {
    "cases_case": "id", "cases_handling": "case_id", "cases_stagevisit": "case_id", "cases_clockevent": "case_id",
    "cases_limitstanding": "case_id", "cases_caseparty": "case_id", "cases_caseevent": "case_id",
    "cases_assignment": "case_id", "cases_party": "case_id", "cases_material": "case_id", "cases_task": "case_id",
    "cases_caseright": "case_id",
}  # fmt: skip
OPEN_SHARE = 10
# Says in a kept folder how many cases its city was filled with.
SEEDED = "seeded"


@dataclass
class City:
    """One city of the benchmark: its folder, its servers, what was measured of it."""

    name: str
    cases: int
    home: Path
    ports: tuple[int, int]
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    measured: dict[str, list[float]] = field(default_factory=dict)
    session: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        return {
            **os.environ, "ZHICHENG_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "zhicheng.site.settings",
            "DATABASE_URL": "", "TZ": "Asia/Shanghai", "ZHICHENG_MODE": "demo",
        }  # fmt: skip

    def run(self, code: str, *args: str) -> str:
        """Run a program in the city; returns the last line it printed."""
        done = subprocess.run(
            [sys.executable, "-c", code, *args],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def serve(self) -> None:
        """Start two server processes."""
        for port in self.ports:
            command = [sys.executable, "-m", "zhicheng.cli.main"]
            code = "from zhicheng.cli.main import run; run()"
            command = [
                sys.executable,
                "-c",
                code,
                "serve",
                "--port",
                str(port),
                "--no-worker",
                "--threads",
                "2",
            ]
            self.servers.append(
                subprocess.Popen(
                    command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            )
        for port in self.ports:
            wait_for(port)

    def stop(self) -> None:
        """Stop the server processes."""
        for one in self.servers:
            one.terminate()
        for one in self.servers:
            one.wait(timeout=20)


def free_ports() -> tuple[int, int]:
    """Two ports nobody listens on; a server of another run on the same one would get every second request."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            if call(port, "officer", "GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"no server on port {port}")


def call(
    port: int, who: str, method: str, path: str, body: object = None, mark: str = "", session: str = ""
) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json"}
    headers |= {"Cookie": f"sessionid={session}"} if session else {"Authorization": f"Bearer {TOKENS[who]}"}
    if mark:
        headers["If-Match"] = mark
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("ETag", ""), answer.read()
    finally:
        connection.close()


def lifecycle(port: int) -> None:
    """File a case, take four actions, close it."""
    today = time.strftime("%Y-%m-%d")
    new = {"matter": "admin_adjudication", "values": VALUES, "files": FILES}
    status, mark, body = call(port, "officer", "POST", "/api/v1/cases", new)
    assert status == 201, body
    case = json.loads(body)["id"]
    for who, action, values in (
        ("head", "accept", {"known_within_three_years": "true", "panel_size": "three"}),
        ("officer", "serve", {"served_on": today}), ("officer", "answer", {}), ("officer", "forward", {}),
        ("head", "cancel", {"cancel_ground": "withdrawn"}),
    ):  # fmt: skip
        status, mark, body = call(
            port, who, "POST", f"/api/v1/cases/{case}/actions/{action}", {"values": values}, mark
        )
        assert status == 200, body.decode()
    assert json.loads(body)["closed_on"], body


def lifecycles(city: City, count: int) -> float:
    """Lifecycles a second, one client at each of the two server processes."""
    problems: list[BaseException] = []

    def client(port: int) -> None:
        try:
            for _ in range(count // 2):
                lifecycle(port)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=client, args=(port,)) for port in city.ports]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if problems:
        raise SystemExit(f"{city.name}: {problems[0]!r}")
    return count // 2 * 2 / (time.perf_counter() - began)


def page(city: City, path: str) -> float:
    """Seconds of one page."""
    began = time.perf_counter()
    status, _mark, body = call(city.ports[0], "officer", "GET", path, session=city.session)
    assert status == 200, body[:500]
    return time.perf_counter() - began


def seed(city: City) -> None:
    """Fill the city by copying one real case; every tenth is open, with due days spread over half a year."""
    values = json.dumps({"tokens": TOKENS, "values": VALUES, "files": FILES})
    first = int(city.run(PREPARE, values))
    database = sqlite3.connect(city.home / "zhicheng.sqlite3")
    database.executescript("PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL; PRAGMA cache_size=-400000")
    database.execute(
        "CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i < ?) SELECT i FROM c",
        (city.cases,),
    )
    for table, key in TABLES.items():
        database.execute(copy_sql(database, table, key, first))
    database.commit()
    database.execute("ANALYZE")
    database.commit()
    database.close()
    (city.home / SEEDED).write_text(str(city.cases), encoding="ascii")


def prepare(city: City) -> None:
    """Fill the city unless it was kept from an earlier run, and sign somebody in."""
    city.home.mkdir(parents=True, exist_ok=True)
    kept = city.home / SEEDED
    if kept.exists() and kept.read_text(encoding="ascii") != str(city.cases):
        raise SystemExit(f"{city.home} holds another number of cases: empty it, or ask for the same again")
    if not kept.exists():
        began = time.perf_counter()
        seed(city)
        print(f"{city.name}: {city.cases:,} cases seeded in {time.perf_counter() - began:.0f} s", flush=True)
    city.session = city.run(SIGN_IN)


def copy_sql(database: sqlite3.Connection, table: str, key: str, first: int) -> str:
    """The statement that copies the rows of the first case, each column with what makes it another case."""
    closed = f"n.i % {OPEN_SHARE} <> 0"
    day = "date('now', '-30 days', '+' || (n.i % 180) || ' days')"
    special = {
        key: f"{first} + n.i", "number": "t.number || '-' || n.i", "received_on": "date('now', '-' || (n.i % 700) || ' days')",
        "closed_on": f"CASE WHEN {closed} THEN date('now', '-1 day') END", "sort_on": day, "due_on": day,
        "warn_on": "date('now', '-40 days', '+' || (n.i % 180) || ' days')",
        "state": f"CASE WHEN {closed} THEN 'met' ELSE t.state END" if table == "cases_limitstanding" else "t.state",
    }  # fmt: skip
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    if table != "cases_case":
        names.remove("id") if "id" in names else None
    columns = [special.get(name, f't."{name}"') for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO {table} ({listed}) SELECT {", ".join(columns)} FROM {table} t, n WHERE t."{key}" = {first}'


def provisional(city: City, count: int) -> None:
    """Let so many running limits rest on a year without a notice."""
    database = sqlite3.connect(city.home / "zhicheng.sqlite3")
    start = "2026-12-30"
    database.execute(
        "UPDATE cases_clockevent SET day = ? WHERE case_id IN (SELECT case_id FROM cases_limitstanding WHERE state = 'running' LIMIT ?)",
        (start, count),
    )
    database.execute(
        "UPDATE cases_limitstanding SET provisional = 1, started_on = ?, "
        "due_on = date('now', '+' || (case_id % 180) || ' days') WHERE case_id IN "
        "(SELECT case_id FROM cases_limitstanding WHERE state = 'running' LIMIT ?) AND state = 'running'",
        (start, count),
    )
    database.commit()
    database.close()


def notice(folder: Path) -> Path:
    """A made-up notice of 2027 for the measurement only."""
    days = [date(2027, 1, 1) + timedelta(days=one) for one in range(3)] + [
        date(2027, 10, one) for one in range(1, 8)
    ]
    path = folder / "2027.csv"
    path.write_text(
        "date,kind,name\n" + "\n".join(f"{one},rest,测算用" for one in days) + "\n", encoding="utf-8"
    )
    return path


def told(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


PAGES = {
    "worklist page": "/cases/?list=all",
    "worklist API": "/api/v1/cases?list=all",
    "board page": "/cases/board/",
}


def measure(cities: list[City], runs: int, count: int) -> None:
    for city in cities:
        city.measured = {name: [] for name in ("lifecycles/s", *PAGES)}
        lifecycles(city, 2)
        for path in PAGES.values():
            page(city, path)
    for number in range(runs):
        for city in cities if number % 2 == 0 else cities[::-1]:
            city.measured["lifecycles/s"].append(lifecycles(city, count))
            for name, path in PAGES.items():
                city.measured[name].append(statistics.median(page(city, path) for _ in range(3)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--scale", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--lifecycles", type=int, default=12)
    parser.add_argument("--limits", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="folder in which the cities stay for the next run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhicheng-cases-") as temporary:
        folder = given.keep or Path(temporary)
        cities = [
            City("small", given.small, folder / "small", free_ports()),
            City("large", given.scale, folder / "large", free_ports()),
        ]
        try:
            for city in cities:
                prepare(city)
                city.serve()
            measure(cities, given.runs, given.lifecycles)
        finally:
            for city in cities:
                city.stop()
        small, large = cities
        for name in small.measured:
            one, two = statistics.median(small.measured[name]), statistics.median(large.measured[name])
            print(
                f"{name}: {told(small.measured[name])} → {told(large.measured[name])}, ratio {two / one:.2f}"
            )
        provisional(large, given.limits)
        seconds, limits, changed = json.loads(large.run(RECOMPUTE, str(notice(Path(temporary)))))
        print(f"notice loaded: {limits:,} due days recomputed in {seconds:.1f} s, {changed:,} changed")


if __name__ == "__main__":
    main()
