"""Quotes of one thing agree, replace each other or contradict each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from zhicheng.engines.benchmarks import Measure, Period, Quote, latest_first, relation

MEASURE = Measure(
    "speciality_products", "特色产品", "个", "cumulative", period=Period("day", None, date(2025, 12, 16))
)
FIRST = Quote(1, "370700", MEASURE, Decimal(1300), "at_least", "甲报", date(2025, 12, 17))


def test_1300_odd_and_1343_say_the_same():
    assert relation(FIRST, replace(FIRST, key=2, value=Decimal(1343), approx="exact")) == "duplicate"


def test_another_publisher_with_another_number_contradicts():
    assert (
        relation(FIRST, replace(FIRST, key=2, value=Decimal(1500), approx="exact", publisher="乙报"))
        == "contradicts"
    )


def test_the_same_publisher_later_with_another_number_corrects_itself():
    corrected = replace(FIRST, key=2, value=Decimal(1500), approx="exact", published_on=date(2025, 12, 20))
    assert relation(FIRST, corrected) == "superseded"


def test_a_later_day_replaces_an_earlier_state():
    later = replace(
        FIRST,
        key=2,
        measure=replace(MEASURE, period=Period("day", None, date(2026, 1, 31))),
        value=Decimal(1400),
    )
    assert relation(FIRST, later) == "superseded"
    assert relation(later, FIRST) == ""


def test_events_of_two_years_stand_beside_each_other():
    flow = replace(MEASURE, kind="flow", period=Period("span", date(2024, 1, 1), date(2024, 12, 31)))
    next_year = replace(flow, period=Period("span", date(2025, 1, 1), date(2025, 12, 31)))
    assert relation(replace(FIRST, measure=flow), replace(FIRST, key=2, measure=next_year)) == ""


def test_two_regions_have_nothing_to_contradict():
    assert relation(FIRST, replace(FIRST, key=2, region="370200", value=Decimal(1))) == ""


def test_the_newest_quote_comes_first_and_undated_ones_last():
    undated = replace(FIRST, key=2, measure=replace(MEASURE, period=Period()))
    assert [one.key for one in latest_first([undated, FIRST])] == [1, 2]
