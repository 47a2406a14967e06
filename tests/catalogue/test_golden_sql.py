"""The SQL of every indicator, kept as text that a reader can judge; a change of it is a change to review."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zhicheng.catalogue.loader import load_catalogue
from zhicheng.engines.indicators.compiling import condition_sql, value_sql

GOLDEN = Path(__file__).parent / "golden"
CATALOGUE = load_catalogue()


def statements(fact_id: str) -> str:
    fact = CATALOGUE.facts[fact_id]
    parts = [f"-- {fact.id}: {fact.grain}"]
    for one in sorted(CATALOGUE.indicators.values(), key=lambda one: one.id):
        if one.fact == fact_id:
            condition = condition_sql(one, fact)
            parts.append(
                f"-- {one.id} v{one.version} ({one.kind}) {one.name_zh}\n{value_sql(one, fact, condition)};"
            )
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("fact_id", sorted({one.fact for one in CATALOGUE.indicators.values() if one.fact}))
def test_the_statement_of_every_indicator_is_the_one_that_was_reviewed(fact_id):
    path = GOLDEN / f"{fact_id}.sql"
    if os.environ.get("ZHICHENG_GOLDEN") == "write":
        path.write_text(statements(fact_id), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == statements(fact_id), (
        "look at the difference; when it is meant, run again with ZHICHENG_GOLDEN=write and grow the version"
    )


def test_every_ratio_stands_on_indicators_that_exist():
    for one in CATALOGUE.indicators.values():
        if one.ratio:
            assert {one.ratio.numerator, one.ratio.denominator} <= set(CATALOGUE.indicators)


def test_every_entry_says_its_unit_definition_and_source_in_both_languages():
    for one in CATALOGUE.indicators.values():
        assert one.name_zh, one.id
        assert one.name_en, one.id
        assert one.unit_zh, one.id
        assert one.unit_en, one.id
        assert one.definition, one.id
        assert one.source, one.id
