"""A record's page names the figures that count it, and for the others the condition it does not meet."""

from __future__ import annotations

import zlib
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.figures import counting
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.snapshots import current_snapshot
from zhicheng.apps.ledger.public import Patent
from zhicheng.apps.records.public import begin_city, registry, tables_moved_on
from zhicheng.apps.web.public import Place
from zhicheng.kernel.identifiers import patent_application

pytestmark = pytest.mark.django_db
DAY = Place("370700", date(2025, 12, 16), "ytd")


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=True)


def granted(serial: int, kind: str = "invention", day: str = "2025-03-01", region: str = "370783") -> Patent:
    number = patent_application.with_check(f"20201{serial:07d}")
    row = Patent.objects.create(
        application_number=number, kind=kind, title=f"演示专利{serial}", filed_on=date(2020, 1, 2),
        granted_on=date.fromisoformat(day), region_code=region, synthetic=True,
    )  # fmt: skip
    row.owners.create(name="演示甲公司", region_code=region)
    tables_moved_on(["ledger_patent", "ledger_patentowner"])
    return row


def standing(record: Patent, place: Place = DAY):
    kind = registry.get("patents")
    return counting.standing_of(kind, record, counting.facts_of(kind), place)


def test_a_patent_in_force_names_stock_flow_and_the_ratio_it_stands_in(city):
    patent = granted(1)
    current_snapshot()
    ids = {one.id for one in standing(patent).counted}
    assert {"valid_invention_patents", "invention_patents_granted", "valid_inventions_per_10k"} <= ids
    assert "valid_utility_models" not in ids


def test_what_is_not_counted_says_which_condition_fails_and_what_the_record_says_instead(city):
    patent = granted(2, kind="utility_model")
    current_snapshot()
    others = {one.id: one.why_not for one in standing(patent).others}
    assert others["valid_invention_patents"] == "不满足：类型＝发明（现为实用新型）"
    late = Place("370700", date(2025, 2, 1), "ytd")
    assert (
        "2025-02-01" in {one.id: one.why_not for one in standing(patent, late).others}["valid_utility_models"]
    )


def test_a_record_of_another_county_says_so(city):
    patent = granted(3)
    current_snapshot()
    found = standing(patent, Place("370705", DAY.as_of, "ytd"))
    assert not found.counted
    assert {one.why_not for one in found.others} == {"不归本区划"}


def test_a_snapshot_older_than_the_record_is_told(city):
    patent = granted(4)
    assert "还没有快照" in standing(patent).stale
    current_snapshot()
    assert standing(patent).stale == ""
    patent.revision = 2
    assert "第 1 版" in standing(patent).stale
    assert "还没有这条记录" in standing(granted(5)).stale


def test_what_was_published_on_the_strength_of_a_record_stays_named(city, cast):
    patent = granted(6, kind="utility_model")
    current_snapshot()
    SignedFigure.objects.create(
        indicator="valid_invention_patents", version=1, region_code="370700", as_of=date(2025, 6, 30), period="",
        value="1", unit="件", definition={}, statement="", snapshot="1", rows=1, rows_hash="", status="signed",
        row_keys=zlib.compress(str(patent.pk).encode()), prepared_by=cast.city_officer,
    )  # fmt: skip
    one = next(one for one in standing(patent).others if one.id == "valid_invention_patents")
    assert one.published == (date(2025, 6, 30),)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("city_officer", True), ("county_officer", False), ("department", True), ("enterprise", False)],
)
def test_figures_are_named_to_those_who_see_their_rows(city, cast, who, sees):
    patent = granted(7)
    current_snapshot()
    page = signed_in(getattr(cast, who)).get(f"/records/patents/{patent.pk}/?region=370700&as_of=2025-12-16")
    assert ("计入的数据" in page.content.decode()) is sees


def test_a_page_asks_the_same_number_of_queries_however_many_parts_a_record_has(city, cast):
    one, other = granted(8), granted(9)
    for number in range(30):
        other.owners.create(name=f"演示{number}公司", region_code="370783")
    current_snapshot()
    client, counts = signed_in(cast.city_officer), []
    client.get(f"/records/patents/{one.pk}/")
    for row in (one, other):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(f"/records/patents/{row.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
