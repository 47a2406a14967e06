"""Measures policy evaluation: set-based SQL beside plain Python per firm and openfisca-core, interleaved.

Run: python benchmarks/incentives.py --scale 0.01 [--runs 7] [--openfisca]
Scale 1 is 1,000,000 organisations and 5,000,000 facts under 40 clauses. With --openfisca the script makes an
environment of its own in a temporary folder for openfisca-core (AGPL; never a dependency) and runs an
equivalent rule set there. The plain loop (`incentives_loop.py`) keeps what ours keeps; every outcome of it is compared.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import incentives_loop as loop
import pyarrow as pa

from zhicheng.engines.incentives.affected import what_if
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import open_tables, run
from zhicheng.engines.incentives.rules import (
    Cap,
    Citation,
    Clause,
    FactColumn,
    FactShape,
    Fixed,
    Payee,
    Policy,
    Program,
    Rate,
    Version,
)  # fmt: skip

AS_OF = date(2026, 1, 1)
CLAUSES = 40
SHAPE = FactShape("claims", "申请", "day", "", "某局", {
    "day": FactColumn("day", "date", "日期"), "kind": FactColumn("kind", "text", "种类"),
    "base": FactColumn("base", "money", "基数"),
})  # fmt: skip


def rules() -> Program:
    """Forty clauses: a fixed amount, a rate with a cap, a first time, an annual cap, in turn."""
    clauses = []
    for number in range(CLAUSES):
        amount = (
            Fixed(Decimal(1000 + number))
            if number % 4 in (0, 2)
            else Rate("base", Decimal("0.25"), cap=Decimal(20000))
        )
        version = Version(
            date(2020, 1, 1), f"kind = 'k{number:02d}'", amount, Citation("benchmark"),
            first_time=number % 4 == 2, caps=(Cap(Decimal(25000)),) if number % 4 == 3 else (),
        )  # fmt: skip
        clauses.append(Clause(f"b.c{number:02d}", "b", "c", "c", "claims", "", Payee(), (version,)))
    policy = Policy("b", "b", "", "b", "", None, None, "x", {})
    return Program({"claims": SHAPE}, {"b": policy}, tuple(clauses))


def facts(organisations: int, count: int) -> pa.Table:
    """Synthetic facts; one kind in fifty triggers nothing, days fall in 2023 to 2025."""
    return duckdb.sql(
        f"select cast(i as varchar) as fact, 'U' || lpad(cast(hash(i) % {organisations} as varchar), 17, '0')"
        " as organisation, 'enterprise' as holder_kind, '370702' as region,"
        " DATE '2023-01-01' + cast(hash(i + 7) % 1095 as integer) as day,"
        " 'k' || lpad(cast(hash(i + 3) % 41 as varchar), 2, '0') as kind,"
        f" cast(cast(hash(i + 11) % 20000000 as decimal(18,0)) * 0.01 as decimal(18,2)) as base from range({count}) t(i)"
    ).to_arrow_table()


def ours(connection, program):
    started = time.perf_counter()
    done = run(program, connection, tables=["claims"], as_of=AS_OF)
    total = done.total()
    return time.perf_counter() - started, total, done


def what_if_time(base, program):
    changed = program.clauses[1]
    version = replace(changed.versions[0], amount=Rate("base", Decimal("0.3"), cap=Decimal(22000)))
    variant = replace(
        program,
        clauses=tuple(
            replace(one, versions=(version,)) if one is changed else one for one in program.clauses
        ),
    )
    started = time.perf_counter()
    other, _ = what_if(base, variant, as_of=AS_OF)
    other.total()
    return time.perf_counter() - started


def loop_rules(program: Program) -> list[loop.Rule]:
    """The same clauses as the plain loop takes them."""
    found = []
    for clause in program.clauses:
        version = clause.versions[0]
        amount = version.amount
        fixed = amount.amount if isinstance(amount, Fixed) else None
        rate, cap = (amount.rate, amount.cap) if isinstance(amount, Rate) else (None, None)
        annual = version.caps[0].amount if version.caps else None
        kind = version.when.split("'")[1]
        found.append(
            loop.Rule(clause.id, kind, version.since, clause.payee.kinds, fixed, rate, cap, version.first_time, annual)
        )  # fmt: skip
    return found


def loop_firms(table: pa.Table, before: str) -> list[list[loop.Fact]]:
    """All facts of the firms whose code comes before a code, grouped by firm."""
    names = ", ".join(loop.Fact._fields)
    con = duckdb.connect()
    con.register("t", table)
    rows = con.execute(f"select {names} from t where organisation < ?", [before]).fetchall()
    firms: dict[str, list[loop.Fact]] = {}
    for row in rows:
        firms.setdefault(row[1], []).append(loop.Fact(*row))
    return list(firms.values())


def looped(firms, program):
    started = time.perf_counter()
    outcomes, total = loop.evaluate(firms, loop_rules(program), AS_OF)
    return time.perf_counter() - started, outcomes, total


def different(done, outcomes: list[loop.Outcome], before: str) -> int:
    """How many outcomes of the loop are not ours to the last value: status, amounts of every step, reasons."""
    theirs = {}
    for one in outcomes:
        priced = all(code == "caps" for code, _ in one.reasons)
        steps = (one.amount, one.after_matter, one.after_caps, one.after_budget) if priced else ()
        answer = (one.version.isoformat(), one.kind, one.region, one.event_date, one.status, one.after_budget)
        theirs[one.clause, one.fact, one.beneficiary] = (*answer, steps, one.reasons)
    found = 0
    for one in answers(done, where=f"beneficiary < '{before}'"):
        steps = tuple(step.after for step in one.steps[1:5])
        reasons = tuple((reason.code, reason.found) for reason in one.reasons)
        answer = (one.version, one.kind, one.region, one.event_date, one.status, one.amount)
        found += theirs.pop((one.clause, one.fact, one.beneficiary), None) != (*answer, steps, reasons)
    return found + len(theirs)


class OpenFisca:
    """openfisca-core in an environment of its own, asked about the same facts claim by claim.

    Its data are laid out as arrays beforehand and building its simulation is not timed, as attaching our tables is not.
    It keeps no reasons and computes with binary floats.
    """

    def __init__(self, table: pa.Table, folder: Path) -> None:
        venv.create(folder / "env", with_pip=True)
        python = str(folder / "env" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "openfisca-core"], check=True, timeout=900)
        firms = self._write(table, folder)
        script = Path(__file__).with_name("incentives_openfisca.py")
        self.process = subprocess.Popen(
            [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(json.dumps({"data": str(folder), "organisations": firms, "clauses": CLAUSES}))

    def _write(self, table: pa.Table, folder: Path) -> int:
        con = duckdb.connect()
        con.register("t", table)
        rows = con.sql(
            "select cast(substr(kind, 2) as integer) as kind, cast(year(day) as integer) as year,"
            " cast(row_number() over (order by day, fact) as integer) as place, cast(base as double) as base,"
            " cast(dense_rank() over (order by organisation) - 1 as integer) as firm from t"
        ).to_arrow_table()
        for name in rows.column_names:
            column = pa.concat_arrays(rows.column(name).chunks)
            (folder / f"{name}.bin").write_bytes(
                column.buffers()[1].to_pybytes()[: len(column) * column.type.byte_width]
            )
        return con.execute("select count(distinct organisation) from t").fetchall()[0][0]

    def _say(self, line: str) -> str:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def run(self) -> tuple[float, float]:
        found = json.loads(self._say("go"))
        return found["seconds"], found["total"]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


def spread(times: list[float]) -> str:
    return f"median {statistics.median(times):.3f} s (min {min(times):.3f}, max {max(times):.3f}, n={len(times)})"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.01)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument(
        "--python-scale", type=float, default=None, help="scale of the plain loop; default the same"
    )
    options.add_argument("--openfisca", action="store_true")
    given = options.parse_args()
    organisations, count = int(1_000_000 * given.scale), int(5_000_000 * given.scale)
    table, program = facts(organisations, count), rules()
    print(f"{organisations:,} organisations")
    started = time.perf_counter()
    connection = open_tables(program, {"claims": table})
    connection.execute("set enable_progress_bar = false")
    print(f"attaching the facts, not timed below: {time.perf_counter() - started:.1f} s")
    before = f"U{int(1_000_000 * (given.python_scale or given.scale)):017d}"
    firms = loop_firms(table, before)
    with tempfile.TemporaryDirectory() as name:
        peer = OpenFisca(table, Path(name)) if given.openfisca else None
        rounds(given.runs, peer, connection, program, firms, before)
        if peer:
            peer.close()


def rounds(runs, peer, connection, program, firms, before) -> None:
    """One of each in turn, so that a slow minute of the machine falls on all of them."""
    sql, changes, loops, floats, float_total = [], [], [], [], 0.0
    for _ in range(runs):
        seconds, total, base = ours(connection, program)
        sql.append(seconds)
        changes.append(what_if_time(base, program))
        seconds, outcomes, loop_total = looped(firms, program)
        loops.append(seconds)
        if peer:
            seconds, float_total = peer.run()
            floats.append(seconds)
    kept, count = base.query("select count(*), (select count(*) from fact_claims) from outcomes")[0]
    median = statistics.median(sql)
    print(f"{count:,} facts, {CLAUSES} clauses, {kept:,} outcomes kept")
    print(f"ours, reasons kept     {spread(sql)}   total {total}")
    print(
        f"what-if on one clause  {spread(changes)}   {statistics.median(changes) / median:.2f} × a plain evaluation"
    )
    asked = sum(map(len, firms))
    ratio = statistics.median(loops) * count / asked / median
    print(f"plain Python per firm  {spread(loops)} on {asked:,} facts   {ratio:.1f} × ours, scaled by facts")
    if peer:
        ratio = statistics.median(floats) / median
        print(
            f"openfisca-core         {spread(floats)}   {ratio:.2f} × ours; total {float_total:.2f}, differs by {float_total - float(total):.2f} (floats)"
        )
    started = time.perf_counter()
    base.query("create or replace temp table widened as select * from outcomes")
    print(
        f"all outcomes widened to all their columns, not timed above: {time.perf_counter() - started:.2f} s"
    )
    wrong = different(base, outcomes, before)
    print(f"{len(outcomes):,} outcomes of plain Python (total {loop_total}): {wrong} differ from ours")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
