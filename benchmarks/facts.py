"""Measures figures: every stock and flow indicator on patents for every county, beside PostgreSQL, interleaved.

Run: python benchmarks/facts.py [--scale 0.01] [--runs 7] [--report FILE]
Scale 1 is 5,000,000 patents and 1,000,000 organisations. The script starts a PostgreSQL cluster of its own, makes
the ledger in it (real tables, synthetic rows), takes the snapshot from there, and gives PostgreSQL the very fact rows
that DuckDB reads, laid out by region, with the indexes its planner uses. Every answer is compared before it counts.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CITY, AS_OF, START = "370700", date(2025, 12, 16), date(2025, 1, 1)
COUNTIES = (
    "370702", "370703", "370704", "370705", "370724", "370725", "370781", "370782", "370783", "370784", "370785", "370786",
)  # fmt: skip
INDEXES = (
    "create index fact_kind on fact_patents (region, kind, granted_on) include (ended_on, gap_from, gap_until, region_from, region_until)",
    "create index fact_filed on fact_patents (region, filed_on) include (kind, region_from, region_until)",
    "create index fact_ended on fact_patents (region, ended_on) include (kind, granted_on, region_from, region_until)",
    "create index fact_pct on fact_patents (region, pct_filed_on) include (region_from, region_until)",
    "create index fact_abnormal on fact_patents (region, abnormal_on) include (region_from, region_until)",
)
SETTINGS = "shared_buffers=2GB work_mem=256MB maintenance_work_mem=512MB effective_cache_size=12GB jit=on max_wal_size=8GB"


def with_postgres(arguments: list[str]) -> int:
    """Run this script again inside a cluster that ends with it."""
    pairs = [one.split("=") for one in SETTINGS.split()]
    settings = " ".join(f"-c \"alter system set {name} = '{value}'\"" for name, value in pairs)
    inner = " ".join(map(shlex.quote, [sys.executable, __file__, "--inside", *arguments]))
    script = f"""set -euo pipefail
source {ROOT}/scripts/postgres.sh; start_postgres; trap stop_postgres EXIT
$POSTGRES_BIN/psql -q -h $POSTGRES_HOME -U zhicheng {settings} zhicheng
$POSTGRES_RUN $POSTGRES_BIN/pg_ctl -D $POSTGRES_HOME/data -l $POSTGRES_HOME/log -w restart >/dev/null
DATABASE_URL="$POSTGRES_URL" {inner}"""
    return subprocess.run(["bash", "-c", script], check=False).returncode


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a call, and its answer."""
    before = time.perf_counter()
    answer = what()
    return time.perf_counter() - before, answer


