"""Every fact and every scan can be written for Spark; what cannot is refused by name, not half-way on a cluster."""

from __future__ import annotations

from datetime import date

import pytest
import sqlglot

from zhicheng.catalogue.loader import load_catalogue
from zhicheng.engines.facts import materialise_sql
from zhicheng.engines.facts.spark import spark_sql
from zhicheng.engines.indicators import scan_sql
from zhicheng.kernel.refusals import Refusal

CATALOGUE = load_catalogue()
ASKED = {"regions": ["370700", "370783"], "as_of": date(2025, 12, 16), "start": date(2025, 1, 1)}


@pytest.mark.parametrize("fact", CATALOGUE.facts.values(), ids=lambda one: one.id)
def test_a_fact_and_the_scan_of_its_indicators_are_written_for_spark(fact):
    asked = [one for one in CATALOGUE.indicators.values() if one.fact == fact.id and not one.ratio]
    for statement in [materialise_sql(fact), *([scan_sql(fact, asked, f"fact_{fact.id}")] if asked else [])]:
        written = spark_sql(statement, ASKED)
        assert "$" not in written
        assert sqlglot.parse_one(written, read="spark") is not None


def test_parameters_stand_in_the_statement_as_what_they_are():
    written = spark_sql("select 1 where d <= $as_of and list_contains($regions, r)", ASKED)
    assert "CAST('2025-12-16' AS DATE)" in written
    assert "ARRAY('370700', '370783')" in written


def test_a_text_with_a_quote_stays_a_text():
    assert spark_sql("select $name", {"name": "x' or '1'='1"}) == r"SELECT 'x\' or \'1\'=\'1'"


def test_a_parameter_without_a_value_is_refused_by_name():
    with pytest.raises(Refusal, match="as_of"):
        spark_sql("select $as_of")
