"""Measures an import of patents from a GB18030 CSV to applied ledger rows, ours beside row by row.

Run: python benchmarks/imports.py [--scale 0.01] [--runs 7] [--database sqlite|postgres|both]
Scale 1 is 1,000,000 rows. Both sides read the same file, check every cell by the same rules, keep a staged
row with old and new values for review, then write patents, owners, events, provenance and one audit event in one
transaction. The peer does so row by row with `bulk_create` in batches of 1,000. Each run has a process and a
database of its own; the two sides take turns. PostgreSQL is brought up by scripts/postgres.sh when it is there.
"""
# ruff: noqa: PLC0415 - Django is set up only in the processes that measure

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIRMS = 20_000
HEADER = ("申请号", "名称", "申请日", "授权日", "公开（公告）号", "公开（公告）日", "主分类号", "分类号", "专利权人",
          "统一社会信用代码", "权利人区划", "代理机构", "发明人", "地址", "失效日")  # fmt: skip
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


def write_file(path: Path, rows: int) -> None:
    """Write a file as an office exports one: a tenth of the owners are strangers, a tenth have two owners."""
    from zhicheng.kernel.identifiers.patent_application import with_check

    dice = random.Random(7)
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in range(rows):
            year, kind = 2011 + number % 14, 1 + number // 14 % 3
            written = with_check(f"{year}{kind}{number // 42:07d}")
            filed = date(year, 1, 1) + timedelta(days=dice.randrange(365))
            granted = filed + timedelta(days=dice.randrange(200, 900)) if number % 4 else None
            firm = dice.randrange(FIRMS)
            names, codes, places = [name_of(firm)], [uscc_of(firm)], [COUNTIES[firm % 10]]
            if number % 10 == 0:
                names, codes, places = [f"演示外来甲{firm}厂"], [""], [""]
            if number % 10 == 1:
                other = dice.randrange(FIRMS)
                names, codes, places = (
                    [*names, name_of(other)],
                    [*codes, uscc_of(other)],
                    [*places, COUNTIES[other % 10]],
                )
            symbol = f"{'ABCDEFGH'[firm % 8]}{1 + firm % 99:02d}{'BCDF'[firm % 4]}{1 + number % 99}/{number % 50:02d}"
            symbol = f"{1 + firm % 32:02d}-{1 + firm % 12:02d}" if kind == 3 else symbol
            ended = granted + timedelta(days=900) if granted and number % 13 == 0 else None
            writer.writerow((
                f"CN{written[:-1]}.{written[-1]}", f"一种演示装置及其使用方法{number}", f"{filed:%Y/%m/%d}",
                f"{granted:%Y-%m-%d}" if granted else "", f"CN{kind}{number:08d}{' BUS'[kind] if granted or kind > 1 else 'A'}",
                f"{granted or filed:%Y%m%d}", symbol, symbol, ";".join(names), ";".join(codes), ";".join(places),
                f"演示代理机构{firm % 50}", f"演示甲{firm};演示乙{firm}", f"演示市演示路{firm}号", f"{ended:%Y.%m.%d}" if ended else "",
            ))  # fmt: skip


def name_of(firm: int) -> str:
    return f"演示{firm:05d}机械制造有限公司"


def uscc_of(firm: int) -> str:
    from zhicheng.kernel.identifiers import uscc

    return uscc.with_check(f"91370799MA{firm:07d}")


def django_ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    import django

    django.setup()


def prepare() -> None:
    """Make the city that every run begins from: its tree, its people and 20,000 organisations."""
    django_ready()
    from django.core.management import call_command

    from zhicheng.apps.accounts.people import User
    from zhicheng.apps.ledger.models import Organisation
    from zhicheng.apps.records.beginning import begin_city

    call_command("migrate", verbosity=0, interactive=False)
    begin_city(region_code="370700", one_person=True)
    User.objects.create(username="officer", role="city_officer", region_code="370700")
    Organisation.objects.bulk_create(
        [
            Organisation(
                name=name_of(one), name_key="", uscc=uscc_of(one), kind="enterprise", region_code=COUNTIES[one % 10]
            )
            for one in range(FIRMS)
        ],
        batch_size=5000,
    )  # fmt: skip


def ours(path: Path) -> dict[str, float]:
    """Stage and apply through the product's own actions."""
    from zhicheng.apps.accounts.people import User
    from zhicheng.apps.records import actions

    by = User.objects.get(username="officer")
    started = time.perf_counter()
    change_set = actions.stage_file(path, by=by, type_id="patents")
    staged = time.perf_counter()
    change_set = actions.approve(change_set=change_set, by=by)
    assert change_set.new + change_set.rejected == change_set.read
    return {"stage": staged - started, "apply": time.perf_counter() - staged}


