"""Hand-over, leave, conflict of interest, assisting units, merging, supervision."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.cases import assigning, conversing, linking
from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.models import Case, Notice
from zhicheng.apps.cases.testing import act_for, filed
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 14)


def test_a_case_is_somebodys_once_they_have_signed_for_it(office):
    case = filed(office).case
    given = assigning.assign(case=case.pk, person=office.second, by=office.head, on=DAY)
    case.refresh_from_db()
    assert case.handler == office.officer
    assigning.answer_assignment(assignment=given.pk, take=True, by=office.second, on=DAY)
    case.refresh_from_db()
    assert case.handler == office.second
    assert case.assignments.get(person=office.officer).state == "ended"


def test_giving_back_needs_a_reason_and_twice_goes_to_the_supervisor(office):
    case = filed(office).case
    for number in (1, 2):
        given = assigning.assign(case=case.pk, person=office.second, by=office.head, on=DAY)
        with pytest.raises(Refusal):
            assigning.answer_assignment(assignment=given.pk, take=False, by=office.second, on=DAY)
        assigning.answer_assignment(
            assignment=given.pk, take=False, why="不属本科职责", by=office.second, on=DAY
        )
        told = Notice.objects.filter(person=office.supervision, text__contains="退回 2 次").exists()
        assert told == (number == 2)


def test_who_acted_for_a_party_does_not_handle_its_case(office):
    case = filed(office).case
    act_for(office.second, office.rival_firm)
    with pytest.raises(NotAllowed, match="须回避"):
        assigning.assign(case=case.pk, person=office.second, by=office.head, on=DAY)
    found = assigning.preview(cases=[case.pk], person=office.second, by=office.head, on=DAY)
    assert [one.possible for one in found] == [False]


def test_a_substitute_acts_during_leave_and_the_history_says_for_whom(office):
    case = filed(office).case
    assigning.take_leave(
        person=office.officer, substitute=office.second, first=DAY, last=date(2026, 7, 20), by=office.officer
    )
    act(case=case.pk, action="ask_correction", by=office.second, on=DAY, values={"missing": "登记簿"})
    event = case.events.get(action="ask_correction")
    assert (event.by, event.acting_for) == (office.second, office.officer)


def test_one_reply_for_all_units_and_not_before_every_one_answered(office):
    case = filed(office).case
    tasks = conversing.ask_units(
        case=case.pk,
        units=["市科技局"],
        question="请提出意见",
        due_on=date(2026, 7, 20),
        by=office.officer,
        on=DAY,
    )
    with pytest.raises(Conflict, match="市科技局"):
        conversing.joint_reply(case=case.pk, text="答复", by=office.officer, on=DAY)
    with pytest.raises(Conflict, match="市科技局"):
        act(case=case.pk, action="refuse_filing", by=office.head, on=DAY, values={"refusal_reason": "演示"})
    conversing.answer_task(task=tasks[0].pk, answer="同意", by=office.department, on=DAY)
    reply = conversing.joint_reply(case=case.pk, text="答复", by=office.officer, on=DAY)
    assert reply.to_party
    assert Notice.objects.filter(person=office.enterprise, text__startswith="联合答复").exists()


def test_a_department_does_not_close_what_it_is_supervised_for(office):
    case = filed(office).case
    conversing.supervise(case=case.pk, supervised=True, why="多次反映", by=office.supervision, on=DAY)
    close = {"action": "refuse_filing", "by": office.head, "values": {"refusal_reason": "演示"}}
    with pytest.raises(NotAllowed, match="督办"):
        act(case=case.pk, on=DAY, **close)
    with pytest.raises(NotAllowed):
        conversing.check_closing(case=case.pk, agreed=True, why="已核", by=office.head, on=DAY)
    conversing.check_closing(case=case.pk, agreed=True, why="已现场核查", by=office.supervision, on=DAY)
    assert act(case=case.pk, on=DAY, **close).closed_on == DAY


def test_merging_keeps_every_submitter_and_both_hear_of_the_end(office):
    one, two = filed(office).case, filed(office, applicant_name="演示丙公司").case
    two.parties.filter(role="applicant").update(name="演示丙公司")
    linking.merge(case=two.pk, into=one.pk, why="同一产品", by=office.officer, on=DAY)
    names = set(one.parties.values_list("name", flat=True))
    assert {"演示甲公司", "演示乙公司", "演示丙公司"} <= names
    with pytest.raises(Conflict, match="并案"):
        act(case=two.pk, action="ask_correction", by=office.officer, on=DAY, values={"missing": "x"})
    act(case=one.pk, action="refuse_filing", by=office.head, on=DAY, values={"refusal_reason": "演示"})
    two.refresh_from_db()
    assert (two.closed_on, two.outcome) == (DAY, "not_filed")
    assert Case.objects.get(pk=two.pk).outcome == "dismissed"
    assert Notice.objects.filter(case=two, person=office.enterprise, text__contains="办结").exists()
