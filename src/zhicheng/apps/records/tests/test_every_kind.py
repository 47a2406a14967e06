"""Every kind of record alike: the same number of queries at any size, pages for the right people, exports, templates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.ledger.models import HonourGrant, HonourScheme, Organisation, Patent, Person, PersonRole
from zhicheng.apps.records.details import links_of, story_of
from zhicheng.apps.records.public import RecordType, begin_city, registry
from zhicheng.apps.records.queries import page_of_records, visible

pytestmark = pytest.mark.django_db

KINDS = [one.id for one in registry]
MANY = 70


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=True)


def filled(record_type: RecordType, count: int) -> None:
    """Put rows of any kind into the ledger; every third has no day."""
    model = record_type.model
    held = model._default_manager.count()
    rows = []
    for number in range(held, held + count):
        cells: dict[str, Any] = {}
        for one in model._meta.concrete_fields:
            kind = getattr(one, "kind", "")
            if kind == "date":
                cells[one.name] = date(2020, 1, 1 + number % 28) if number % 3 else None
            elif kind == "region":
                cells[one.name] = "370783"
            elif kind == "choice" and one.choices:
                cells[one.name] = one.choices[0][0]
            elif kind in {"text", "identifier", "list"}:
                cells[one.name] = f"Z{number}"
            elif kind in {"integer", "decimal", "money"}:
                cells[one.name] = Decimal(number) if kind != "integer" else number
        rows.append(model(**cells))
    model._default_manager.bulk_create(rows)


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_takes_the_same_number_of_queries_with_few_and_many_rows(city, cast, kind):
    client = signed_in(cast.city_officer)
    address = f"/records/{kind}/"
    filled(registry.get(kind), 3)
    few = queries_of(client, address)
    filled(registry.get(kind), MANY)
    assert queries_of(client, address) == few
    assert few <= 14


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_reaches_every_row_once_also_those_without_a_day(city, cast, kind):
    record_type = registry.get(kind)
    filled(record_type, MANY)
    seen, after = [], ""
    while True:
        rows, after = page_of_records(record_type, cast.city_officer, {"after": after})
        seen += [one.pk for one in rows]
        if not after:
            break
    assert sorted(seen) == sorted(record_type.model._default_manager.values_list("pk", flat=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_of_every_kind_has_a_page_a_form_a_template_and_an_export(city, cast, kind):
    filled(registry.get(kind), 1)
    record = registry.get(kind).model._default_manager.latest("pk")
    client = signed_in(cast.city_officer)
    for address in (
        f"{record.pk}/",
        f"{record.pk}/edit/",
        "new/",
        "template.xlsx",
        "export.csv",
        "export.xlsx",
    ):
        answer = client.get(f"/records/{kind}/{address}")
        assert answer.status_code == 200, address
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/records/{kind}/{record.pk}/")
    assert len(seen) < 90


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_are_not_public_are_seen_in_ones_own_region_only(city, cast, kind):
    record_type = registry.get(kind)
    filled(record_type, 1)
    record = record_type.model._default_manager.latest("pk")
    if record_type.public:
        expected = {"city_officer", "county_officer", "department", "enterprise", "stranger"}
    else:
        expected = {"city_officer", "county_officer", "department"}
    people = ("city_officer", "county_officer", "department", "enterprise", "stranger")
    seen = {who for who in people if visible(record_type, getattr(cast, who)).filter(pk=record.pk).exists()}
    assert seen == expected


PAGES = [
    ("/records/", {"city_officer", "county_officer", "department", "enterprise", "stranger"}),
    ("/records/imports/", {"city_officer", "county_officer", "department", "stranger"}),
    ("/records/matching/", {"city_officer", "county_officer", "stranger"}),
    ("/records/disputes/", {"city_officer", "county_officer", "enterprise", "stranger"}),
    ("/records/organisations/new/", {"city_officer", "county_officer", "department", "stranger"}),
    (
        "/records/organisations/template.xlsx",
        {"city_officer", "county_officer", "department", "enterprise", "stranger"},
    ),
    ("/api/v1/records", {"city_officer", "county_officer", "department", "enterprise", "stranger"}),
    ("/api/v1/records/patents", {"city_officer", "county_officer", "department", "enterprise", "stranger"}),
    ("/api/v1/imports", {"city_officer", "county_officer", "department", "stranger"}),
]


@pytest.mark.parametrize(("address", "allowed"), PAGES, ids=[one for one, _ in PAGES])
@pytest.mark.parametrize(
    "who", ["city_officer", "county_officer", "department", "enterprise", "stranger", None]
)
def test_who_may_open_which_page_and_endpoint_of_the_room(city, cast, address, allowed, who):
    answer = signed_in(getattr(cast, who) if who else None).get(address)
    assert (answer.status_code == 200) is (who in allowed)


def test_the_page_of_a_person_shows_the_roles_and_hides_the_name_from_those_who_may_not_see_it(city, cast):
    person = Person.objects.create(number="R1", name="演示人甲", phone="13900000000", region_code="370783")
    PersonRole.objects.create(person_number="R1", role="专家", from_on=date(2024, 1, 1), region_code="370783")
    assert [one.type.id for one in links_of(registry.get("people"), person, cast.city_officer)] == [
        "person_roles"
    ]
    assert "演示人甲" in signed_in(cast.city_officer).get(f"/records/people/{person.pk}/").content.decode()
    page = signed_in(cast.department).get(f"/records/people/{person.pk}/").content.decode()
    assert "演示人甲" not in page
    assert "13900000000" not in page


def test_a_patent_tells_what_happened_to_it_in_time(city):
    patent = Patent.objects.create(
        application_number="2017106018623",
        filed_on=date(2017, 7, 21),
        granted_on=date(2020, 5, 1),
        region_code="370783",
    )
    patent.events.create(kind="lapsed", on_date=date(2023, 1, 2))
    told = [(one.on.year, one.what) for one in story_of(registry.get("patents"), patent)]
    assert told == [(2023, "未缴年费终止"), (2020, "授权日"), (2017, "申请日")]


def test_a_whole_number_is_found_in_any_spelling(city, cast):
    Patent.objects.create(application_number="2017106018623", title="演示装置", region_code="370783")
    for text in ("CN201710601862.3", "ZL201710601862.3", "2017106018623", "演示装置"):
        rows, _ = page_of_records(registry.get("patents"), cast.city_officer, {"q": text})
        assert len(rows) == 1, text


def test_the_region_of_the_page_narrows_a_list_and_travels_with_its_links(city, cast):
    for code in ("370783", "370705"):
        Organisation.objects.create(uscc="", name=f"演示{code}", name_key=f"演示{code}", region_code=code)
    page = signed_in(cast.city_officer).get("/records/organisations/?region=370783").content.decode()
    assert "演示370783" in page
    assert "演示370705" not in page
    assert "export.csv?region=370783" in page


def test_more_than_ten_thousand_are_said_to_be_more_and_not_counted(city, cast, monkeypatch):
    from zhicheng.apps.records import queries

    monkeypatch.setattr(queries, "COUNTED", 5)
    filled(registry.get("parks"), 7)
    page = signed_in(cast.city_officer).get("/records/parks/").content.decode()
    assert "1 万条以上" in page


def test_an_honour_is_shown_under_the_name_of_its_scheme_and_exported_under_its_code(city, cast):
    HonourScheme.objects.create(code="city_award", name="演示奖")
    honour = HonourGrant.objects.create(scheme_code="city_award", holder_name="演示甲", region_code="370700")
    HonourGrant.objects.create(scheme_code="unknown_award", holder_name="演示乙", region_code="370700")
    officer = signed_in(cast.city_officer)
    listed = officer.get("/records/honours/").content.decode()
    assert "演示奖" in listed
    assert "unknown_award" in listed
    assert "演示奖" in officer.get(f"/records/honours/{honour.pk}/").content.decode()
    exported = b"".join(officer.get("/records/honours/export.csv").streaming_content).decode("utf-8-sig")
    assert "city_award" in exported
    assert "演示奖" not in exported
