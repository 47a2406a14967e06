"""From the instruction to striking off: who may do what, and what is not called done."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import Item, Letter, Notice, Report, UnitTask
from zhicheng.apps.consultation.supervising import QUESTIONS
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

from .conftest import day


def test_no_instruction_no_supervised_task_but_the_ordinary_way_says_so(road):
    problem, _ = road.submit()
    item = actions.assign(
        item=problem.number, lead_unit="市市场监管局", on=day(3), by=road.offices.supervision
    )
    assert (item.ordinary, item.state) == (True, "in_hand")
    assert "无批示" in item.events.last().why


def test_the_due_day_comes_from_the_rules_when_none_is_given(road):
    values = {"finish_days": 60, "instruct_days": 15, "urge_before_days": 7, "urge_every_days": 5, "judge_days": 14,
              "reopen_days": 180, "link_days": 365}  # fmt: skip
    actions.set_rules(region="370700", values=values, why="市政府要求", by=road.offices.supervision)
    assert road.in_hand().due_on == day(66)


def test_lead_and_assisting_units_each_get_a_task(road):
    tasks = road.in_hand().tasks.all()
    assert [(one.unit, one.part) for one in tasks] == [("市市场监管局", "lead"), ("市商务局", "assist")]
    assert Notice.objects.filter(unit="市商务局").count() == 1


def test_an_assisting_unit_reports_progress_but_does_not_answer(road):
    item = road.in_hand()
    actions.report(
        item=item.number, kind="progress", text="已联系海关", on=day(10), by=road.offices.other_unit
    )
    with pytest.raises(NotAllowed, match="主办单位是市市场监管局"):
        actions.answer(
            item=item.number, text="办完", signed_by="局长", on=day(11), by=road.offices.other_unit
        )


def test_inability_is_reported_before_the_deadline_only(road):
    item = road.in_hand()
    actions.report(item=item.number, kind="inability", text="预算未下达", on=day(90), by=road.offices.unit)
    with pytest.raises(Conflict, match="须在到期前报告"):
        actions.report(
            item=item.number, kind="inability", text="预算未下达", on=day(97), by=road.offices.unit
        )


def test_an_answer_needs_the_signature_of_the_units_head(road):
    item = road.in_hand()
    with pytest.raises(Refusal, match="负责人签字"):
        actions.answer(item=item.number, text="办完", signed_by=" ", on=day(9), by=road.offices.unit)


def test_an_answer_that_fails_one_of_six_questions_goes_back_to_the_unit(road):
    item = road.answered()
    with pytest.raises(Refusal, match="1 问未通过：结论是否明确"):
        actions.check(item=item.number, passed=set(QUESTIONS) - {"conclusion"}, text="", on=day(31), by=road.offices.supervision)  # fmt: skip
    item = actions.return_answer(item=item.number, why="没有写结论", on=day(31), by=road.offices.supervision)
    assert item.state == "in_hand"
    assert item.tasks.filter(ended_on__isnull=True).count() == 2


def test_a_checked_answer_is_written_to_every_speaker_with_what_was_not_done(road):
    item = road.checked()
    letters = Letter.objects.filter(item=item, event__step="check")
    assert {one.speaker for one in letters} == set(road.speakers)
    assert "费用补助尚未列入预算" in letters[0].text
    assert "市监函〔2025〕1号" in letters[0].text


def test_letters_go_by_mail_to_whoever_left_an_address_and_are_kept_for_the_rest(
    road, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        road.submit()
    sent = Letter.objects.get(speaker=road.speakers[0], item__kind="problem", event__step="submit")
    kept = Letter.objects.get(speaker=road.speakers[1], event__step="submit")
    assert (sent.mail, kept.mail) == ("sent", "none")
    assert mail.outbox[0].to == ["wenju@example.com"]
    assert "/consultation/s/" in mail.outbox[0].body


def test_the_cppcc_office_hears_of_every_step(road):
    item = road.closed()
    steps = set(item.events.exclude(step="collect").values_list("step", flat=True))
    assert Notice.objects.filter(item=item, role="cppcc").count() >= len(steps)


def test_a_department_does_not_close_what_it_is_supervised_for(road, offices):
    item = road.judged()
    for who in (offices.unit, offices.bureau, offices.cppcc, offices.leader):
        with pytest.raises(NotAllowed):
            actions.close(item=item.number, on=day(50), by=who)
    offices.supervision.department = "市市场监管局"
    offices.supervision.save()
    with pytest.raises(NotAllowed, match="不能自己销号"):
        actions.close(item=item.number, on=day(50), by=offices.supervision)


def test_an_item_cannot_be_closed_before_every_speaker_has_judged_it(road):
    item = road.checked()
    actions.judge(speaker=road.speakers[0], item=item.number, value="satisfied", on=day(40))
    with pytest.raises(Conflict, match="新材料企业负责人"):
        actions.close(item=item.number, on=day(41), by=road.offices.supervision)


def test_what_cannot_be_solved_stays_on_the_books_with_an_explanation(road):
    item = road.in_hand()
    with pytest.raises(Refusal, match="挂账的原因"):
        actions.park(item=item.number, why="", on=day(50), by=road.offices.supervision)
    item = actions.park(item=item.number, why="须省级授权，已上报", on=day(50), by=road.offices.supervision)
    assert item.state == "parked"
    assert "须省级授权" in Letter.objects.filter(item=item).last().text


def test_a_new_instruction_opens_a_new_round_and_needs_new_verdicts(road):
    item = road.closed()
    actions.instruct(
        items=[item.number], text="再推一步。", leader="市长", on=day(60), by=road.offices.leader
    )
    item.refresh_from_db()
    assert (item.state, item.round) == ("instructed", 2)
    item = actions.assign(item=item.number, lead_unit="市市场监管局", on=day(61), by=road.offices.supervision)
    item = road.checked(item, on=80)
    with pytest.raises(Conflict, match="还没有评价"):
        actions.close(item=item.number, on=day(81), by=road.offices.supervision)


def test_a_unit_that_hands_an_item_back_leaves_it_in_hand_and_each_change_is_counted(road):
    item = road.in_hand()
    actions.hand_back(item=item.number, why="应归商务局", on=day(8), by=road.offices.unit)
    assert UnitTask.objects.filter(item=item, ending="handed_back").count() == 1
    item = actions.assign(
        item=item.number, lead_unit="市商务局", why="职责所在", on=day(9), by=road.offices.supervision
    )
    assert (item.state, item.handed_over, item.lead_unit) == ("in_hand", 1, "市商务局")
    with pytest.raises(NotAllowed):
        actions.answer(item=item.number, text="办完", signed_by="局长", on=day(10), by=road.offices.unit)


def test_a_pledge_is_supervised_by_its_measure_and_closed_after_the_check(road):
    item = actions.add_task(
        session=road.session, kind="pledge", title="年内新增一台设备", text="", measure="设备通过计量认证", on=day(0),
        by=road.offices.cppcc,
    )  # fmt: skip
    item = actions.assign(item=item.number, lead_unit="市市场监管局", on=day(1), by=road.offices.supervision)
    item = road.checked(item)
    assert item.state == "judged"
    assert actions.close(item=item.number, on=day(40), by=road.offices.supervision).state == "closed"


def test_an_answer_copied_from_another_one_is_marked(road):
    problem, suggestion = road.submit()
    text = (
        "我局高度重视，召开专题会议研究部署，制定工作方案，明确责任分工，下一步将持续推进相关工作落地见效。"
    )
    for item in (problem, suggestion):
        actions.assign(item=item.number, lead_unit="市市场监管局", on=day(3), by=road.offices.supervision)
        actions.answer(item=item.number, text=text, signed_by="局长", on=day(9), by=road.offices.unit)
    first, second = Report.objects.filter(kind="answer").order_by("pk")
    assert (first.copied_from, second.copied_from, second.copied_share) == (None, first, 100)


def test_evidence_of_an_unknown_kind_is_refused_and_nothing_is_written(road, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    item = road.in_hand()
    with pytest.raises(Refusal, match="类型不接收"):
        actions.report(
            item=item.number, kind="progress", text="照片", on=day(9), by=road.offices.unit,
            files=[SimpleUploadedFile("run.exe", b"MZ")],
        )  # fmt: skip
    assert not Report.objects.filter(kind="progress").exists()


def test_a_day_before_the_last_step_is_refused(road):
    item = road.in_hand()
    with pytest.raises(Refusal, match="早于事项"):
        actions.park(item=item.number, why="算错日子", on=day(1), by=road.offices.supervision)


def test_every_change_of_an_item_leaves_one_line_in_the_audit_trail(road):
    item = road.closed()
    lines = AuditEvent.objects.filter(subject=f"item:{item.number}").values_list("action", flat=True)
    for step in ("submit", "instruct", "assign", "answer", "check", "judge", "close"):
        assert list(lines).count(f"consultation.{step}") == 1


def test_items_of_another_region_are_not_touched(road):
    item = road.in_hand()
    with pytest.raises(NotAllowed, match="范围不含"):
        actions.park(item=item.number, why="外地试探", on=day(50), by=road.offices.far_supervision)
    assert Item.objects.get(pk=item.pk).state == "in_hand"
