"""What the loop promises that nobody gets round: due days, closings, instructions, copied answers, ping-pong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.board import board
from zhicheng.apps.consultation.models import Item, Letter, UnitTask
from zhicheng.apps.consultation.supervising import QUESTIONS
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

from .conftest import day


def measure(road, name: str):
    found = board(road.offices.cppcc, region="370700", on=day(120))
    return next(one for one in found.measures if one.name == name)


def inability(road, item: Item, on: int = 20):
    return actions.report(
        item=item.number, kind="inability", text="需省里授权", on=day(on), by=road.offices.unit
    )


def test_nobody_edits_a_due_day_by_handing_the_item_to_another_unit(road):
    item = road.in_hand()
    given = {
        "item": item.number,
        "lead_unit": "市商务局",
        "why": "职责",
        "on": day(10),
        "by": road.offices.supervision,
    }
    with pytest.raises(Refusal, match="改派不改变期限"):
        actions.assign(**given, due_on=item.due_on + timedelta(days=60))
    actions.assign(**given)
    item.refresh_from_db()
    assert item.due_on == day(6) + timedelta(days=90)
    assert UnitTask.objects.get(item=item, ended_on__isnull=True).due_on == item.due_on


def test_no_form_and_no_field_of_the_api_moves_a_due_day_once_it_is_given(road):
    item = road.in_hand()
    browser = signed_in(road.offices.supervision)
    steps = {
        one["step"]: one["fields"]
        for one in browser.get(f"/api/v1/consultation/items/{item.number}").json()["steps"]
    }
    assert [name for name, fields in steps.items() if "due_on" in fields] == []
    seen = browser.get(f"/api/v1/consultation/items/{item.number}")["ETag"]
    fields = {"lead_unit": "市商务局", "rhythm": "monthly", "why": "职责", "due_on": "2030-01-01"}
    done = browser.post(
        f"/api/v1/consultation/items/{item.number}/steps", {"step": "reassign", "fields": fields},
        content_type="application/json", headers={"If-Match": seen},
    )  # fmt: skip
    assert done.json()["due_on"] == item.due_on.isoformat()


def test_only_an_inability_reported_before_the_day_is_answered_by_one_extension(road):
    item = road.in_hand()
    later = item.due_on + timedelta(days=30)
    given = {"item": item.number, "why": "省里排期", "on": day(21), "by": road.offices.supervision}
    with pytest.raises(Conflict, match="没有待答复的“难以按期”报告"):
        actions.extend(**given, due_on=later)
    inability(road, item)
    with pytest.raises(Refusal, match="不晚于原期限"):
        actions.extend(**given, due_on=item.due_on)
    actions.extend(**given, due_on=later)
    item.refresh_from_db()
    assert (item.due_on, UnitTask.objects.filter(item=item, due_on=later).count()) == (later, 2)
    assert Letter.objects.filter(item=item, text__contains="延长到").count() == 2
    with pytest.raises(Conflict):
        actions.extend(**given, due_on=later + timedelta(days=30))


def test_the_unit_does_not_extend_its_own_day(road):
    item = road.in_hand()
    inability(road, item)
    inside = make_user("nei", "supervision", "370700", department="市市场监管局")
    for who in (road.offices.unit, inside):
        with pytest.raises(NotAllowed):
            actions.extend(item=item.number, due_on=day(200), why="x", on=day(21), by=who)


def test_a_department_closes_checks_parks_and_verifies_nothing_it_works_on(road):
    inside = make_user("nei", "supervision", "370700", department="市商务局")
    item = road.answered()
    for call in (
        lambda: actions.check(item=item.number, passed=QUESTIONS, text="", on=day(31), by=inside),
        lambda: actions.park(item=item.number, why="x", on=day(31), by=inside),
    ):
        with pytest.raises(NotAllowed, match="承办单位"):
            call()
    actions.check(item=item.number, passed=QUESTIONS, text="", on=day(31), by=road.offices.supervision)
    for one in road.speakers:
        actions.judge(speaker=one, item=item.number, value="fair", on=day(40))
    for who in (inside, road.offices.unit):
        with pytest.raises(NotAllowed):
            actions.close(item=item.number, on=day(45), by=who)
    assert Item.objects.get(pk=item.pk).state == "judged"


def test_without_an_instruction_there_is_no_supervised_task_and_the_board_says_so(road):
    problem, _ = road.submit()
    assert not UnitTask.objects.exists()
    assert problem.number in [
        one.item.number for one in board(road.offices.cppcc, region="370700", on=day(30)).no_instruction
    ]
    actions.assign(item=problem.number, lead_unit="市市场监管局", on=day(30), by=road.offices.supervision)
    problem.refresh_from_db()
    assert (problem.ordinary, measure(road, "ordinary").value) == (True, 1)
    assert "无批示" in problem.events.get(step="ordinary").why


def test_a_closing_without_a_word_of_the_speakers_own_is_counted_as_silent(road):
    item = road.checked()
    for one in road.speakers:
        actions.judge(speaker=one, item=item.number, value="fair", on=day(40), by=road.offices.cppcc)
    actions.close(item=item.number, on=day(45), by=road.offices.supervision)
    assert (measure(road, "silent").value, measure(road, "silent").of) == (1, 1)


def test_a_closing_that_a_speaker_judged_alone_is_not_silent(road):
    road.closed()
    assert (measure(road, "silent").value, measure(road, "closing").of) == (0, 2)


def test_a_template_answer_to_another_item_is_counted_whatever_figures_it_fills_in(road):
    template = "我局高度重视，于2025年5月{}日召开专题会议，走访企业{}家，制定工作方案，下一步将持续推进落实。"
    one = road.in_hand()
    actions.answer(
        item=one.number, text=template.format(9, 3), signed_by="局长", on=day(20), by=road.offices.unit
    )
    other = Item.objects.get(kind="suggestion")
    actions.instruct(items=[other.number], text="办", leader="市长", on=day(31), by=road.offices.leader)
    actions.assign(item=other.number, lead_unit="市市场监管局", on=day(32), by=road.offices.supervision)
    actions.answer(
        item=other.number, text=template.format(21, 12), signed_by="局长", on=day(40), by=road.offices.unit
    )
    assert (measure(road, "copied").value, measure(road, "copied").of) == (1, 2)
    units = board(road.offices.cppcc, region="370700", on=day(50)).units
    assert [(row.unit, row.copied) for row in units] == [("市市场监管局", 1)]


def test_ping_pong_is_counted_and_does_not_shorten_the_days_in_hand(road):
    item = road.in_hand()
    for count, unit in ((20, "市商务局"), (50, "市市场监管局"), (80, "市商务局")):
        actions.assign(
            item=item.number, lead_unit=unit, why="职责", on=day(count), by=road.offices.supervision
        )
    item.refresh_from_db()
    assert (item.handed_over, item.entered_state_on) == (3, day(6))
    assert measure(road, "passed_on").value == 1
    column = next(
        one
        for one in board(road.offices.cppcc, region="370700", on=day(90)).columns
        if one.state == "in_hand"
    )
    assert column.oldest_days == 84
    with pytest.raises(Refusal, match="早于"):
        actions.assign(item=item.number, lead_unit="丙局", why="x", on=day(79), by=road.offices.supervision)
    actions.answer(item=item.number, text="办好", signed_by="局长", on=day(86), by=road.offices.other_unit)
    column = next(
        one
        for one in board(road.offices.cppcc, region="370700", on=day(90)).columns
        if one.state == "in_hand"
    )
    assert column.average_days == 80


def test_the_closing_rate_never_stands_alone(road):
    road.closed()
    names = [one.name for one in board(road.offices.cppcc, region="370700", on=day(50)).measures]
    assert names[-1] == "closing"
    assert {"reopened", "recurred", "copied", "silent", "passed_on", "returned", "unhappy", "untrue"} < set(
        names
    )
