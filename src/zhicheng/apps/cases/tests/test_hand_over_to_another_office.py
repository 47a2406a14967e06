"""A case handed over stays open until the other office receipts it; a refusal brings it back; all of it is shown."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases import actions, queries
from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.filing import Application, file_case

pytestmark = pytest.mark.django_db
VALUES = {
    "applicant_name": "演示甲公司", "applicant_uscc": "91370783MA3T00001U", "applicant_phone": "000", "country": "DE",
    "ip_kind": "trademark", "dispute": "squatted", "evidence_abroad": "false", "facts_text": "演示事实",
}  # fmt: skip


@pytest.fixture
def sent(office):
    application = Application(
        matter="overseas_dispute", region="370700", title="演示海外纠纷", values=VALUES, ip_kind="trademark",
        parties=(PartyGiven("applicant", "演示甲公司", office.firm.uscc, office.firm.pk),),
    )  # fmt: skip
    case = file_case(application=application, by=office.officer, on=date(2026, 3, 2)).case
    case.assignments.create(
        person=office.head, part="approver", state="taken", given_by=office.officer, given_on=date(2026, 3, 2)
    )
    step(office, case, "accept", date(2026, 3, 3))
    step(office, case, "hand_over", date(2026, 3, 4), major="true", hand_over_reason="多家企业")
    return case


def step(office, case, action, day, **values):
    # the liaison of the other office is a second person, never the one who handles the case
    by = office.head if action in ("return", "receive") else office.officer
    actions.act(case=case.pk, action=action, by=by, values=values, on=day)
    case.refresh_from_db()


def test_it_is_open_until_receipted_and_late_after_its_day(office, sent):
    assert sent.closed_on is None
    one = queries.story(office.officer, sent.pk, date(2026, 3, 5)).handed[0]
    assert (one.state, one.sent_on, one.due_on, one.late) == (
        "open",
        date(2026, 3, 4),
        date(2026, 3, 11),
        False,
    )
    assert "多家企业" in one.why
    assert queries.story(office.officer, sent.pk, date(2026, 3, 12)).handed[0].late


def test_a_refusal_brings_it_back_with_its_reason_and_a_receipt_closes_it_with_its_number(office, sent):
    step(office, sent, "return", date(2026, 3, 6), return_reason="材料不全")
    assert sent.stage == "guiding"
    step(office, sent, "hand_over", date(2026, 3, 9), major="true", hand_over_reason="材料已补")
    step(office, sent, "receive", date(2026, 3, 10), receipt_number="示例-1")
    assert sent.closed_on == date(2026, 3, 10)
    first, second = queries.story(office.officer, sent.pk, date(2026, 3, 11)).handed
    assert (first.state, first.answered_on) == ("refused", date(2026, 3, 6))
    assert "材料不全" in first.answer
    assert (second.state, second.answered_on) == ("received", date(2026, 3, 10))
    assert "示例-1" in second.answer


def test_the_page_and_the_api_show_it_to_the_office_and_not_to_the_party(office, sent):
    assert (
        "省级海外知识产权纠纷应对指导中心"
        in signed_in(office.officer).get(f"/cases/{sent.pk}/").content.decode()
    )
    told = signed_in(office.officer).get(f"/api/v1/cases/{sent.pk}").json()["hand_overs"]
    assert [one["state"] for one in told] == ["open"]
    assert signed_in(office.enterprise).get(f"/api/v1/cases/{sent.pk}").json()["hand_overs"] == []
    assert signed_in(office.stranger).get(f"/api/v1/cases/{sent.pk}").status_code == 404
