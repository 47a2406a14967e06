"""Evaluates all shipped policies on Spark over a made-up register and compares every answer with DuckDB's.

Run: python benchmarks/spark_policies.py [--scale 0.15] [--python PYTHON_WITH_PYSPARK]
Scale 1 is 2,000 facts of each kind.
Needs Java; without --python it makes an environment of its own for pyspark, which is an extra. The register holds the
values that the clauses speak of and values that they do not, missing ones among them. Exits 1 when an answer differs
in anything: status, amount, a step, a reason with the value found, or order.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import astuple
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.engines.incentives.amounts import expressions_of
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.compiling import columns_of
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.expressions import compile_expression
from zhicheng.engines.incentives.rules import Program, Table
from zhicheng.engines.incentives.spark import SETTINGS, Script, spark_answers, spark_script
from zhicheng.engines.incentives.tables import AUXILIARY

AS_OF = date(2026, 6, 30)
FULL = 2000
WANTED = ["pyspark>=4.3,<5", "pandas<3", "pyarrow"]

ON_SPARK = """
import json, pickle, sys, time
from pyspark.sql import SparkSession
asked = json.load(open(sys.argv[1]))
build = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1"))
for name, value in asked["settings"].items():
    build = build.config(name, value)
session = build.getOrCreate()
session.sparkContext.setLogLevel("ERROR")
for table in asked["tables"]:
    session.read.parquet(f"{asked['folder']}/{table}.parquet").createOrReplaceTempView(f"{table}_source")
started, keep = time.perf_counter(), False
for name, statement in asked["views"].items():
    keep = keep or name == "judged_outcomes"
    frame = session.sql(statement)
    (frame.localCheckpoint() if keep else frame).createOrReplaceTempView(name)
