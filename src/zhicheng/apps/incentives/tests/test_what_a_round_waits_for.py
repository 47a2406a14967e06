"""A newcomer is told what to do: the officer what a round waits for, the expert what is left to mark, the applicant what was handed in."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.models import AwardRound, ScoreSheet, SiteVisit
from zhicheng.apps.incentives.rounds.now import now_of
from zhicheng.apps.incentives.rounds.queries import seats_empty
from zhicheng.apps.incentives.rounds.stage_queries import visits_of
from zhicheng.apps.incentives.testing.city import authorised
from zhicheng.apps.ledger.models import HonourScheme

ROOM = "/incentives/"
DAY = date(2025, 12, 16)
FORM = {
    "scheme_code": "mayor_quality_award", "title": "第十六届市长质量奖", "round": 16, "opens_on": "2025-12-01",
    "closes_on": "2025-12-31", "tiers": "奖 1\n提名奖 1", "criteria": "领导 40\n结果 60", "s0-kind": "material", "s0-weight": 100,
    "conditions": ["region"], "years": 3, "tie": "criterion", "trimmed": 0, "least_scores": 2,
}  # fmt: skip


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def call(world):
    set_city(region_code="370700", name="演示市", opens_on=DAY, demo=True)
    HonourScheme.objects.create(code="mayor_quality_award", name="市长质量奖", level="city")
    for name in ("甲公司", "乙公司"):
        world.firm(name, name_key=name)
    world.expert, world.second = (make_user(one, Role.EXPERT) for one in ("zhuanjia", "zhuanjia2"))
    signed_in(world.officer).post(ROOM + "rounds/new/", FORM)
    world.call = AwardRound.objects.get()
    return world


def step(world, name, **more):
    address = f"{ROOM}rounds/{world.call.number}/step/"
    return signed_in(world.reviewer).post(address, {"step": name, **more}, follow=True)


def applied(world, name):
    firm = world.firms[name]
    given = {
        "organisation": firm.pk,
        "statement": "本单位推行卓越绩效管理，成效明显。",
        "object_name": "",
        "step": "submit",
    }
    browser = signed_in(authorised(world, firm))
    return browser.post(f"{ROOM}rounds/{world.call.number}/apply/", given, follow=True)


@pytest.fixture
def scoring(call):
    for name in ("甲公司", "乙公司"):
        applied(call, name)
    for username in ("zhuanjia", "zhuanjia2"):
        signed_in(call.officer).post(
            f"{ROOM}rounds/{call.call.number}/step/",
            {"step": "call", "username": username, "works_for": "某研究院"},
        )
    step(call, "check")
    step(call, "start")
    call.call.refresh_from_db()
    return call


def test_a_call_says_what_is_missing_before_it_can_go_on(call):
    now = now_of(call.call, DAY)
    assert now.said == "正在受理申报，2025-12-31 截止。"
    assert now.missing == (
        "还没有单位申报。",
        "评审专家 0 人，每份申报至少要 2 份评分：请再邀请。",
    )
    applied(call, "甲公司")
    assert "1 份申报没有资格结论：点“按台账核对资格”。" in now_of(call.call, DAY).missing
    assert now_of(call.call, date(2026, 1, 5)).said == "申报已在 2025-12-31 截止。"


def test_the_officer_sees_whose_sheets_are_missing_and_is_asked_before_they_are_lost(scoring):
    sheets = ScoreSheet.objects.filter(expert=scoring.expert).order_by("pk")
    expert = signed_in(scoring.expert)
    expert.post(f"{ROOM}scoring/{sheets[0].pk}/", {"mark0": 30, "mark1": 50, "step": "score"})
    now = now_of(scoring.call, DAY)
    assert now.said == "“材料评审”进行中：应评 4 份，已交 1 份。"
    assert now.missing == (f"没有交的评分：{scoring.expert} 1 份、{scoring.second} 2 份。",)
    page = text(signed_in(scoring.reviewer).get(f"{ROOM}rounds/{scoring.call.number}/"))
    assert "已评 1 / 2" in page
    assert 'data-confirm="还有评分没有交' in page


def test_closing_with_every_sheet_in_is_not_asked_about(scoring):
    for sheet in ScoreSheet.objects.all():
        signed_in(sheet.expert).post(
            f"{ROOM}scoring/{sheet.pk}/", {"mark0": 30, "mark1": 50, "step": "score"}
        )
    now = now_of(scoring.call, DAY)
    assert (now.missing, now.lost) == ((), "")
    assert "本环节已结束" in text(step(scoring, "close_stage"))
    scoring.call.refresh_from_db()
    assert now_of(scoring.call, DAY).said == "评审结束，名次和拟授等次已排出。"


def test_an_expert_finds_on_the_home_page_what_is_left(scoring):
    browser = signed_in(scoring.expert)
    assert "还有 2 份没有评" in text(browser.get("/"))
    assert "还有 2 份没有评，共 2 份" in text(browser.get(ROOM + "scoring/"))
    assert "等您评审" not in text(signed_in(scoring.officer).get("/"))


def test_an_expert_goes_from_one_sheet_to_the_next_until_none_is_left(scoring):
    browser = signed_in(scoring.expert)
    first, second = ScoreSheet.objects.filter(expert=scoring.expert).order_by("pk")
    assert "保存，评下一份" in text(browser.get(f"{ROOM}scoring/{first.pk}/"))
    given = {"mark0": 30, "mark1": 50, "step": "next"}
    answer = browser.post(f"{ROOM}scoring/{first.pk}/", given)
    assert answer.headers["Location"] == f"{ROOM}scoring/{second.pk}/"
    answer = browser.post(f"{ROOM}scoring/{second.pk}/", given, follow=True)
    assert "都评完了" in text(answer)


def test_a_sheet_of_a_closed_stage_shows_the_marks_and_takes_no_more(scoring):
    for sheet in ScoreSheet.objects.all():
        signed_in(sheet.expert).post(
            f"{ROOM}scoring/{sheet.pk}/", {"mark0": 30, "mark1": 50, "step": "score"}
        )
    step(scoring, "close_stage")
    sheet = ScoreSheet.objects.filter(expert=scoring.expert).first()
    page = text(signed_in(scoring.expert).get(f"{ROOM}scoring/{sheet.pk}/"))
    assert "这一环节已经结束，评分不能再改" in page
    assert "80.00" in page
    assert "保存评分" not in page


def test_an_applicant_sees_what_was_handed_in_and_not_an_empty_form(call):
    page = text(applied(call, "甲公司"))
    assert "看提交的材料" in page
    assert "已收到，等资格核对" in page
    assert "<summary>为另一个品牌或产品再申报</summary>" in page


def test_an_objection_is_not_rejected_by_a_click_alone(scoring):
    for sheet in ScoreSheet.objects.all():
        signed_in(sheet.expert).post(
            f"{ROOM}scoring/{sheet.pk}/", {"mark0": 30, "mark1": 50, "step": "score"}
        )
    step(scoring, "close_stage")
    step(scoring, "publish")
    signed_in(scoring.officer).post(
        f"{ROOM}notices/rounds/{scoring.call.number}/", {"said_by": "某人", "text": "材料不实"}
    )
    scoring.call.refresh_from_db()
    assert now_of(scoring.call, DAY).missing == ("1 件异议没有答复。",)
    said = scoring.call.objections.get()
    address = f"{ROOM}rounds/{scoring.call.number}/objections/{said.pk}/"
    answer = signed_in(scoring.reviewer).post(address, {"answer": "查无实据"})
    assert answer.status_code == 422
    page = text(signed_in(scoring.reviewer).get(f"{ROOM}rounds/{scoring.call.number}/"))
    assert '<option value="">请选择</option>' in page


def test_a_new_call_says_what_the_settings_are_that_it_may_leave_alone(call):
    page = text(signed_in(call.officer).get(ROOM + "rounds/new/"))
    assert "按兑付设置：空缺，不递补" in page
    assert "按兑付设置：三分之二" in page
    assert "不填按兑付设置：5" in page


def test_who_may_be_called_is_offered_by_name(call):
    page = text(signed_in(call.officer).get(f"{ROOM}rounds/{call.call.number}/"))
    assert '<option value="zhuanjia">' in page


def test_the_home_page_of_an_officer_names_a_round_whose_call_or_notice_is_over(call):
    set_city(region_code="370700", name="演示市", opens_on=date(2026, 1, 5), demo=True)
    assert "申报已截止，待开始评分" in text(signed_in(call.officer).get("/"))
    AwardRound.objects.update(
        status="notice", notice_from=date(2025, 12, 20), notice_until=date(2025, 12, 27)
    )
    assert "公示期满，待授予" in text(signed_in(call.officer).get("/"))
    AwardRound.objects.update(notice_until=date(2026, 1, 8))
    assert "待授予" not in text(signed_in(call.officer).get("/"))


def test_a_candidate_struck_later_stays_among_the_visits_that_were_made(scoring):
    one = scoring.call.candidates.first()
    SiteVisit.objects.create(candidate=one, place=0, visited_on=DAY, arranged_by=scoring.reviewer)
    scoring.call.candidates.filter(pk=one.pk).update(status="ineligible")
    assert one in visits_of(scoring.call, 0)


def test_a_seat_freed_by_an_objection_is_named_on_the_page_and_on_the_notice(scoring):
    for sheet in ScoreSheet.objects.all():
        signed_in(sheet.expert).post(
            f"{ROOM}scoring/{sheet.pk}/",
            {"mark0": 30, "mark1": 50 if sheet.candidate.name == "甲公司" else 40, "step": "score"},
        )
    step(scoring, "close_stage")
    step(scoring, "publish")
    first = scoring.call.candidates.get(tier="award")
    notice = f"{ROOM}notices/rounds/{scoring.call.number}/"
    assert "空出的名额" not in text(signed_in(scoring.officer).get(notice))
    signed_in(scoring.officer).post(notice, {"said_by": "某人", "text": "材料不实", "entitlement": first.pk})
    said = scoring.call.objections.get()
    address = f"{ROOM}rounds/{scoring.call.number}/objections/{said.pk}/"
    signed_in(scoring.reviewer).post(address, {"answer": "查实", "finding": "upheld"})
    scoring.call.refresh_from_db()
    assert seats_empty(scoring.call) == [("奖", 1)]
    assert "空出的名额：奖 1" in text(signed_in(scoring.officer).get(notice))
