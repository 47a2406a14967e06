"""Pages around an import: a file told by hand, rejects mended in a workbook, many records at once, names split, people waiting."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.ledger.models import Organisation, Park, Patent
from zhicheng.apps.records.models import ChangeSet, MatchQuestion
from zhicheng.apps.records.public import begin_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=True)


@pytest.fixture
def client(city, cast):
    return signed_in(cast.city_officer)


def upload(client, name: str, content: bytes, **more):
    return client.post("/records/imports/", {"file": SimpleUploadedFile(name, content), **more})


def test_a_file_nobody_knows_is_told_by_hand_once_and_known_the_next_time(client, cast):
    content = "甲栏,乙栏\n演示园,370783\n".encode()
    answer = upload(client, "表.csv", content)
    assert "/records/imports/files/" in answer["Location"]
    assert "演示园" in client.get(answer["Location"]).content.decode()
    assert signed_in(cast.county_officer).get(answer["Location"]).status_code == 404
    chosen = {"type": "parks", "header": ["甲栏", "乙栏"], "column": ["name", "region_code"]}
    assert client.post(answer["Location"], chosen).status_code == 302
    assert ChangeSet.objects.get().new == 1
    upload(client, "表.csv", content, type="parks")
    assert ChangeSet.objects.latest("pk").mapping["matched"] == {"甲栏": "name", "乙栏": "region_code"}


def test_rejects_are_mended_in_a_workbook_and_come_back(client):
    upload(
        client, "园区.csv", "园区名称,级别,设立日期\n=演示园,市级,2020-02-30\n好园,市级,2020-02-03\n".encode()
    )
    row = ChangeSet.objects.get()
    data = b"".join(client.get(f"/records/imports/{row.key}/rejects.xlsx").streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.active["A2"].data_type == "s"
    book.active["C2"] = "2020-02-28"
    mended = io.BytesIO()
    book.save(mended)
    upload(client, "退回.xlsx", mended.getvalue())
    again = ChangeSet.objects.latest("pk")
    assert (again.type, again.new, again.rejected) == ("parks", 1, 0)


def test_many_records_are_changed_through_one_previewed_set(client, cast):
    parks = [Park.objects.create(name=f"演示园{n}", region_code="370783") for n in range(3)]
    ticked = {"record": [one.pk for one in parks[:2]]}
    assert "选中 2 条" in client.post("/records/parks/bulk/", ticked).content.decode()
    wrong = {**ticked, "step": "change", "column": "level", "value": "乡级", "why": "试"}
    assert client.post("/records/parks/bulk/", wrong).status_code == 422
    answer = client.post("/records/parks/bulk/", {**wrong, "value": "市级"})
    assert "市级" in client.get(answer["Location"]).content.decode()
    assert not Park.objects.filter(level="city").exists()
    client.post(f"{answer['Location']}decide/", {"step": "approve"})
    assert Park.objects.filter(level="city").count() == 2
    gone = client.post("/records/parks/bulk/", {**ticked, "step": "delete", "why": "重复"})
    client.post(f"{gone['Location']}decide/", {"step": "approve"})
    assert list(Park.objects.values_list("name", flat=True)) == ["演示园2"]
    assert signed_in(cast.enterprise).post("/records/parks/bulk/", ticked).status_code == 403


def test_records_of_another_county_are_not_changed_in_a_batch(city, cast):
    park = Park.objects.create(name="演示园", region_code="370705")
    asked = {"record": [park.pk], "step": "change", "column": "level", "value": "市级", "why": "试"}
    assert signed_in(cast.county_officer).post("/records/parks/bulk/", asked).status_code == 422
    assert not ChangeSet.objects.exists()


def test_a_name_is_split_by_region_on_its_page(client):
    firms = [
        Organisation.objects.create(
            uscc="", name="演示合作社", name_key=f"演示合作社{code}", region_code=code
        )
        for code in ("370783", "370705")
    ]
    question = MatchQuestion.objects.create(name="演示合作社", candidates=[[one.pk, 100] for one in firms])
    for number, firm in zip(("2017106018623", "2020101234562"), firms, strict=True):
        patent = Patent.objects.create(application_number=number, region_code=firm.region_code)
        patent.owners.create(name="演示合作社", region_code=firm.region_code)
    assert "370705" in client.get(f"/records/matching/{question.pk}/").content.decode()
    answers = {f"organisation.{one.region_code}": one.pk for one in firms}
    client.post(
        f"/records/matching/{question.pk}/", {"step": "split", "region": ["370783", "370705"], **answers}
    )
    found = {one.owners.get().organisation_id for one in Patent.objects.all()}
    assert found == {one.pk for one in firms}


def test_a_page_that_waits_is_told_for_whom_and_nobody_else_is_disturbed(client, settings, cast):
    from zhicheng.apps.records.staging import silent
    from zhicheng.apps.records.working import at_work

    assert client.get("/records/writing/").status_code == 204
    row = ChangeSet.objects.create(
        type="parks",
        source="大表.csv",
        status="applying",
        prepared_by=cast.city_officer,
        region_code="370700",
    )
    with at_work(row, silent, writes=True) as told:
        told("写入", 1234)
        assert "大表.csv" in client.get("/records/writing/").content.decode()
        page = signed_in(cast.enterprise).get("/records/writing/").content.decode()
        assert "1,234" in page
        assert "大表.csv" not in page
        session = client.session
        session["active_at"] = int(time.time()) - 600
        session.save()
        client.get("/records/")
        assert client.session["active_at"] < time.time() - 500
    assert client.get("/records/writing/").status_code == 204


def test_a_set_whose_process_was_killed_waits_for_review_again_when_its_page_is_opened(client, cast):
    upload(client, "园区.csv", "园区名称,级别\n演示园,市级\n".encode())
    row = ChangeSet.objects.get()
    ChangeSet.objects.update(status="applying", process=0)
    client.get(f"/records/imports/{row.key}/")
    row.refresh_from_db()
    assert row.status == ChangeSet.Status.SUBMITTED
