"""A record's page tells who did what to it and why; personal cells stay masked and cannot be found by searching."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.ledger.models import Organisation, Person
from zhicheng.apps.public_service.outreach import Ambassador
from zhicheng.apps.records import actions, details, trail
from zhicheng.apps.records.disputes import raise_dispute
from zhicheng.apps.records.editing import Draft, propose
from zhicheng.apps.records.public import begin_city, registry

pytestmark = pytest.mark.django_db
WHO = ["city_officer", "county_officer", "department", "enterprise", "stranger"]


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=False)


@pytest.fixture
def reviewer(db):
    return make_user("fuhe", "city_officer", "370700")


@pytest.fixture
def firm(city):
    return Organisation.objects.create(
        uscc="91110000600037341L", name="演示甲公司", name_key="", region_code="370783"
    )


@pytest.fixture
def person(city):
    return Person.objects.create(
        number="RMASKED1",
        name="演示某甲",
        phone="13900000001",
        organisation_name="演示甲公司",
        region_code="370783",
    )


def change(record, kind, by, reviewer, why, **values):
    row = propose(draft=Draft(kind, values, record.pk), by=by, why=why)
    actions.submit(change_set=row, by=by) if row.status == "staged" else None
    actions.approve(change_set=row, by=reviewer)
    return row


def entries(kind, record, user):
    record_type = registry.get(kind)
    sources, disputes = details.sources_of(record_type, record), details.disputes_of(record_type, record)
    return trail.trail_of(record_type, record, sources, disputes, user)


def test_the_trail_names_who_what_when_why_and_the_cells_that_moved(firm, cast, reviewer):
    change(firm, "organisations", cast.city_officer, reviewer, "登记机关变更通知", name="演示乙公司")
    raise_dispute(type_id="organisations", record=firm, text="名称不对", by=cast.enterprise)
    found = entries("organisations", firm, cast.city_officer)
    assert [one.what for one in found][:2] == ["提出异议", "复核入库"]
    applied = found[1]
    assert applied.by.startswith("fuhe")
    assert applied.why == "登记机关变更通知"
    assert [(one.label, one.old, one.new) for one in applied.fields] == [("名称", "演示甲公司", "演示乙公司")]


@pytest.mark.parametrize("who", WHO)
def test_the_trail_is_read_by_those_who_keep_the_records(firm, cast, reviewer, who):
    change(firm, "organisations", cast.city_officer, reviewer, "更名", name="演示乙公司")
    page = signed_in(getattr(cast, who)).get(f"/records/organisations/{firm.pk}/").content.decode()
    assert ("审计轨迹" in page) is (who in {"city_officer", "county_officer", "department"})


def test_personal_cells_of_the_trail_are_masked_by_role(person, cast, reviewer):
    change(person, "people", cast.city_officer, reviewer, "换号", phone="13900000002")
    seen = entries("people", person, cast.city_officer)[0].fields[0]
    hidden = entries("people", person, cast.department)[0].fields[0]
    assert (seen.old, seen.new) == ("13900000001", "13900000002")
    assert (hidden.old, hidden.new) == ("＊＊＊", "＊＊＊")


def test_the_trail_costs_one_query_however_much_happened(firm, cast, reviewer):
    counts = []
    for name in ("演示乙公司", "演示丙公司", "演示丁公司"):
        change(firm, "organisations", cast.city_officer, reviewer, "更名", name=name)
        record_type = registry.get("organisations")
        sources = details.sources_of(record_type, firm)
        with CaptureQueriesContext(connection) as seen:
            trail.trail_of(record_type, firm, sources, [], cast.city_officer)
        counts.append(len(seen))
    assert counts == [1, 1, 1]


@pytest.mark.parametrize(
    ("who", "finds"),
    [("city_officer", 1), ("county_officer", 1), ("department", 0), ("enterprise", 0), ("stranger", 0)],
)
def test_a_masked_name_is_found_by_nobody_who_may_not_read_it(person, cast, who, finds):
    client = signed_in(getattr(cast, who))
    page = client.get("/records/people/?q=演示某甲")
    assert (b"RMASKED1" in page.content) is bool(finds)
    exported = client.get("/records/people/export.csv?q=演示某甲")
    if exported.status_code == 200:
        lines = list(csv.reader(io.StringIO(b"".join(exported.streaming_content).decode("utf-8-sig"))))
        assert len(lines) - 1 == finds
    assert len(client.get("/api/v1/records/people?q=演示某甲").json().get("items", [])) == finds
    assert ("RMASKED1" in client.get("/search/?q=演示某甲").content.decode()) is bool(finds)


def test_a_masked_column_is_no_filter_for_those_who_may_not_read_it(city, cast, monkeypatch):
    kind = registry.get("ambassadors")
    monkeypatch.setitem(
        registry._types, "ambassadors", kind.__class__(**{**vars(kind), "filters": ("name",)})
    )
    Ambassador.objects.create(number="A1", name="演示某乙", region_code="370783", from_on=date(2025, 1, 1))
    Ambassador.objects.create(number="A2", name="演示某丙", region_code="370783", from_on=date(2025, 1, 1))
    address = "/api/v1/records/ambassadors?name=演示某乙"
    assert [one["number"] for one in signed_in(cast.city_officer).get(address).json()["items"]] == ["A1"]
    assert signed_in(cast.department).get(address).status_code == 422
    page = signed_in(cast.department).get("/records/ambassadors/?name=演示某乙").content
    assert b"A1" in page
    assert b"A2" in page
    assert "演示某乙" not in signed_in(cast.department).get("/records/ambassadors/").content.decode()


def test_a_record_is_called_by_its_name_or_number_and_a_person_never_by_theirs(firm, person):
    assert str(firm) == "演示甲公司"
    assert "演示某甲" not in str(person)
