"""Measures policy evaluation: set-based SQL beside plain Python per firm and openfisca-core, interleaved.

Run: python benchmarks/incentives.py --scale 0.01 [--runs 7] [--openfisca]
Scale 1 is 1,000,000 organisations and 5,000,000 facts under 40 clauses. With --openfisca the script makes an
environment of its own in a temporary folder for openfisca-core (AGPL; never a dependency) and runs an
equivalent rule set there.
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
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

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
from zhicheng.engines.incentives.simulation import what_if

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


def python_total(rows) -> tuple[float, Decimal]:
    """The same forty clauses firm by firm; with reasons, as a program of hand-written rules would."""
    firms: dict[str, list[tuple]] = {}
    for row in rows:
        firms.setdefault(row[1], []).append(row)
    started, total = time.perf_counter(), Decimal(0)
    fen, quarter = Decimal("0.01"), Decimal("0.25")
    outcomes = []
    for firm, own in firms.items():
        own.sort(key=lambda row: (row[2], row[0]))
        for number in range(CLAUSES):
            kind, form, spent, seen = f"k{number:02d}", number % 4, {}, False
            for fact, _, day, what, base in own:
                if what != kind:
                    continue
                reason, amount = "", Decimal(1000 + number)
                if form in (1, 3):
                    amount = min((base * quarter).quantize(fen, ROUND_HALF_UP), Decimal(20000))
                if form == 2 and seen:
                    reason, amount = f"not first: {firm}", Decimal(0)
                seen = True
                if form == 3:
                    left = Decimal(25000) - spent.get(day.year, Decimal(0))
                    amount = max(Decimal(0), min(amount, left))
                    spent[day.year] = spent.get(day.year, Decimal(0)) + amount
                outcomes.append((number, fact, amount, reason))
                total += amount
    return time.perf_counter() - started, total


OPENFISCA = """
import json, sys, time
import numpy as np
from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables
spec = json.loads(sys.argv[1]); n = spec["organisations"]
raw = np.loadtxt(spec["data"], delimiter=","); place = tuple(raw[:, i].astype(int) for i in range(3))
data = {key: np.zeros((spec["clauses"], 3, n), dtype=np.float32) for key in ("base", "count")}
data["base"][place], data["count"][place] = raw[:, 3], raw[:, 4]
Firm = entities.build_entity(key="firm", plural="firms", label="firm", is_person=True)
system = taxbenefitsystems.TaxBenefitSystem([Firm])
def make(number):
    form = number % 4
    base = type(f"base_{number}", (variables.Variable,), dict(value_type=float, entity=Firm, definition_period=periods.YEAR))
    count = type(f"count_{number}", (variables.Variable,), dict(value_type=float, entity=Firm, definition_period=periods.YEAR))
    def formula(firm, period):
        value, times = firm(f"base_{number}", period), firm(f"count_{number}", period)
        if form == 0: return times * (1000 + number)
        if form == 2:
            earlier = sum(firm(f"count_{number}", str(y)) for y in range(2023, int(str(period)))) if str(period) > "2023" else 0
            return ((times > 0) & (earlier == 0)) * float(1000 + number)
        return np.minimum(value, 25000) if form == 3 else value
    pay = type(f"pay_{number}", (variables.Variable,), dict(value_type=float, entity=Firm, definition_period=periods.YEAR, formula=formula))
    for one in (base, count, pay): system.add_variable(one)
for number in range(spec["clauses"]): make(number)
times, total = [], 0
for _ in range(spec["runs"]):
    started = time.perf_counter()
    sim = simulation_builder.SimulationBuilder().build_default_simulation(system, n)
    for number in range(spec["clauses"]):
        for place, year in enumerate(("2023", "2024", "2025")):
            sim.set_input(f"base_{number}", year, data["base"][number, place]); sim.set_input(f"count_{number}", year, data["count"][number, place])
    total = sum(float(sim.calculate(f"pay_{k}", y).astype(np.float64).sum()) for k in range(spec["clauses"]) for y in ("2023", "2024", "2025"))
    times.append(time.perf_counter() - started)
print(json.dumps({"times": times, "total": total}))
"""


def openfisca_times(table: pa.Table, organisations: int, runs: int) -> dict[str, object]:
    """Run the equivalent rules in openfisca-core: facts are gathered to yearly inputs beforehand, unmeasured.

    openfisca-core knows no facts, only yearly values of a firm; it is given capped sums per clause and year, keeps no
    reasons, and counts first times by year. The gathering, which ours does within its time, is not charged to it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "env", with_pip=True)
        python = str(folder / "env" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "openfisca-core"], check=True, timeout=600)
        con = duckdb.connect()
        con.register("t", table)
        con.execute(
            "copy (select cast(substr(kind, 2) as integer) as k, year(day) - 2023 as y,"
            " cast(substr(organisation, 2) as bigint) as o, sum(least(round(base * 0.25, 2), 20000)) as b,"
            f" count(*) as c from t where k < {CLAUSES} group by all) to '{folder / 'data.csv'}' (header false)"
        )
        spec = {
            "data": str(folder / "data.csv"),
            "organisations": organisations,
            "clauses": CLAUSES,
            "runs": runs,
        }
        (folder / "rules.py").write_text(OPENFISCA, encoding="utf-8")
        done = subprocess.run(
            [python, str(folder / "rules.py"), json.dumps(spec)],
            capture_output=True,
            text=True,
            timeout=3600,
            check=False,
        )
        if done.returncode:
            return {"failed": done.stderr[-400:]}
        return json.loads(done.stdout.splitlines()[-1])


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
    connection = open_tables(program, {"claims": table})
    loop_rows = table.slice(0, int(count * (given.python_scale or given.scale) / given.scale))
    rows = list(
        zip(
            *(loop_rows[name].to_pylist() for name in ("fact", "organisation", "day", "kind", "base")),
            strict=True,
        )
    )
    sql, changes, loops, total, loop_total = [], [], [], Decimal(0), Decimal(0)
    for _ in range(given.runs):
        seconds, total, base = ours(connection, program)
        sql.append(seconds)
        changes.append(what_if_time(base, program))
        seconds, loop_total = python_total(rows)
        loops.append(seconds)
    print(
        f"{organisations:,} organisations, {count:,} facts, {CLAUSES} clauses, {base.query('select count(*) from outcomes')[0][0]:,} outcomes kept"
    )
    print(f"ours, reasons kept     {spread(sql)}   total {total}")
    print(
        f"what-if on one clause  {spread(changes)}   {statistics.median(changes) / statistics.median(sql):.2f} × a plain evaluation"
    )
    factor = count / len(rows)
    print(
        f"plain Python per firm  {spread(loops)} on {len(rows):,} facts   {statistics.median(loops) * factor / statistics.median(sql):.1f} × ours"
    )
    if len(rows) == count:
        print(
            "same result as plain Python"
            if total == loop_total
            else f"DIFFERENT from plain Python: {loop_total}"
        )
        if total != loop_total:
            sys.exit(1)
    if given.openfisca:
        found = openfisca_times(table, organisations, given.runs)
        if "failed" in found:
            print(f"openfisca-core could not run: {found['failed']}")
        else:
            print(
                f"openfisca-core         {spread(found['times'])}   {statistics.median(found['times']) / statistics.median(sql):.2f} × ours; total {found['total']:.2f}, differs by {found['total'] - float(total):.2f} (floats)"
            )


if __name__ == "__main__":
    main()