class Ledger:
    """The ledger of the benchmark: real tables in PostgreSQL, rows by DuckDB, loaded by COPY."""

    def __init__(self, scale: float, home: Path) -> None:
        self.patents, self.organisations = int(5_000_000 * scale), int(1_000_000 * scale)
        self.home = home

    def fill(self) -> None:
        """Make organisations, patents, owners and events."""
        import duckdb  # noqa: PLC0415 - after the second start
        from django.apps import apps  # noqa: PLC0415

        base = duckdb.connect()
        base.execute("select setseed(0.42)")
        places = ", ".join(f"'{code}'" for code in (*COUNTIES, "370200"))
        place = f"([{places}])[1 + (hash({{0}}) % {len(COUNTIES) + 1})::int]"
        self._copy(base, apps.get_model("ledger", "Organisation"), f"range(1, {self.organisations + 1}) t(n)", {
            "id": "n", "region_code": place.format("n"), "uscc": "'BENCH' || n", "name": "'基准企业' || n", "kind": "'enterprise'",
        })  # fmt: skip
        base.execute(f"""create table p as select n, date '2006-01-01' + (hash(n, 1) % 7270)::int as filed,
            case when hash(n, 2) % 20 < 11 then 'invention' when hash(n, 2) % 20 < 18 then 'utility_model' else 'design' end as kind
            from range(1, {self.patents + 1}) t(n)""")
        granted = "case when hash(n, 3) % 10 < 8 then filed + (200 + hash(n, 4) % 900)::int end"
        self._copy(base, apps.get_model("ledger", "Patent"), "p", {
            "id": "n", "region_code": place.format("n, 7"), "application_number": "'BENCH' || n", "kind": "kind", "title": "'基准专利' || n",
            "filed_on": "filed", "granted_on": f"case when ({granted}) <= date '2025-12-16' then {granted} end",
            "main_ipc": "'H01L' || (hash(n, 5) % 40) || '/00'", "sei_code": "case when hash(n, 6) % 3 = 0 then '1.2.1' else '' end",
            "overseas_family": "case when hash(n, 8) % 16 = 0 then 2 else 0 end",
            "pct_filed_on": "case when hash(n, 9) % 50 = 0 then filed + 300 end",
            "abnormal_on": "case when hash(n, 10) % 200 = 0 then filed + 200 end",
        })  # fmt: skip
        self._copy(base, apps.get_model("ledger", "PatentOwner"), "(from p select n, 1 as k union all from p select n, 2 where hash(n, 11) % 10 = 0)", {
            "id": "row_number() over ()", "patent_id": "n", "name": "'基准企业' || (1 + hash(n, k, 12) % 900000)", "uscc": "''",
            "organisation_id": f"1 + hash(n, k, 12) % {self.organisations}", "region_code": place.format("n, k, 13"), "position": "k",
        })  # fmt: skip
        self._copy(base, apps.get_model("ledger", "PatentEvent"), """(
            from p select n, 'lapsed' as kind, filed + (1500 + hash(n, 14) % 3000)::int as day where hash(n, 15) % 6 = 0
            union all from p select n, 'restored', filed + (4600 + hash(n, 14) % 60)::int where hash(n, 15) % 60 = 0)""", {
            "id": "row_number() over ()", "patent_id": "n", "kind": "kind", "on_date": "day",
        })  # fmt: skip

    def _copy(self, base: Any, model: Any, source: str, given: dict[str, str]) -> None:
        from django.db import connection  # noqa: PLC0415

        cells = [f"{given.get(one.column) or self._blank(one)} as {one.column}" for one in model._meta.fields]
        names = ", ".join(one.column for one in model._meta.fields)
        path = self.home / f"{model._meta.db_table}.csv"
        base.execute(f"copy (select {', '.join(cells)} from {source}) to '{path}' (format csv, header false)")
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            self._drop_indexes(cursor, model._meta.db_table)
            order = f"copy {model._meta.db_table} ({names}) from stdin (format csv)"
            with cursor.cursor.copy(order) as copy, path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    copy.write(block)
        path.unlink()

    @staticmethod
    def _drop_indexes(cursor: Any, table: str) -> None:
        """Loading is not what is measured, and neither side reads the ledger's own indexes."""
        cursor.execute(
            "select conname from pg_constraint where conrelid = %s::regclass and contype in ('u', 'f')",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'alter table {table} drop constraint "{name}" cascade')
        cursor.execute(
            "select indexname from pg_indexes where tablename = %s and indexname not like '%%_pkey'", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'drop index if exists "{name}"')

    @staticmethod
    def _blank(field: Any) -> str:
        if field.null:
            return "null"
        kind = field.get_internal_type()
        kinds = {
            "BooleanField": "true",
            "DateTimeField": "timestamp '2025-01-01'",
            "PositiveIntegerField": "1",
        }
        return kinds.get(kind, "''")


def postgres_sql(text: str) -> str:
    """The same statement in PostgreSQL's words, its parameters written in."""
    import sqlglot  # noqa: PLC0415

    places = ", ".join(f"'{one}'" for one in COUNTIES)
    for name, value in (("as_of", AS_OF), ("start", START)):
        text = text.replace(f"${name}", f"date '{value}'")
    text = text.replace("list_contains($regions, region)", f"region in ({places})")
    return sqlglot.transpile(text, read="duckdb", write="postgres")[0]


