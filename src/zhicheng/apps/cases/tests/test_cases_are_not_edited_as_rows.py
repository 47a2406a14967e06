"""A case handled here is barred from edits, merges, removals and imports of the records room; history stays editable."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import Case, CaseDocument
from zhicheng.apps.cases.testing import filed
from zhicheng.apps.records.bulk import propose_for_many
from zhicheng.apps.records.public import ChangeSet, Draft, approve, propose, propose_removal, stage_file
from zhicheng.kernel.refusals import Conflict

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 2)


@pytest.fixture
def history(office):
    return Case.objects.create(
        number="演示旧案1号", matter="mediation", ip_kind="patent", region_code="370700", received_on=date(2020, 1, 6),
        subject="演示旧案",
    )  # fmt: skip


def test_a_handled_case_is_not_edited_and_the_refusal_names_it_and_its_page(office):
    case = filed(office, on=DAY).case
    with pytest.raises(Conflict) as refused:
        propose(draft=Draft("cases", {"subject": "改过"}, case.pk), by=office.officer, why="更正")
    assert case.number in refused.value.what
    assert f"/cases/{case.pk}/" in refused.value.fix
    assert not ChangeSet.objects.exists()


def test_a_handled_case_is_neither_removed_nor_merged_nor_takes_another_in(office, history):
    case = filed(office, on=DAY).case
    for gone, into in ((case.pk, history.pk), (history.pk, case.pk)):
        with pytest.raises(Conflict, match="正在本系统中办理"):
            propose_removal(type_id="cases", record=gone, into=into, by=office.officer, why="重复")
    with pytest.raises(Conflict):
        propose_removal(type_id="cases", record=case.pk, by=office.officer, why="误录")
    assert Case.objects.count() == 2


def test_many_at_once_are_refused_when_one_of_them_is_handled_here(office, history):
    case = filed(office, on=DAY).case
    browser = signed_in(office.officer)
    sent = {
        "record": [case.pk, history.pk],
        "column": "subject",
        "value": "改过",
        "why": "更正",
        "step": "change",
    }
    page = browser.post("/records/cases/bulk/", sent)
    assert "正在本系统中办理" in page.content.decode()
    assert not ChangeSet.objects.exists()


def test_many_imported_ones_at_once_are_changed_with_their_parties_kept(office, history):
    history.parties.create(name="演示甲公司", role="applicant")
    change = propose_for_many(
        type_id="cases", records=[history.pk], column="subject", text="改过", by=office.officer, why="更正"
    )
    approve(change_set=change, by=office.head)
    history.refresh_from_db()
    assert history.subject == "改过"
    assert history.parties.get().name == "演示甲公司"


def test_a_file_that_would_overwrite_a_handled_case_leaves_nothing_behind(office, tmp_path):
    case = filed(office, on=DAY).case
    row = Case.objects.get(pk=case.pk)
    path = tmp_path / "cases.csv"
    path.write_text(
        f"案号,案件类型,收到日期,区划代码,案由\n{row.number},{row.matter},2026-11-02,370700,改过\n",
        encoding="utf-8",
    )
    with pytest.raises(Conflict, match="正在本系统中办理"):
        stage_file(path, by=office.officer, type_id="cases", mapping=MAPPING)
    assert not ChangeSet.objects.exists()
    row.refresh_from_db()
    assert row.subject != "改过"


MAPPING = {
    "案号": "number",
    "案件类型": "matter",
    "收到日期": "received_on",
    "区划代码": "region_code",
    "案由": "subject",
}


def test_imported_history_stays_editable(office, history):
    change = propose(draft=Draft("cases", {"subject": "改过"}, history.pk), by=office.officer, why="更正")
    approve(change_set=change, by=office.head)
    history.refresh_from_db()
    assert history.subject == "改过"


def test_a_document_of_a_handled_case_is_not_edited_as_a_row(office, history):
    case = filed(office, on=DAY).case
    own = CaseDocument.objects.create(number="演示文1号", case_number=case.number, kind="decision")
    old = CaseDocument.objects.create(number="演示文2号", case_number=history.number, kind="decision")
    with pytest.raises(Conflict, match="正在本系统中办理"):
        propose_removal(type_id="case_documents", record=own.pk, by=office.officer, why="误录")
    assert (
        propose_removal(type_id="case_documents", record=old.pk, by=office.officer, why="误录").deleted == 1
    )
