"""What is applied is what was approved: a ledger that moved on, thinner files, links, undo and their limits."""

from __future__ import annotations

import pytest

from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.ledger.models import Organisation, Patent
from zhicheng.apps.records import actions, match_actions
from zhicheng.apps.records.editing import Draft, propose, propose_removal
from zhicheng.apps.records.models import ChangeSet, MatchQuestion, Provenance
from zhicheng.apps.records.public import begin_city
from zhicheng.apps.records.staging import folder_of
from zhicheng.kernel.refusals import Conflict

pytestmark = pytest.mark.django_db

FIRM = "91110000600037341L"
RICH = "申请号,名称,申请日,专利权人,权利人信用代码,权利人区划,失效日\n"


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path / "home"
    return begin_city(region_code="370700", one_person=True)


@pytest.fixture
def officer(city):
    return make_user("shi", "city_officer", "370700")


@pytest.fixture
def load(officer, tmp_path):
    """Stage a table written here and, unless told otherwise, apply it."""

    def loaded(text: str, type_id: str = "patents", *, apply: bool = True) -> ChangeSet:
        path = tmp_path / f"{ChangeSet.objects.count()}.csv"
        path.write_text(text, encoding="utf-8")
        row = actions.stage_file(path, by=officer, type_id=type_id)
        return actions.approve(change_set=row, by=officer) if apply else row

    return loaded


def owners(number: str = "2020101234562") -> list[tuple[str, str, str]]:
    patent = Patent.objects.get(application_number=number)
    return list(patent.owners.order_by("position").values_list("name", "uscc", "region_code"))


def test_the_same_file_twice_changes_nothing(load):
    text = RICH + f"CN202010123456.2,甲装置,2020-02-17,演示甲公司,{FIRM},370783,2024-01-02\n"
    load(text)
    row = load(text)
    assert (row.new, row.changed, row.unchanged) == (0, 0, 1)
    assert Patent.objects.get().revision == 1
    assert Patent.objects.get().events.count() == 1


def test_one_row_in_two_files_that_wait_together_becomes_one_record_with_both_sources(load, officer):
    text = "公告号,名称\nKX-1,演示产品\n".replace("公告号", "编号")
    first = load(text, "speciality_products", apply=False)
    second = load(text, "speciality_products", apply=False)
    actions.approve(change_set=first, by=officer)
    with pytest.raises(Conflict, match="重新比对"):
        actions.approve(change_set=second, by=officer)
    second.refresh_from_db()
    assert (second.status, second.new, second.unchanged) == (ChangeSet.Status.SUBMITTED, 0, 1)
    actions.approve(change_set=second, by=officer)
    assert (
        Provenance.objects.filter(table="quality_specialityproduct").values("record_id").distinct().count()
        == 1
    )
    assert Provenance.objects.filter(table="quality_specialityproduct").count() == 2


def test_a_set_that_still_does_the_same_is_applied_though_the_ledger_moved_on(load, officer):
    waiting = load("编号,名称\nKX-1,演示产品\n", "speciality_products", apply=False)
    load("编号,名称\nKX-2,另一产品\n", "speciality_products")
    assert actions.approve(change_set=waiting, by=officer).status == ChangeSet.Status.APPLIED


def test_a_draft_of_a_page_never_overwrites_what_others_changed_since(load, officer):
    load(f"企业名称,统一社会信用代码\n演示甲公司,{FIRM}\n", "organisations")
    firm = Organisation.objects.get()
    waiting = propose(draft=Draft("organisations", {"park": "演示园"}, firm.pk), by=officer, why="补录")
    load(f"企业名称,统一社会信用代码\n演示乙公司,{FIRM}\n", "organisations")
    with pytest.raises(Conflict, match="送审之后被改动"):
        actions.approve(change_set=waiting, by=officer)
    gone = propose_removal(type_id="organisations", record=firm.pk, by=officer, why="重复")
    load(f"企业名称,统一社会信用代码\n演示丙公司,{FIRM}\n", "organisations")
    with pytest.raises(Conflict, match="送审之后被改动"):
        actions.approve(change_set=gone, by=officer)
    assert Organisation.objects.get().name == "演示丙公司"


def test_rows_changed_behind_the_review_are_not_applied(load, officer):
    row = load("编号,名称\nKX-1,演示产品\n", "speciality_products", apply=False)
    with (folder_of(row) / "staged.parquet").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(Conflict, match="与复核时不一致"):
        actions.approve(change_set=row, by=officer)


def test_a_thinner_file_erases_nothing(load):
    load(
        RICH + f"CN202010123456.2,甲装置,2020-02-17,演示甲公司;演示乙公司,{FIRM};,370783;370705,2024-01-02\n"
    )
    row = load("申请号,名称,专利权人\nCN202010123456.2,,演示甲公司;演示乙公司\n")
    assert (row.changed, row.unchanged) == (0, 1)
    assert owners() == [("演示甲公司", FIRM, "370783"), ("演示乙公司", "", "370705")]


def test_a_file_that_would_drop_an_owner_says_so_and_keeps_what_is_known_of_the_one_that_stays(load, officer):
    from zhicheng.apps.records.reviewing import changes_of

    load(
        RICH + f"CN202010123456.2,甲装置,2020-02-17,演示甲公司;演示乙公司,{FIRM};,370783;370705,2024-01-02\n"
    )
    row = load("申请号,第一申请人\nCN202010123456.2,演示甲公司\n", apply=False)
    (change,) = changes_of(row, 10)
    (parts,) = [one for one in change.fields if one.label == "专利权人"]
    assert parts.lost == ("演示乙公司",)
    actions.approve(change_set=row, by=officer)
    assert owners() == [("演示甲公司", FIRM, "370783")]
    actions.undo(change_set=row, by=officer, why="少了一个权利人")
    assert len(owners()) == 2