class Peers:
    """Both engines with the same fact rows, asked the same questions."""

    def __init__(self) -> None:
        from zhicheng.apps.figures.snapshots import current_snapshot, fact_path  # noqa: PLC0415
        from zhicheng.catalogue.loader import load_catalogue  # noqa: PLC0415
        from zhicheng.engines.indicators import scan_sql  # noqa: PLC0415
        from zhicheng.engines.indicators.scanning import plain_sql  # noqa: PLC0415

        entries = load_catalogue()
        self.fact = entries.facts["patents"]
        self.asked = [
            one for one in entries.indicators.values()
            if one.fact == "patents" and one.kind in {"stock", "flow"} and not one.unavailable
        ]  # fmt: skip
        self.make_seconds, snapshot = timed(current_snapshot)
        self.fact_seconds, self.path = timed(lambda: fact_path(snapshot, self.fact))
        source = f"read_parquet('{self.path}')"
        self.whole = scan_sql(self.fact, self.asked, source)
        self.single = [self._single(one, source) for one in self.asked]
        self.engine_single = [scan_sql(self.fact, [one], source) for one in self.asked]
        self.peer_whole = postgres_sql(plain_sql(self.fact, self.asked, "fact_patents"))
        self.peer_single = [postgres_sql(self._single(one, "fact_patents")) for one in self.asked]

    def _single(self, one: Any, source: str) -> str:
        """One indicator as one writes it by hand: its condition in WHERE, where an index or a statistic can serve it."""
        from zhicheng.engines.indicators.compiling import condition_sql  # noqa: PLC0415

        value = "count(*)" if one.value == "count" else one.value
        where = f"list_contains($regions, region) and {condition_sql(one, self.fact)}"
        return f"select region, {value} as v0 from {source} where {where} group by region"

    def differences(self, answers: dict[str, Any]) -> list[str]:
        """Ways whose answers are not those of the first; a region without rows counts as zero."""
        whole = answers["ours, one scan"][0]
        columns = [
            index for one in self.asked for index in ([True] if one.value == "count" else [True, False])
        ]
        values = {
            row[0]: [cell or 0 for cell, kept in zip(row[1:], columns, strict=True) if kept] for row in whole
        }
        wrong = []
        for name, answer in answers.items():
            if "each" in name:
                singles = [{row[0]: row[1] for row in rows} for rows in answer]
                found = {region: [one.get(region, 0) for one in singles] for region in values}
                wrong += [name] if found != values else []
            elif answer[0] != whole:
                wrong.append(name)
        return wrong

    def fact_rows(self) -> int:
        """Rows of the fact: each patent at county, city and province level."""
        import duckdb  # noqa: PLC0415

        return int(duckdb.execute(f"select count(*) from read_parquet('{self.path}')").fetchall()[0][0])

    def load_peer(self, home: Path) -> int:
        """Give PostgreSQL the fact rows, its indexes and fresh statistics; return the rows."""
        import duckdb  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        kinds = {
            "text": "text",
            "date": "date",
            "integer": "bigint",
            "decimal": "numeric",
            "boolean": "boolean",
        }
        columns = {"row_key": "bigint", **{name: kinds[kind] for name, kind in self.fact.columns.items()},
                   "region": "text", "region_from": "date", "region_until": "date"}  # fmt: skip
        names = ", ".join(columns)
        path = home / "fact.csv"
        duckdb.execute(
            f"copy (select {names} from read_parquet('{self.path}')) to '{path}' (format csv, header false)"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"create unlogged table fact_patents ({', '.join(f'{n} {k}' for n, k in columns.items())})"
            )
            with (
                cursor.cursor.copy(f"copy fact_patents ({names}) from stdin (format csv)") as copy,
                path.open("rb") as stream,
            ):
                while block := stream.read(1 << 20):
                    copy.write(block)
            for one in INDEXES:
                cursor.execute(one)
            cursor.execute("vacuum analyze fact_patents")
            cursor.execute("select count(*) from fact_patents")
            rows = cursor.fetchone()[0]
        path.unlink()
        return int(rows)

    def ours(self, texts: list[str]) -> list[tuple[Any, ...]]:
        """Ask DuckDB, a connection each time as the pages do."""
        import duckdb  # noqa: PLC0415

        found = []
        with duckdb.connect() as base:
            base.execute("set threads=2")
            for text in texts:
                given = {"regions": list(COUNTIES), "as_of": AS_OF, "start": START}
                rows = base.execute(text, {k: v for k, v in given.items() if f"${k}" in text}).fetchall()
                found.append(_sorted(rows))
        return found

    def theirs(self, texts: list[str]) -> list[tuple[Any, ...]]:
        """Ask PostgreSQL over the open connection."""
        from django.db import connection  # noqa: PLC0415

        found = []
        with connection.cursor() as cursor:
            for text in texts:
                cursor.execute(text)
                found.append(_sorted(cursor.fetchall()))
        return found

    def plans(self) -> str:
        """EXPLAIN of the whole question and of every single one."""
        from django.db import connection  # noqa: PLC0415

        parts = []
        with connection.cursor() as cursor:
            for name, text in (
                ("all", self.peer_whole),
                *zip((one.id for one in self.asked), self.peer_single, strict=True),
            ):
                cursor.execute(f"explain (costs off) {text}")
                plan = "\n".join(row[0][:110] for row in cursor.fetchall())
                parts.append(f"-- {name}\n{plan}")
        return "\n\n".join(parts)


def _sorted(rows: list[Any]) -> tuple[Any, ...]:
    return tuple(
        sorted(
            tuple(int(cell) if cell is not None and not isinstance(cell, str) else cell for cell in row)
            for row in rows
        )
    )


