"""Who may open which page of records, and what a broken file looks like on the way in."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import Case
from zhicheng.apps.ledger.models import Organisation
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.public import begin_city, registry
from zhicheng.apps.records.queries import page

pytestmark = pytest.mark.django_db

ROWS = (
    "统一社会信用代码,企业名称,主体类型,区划代码,成立日期\n"
    "91110000600037341L,演示甲公司,企业,370783,2020/1/2\n"
    "91110000600037341,演示乙公司,企业,370783,2020-02-30\n"
)


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=True)


def upload(client, text: str = ROWS):
    file = SimpleUploadedFile("主体.csv", text.encode("gb18030"), content_type="text/csv")
    return client.post("/records/imports/", {"file": file})


@pytest.mark.parametrize("who", ["city_officer", "county_officer", "department", "enterprise", "stranger"])
def test_only_those_who_prepare_records_may_import(city, cast, who):
    answer = signed_in(getattr(cast, who)).get("/records/imports/")
    assert (answer.status_code == 200) is (who != "enterprise")


def test_nobody_reads_records_without_signing_in(city, cast):
    for address in ("/records/", "/records/cases/", "/records/imports/", "/figures/valid_invention_patents/"):
        assert signed_in(None).get(address).status_code != 200


@pytest.mark.parametrize(
    ("who", "sees"),
    [("city_officer", 2), ("county_officer", 1), ("department", 2), ("enterprise", 0), ("stranger", 0)],
)
def test_a_list_shows_only_the_rows_of_ones_own_region(city, cast, who, sees):
    Case.objects.create(number="一", matter="mediation", region_code="370783")
    Case.objects.create(number="二", matter="mediation", region_code="370705")
    assert len(page(registry.get("cases"), getattr(cast, who), {}).rows) == sees


def test_a_broken_row_is_named_and_the_good_one_stands(city, cast):
    client = signed_in(cast.city_officer)
    answer = upload(client)
    row = ChangeSet.objects.get()
    assert answer.status_code == 302
    assert (row.read, row.new, row.rejected) == (2, 1, 1)
    page = client.get(f"/records/imports/{row.key}/").content.decode()
    assert "不是日期" in page
    assert "91110000600037341" in page
    assert "演示乙公司" in b"".join(
        client.get(f"/records/imports/{row.key}/rejects.csv").streaming_content
    ).decode("utf-8-sig")


def test_an_approved_set_can_be_undone(city, cast):
    client = signed_in(cast.city_officer)
    upload(client)
    row = ChangeSet.objects.get()
    client.post(f"/records/imports/{row.key}/decide/", {"step": "approve"})
    assert Organisation.objects.get().uscc == "91110000600037341L"
    client.post(f"/records/imports/{row.key}/decide/", {"step": "undo", "why": "测试"})
    assert not Organisation.objects.exists()


def test_a_list_takes_the_same_number_of_queries_at_any_size(city, cast):
    client = signed_in(cast.city_officer)
    counts = []
    for size in (3, 120):
        Organisation.objects.all().delete()
        Organisation.objects.bulk_create(
            Organisation(uscc="", name=f"演示{n}", name_key=f"演示{n}", region_code="370783")
            for n in range(size)
        )
        client.get("/records/organisations/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/records/organisations/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_every_page_of_a_list_is_reached_once(city, cast):
    Organisation.objects.bulk_create(
        Organisation(uscc="", name=f"演示{n}", name_key=f"演示{n}", region_code="370783") for n in range(120)
    )
    seen, after = [], ""
    while True:
        found = page(registry.get("organisations"), cast.city_officer, {"after": after})
        seen += [pk for pk, _ in found.rows]
        after = found.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 120
