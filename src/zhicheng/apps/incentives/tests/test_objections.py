"""Objections against a public notice: cases of the cases room whose outcome comes back to the batch."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.public import (
    Application,
    PartyGiven,
    act,
    file_case,
    handling_of,
    standings_of,
    trace,
)
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.models import Batch, Objection
from zhicheng.apps.incentives.notices import objections
from zhicheng.apps.incentives.testing.city import AFTER, NOTICED
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

DAY = date(2025, 12, 19)
ROOM = "/incentives/"


@pytest.fixture
def noticed(city, batch):
    return city.through_notice(batch)


def said(noticed, **more):
    values = {"said_by": "某人", "text": "专利权属有争议", "on": DAY, "contact": "13800000000"}
    return objections.object_to(batch=noticed, **{**values, **more})


def first(noticed):
    return noticed.entitlements.filter(live=True).order_by("pk").first()


def test_an_objection_is_a_case_with_number_and_code_for_whoever_said_it(noticed):
    made, code = said(noticed, entitlement=first(noticed))
    assert made.case_number.endswith("异〔2025〕1号")
    found = trace(number=made.case_number, code=code, address="127.0.0.1")
    assert (found.matter, found.stage, found.received_on) == ("公示异议", "待核查", DAY)
    standing = standings_of([made.case_number])[made.case_number]
    assert standing.due_on == date(2025, 12, 26)
    assert Objection.objects.get().contact == "13800000000"


def test_a_case_decided_in_the_cases_room_takes_its_line_out_of_the_batch(city, noticed):
    line = first(noticed)
    made, _ = said(noticed, entitlement=line)
    case = handling_of(made.case_number)
    act(case=case, action="examine", by=city.reviewer, on=DAY, values={"examined_text": "查了登记簿"})
    values = {"finding": "upheld", "consequence": "take_out", "answer_text": "权属确有争议"}
    act(case=case, action="decide", by=city.reviewer, on=DAY, values=values)
    made.refresh_from_db()
    line.refresh_from_db()
    assert (made.status, made.answer, made.answered_by) == ("upheld", "权属确有争议", city.reviewer)
    assert (line.live, line.why) == (False, "异议成立：权属确有争议")


@pytest.mark.parametrize(
    ("finding", "take_out", "status", "stands"),
    [
        ("upheld", None, "upheld", False), ("partly", True, "partly", False),
        ("partly", False, "partly", True), ("rejected", None, "dismissed", True),
    ],
)  # fmt: skip
def test_each_decision_has_its_consequence_for_the_line(city, noticed, finding, take_out, status, stands):
    line = first(noticed)
    made, _ = said(noticed, entitlement=line)
    row = objections.answer_objection(
        objection=made, finding=finding, take_out=take_out, answer="结论", by=city.reviewer, on=DAY
    )
    line.refresh_from_db()
    assert (row.status, line.live) == (status, stands)
    assert standings_of([row.case_number])[row.case_number].closed
    with pytest.raises(Conflict, match="已经答复"):
        objections.answer_objection(objection=made, finding="rejected", answer="又", by=city.reviewer)


def test_a_batch_waits_for_every_open_case_on_its_notice_also_one_filed_in_the_cases_room(city, noticed):
    values = {
        "applicant_name": "某人", "notice_number": noticed.number, "notice_title": noticed.title,
        "notice_until": "2025-12-24", "objection_text": "对整个公示有异议",
    }  # fmt: skip
    filed = file_case(
        application=Application(
            "notice_objection", "370700", "异议", values, parties=(PartyGiven("applicant", "某人"),)
        ),
        by=None, on=DAY,
    )  # fmt: skip
    with pytest.raises(Refusal, match=filed.case.number):
        batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer)
    act(case=filed.case.pk, action="examine", by=city.reviewer, on=DAY, values={"examined_text": "x"})
    done = {"finding": "rejected", "consequence": "keep", "answer_text": "不成立"}
    act(case=filed.case.pk, action="decide", by=city.reviewer, on=DAY, values=done)
    assert batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer).status == "approved"


def test_a_case_begun_in_the_cases_room_is_ended_on_the_page_of_the_batch(city, noticed):
    made, _ = said(noticed)
    act(case=handling_of(made.case_number), action="examine", by=city.reviewer, on=date(2025, 12, 22), values={"examined_text": "x"})  # fmt: skip
    row = objections.answer_objection(
        objection=made, finding="rejected", answer="不成立", by=city.reviewer, on=DAY
    )
    assert row.status == "dismissed"


def test_an_old_objection_without_a_case_is_still_read_and_answered(city, noticed):
    old = Objection.objects.create(
        batch=noticed, entitlement=first(noticed), said_by="旧", text="旧异议", said_on=DAY
    )
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer)
    row = objections.answer_objection(objection=old, finding="upheld", answer="属实", by=city.reviewer)
    assert (row.status, row.entitlement.live) == ("upheld", False)


def test_an_objection_outlives_a_notice_that_was_ended_and_still_has_its_consequence(city, noticed):
    line = first(noticed)
    made, _ = said(noticed, entitlement=line)
    reviewing.reopen(batch=noticed, why="再看", by=city.officer)
    objections.answer_objection(objection=made, finding="upheld", answer="属实", by=city.reviewer, on=DAY)
    line.refresh_from_db()
    assert (line.live, Batch.objects.get().status) == (False, "reviewed")


def test_only_whoever_reviews_decides_an_objection(city, noticed):
    made, _ = said(noticed)
    with pytest.raises(NotAllowed):
        objections.answer_objection(objection=made, finding="rejected", answer="x", by=city.agent)
    with pytest.raises(Refusal, match="没有“whatever”"):
        objections.answer_objection(objection=made, finding="whatever", answer="x", by=city.reviewer)


def test_the_page_gives_number_and_code_and_later_the_reply(city, noticed):
    Batch.objects.filter(pk=noticed.pk).update(notice_from=NOTICED, notice_until="2100-01-08")
    anybody = Client()
    page = anybody.post(f"{ROOM}notices/{noticed.number}/", {"said_by": "某人", "text": "不对"}, follow=True)
    made = Objection.objects.get()
    words = page.content.decode()
    assert made.case_number in words
    code = words.split("查询码 ")[1][:8]
    shown = signed_in(city.reviewer).get(f"{ROOM}batches/{noticed.number}/").content.decode()
    assert made.case_number in shown
    signed_in(city.reviewer).post(
        f"{ROOM}batches/{noticed.number}/objections/{made.pk}/", {"finding": "partly", "answer": "日期已更正"}
    )
    answer = anybody.post(f"{ROOM}notices/objection/", {"number": made.case_number, "code": code})
    assert "日期已更正" in answer.content.decode()
    wrong = anybody.post(f"{ROOM}notices/objection/", {"number": made.case_number, "code": "AAAAAAAA"})
    assert wrong.status_code == 404
    assert "日期已更正" not in wrong.content.decode()