def refresh(ledger: Ledger) -> float:
    """Seconds until figures stand on the ledger again after a thousand patents changed."""
    from django.db import connection, transaction  # noqa: PLC0415

    from zhicheng.apps.figures.snapshots import current_snapshot, fact_path  # noqa: PLC0415
    from zhicheng.apps.records.public import tables_moved_on  # noqa: PLC0415
    from zhicheng.catalogue.loader import load_catalogue  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update ledger_patent set sei_code = '2.1' where id %% %s = 0", [max(1, ledger.patents // 1000)]
        )
        tables_moved_on(["ledger_patent"])
    fact = load_catalogue().facts["patents"]
    return timed(lambda: fact_path(current_snapshot(), fact))[0]


def measure(peers: Peers, runs: int, *, peer: bool) -> dict[str, list[float]]:
    """Interleave the ways of asking; the first round warms up and is thrown away."""
    ways: dict[str, Callable[[], Any]] = {
        "ours, one scan": lambda: peers.ours([peers.whole]),
        "ours, one query each": lambda: peers.ours(peers.engine_single),
        "ours, one query each by hand": lambda: peers.ours(peers.single),
    }
    if peer:
        ways["PostgreSQL, one statement"] = lambda: peers.theirs([peers.peer_whole])
        ways["PostgreSQL, one query each"] = lambda: peers.theirs(peers.peer_single)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(runs + 1):
        answers = {}
        for name, way in ways.items():
            seconds, answers[name] = timed(way)
            if number:
                found[name].append(seconds)
        if wrong := peers.differences(answers):
            raise SystemExit(f"not the same answers: {', '.join(wrong)}")
    return found


def report(peers: Peers, ledger: Ledger, rows: int, found: dict[str, list[float]], again: float) -> str:
    """The result as Markdown."""
    lines = [
        f"{ledger.patents:,} patents, {ledger.organisations:,} organisations, {rows:,} fact rows; {len(peers.asked)} indicators × {len(COUNTIES)} counties.",
        "", "| way | median s | least | most | runs |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for name, seconds in found.items():
        lines.append(
            f"| {name} | {statistics.median(seconds):.3f} | {min(seconds):.3f} | {max(seconds):.3f} | {len(seconds)} |"
        )
    middle = {name: statistics.median(seconds) for name, seconds in found.items()}
    ours, each = middle["ours, one scan"], middle["ours, one query each"]
    lines.append("")
    if "PostgreSQL, one statement" in middle:
        peer = min(middle["PostgreSQL, one statement"], middle["PostgreSQL, one query each"])
        lines.append(f"* Against PostgreSQL's faster way: **{peer / ours:.1f} ×** (goal 5 ×).")
    lines += [
        (f"* One scan against one query each, as the engine asks one: **{each / ours:.1f} ×** (goal 3 ×);"
        f" with each condition written into WHERE by hand: {middle['ours, one query each by hand'] / ours:.1f} ×."),
        f"* Snapshot of the whole ledger: {peers.make_seconds:.1f} s; fact laid out by region: {peers.fact_seconds:.1f} s.",
        f"* After a change of 1,000 patents, snapshot and fact again: {again:.1f} s.",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Parse, build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument(
        "--ours-only", action="store_true", help="leave the peer out; the ledger is still PostgreSQL's"
    )
    parser.add_argument("--report", type=Path, help="also write result, indexes and plans here")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        sys.exit(with_postgres([one for one in sys.argv[1:] if one != "--inside"]))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            ZHICHENG_HOME=folder, DJANGO_SETTINGS_MODULE="zhicheng.site.settings", ZHICHENG_MODE="demo"
        )
        import django  # noqa: PLC0415 - settings look at the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        from zhicheng.apps.records.public import begin_city  # noqa: PLC0415

        call_command("migrate", verbosity=0, interactive=False)
        begin_city(region_code=CITY, demo=True, opens_on=AS_OF)
        ledger = Ledger(given.scale, Path(folder))
        print(f"filled the ledger in {timed(ledger.fill)[0]:.0f} s", file=sys.stderr, flush=True)
        peers = Peers()
        print(
            f"snapshot {peers.make_seconds:.1f} s, fact {peers.fact_seconds:.1f} s",
            file=sys.stderr,
            flush=True,
        )
        rows = peers.fact_rows()
        if not given.ours_only:
            seconds, rows = timed(lambda: peers.load_peer(Path(folder)))
            print(f"gave PostgreSQL {rows:,} rows in {seconds:.0f} s", file=sys.stderr, flush=True)
        found = measure(peers, given.runs, peer=not given.ours_only)
        text = report(peers, ledger, rows, found, refresh(ledger))
        print(text)
        if given.report and not given.ours_only:
            indexes = "\n".join(f"{one};" for one in INDEXES)
            given.report.write_text(
                f"{text}\n\n```sql\n{indexes}\n```\n\n```\n{peers.plans()}\n```\n", encoding="utf-8"
            )


if __name__ == "__main__":
    main()