rows = [tuple(row) for row in session.sql(asked["outcomes"]).collect()]
pickle.dump((time.perf_counter() - started, rows), open(sys.argv[2], "wb"))
"""


def spoken_of(program: Program) -> dict[str, set[str]]:
    """Texts that clauses compare a column with, by fact and column."""
    found: dict[str, set[str]] = {}
    for clause in program.clauses:
        types = columns_of(program.facts[clause.fact])
        for version in clause.versions:
            texts = [version.when, *(one.when for one in version.requires), *expressions_of(version.amount)]
            for text in [*texts, *program.policies[clause.policy].scope.values()]:
                for node in compile_expression(text, types).tree.find_all(exp.EQ, exp.In):
                    if isinstance(node.this, exp.Column):
                        values = {one.name for one in node.find_all(exp.Literal) if one.is_string}
                        found.setdefault(f"{clause.fact}.{node.this.name}", set()).update(values)
            if isinstance(version.amount, Table):
                found.setdefault(f"{clause.fact}.{version.amount.by}", set()).update(version.amount.rows)
    return found


def register(program: Program, count: int, *, seed: int = 5) -> dict[str, list[dict[str, str | None]]]:
    """A register in which clauses are triggered, missed, and cannot be told."""
    chance, spoken = random.Random(seed), spoken_of(program)
    firms, persons = [f"单位{i:02d}" for i in range(max(3, count // 25))], [f"个人{i}" for i in range(5)]

    def day() -> str:
        return str(date(2022, 1, 1) + timedelta(days=chance.randrange(1700)))

    def value(fact: str, name: str, kind: str) -> str | None:
        if chance.random() < 0.06:
            return None
        if kind == "text":
            return chance.choice([*sorted(spoken.get(f"{fact}.{name}", ())), f"{name}一", f"{name}二"])
        made = {
            "date": day, "money": lambda: str(Decimal(chance.randrange(3 * 10**8)) / 100),
            "number": lambda: str(Decimal(chance.randrange(10**5)) / 10**6), "boolean": lambda: chance.choice(["true", "false"]),
            "integer": lambda: str(chance.randrange(1000)),
        }  # fmt: skip
        return made[kind]()

    tables: dict[str, list[dict[str, str | None]]] = {}
    for name, shape in program.facts.items():
        rows = []
        for place in range(count):
            kind = chance.choice(["enterprise", "enterprise", "institution", "person", None])
            row = {column.name: value(name, column.name, column.type) for column in shape.columns.values()}
            row |= {
                "fact": f"{name}-{place:05d}", "holder_kind": kind, "region": chance.choice(["370702", "370783", "440307", None]),
                "organisation": None if kind == "person" else chance.choice(firms),
                "person": chance.choice(persons) if kind == "person" or chance.random() < 0.3 else None,
            }  # fmt: skip
            if shape.ended and chance.random() < 0.9:
                row[shape.ended] = None
            rows.append(row)
        tables[name] = rows
    return tables | beside(program, tables, chance, [*firms, *persons], day)


def beside(program, tables, chance, everybody, day) -> dict[str, list[dict[str, str | None]]]:
    """Payments of every level, the negative list, and shares of owners for some facts."""
    matters = sorted({v.same_matter.group for c in program.clauses for v in c.versions if v.same_matter})
    matters += [one.id for one in program.clauses]
    facts = [row for rows in tables.values() for row in rows]
    payments, owners = [], []
    for _ in range(len(facts) // 2):
        row, clause = chance.choice(facts), chance.choice(program.clauses)
        payments.append({
            "beneficiary": row["person"] or row["organisation"], "clause": clause.id, "matter": chance.choice(matters),
            "object": row.get(clause.object), "level": chance.choice(["city", "province", "nation"]),
            "amount": str(Decimal(chance.randrange(10**7)) / 100), "paid_on": day(),
        })  # fmt: skip
    for row in facts:
        for place in range(chance.choice([0, 1, 2, 3])):
            owners.append({
                "fact": row["fact"], "beneficiary": f"权利人{place}", "kind": chance.choice(["enterprise", "person"]),
                "share": chance.choice([None, "0.3", "0.5", "0.333333"]),
            })  # fmt: skip
    listed = [
        {"beneficiary": chance.choice(everybody), "kind": kind, "from_on": "2023-05-01", "until_on": chance.choice([None, "2024-02-29"])}
        for kind in ("dishonest", "abnormal_patent", "quality_accident", "recovered") for _ in range(4)
    ]  # fmt: skip
    applied = [
        {"clause": clause.id, "beneficiary": row["organisation"], "subject": row["fact"], "applied_on": day()}
        for clause in program.clauses if any(one.application for one in clause.versions)
        for row in tables[clause.fact][::3]
    ]  # fmt: skip
    return {"payments": payments, "owners": owners, "negative_list": listed, "applications": applied}


def text_table(rows: list[dict[str, str | None]]) -> pa.Table:
    """Rows as a table of texts, as a snapshot of unknown types would be; the statements give the types."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def on_spark(
    python: str, folder: Path, script: Script, tables: dict[str, pa.Table]
) -> tuple[float, list[tuple]]:
    """Seconds and rows of a script, run by a Python that has pyspark."""
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    asked = {
        "folder": str(folder), "tables": list(tables), "views": dict(script.views), "outcomes": script.outcomes,
        "settings": SETTINGS,
    }  # fmt: skip
    (folder / "asked.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    (folder / "on_spark.py").write_text(ON_SPARK, encoding="utf-8")
    files = [str(folder / "asked.json"), str(folder / "found.pickle")]
    subprocess.run([python, str(folder / "on_spark.py"), *files], check=True, timeout=3600)
    with (folder / "found.pickle").open("rb") as found:
        return pickle.load(found)


def compared(python: str, program: Program, count: int, folder: Path) -> dict[str, object]:
    """Both evaluations of one register, and what differs."""
    tables = {name: text_table(rows) for name, rows in register(program, count).items()}
    started = time.perf_counter()
    run = evaluate(program, tables, as_of=AS_OF)
    ours = [astuple(one) for one in answers(run)]
    seconds = time.perf_counter() - started
    script = spark_script(
        program, as_of=AS_OF, tables={name: one.column_names for name, one in tables.items()}
    )
    theirs_seconds, rows = on_spark(python, folder, script, tables)
    theirs = [astuple(one) for one in spark_answers(rows, script.compiled)]
    different = [(one, two) for one, two in zip(ours, theirs, strict=False) if one != two]
    return {
        "facts": sum(one.num_rows for name, one in tables.items() if name not in AUXILIARY), "answers": len(ours),
        "missing": len(ours) - len(theirs), "different": different, "statuses": sorted({one[6] for one in ours}),
        "clauses": {one[0] for one in ours}, "duckdb": seconds, "spark": theirs_seconds,
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=0.15, help=f"1 is {FULL:,} facts of each kind")
    options.add_argument(
        "--python", help="a Python that has pyspark; default: an environment made for this run"
    )
    given = options.parse_args()
    program = load_policies([POLICIES, EXAMPLES])
    with tempfile.TemporaryDirectory() as name:
        folder, python = Path(name), given.python
        if not python:
            venv.create(folder / "env", with_pip=True)
            python = str(folder / "env" / "bin" / "python")
            subprocess.run([python, "-m", "pip", "install", "-q", *WANTED], check=True, timeout=1800)
        found = compared(python, program, max(1, round(given.scale * FULL)), folder)
    for one, two in found["different"][:5]:
        print("DuckDB", one, "\nSpark ", two)
    wrong = len(found["different"]) + abs(found["missing"])
    print(
        f"{found['facts']:,} facts, {len(program.clauses)} clauses, {found['answers']:,} answers: {wrong} differ"
    )
    quiet = [one.id for one in program.clauses if one.id not in found["clauses"]]
    print(f"clauses without an answer: {quiet or 'none'}; answers: {', '.join(found['statuses'])}")
    print(
        f"DuckDB {found['duckdb']:.1f} s with all answers in words, Spark {found['spark']:.1f} s (local, two cores)"
    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