def run_one(side: str, path: Path) -> None:
    """Run one side in this process and print its seconds, peak memory and what the ledger holds then."""
    import resource

    django_ready()
    from zhicheng.apps.ledger.models import Patent
    from zhicheng.apps.ledger.patents import PatentEvent, PatentOwner
    from zhicheng.apps.records.models import Provenance

    if side == "ours":
        seconds = ours(path)
    else:
        from imports_peer import peer

        seconds = peer(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = [model.objects.count() for model in (Patent, PatentOwner, PatentEvent, Provenance)]
    print(json.dumps({"seconds": seconds, "peak_mb": round(peak), "held": held}))


class Place:
    """Databases of one kind, each run with a fresh copy of the prepared city."""

    def __init__(self, work: Path, postgres: str = "") -> None:
        self.work, self.postgres = work, postgres
        self._count = 0
        self._call(
            {"ZHICHENG_HOME": str(work / "base"), "DATABASE_URL": self._url("bench_base")}, "--prepare"
        )

    def _url(self, name: str) -> str:
        if not self.postgres:
            return ""
        subprocess.run(["psql", "-qX", self.postgres, "-c", f'CREATE DATABASE "{name}"' + (
            "" if name == "bench_base" else ' TEMPLATE "bench_base"')], check=True)  # fmt: skip
        return self.postgres.replace("/zhicheng?", f"/{name}?")

    def _call(self, env: dict[str, str], *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, __file__, *arguments], env={**os.environ, **env}, check=True, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        return done.stdout

    def measure(self, side: str, path: Path) -> dict[str, Any]:
        self._count += 1
        home = self.work / f"run{self._count}"
        home.mkdir()
        name = f"bench_{self._count}"
        if not self.postgres:
            source = sqlite3.connect(self.work / "base" / "zhicheng.sqlite3")
            source.backup(sqlite3.connect(home / "zhicheng.sqlite3"))
        env = {"ZHICHENG_HOME": str(home), "DATABASE_URL": self._url(name)}
        found = json.loads(self._call(env, "--one", side, "--file", str(path)).splitlines()[-1])
        shutil.rmtree(home)
        if self.postgres:
            subprocess.run(["psql", "-qX", self.postgres, "-c", f'DROP DATABASE "{name}"'], check=True)
        return found


def told(times: list[float]) -> str:
    return f"median {statistics.median(times):8.2f} s   (min {min(times):.2f}, max {max(times):.2f}, n={len(times)})"


def compare(place: Place, path: Path, runs: int, rows: int, sides: list[str]) -> None:
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for run in range(runs):
        for side in sides:
            found[side].append(place.measure(side, path))
            print(
                f"  run {run + 1} {side}: {sum(found[side][-1]['seconds'].values()):.2f} s",
                file=sys.stderr,
                flush=True,
            )
    totals = {side: [sum(one["seconds"].values()) for one in found[side]] for side in sides}
    for side in sides:
        steps = {
            name: statistics.median(one["seconds"][name] for one in found[side])
            for name in found[side][0]["seconds"]
        }
        told_steps = ", ".join(f"{name} {value:.2f} s" for name, value in steps.items())
        print(
            f"  {side:5} {told(totals[side])}   {told_steps}; peak {max(one['peak_mb'] for one in found[side])} MB"
        )
    if len(sides) == 2:
        ratios = [b / a for a, b in zip(totals[sides[0]], totals[sides[1]], strict=True)]
        medians = statistics.median(totals[sides[1]]) / statistics.median(totals[sides[0]])
        print(f"  ours is {medians:.1f} × as fast (pair by pair {min(ratios):.1f}–{max(ratios):.1f}); "
              f"{rows / statistics.median(totals['ours']):,.0f} rows/s")  # fmt: skip
        assert found["ours"][0]["held"] == found["peer"][0]["held"], (
            "the two sides did not write the same rows"
        )
        print(f"  both hold {found['ours'][0]['held']} patents, owners, events, provenance")


def start_postgres() -> tuple[str, subprocess.Popen[str] | None]:
    """Start a cluster of our own; empty when PostgreSQL is not installed."""
    script = f'source {ROOT / "scripts/postgres.sh"} && start_postgres && echo "$POSTGRES_URL" && read -r line; stop_postgres'
    process = subprocess.Popen(
        ["bash", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    url = process.stdout.readline().strip()
    return url, process


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.01)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options.add_argument("--only", choices=("ours", "peer"), help="measure one side, to look into it")
    options.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--one", choices=("ours", "peer"), help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.prepare:
        prepare()
        return
    if given.one:
        run_one(given.one, given.file)
        return
    rows = int(1_000_000 * given.scale)
    sides = [given.only] if given.only else ["ours", "peer"]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "patents.csv"
        write_file(path, rows)
        print(
            f"{rows:,} patent rows, {path.stat().st_size / 1024**2:.0f} MB of GB18030 CSV, {FIRMS:,} organisations"
        )
        if given.database in ("sqlite", "both"):
            (Path(name) / "sqlite").mkdir()
            print("SQLite")
            compare(Place(Path(name) / "sqlite"), path, given.runs, rows, sides)
        if given.database in ("postgres", "both"):
            url, process = start_postgres()
            if not url:
                print("PostgreSQL: no cluster could be started here, left out")
                return
            (Path(name) / "postgres").mkdir()
            print("PostgreSQL")
            try:
                compare(Place(Path(name) / "postgres", url), path, given.runs, rows, sides)
            finally:
                assert process
                assert process.stdin
                process.stdin.write("\n")
                process.stdin.flush()
                process.wait(timeout=60)


if __name__ == "__main__":
    main()
