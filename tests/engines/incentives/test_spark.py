"""Policies on Spark: every shipped clause is written for it, and its answers are DuckDB's to the last word."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlglot

from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.engines.incentives.spark import spark_script
from zhicheng.engines.incentives.tables import STANDING
from zhicheng.kernel.refusals import Refusal

EVERYTHING = load_policies([POLICIES, EXAMPLES])
BESIDE = dict.fromkeys(("payments", "negative_list", "owners", "applications"), STANDING)
BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "spark_policies.py"


def script(program):
    tables = {name: [*STANDING, *shape.columns] for name, shape in program.facts.items()}
    return spark_script(program, as_of=date(2026, 1, 1), tables={**tables, **BESIDE})


def test_every_shipped_clause_is_written_for_spark():
    written = script(EVERYTHING)
    assert len(written.compiled.clauses) == len(EVERYTHING.clauses)
    for text in (*written.views.values(), written.outcomes):
        assert sqlglot.parse_one(text, read="spark")
        for word in (" EXCLUDE ", " REPLACE ", "INT128", "HUGEINT", "::", "$"):
            assert word not in text


def test_every_stage_is_a_view_over_the_one_before():
    names = [
        one for one in script(EVERYTHING).views if one.startswith(("judged", "entitled", "step", "outcomes"))
    ]
    assert names[:2] == ["judged_outcomes", "entitled"]
    assert names[2] == "step_same_matter"
    assert names[-2:] == ["step_budget", "outcomes"]


def test_a_clause_that_spark_reads_otherwise_is_refused_by_name():
    clause = EVERYTHING.clauses[0]
    turned = replace(clause, versions=(replace(clause.versions[0], when="honour like 'a\\_b'"),))
    with pytest.raises(Refusal, match=rf"{clause.id}.*反斜线"):
        script(replace(EVERYTHING, clauses=(turned, *EVERYTHING.clauses[1:])))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_spark_gives_every_answer_of_duckdb_with_its_steps_and_reasons(tmp_path):
    pytest.importorskip("pyspark", reason="the extra “spark” is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    spec = importlib.util.spec_from_file_location("spark_policies", BENCHMARK)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    found = benchmark.compared(sys.executable, EVERYTHING, 80, tmp_path)
    assert found["different"] == []
    assert found["missing"] == 0
    assert found["statuses"] == ["cannot_tell", "entitled", "no_rule", "not_entitled"]
    assert {one.id for one in EVERYTHING.clauses} <= found["clauses"]
