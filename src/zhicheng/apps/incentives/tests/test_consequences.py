"""An upheld objection against a whole notice: lines are struck by name, or the notice is published anew."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.public import Role
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.cases.assigning import assign
from zhicheng.apps.cases.public import act, handling_of
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.models import AwardRound, Batch, Candidate
from zhicheng.apps.incentives.notices import consequences, objections
from zhicheng.apps.incentives.rounds import awarding
from zhicheng.apps.incentives.testing.city import AFTER
from zhicheng.apps.incentives.testing.rounds import AFTER as GRANTED
from zhicheng.apps.incentives.testing.rounds import NOTICED
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

DAY = date(2025, 12, 19)
ROOM = "/incentives/"


@pytest.fixture
def noticed(city, batch):
    return city.through_notice(batch)


@pytest.fixture
def said(noticed):
    made, _code = objections.object_to(batch=noticed, said_by="某人", text="整个名单依据的文件有误", on=DAY)
    return made


@pytest.fixture
def on_list(town, scored):
    return awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)


@pytest.fixture
def against_list(on_list):
    made, _code = awarding.object_to_round(
        award_round=on_list, said_by="某人", text="评分规则没有公布", on=NOTICED
    )
    return made


def uphold(said, by, **more):
    return objections.answer_objection(objection=said, finding="upheld", answer="属实", by=by, on=DAY, **more)


# -- batches ---------------------------------------------------------------------------------------


def test_an_upheld_objection_against_a_whole_notice_must_say_what_becomes_of_it(city, noticed, said):
    with pytest.raises(Refusal, match="没有写明后果"):
        uphold(said, city.reviewer)
    with pytest.raises(Refusal, match="没有编号 999999 的事项"):
        uphold(said, city.reviewer, strike=[999999])
    said.refresh_from_db()
    assert said.status == "open"


def test_the_lines_named_are_struck_and_the_rest_stands(city, noticed, said):
    firm = noticed.entitlements.get(name="甲公司")
    person = noticed.entitlements.get(kind="person")
    row = uphold(said, city.reviewer, strike=[firm.pk, person.pk])
    assert [one.name for one in noticed.entitlements.filter(live=True)] == ["乙公司"]
    # a person stays unnamed also among what was struck
    assert row.consequence == "taken_out"
    assert [name.split()[0] for name in row.struck] == ["甲公司", "个人"]
    assert noticed.entitlements.get(pk=firm.pk).why == "异议成立：属实"
    assert batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer).status == "approved"


def test_a_notice_taken_down_is_published_again_with_its_days_anew(city, noticed, said):
    uphold(said, city.reviewer, republish=True)
    row = Batch.objects.get()
    assert (row.status, row.notice_until) == ("reviewed", None)
    again = batch_actions.publish(batch=row, on=date(2025, 12, 22), by=city.reviewer)
    assert again.notice_until == date(2025, 12, 29)


def test_decided_in_the_cases_room_the_consequence_is_still_to_be_named_and_approval_waits(
    city, noticed, said
):
    case = handling_of(said.case_number)
    act(case=case, action="examine", by=city.reviewer, on=DAY, values={"examined_text": "查了"})
    values = {"finding": "upheld", "consequence": "take_out", "answer_text": "属实"}
    act(case=case, action="decide", by=city.reviewer, on=DAY, values=values)
    said.refresh_from_db()
    assert said.consequence == "pending"
    with pytest.raises(Refusal, match="1 件成立的异议没有写明后果"):
        batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer)
    line = noticed.entitlements.filter(live=True).first()
    page = signed_in(city.reviewer).get(f"{ROOM}batches/{noticed.number}/").content.decode()
    assert "写明后果" in page
    signed_in(city.reviewer).post(
        f"{ROOM}batches/{noticed.number}/objections/{said.pk}/",
        {"step": "consequence", "strike": f"{line.pk}"},
    )
    line.refresh_from_db()
    assert line.live is False
    with pytest.raises(Conflict, match="不待写明"):
        consequences.draw_consequence(objection=said, by=city.reviewer, republish=True)
    assert batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer).status == "approved"


def test_an_objection_that_does_not_stand_strikes_nothing(city, noticed, said):
    line = noticed.entitlements.first()
    with pytest.raises(Refusal, match="只有成立的异议可以剔除"):
        objections.answer_objection(
            objection=said, finding="rejected", answer="不属实", by=city.reviewer, strike=[line.pk]
        )


def test_a_department_answers_an_objection_once_its_case_was_given_to_it(city, noticed, said):
    elsewhere = make_user("waikeji", Role.DEPARTMENT, "330200", department="外市科技局")
    here = make_user("keji", Role.DEPARTMENT, "370700", department="市科技局")

    def answer(by):
        return objections.answer_objection(objection=said, finding="rejected", answer="不属实", by=by, on=DAY)

    with pytest.raises(NotAllowed, match="范围不含区划"):
        answer(elsewhere)
    with pytest.raises(NotAllowed, match="没有交给市科技局"):
        answer(here)
    assign(case=handling_of(said.case_number), person=here, by=city.reviewer, on=DAY)
    row = answer(here)
    assert (row.status, row.consequence, row.answered_by) == ("dismissed", "kept", here)


# -- rounds ----------------------------------------------------------------------------------------


def test_candidates_named_lose_their_seats_and_the_next_move_up_as_the_round_says(
    town, on_list, against_list
):
    AwardRound.objects.update(freed_seat="next")
    first = Candidate.objects.get(name="乙公司")
    with pytest.raises(Refusal, match="没有编号"):
        uphold(against_list, town.reviewer, strike=[Candidate.objects.get(name="丙公司").pk])
    row = uphold(against_list, town.reviewer, strike=[first.pk])
    assert row.struck == ["乙公司"]
    assert {one.name: one.tier for one in Candidate.objects.all()} == {
        "乙公司": "", "甲公司": "award", "丙公司": "nomination",
    }  # fmt: skip
    assert Candidate.objects.get(name="甲公司").notice_until == date(2025, 12, 26)


def test_a_ranking_taken_down_is_published_again_and_only_then_granted(town, on_list, against_list):
    row = uphold(against_list, town.reviewer, republish=True)
    assert row.consequence == "republish"
    here = AwardRound.objects.get()
    assert (here.status, here.notice_until) == ("ranked", None)
    with pytest.raises(Conflict):
        awarding.grant(award_round=here, on=GRANTED, document="x", by=town.reviewer)
    again = awarding.publish_round(award_round=here, on=date(2025, 12, 22), by=town.reviewer)
    assert again.notice_until == date(2025, 12, 29)


def test_the_page_of_a_round_lets_the_officer_choose_who_is_struck(town, on_list, against_list):
    browser = signed_in(town.reviewer)
    shown = browser.get(f"{ROOM}rounds/{on_list.number}/").content.decode()
    first = Candidate.objects.get(name="乙公司")
    assert f'name="strike" value="{first.pk}"' in shown
    address = f"{ROOM}rounds/{on_list.number}/objections/{against_list.pk}/"
    refused = browser.post(address, {"finding": "upheld", "answer": "属实"})
    assert refused.status_code == 422
    assert "没有写明后果" in refused.content.decode()
    browser.post(address, {"finding": "upheld", "answer": "属实", "strike": [first.pk]})
    assert [one.name for one in awarding.winners(on_list)] == ["甲公司"]
