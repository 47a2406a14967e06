"""Asks every fact of the current city on Spark and compares the rows with DuckDB's.

Run: python benchmarks/spark.py   (needs Java; makes an environment of its own for pyspark, which is an extra)
Prints for each fact whether all indicators of all regions are equal, and the seconds of both; exits 1 when one differs.
"""

# ruff: noqa: PLC0415 - Django is set up first
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import django
import duckdb

REGIONS_SQL = "select distinct region from read_parquet('{}') order by region"

ON_SPARK = """
import json, sys, time
from pyspark.sql import SparkSession
asked = json.load(open(sys.argv[1]))
session = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1").getOrCreate())
session.sparkContext.setLogLevel("ERROR")
for table in asked["tables"]:
    session.read.parquet(f"{asked['folder']}/{table}.parquet").createOrReplaceTempView(table)
found = {}
for one in asked["facts"]:
    session.sql(one["prepare"]).cache().createOrReplaceTempView(f"fact_{one['id']}")
    session.sql(f"select count(*) from fact_{one['id']}").collect()
    started = time.perf_counter()
    rows = session.sql(one["scan"]).collect()
    found[one["id"]] = {"seconds": time.perf_counter() - started, "rows": sorted([str(c) for c in row] for row in rows)}
json.dump(found, open(sys.argv[2], "w"))
"""


def asked_of(folder: Path) -> tuple[dict, dict]:
    """What is asked, and DuckDB's answers with their seconds."""
    from zhicheng.apps.accounts.public import opening_date
    from zhicheng.apps.figures.snapshots import current_snapshot, fact_path
    from zhicheng.catalogue.loader import load_catalogue
    from zhicheng.engines.facts import materialise_sql
    from zhicheng.engines.facts.spark import spark_sql
    from zhicheng.engines.indicators import scan_sql

    catalogue, snapshot, as_of = load_catalogue(), current_snapshot(), opening_date()
    asked = {"folder": str(snapshot.path), "tables": list(snapshot.manifest["tables"]), "facts": []}
    answers = {}
    for fact in catalogue.facts.values():
        indicators = [one for one in catalogue.indicators.values() if one.fact == fact.id and not one.ratio]
        if not indicators:
            continue
        path = fact_path(snapshot, fact)
        base = duckdb.connect()
        regions = [row[0] for row in base.execute(REGIONS_SQL.format(path)).fetchall()]
        given = {"regions": regions, "as_of": as_of, "start": as_of.replace(month=1, day=1)}
        statement = scan_sql(fact, indicators, f"read_parquet('{path}')")
        needed = {name: value for name, value in given.items() if f"${name}" in statement}
        started = time.perf_counter()
        rows = base.execute(statement, needed).fetchall()
        seconds = time.perf_counter() - started
        answers[fact.id] = {"seconds": seconds, "rows": sorted([str(cell) for cell in row] for row in rows)}
        asked["facts"].append(
            {
                "id": fact.id,
                "prepare": spark_sql(materialise_sql(fact)),
                "scan": spark_sql(scan_sql(fact, indicators, f"fact_{fact.id}"), given),
            }
        )
    return asked, answers


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--python", help="a Python that has pyspark; default: an environment made for this run"
    )
    given = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = given.python
        if not python:
            venv.create(folder / "env", with_pip=True)
            python = str(folder / "env" / "bin" / "python")
            wanted = ["pyspark>=4.3,<5", "pandas<3", "pyarrow"]
            subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True, timeout=1800)
        asked, answers = asked_of(folder)
        (folder / "asked.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
        (folder / "on_spark.py").write_text(ON_SPARK, encoding="utf-8")
        files = [str(folder / "asked.json"), str(folder / "found.json")]
        subprocess.run([python, str(folder / "on_spark.py"), *files], check=True, timeout=3600)
        found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    different = [one for one in answers if answers[one]["rows"] != found[one]["rows"]]
    for one, answer in answers.items():
        word = "DIFFERENT" if one in different else "equal"
        print(f"{one:<28}{word:<10}DuckDB {answer['seconds']:.3f} s   Spark {found[one]['seconds']:.3f} s")
    print(f"{len(answers) - len(different)} of {len(answers)} facts equal on {len(asked['tables'])} tables")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
