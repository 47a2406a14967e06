"""An application begun with what the ledger holds, left, resumed by its owner, and filed once."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.cases import drafting
from zhicheng.apps.cases.testing import PATENT, REQUEST
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 13)


def test_what_the_ledger_holds_is_filled_in(office):
    draft = drafting.begin(matter="admin_adjudication", by=office.enterprise, on=DAY)
    values = drafting.values_of(draft)
    assert values["f.applicant_name"] == "演示甲公司"
    assert values["f.applicant_address"] == "演示路1号"
    assert values["ip_kind"] == "patent"


def test_a_draft_is_resumed_by_its_owner_only_and_filed_once(office):
    draft = drafting.begin(matter="admin_adjudication", by=office.enterprise, on=DAY)
    with pytest.raises(NotFound):
        drafting.draft_of(draft.key, office.rival)
    with pytest.raises(Refusal, match="没有填写"):
        drafting.file_draft(draft=draft, by=office.enterprise, on=DAY)
    given = {
        f"f.{name}": value
        for name, value in {**REQUEST, "patent_number": f"ZL{PATENT[:-1]}.{PATENT[-1]}"}.items()
    }
    drafting.save(draft=draft, values={**given, "region": "370700"}, by=office.enterprise)
    drafting.attach(
        draft=draft, material="request", name="请求书.pdf", content=b"%PDF-", by=office.enterprise
    )
    receipt = drafting.file_draft(draft=draft, by=office.enterprise, on=DAY)
    assert receipt.missing == ("专利登记簿副本", "侵权证据")
    assert receipt.case.organisation == office.firm
    assert [one.number for one in receipt.case.case.rights.all()] == [PATENT]
    with pytest.raises(Conflict, match="已提交"):
        drafting.file_draft(draft=draft, by=office.enterprise, on=DAY)
