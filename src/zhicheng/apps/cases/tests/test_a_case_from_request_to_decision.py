"""One adjudication from the request to the published decision, as its people go through it."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.models import Case, CaseDocument, LimitStanding
from zhicheng.apps.cases.testing import PATENT, filed
from zhicheng.kernel.refusals import NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def test_a_request_gets_a_number_a_code_and_a_due_day(office):
    receipt = filed(office)
    case = receipt.case
    assert case.number == "潍坊市专裁〔2026〕1号"
    assert len(receipt.code) == 8
    assert case.stage == "received"
    assert case.due_on == date(2026, 7, 16)
    standing = case.limits.get(limit="filing")
    assert (standing.due_on, standing.promised_due_on) == (date(2026, 7, 20), date(2026, 7, 16))
    assert receipt.missing == ()
    assert case.papers.get(kind="receipt").versions.count() == 1


def test_the_case_and_the_counted_record_are_one_row(office):
    case = filed(office).case
    row = Case.objects.get(pk=case.pk)
    assert (row.number, row.matter, row.ip_kind, row.accepted_on) == (
        case.number,
        "admin_adjudication",
        "patent",
        None,
    )
    assert [one.number for one in row.rights.all()] == [PATENT]
    assert {(one.name, one.role) for one in row.parties.all()} == {
        ("演示甲公司", "applicant"),
        ("演示乙公司", "respondent"),
    }


def test_what_is_missing_is_told_at_once_and_completely(office):
    from dataclasses import replace

    from zhicheng.apps.cases.filing import file_case
    from zhicheng.apps.cases.testing import RECEIVED, request_of

    bare = replace(request_of(office, standing="exclusive"), files=())
    receipt = file_case(application=bare, by=office.enterprise, on=RECEIVED)
    assert receipt.missing == ("请求书", "专利登记簿副本", "利害关系人证明", "侵权证据")
    assert receipt.case.materials.get(code="identity").state == "ledger"


def walk(office, case, until="published"):
    steps = [
        (
            office.head,
            "accept",
            date(2026, 7, 16),
            {"known_within_three_years": "true", "panel_size": "three"},
        ),
        (office.officer, "serve", date(2026, 7, 20), {"served_on": "2026-07-20"}),
        (office.rival, "answer", date(2026, 7, 31), {}),
        (office.officer, "send_appraisal", date(2026, 8, 1), {"appraisal_body": "演示鉴定所"}),
        (office.officer, "appraised", date(2026, 8, 21), {}),
        (office.officer, "forward", date(2026, 8, 24), {}),
        (office.head, "extend_head", date(2026, 9, 20), {"extension_reason": "案件复杂"}),
        (office.officer, "propose", date(2026, 10, 30), {"infringing": "true", "findings": "落入保护范围"}),
        (office.head, "decide", date(2026, 11, 3), {}),
        (office.officer, "publish", date(2026, 11, 10), {}),
    ]
    for by, action, on, values in steps:
        act(case=case.pk, action=action, by=by, on=on, values=values)
        case.refresh_from_db()
        if action == until:
            return


def test_a_case_runs_to_its_decision_and_is_counted(office):
    case = filed(office).case
    walk(office, case)
    row = Case.objects.get(pk=case.pk)
    assert (row.accepted_on, row.closed_on, row.outcome) == (date(2026, 7, 16), date(2026, 11, 3), "decided")
    document = CaseDocument.objects.get(case_number=case.number, kind="decision")
    assert document.number == "潍坊市专裁字〔2026〕1号"
    assert [one.stage for one in case.visits.all()][-1] == "closed"
    assert case.visits.filter(left_on=None).count() == 1


def test_months_first_then_the_days_taken_out(office):
    case = filed(office).case
    walk(office, case, until="extend_head")
    assert case.limits.get(limit="conclude").due_on == date(2026, 12, 6)


def test_a_stop_shows_as_stopped_and_no_due_day_is_claimed(office):
    case = filed(office).case
    walk(office, case, until="send_appraisal")
    assert case.limits.get(limit="conclude").state == LimitStanding.State.STOPPED
    assert case.limits.get(limit="conclude").due_on is None


def test_the_respondent_sees_nothing_before_it_was_served(office):
    from zhicheng.apps.cases.queries import story

    case = filed(office).case
    with pytest.raises(NotFound):
        story(office.rival, case.pk, date(2026, 7, 15))
    walk(office, case, until="serve")
    assert story(office.rival, case.pk, date(2026, 7, 21)).stage == "等待答辩"


def test_only_who_holds_the_role_acts(office):
    case = filed(office).case
    with pytest.raises(NotAllowed):
        act(case=case.pk, action="accept", by=office.enterprise, on=date(2026, 7, 16), values={})
    with pytest.raises(NotFound):
        act(case=case.pk, action="accept", by=office.stranger, on=date(2026, 7, 16), values={})