def test_undo_takes_away_part_rows_that_a_record_had_none_of_before(load, officer):
    load("申请号,名称\nCN202010123456.2,甲装置\n")
    row = load("申请号,专利权人,失效日\nCN202010123456.2,演示甲公司,2024-01-02\n")
    assert owners()
    actions.undo(change_set=row, by=officer, why="错行")
    assert owners() == []
    assert not Patent.objects.get().events.exists()


def test_undo_is_refused_after_anything_later_touched_a_row(load, officer):
    first = load("编号,名称\nKX-1,演示产品\n", "speciality_products")
    second = load("编号,名称\nKX-1,改过的产品\n", "speciality_products")
    with pytest.raises(Conflict, match="又改过"):
        actions.undo(change_set=first, by=officer, why="试")
    actions.undo(change_set=second, by=officer, why="试")
    actions.undo(change_set=first, by=officer, why="试")
    with pytest.raises(Conflict, match="已撤销"):
        actions.undo(change_set=first, by=officer, why="再试")


def test_undo_is_refused_when_a_room_changed_a_row_without_an_import(load, officer):
    from django.db.models import F

    row = load(f"企业名称,统一社会信用代码\n演示甲公司,{FIRM}\n", "organisations")
    Organisation.objects.update(park="演示园", revision=F("revision") + 1)
    with pytest.raises(Conflict, match="入库之后又有改动"):
        actions.undo(change_set=row, by=officer, why="试")


def test_undoing_an_import_of_organisations_loosens_the_links_that_matching_made(load, officer):
    row = load(f"企业名称,统一社会信用代码,区划代码\n演示甲公司,{FIRM},370783\n", "organisations")
    load("申请号,名称,专利权人\nCN202010123456.2,甲装置,演示甲公司\n")
    assert Patent.objects.get().owners.get().organisation.uscc == FIRM
    actions.undo(change_set=row, by=officer, why="试")
    assert Patent.objects.get().owners.get().organisation is None


def test_an_organisation_that_comes_later_is_linked_to_the_rows_that_name_it(load):
    load("申请号,名称,专利权人\nCN202010123456.2,甲装置,演示甲公司\n")
    load(f"企业名称,统一社会信用代码,区划代码\n演示甲公司,{FIRM},370783\n", "organisations")
    owner = Patent.objects.get().owners.get()
    assert (owner.organisation.uscc, owner.region_code) == (FIRM, "370783")


def test_one_name_of_two_organisations_is_split_by_region_and_remembered(load, officer):
    firms = "企业名称,统一社会信用代码,区划代码\n演示合作社,,370783\n"
    load(firms, "organisations")
    other = Organisation.objects.create(uscc=FIRM, name="演示合作社", name_key="", region_code="370705")
    here = Organisation.objects.get(region_code="370783")
    text = (
        "申请号,专利权人,权利人区划\nCN202010123456.2,演示合作社,370783\nCN201710601862.3,演示合作社,370705\n"
    )
    load(text)
    question = MatchQuestion.objects.get(decided=False)
    match_actions.split_match(
        question=question, by_region={"370783": here.pk, "370705": other.pk}, by=officer
    )
    found = {one.owners.get().region_code: one.owners.get().organisation for one in Patent.objects.all()}
    assert found == {"370783": here, "370705": other}
    load(
        "申请号,专利权人,权利人区划\nCN202010123457.0,演示合作社,370705\n".replace(
            "CN202010123457.0", "CN201810393213.3"
        )
    )
    assert Patent.objects.get(application_number="2018103932133").owners.get().organisation == other


def test_a_failed_attempt_leaves_nothing_that_would_double_rows_on_undo(load, officer, monkeypatch):
    load(RICH + f"CN202010123456.2,甲装置,2020-02-17,演示甲公司,{FIRM},370783,\n")
    row = load("申请号,专利权人\nCN202010123456.2,演示乙公司\n", apply=False)
    from zhicheng.apps.records.working import Cancelled, ask_to_stop

    def stop(step, rows):
        if step == "写入":
            ask_to_stop(row)

    with pytest.raises(Cancelled):
        actions.approve(change_set=row, by=officer, progress=stop)
    assert owners() == [("演示甲公司", FIRM, "370783")]
    row.refresh_from_db()
    assert row.status == ChangeSet.Status.SUBMITTED
    actions.approve(change_set=row, by=officer)
    actions.undo(change_set=row, by=officer, why="试")
    assert owners() == [("演示甲公司", FIRM, "370783")]


def test_a_stopped_reading_leaves_nothing_behind(officer, tmp_path, settings):
    from zhicheng.apps.records.working import Cancelled, ask_to_stop

    path = tmp_path / "专利.csv"
    path.write_text("申请号,名称\nCN202010123456.2,甲装置\n", encoding="utf-8")
    row = actions.begin_reading(path, by=officer, type_id="patents")
    with pytest.raises(Cancelled):
        actions.read_into(row, path, by=officer, progress=lambda step, rows: ask_to_stop(row))
    assert not ChangeSet.objects.exists()
    assert not list((settings.ZHICHENG_HOME / "changesets").iterdir())
