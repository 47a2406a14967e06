"""Single records made, changed, merged and deleted on pages and over the API, through the same review."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.models import AgentState, OrganisationAgent
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.cases.models import Case, CaseParty
from zhicheng.apps.ledger.models import Organisation
from zhicheng.apps.records import actions
from zhicheng.apps.records.editing import Draft, Invalid, propose, propose_removal
from zhicheng.apps.records.models import ChangeSet, Dispute, MatchQuestion, SavedView
from zhicheng.apps.records.public import begin_city
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db


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


def changed(firm, by, reviewer, **values):
    row = propose(draft=Draft("organisations", values, firm.pk), by=by, why="更正")
    actions.approve(change_set=row, by=reviewer)
    firm.refresh_from_db()
    return row


def test_a_change_waits_until_somebody_else_approves_it(firm, cast, reviewer):
    row = propose(
        draft=Draft("organisations", {"name": "演示乙公司"}, firm.pk), by=cast.city_officer, why="改名"
    )
    firm.refresh_from_db()
    assert firm.name == "演示甲公司"
    with pytest.raises(NotAllowed):
        actions.approve(change_set=row, by=cast.city_officer)
    actions.approve(change_set=row, by=reviewer)
    firm.refresh_from_db()
    assert (firm.name, firm.revision) == ("演示乙公司", 2)


def test_a_field_emptied_on_a_page_is_emptied_and_a_key_can_be_corrected(firm, cast, reviewer):
    changed(firm, cast.city_officer, reviewer, address="演示路 1 号")
    assert firm.address == "演示路 1 号"
    changed(firm, cast.city_officer, reviewer, address="", uscc="91350100M000100Y43")
    assert (firm.address, firm.uscc, Organisation.objects.count()) == ("", "91350100M000100Y43", 1)


def test_undo_brings_the_old_values_back(firm, cast, reviewer):
    row = changed(firm, cast.city_officer, reviewer, name="演示乙公司")
    actions.undo(change_set=row, by=reviewer, why="误改")
    firm.refresh_from_db()
    assert firm.name == "演示甲公司"


def test_a_broken_cell_is_named_with_its_rule(firm, cast):
    with pytest.raises(Invalid) as refusal:
        propose(
            draft=Draft("organisations", {"established_on": "2020-02-30"}, firm.pk),
            by=cast.city_officer,
            why="补",
        )
    assert "不是日期" in refusal.value.problems["established_on"]


def test_a_change_made_from_an_old_revision_is_refused(firm, cast, reviewer):
    changed(firm, cast.city_officer, reviewer, name="演示乙公司")
    stale = Draft("organisations", {"name": "演示丙公司"}, firm.pk, revision=1)
    with pytest.raises(Conflict, match="第 2 版"):
        propose(draft=stale, by=cast.city_officer, why="改")


def test_a_second_record_with_the_same_key_is_refused(firm, cast):
    draft = Draft("organisations", {"uscc": firm.uscc, "name": "演示丁公司"})
    with pytest.raises(Conflict, match="已有同号"):
        propose(draft=draft, by=cast.city_officer, why="新建")


def test_no_change_without_a_reason(firm, cast):
    with pytest.raises(Refusal, match="理由"):
        propose(draft=Draft("organisations", {"name": "演示乙公司"}, firm.pk), by=cast.city_officer, why=" ")


def test_a_county_officer_cannot_touch_a_record_of_another_county(city, cast):
    case = Case.objects.create(number="一", matter="mediation", region_code="370705")
    with pytest.raises(NotFound):
        propose(draft=Draft("cases", {"subject": "改"}, case.pk), by=cast.county_officer, why="改")


def test_what_others_refer_to_is_merged_not_deleted_and_can_come_back(firm, cast, reviewer):
    other = Organisation.objects.create(
        uscc="", name="演示甲公司（旧）", name_key="演示甲公司（旧）", region_code="370783"
    )
    case = Case.objects.create(number="一", matter="mediation", region_code="370783")
    party = CaseParty.objects.create(case=case, name="演示甲公司（旧）", organisation=other)
    with pytest.raises(Conflict, match="引用"):
        propose_removal(type_id="organisations", record=other.pk, by=cast.city_officer, why="重复")
    row = propose_removal(
        type_id="organisations", record=other.pk, into=firm.pk, by=cast.city_officer, why="重复"
    )
    actions.approve(change_set=row, by=reviewer)
    party.refresh_from_db()
    assert party.organisation_id == firm.pk
    assert MatchQuestion.objects.get(name="演示甲公司（旧）").organisation_id == firm.pk
    actions.undo(change_set=ChangeSet.objects.get(pk=row.pk), by=reviewer, why="不是同一家")
    party.refresh_from_db()
    assert party.organisation.name == "演示甲公司（旧）"


def test_a_deleted_record_comes_back_with_its_parts(city, cast, reviewer):
    case = Case.objects.create(number="一", matter="mediation", region_code="370783")
    CaseParty.objects.create(case=case, name="甲")
    row = propose_removal(type_id="cases", record=case.pk, by=cast.city_officer, why="录错")
    actions.approve(change_set=row, by=reviewer)
    assert not Case.objects.exists()
    actions.undo(change_set=ChangeSet.objects.get(pk=row.pk), by=reviewer, why="没有错")
    assert Case.objects.get().parties.get().name == "甲"


@pytest.mark.parametrize("address", ["new/", "{pk}/edit/", "{pk}/remove/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("city_officer", 200),
        ("county_officer", 200),
        ("department", 200),
        ("enterprise", 403),
        ("stranger", None),
    ],
)
def test_who_may_open_the_forms_of_a_record(firm, cast, who, status, address):
    answer = signed_in(getattr(cast, who)).get(f"/records/organisations/{address.format(pk=firm.pk)}")
    expected = status or (200 if address == "new/" else 404)
    assert answer.status_code == expected


def test_the_form_shows_what_is_wrong_beside_the_field_and_keeps_what_was_typed(firm, cast):
    client = signed_in(cast.city_officer)
    answer = client.post(
        f"/records/organisations/{firm.pk}/edit/",
        {"established_on": "昨天", "name": "演示戊公司", "why": "补录"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是日期" in page
    assert "演示戊公司" in page


@pytest.fixture
def agent(firm, cast):
    OrganisationAgent.objects.create(
        user=cast.enterprise, organisation=firm, uscc=firm.uscc, state=AgentState.APPROVED
    )
    return cast.enterprise


def test_an_enterprise_disputes_its_own_row_and_reads_the_answer(firm, cast, agent):
    client = signed_in(agent)
    assert client.post(f"/records/organisations/{firm.pk}/dispute/", {"text": "地址不对"}).status_code == 302
    row = Dispute.objects.get()
    officer = signed_in(cast.city_officer)
    officer.post("/records/disputes/", {"dispute": row.pk, "verdict": "accept", "answer": "已核实，将更正"})
    assert "已核实" in client.get("/records/disputes/").content.decode()
    assert Dispute.objects.get().state == Dispute.State.ACCEPTED


def test_an_enterprise_cannot_dispute_what_is_not_about_it(firm, cast):
    assert signed_in(cast.enterprise).get(f"/records/organisations/{firm.pk}/dispute/").status_code == 404


def test_a_stranger_reads_no_dispute_of_this_city(firm, cast, agent):
    signed_in(agent).post(f"/records/organisations/{firm.pk}/dispute/", {"text": "地址不对"})
    assert "地址不对" not in signed_in(cast.stranger).get("/records/disputes/").content.decode()


def test_a_view_keeps_filters_and_columns_for_its_owner_only(firm, cast):
    client = signed_in(cast.city_officer)
    client.post("/records/organisations/views/", {"name": "寿光", "query": "region_code=370783&column=name"})
    assert "寿光" in client.get("/records/organisations/").content.decode()
    view = SavedView.objects.get()
    signed_in(cast.county_officer).post("/records/organisations/views/", {"drop": view.pk})
    assert SavedView.objects.exists()
    client.post("/records/organisations/views/", {"drop": view.pk})
    assert not SavedView.objects.exists()


def test_an_export_holds_exactly_what_is_filtered_and_shown(firm, cast):
    Organisation.objects.create(uscc="", name="演示外市公司", name_key="演示外市公司", region_code="370705")
    client = signed_in(cast.city_officer)
    answer = client.get("/records/organisations/export.csv?region_code=370783&column=name")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines() == ["名称", "演示甲公司"]
    answer = client.get("/records/organisations/export.xlsx?region_code=370783")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_a_county_cannot_bring_in_rows_of_another_county(city, cast):
    text = "统一社会信用代码,企业名称,区划代码\n91110000600037341L,演示甲公司,370705\n"
    file = SimpleUploadedFile("主体.csv", text.encode(), content_type="text/csv")
    signed_in(cast.county_officer).post("/records/imports/", {"file": file})
    row = ChangeSet.objects.get()
    assert (row.new, row.rejected) == (0, 1)


def test_a_corrected_mapping_is_used_and_remembered(city, cast):
    text = "统一社会信用代码,企业名称,注册地\n91110000600037341L,演示甲公司,演示路 1 号\n"

    def file():
        return SimpleUploadedFile("主体.csv", text.encode(), content_type="text/csv")

    client = signed_in(cast.city_officer)
    client.post("/records/imports/", {"file": file(), "type": "organisations"})
    first = ChangeSet.objects.get()
    client.post(
        f"/records/imports/{first.key}/remap/",
        {
            "file": file(),
            "header": ["统一社会信用代码", "企业名称", "注册地"],
            "column": ["uscc", "name", "former_names"],
        },
    )
    first.refresh_from_db()
    second = ChangeSet.objects.exclude(pk=first.pk).get()
    assert first.status == ChangeSet.Status.DISCARDED
    assert second.mapping["matched"]["注册地"] == "former_names"
    client.post("/records/imports/", {"file": file(), "type": "organisations"})
    assert ChangeSet.objects.latest("pk").mapping["matched"]["注册地"] == "former_names"


def test_a_large_upload_is_read_in_the_background_and_its_page_says_how_far(city, cast, monkeypatch):
    from zhicheng.apps.records import import_views

    monkeypatch.setattr(import_views, "READ_AT_ONCE", 0)
    text = "统一社会信用代码,企业名称,区划代码\n91110000600037341L,演示甲公司,370783\n"
    file = SimpleUploadedFile("主体.csv", text.encode(), content_type="text/csv")
    client = signed_in(cast.city_officer)
    client.post("/records/imports/", {"file": file})
    row = ChangeSet.objects.get()
    assert (row.status, row.new) == (ChangeSet.Status.STAGED, 1)
    assert client.get(f"/records/imports/{row.key}/progress/")["HX-Refresh"] == "true"


def test_change_sets_of_another_city_are_not_shown(city, cast):
    text = "统一社会信用代码,企业名称,区划代码\n91110000600037341L,演示甲公司,370783\n"
    file = SimpleUploadedFile("主体.csv", text.encode(), content_type="text/csv")
    signed_in(cast.city_officer).post("/records/imports/", {"file": file})
    key = ChangeSet.objects.get().key
    assert signed_in(cast.stranger).get(f"/records/imports/{key}/").status_code == 404
    assert "主体.csv" not in signed_in(cast.stranger).get("/records/imports/").content.decode()


def api(client, method, path, body=None, **headers):
    return getattr(client, method)(
        f"/api/v1{path}", data=json.dumps(body) if body is not None else None, content_type="application/json",
        headers=headers,
    )  # fmt: skip


def test_the_api_changes_a_record_only_from_the_version_it_read(firm, cast, reviewer):
    client = signed_in(cast.city_officer)
    seen = client.get(f"/api/v1/records/organisations/{firm.pk}")
    body = {"values": {"name": "演示乙公司"}, "why": "改名"}
    path = f"/records/organisations/{firm.pk}"
    assert api(client, "put", path, body).status_code == 428
    assert api(client, "put", path, body, **{"If-Match": '"organisations-1-99"'}).status_code == 412
    answer = api(client, "put", path, body, **{"If-Match": seen["ETag"]})
    assert answer.status_code == 202
    key = answer.json()["change_set"]
    assert api(client, "post", f"/imports/{key}/steps", {"step": "approve"}).status_code == 403
    done = api(signed_in(reviewer), "post", f"/imports/{key}/steps", {"step": "approve"})
    assert done.json()["status"] == "applied"


def test_a_retried_post_with_the_same_key_makes_one_change_set(city, cast):
    client = signed_in(cast.city_officer)
    body = {"values": {"uscc": "91110000600037341L", "name": "演示甲公司"}, "why": "新建"}
    answers = [
        api(client, "post", "/records/organisations", body, **{"Idempotency-Key": "k1"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert ChangeSet.objects.count() == 1


def test_the_api_lists_the_fields_asked_for_and_pages_by_cursor(city, cast):
    Organisation.objects.bulk_create(
        Organisation(uscc="", name=f"演示{n}", name_key=f"演示{n}", region_code="370783") for n in range(60)
    )
    client = signed_in(cast.county_officer)
    first = client.get("/api/v1/records/organisations?fields=name").json()
    assert set(first["items"][0]) == {"id", "revision", "name"}
    second = client.get(f"/api/v1/records/organisations?fields=name&after={first['next']}").json()
    assert len(first["items"]) + len(second["items"]) == 60
    assert client.get("/api/v1/records/organisations?nonsense=1").status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("city_officer", 200),
        ("county_officer", 200),
        ("department", 200),
        ("enterprise", 200),
        ("stranger", 200),
    ],
)
def test_the_api_shows_cases_only_of_ones_own_region(city, cast, who, status):
    Case.objects.create(number="一", matter="mediation", region_code="370783")
    answer = signed_in(getattr(cast, who)).get("/api/v1/records/cases")
    assert answer.status_code == status
    assert bool(answer.json()["items"]) is (who in {"city_officer", "county_officer", "department"})
    assert signed_in(None).get("/api/v1/records/cases").status_code == 403
