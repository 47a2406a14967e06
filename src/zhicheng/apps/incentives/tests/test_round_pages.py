"""Pages of award rounds: officers, applicants and experts each find their own part, and experts only codes."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.models import AwardRound, Candidate, ScoreSheet
from zhicheng.apps.incentives.rounds import awarding
from zhicheng.apps.incentives.testing.city import authorised
from zhicheng.apps.ledger.models import HonourScheme

ROOM = "/incentives/"
FORM = {
    "scheme_code": "mayor_quality_award", "title": "第十六届市长质量奖", "round": 16, "opens_on": "2025-12-01",
    "closes_on": "2025-12-31", "tiers": "奖 1\n提名奖 1", "criteria": "领导 40\n结果 60", "s0-kind": "material", "s0-weight": 100,
    "conditions": ["region"], "years": 3, "tie": "criterion", "trimmed": 0, "least_scores": 2,
}  # fmt: skip


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def town(world):
    set_city(region_code="370700", name="演示市", opens_on=date(2025, 12, 16), demo=True)
    HonourScheme.objects.create(code="mayor_quality_award", name="市长质量奖", level="city")
    for name in ("甲公司", "乙公司"):
        world.firm(name, name_key=name)
    world.expert, world.second = (make_user(one, Role.EXPERT) for one in ("zhuanjia", "zhuanjia2"))
    return world


@pytest.fixture
def call(town):
    browser = signed_in(town.officer)
    answer = browser.post(ROOM + "rounds/new/", FORM, follow=True)
    assert answer.status_code == 200
    made = AwardRound.objects.get()
    for username in ("zhuanjia", "zhuanjia2"):
        step(browser, made, "call", username=username, works_for="某研究院")
    return made


def step(browser, award_round, name, **more):
    return browser.post(f"{ROOM}rounds/{award_round.number}/step/", {"step": name, **more}, follow=True)


def applied(town, call, name, words="本单位推行卓越绩效管理，成效明显。"):
    firm = town.firms[name]
    browser = signed_in(authorised(town, firm))
    given = {"organisation": firm.pk, "statement": words, "object_name": "", "step": "submit"}
    return browser.post(f"{ROOM}rounds/{call.number}/apply/", given, follow=True)


def test_a_call_that_does_not_add_up_is_shown_again_with_what_is_wrong(town):
    browser = signed_in(town.officer)
    answer = browser.post(ROOM + "rounds/new/", {**FORM, "criteria": "领导 40", "tiers": "金杯 1"})
    assert answer.status_code == 422
    assert "没有等次“金杯”" in text(answer)
    answer = browser.post(ROOM + "rounds/new/", {**FORM, "criteria": "领导 40"})
    assert "合计 40，应为 100" in text(answer)


def test_a_tier_the_award_never_had_is_pointed_out_when_a_call_is_opened(town):
    browser = signed_in(town.officer)
    assert "还没有过等次" not in text(browser.post(ROOM + "rounds/new/", FORM, follow=True))
    town.honour(town.firms["甲公司"], "mayor_quality_award/award")
    answer = browser.post(ROOM + "rounds/new/", {**FORM, "round": 17}, follow=True)
    assert "这个荣誉项目还没有过等次“提名奖”" in text(answer)


def test_whoever_reads_english_names_the_tiers_in_english_or_as_the_ledger_does(town):
    browser = signed_in(town.officer)
    browser.cookies["django_language"] = "en"
    wrong = browser.post(ROOM + "rounds/new/", {**FORM, "tiers": "Cup 1"})
    assert wrong.status_code == 422
    for round_, tiers in ((16, "Award 1\nNomination 2"), (17, FORM["tiers"])):
        answer = browser.post(ROOM + "rounds/new/", {**FORM, "round": round_, "tiers": tiers})
        assert answer.status_code == 302
    told = AwardRound.objects.order_by("pk").values_list("tiers", flat=True)
    assert list(told) == [[["award", 1], ["nomination", 2]], [["award", 1], ["nomination", 1]]]


def test_a_round_goes_from_the_call_to_the_ledger_on_pages(town, call):
    assert "已提交" in text(applied(town, call, "甲公司"))
    assert "写有“乙公司”" in text(applied(town, call, "乙公司", "乙公司推行卓越绩效管理，成效明显。"))
    applied(town, call, "乙公司")
    officer, reviewer = signed_in(town.officer), signed_in(town.reviewer)
    step(reviewer, call, "check")
    step(reviewer, call, "start")
    expert = signed_in(town.expert)
    listed = text(expert.get(ROOM, follow=True))
    assert "16-001" in listed
    assert "甲公司" not in listed
    for one in ScoreSheet.objects.order_by("pk"):
        sheet = f"{ROOM}scoring/{one.pk}/"
        number = 0 if one.candidate.name == "甲公司" else 1
        expert = signed_in(one.expert)
        shown = text(expert.get(sheet))
        assert "甲公司" not in shown
        assert "乙公司" not in shown
        assert expert.post(sheet, {"mark0": 41, "mark1": 1, "step": "score"}).status_code == 422
        expert.post(sheet, {"mark0": 30 + number, "mark1": 50, "remark": "", "step": "score"})
    step(reviewer, call, "close_stage")
    assert "81.0000" in text(officer.get(f"{ROOM}rounds/{call.number}/"))
    assert "81.0000" in text(officer.get(f"{ROOM}rounds/{call.number}/export.csv"))
    assert Client().get(f"{ROOM}notices/rounds/{call.number}/").status_code == 404
    step(reviewer, call, "publish")
    anybody = Client()
    notice = f"{ROOM}notices/rounds/{call.number}/"
    shown = text(anybody.get(notice))
    assert "甲公司" in shown
    assert "81.0000" not in shown
    first = Candidate.objects.get(name="甲公司")
    anybody.post(notice, {"said_by": "某人", "text": "材料不实", "entitlement": first.pk})
    said = call.objections.get()
    assert said.candidate_id == first.pk
    reviewer.post(
        f"{ROOM}rounds/{call.number}/objections/{said.pk}/", {"finding": "rejected", "answer": "查无实据"}
    )
    set_city(region_code="370700", name="演示市", opens_on=date(2026, 1, 15), demo=True)
    assert "发起人不能授予" in text(
        officer.post(f"{ROOM}rounds/{call.number}/step/", {"step": "grant", "why": "演示文件"})
    )
    step(reviewer, call, "grant", why="演示文件")
    call.refresh_from_db()
    assert call.status == "granted"
    assert text(officer.get(f"/records/imports/{call.change_set}/")).count("待复核") > 0
    assert awarding.granted(Candidate.objects.get(name="乙公司")) is None


def test_an_expert_opens_own_sheets_only_and_nothing_of_officers(town, call):
    applied(town, call, "甲公司")
    reviewer = signed_in(town.reviewer)
    step(reviewer, call, "check")
    step(reviewer, call, "start")
    other = signed_in(town.second)
    sheet = ScoreSheet.objects.get(expert=town.expert)
    assert other.get(f"{ROOM}scoring/{sheet.pk}/").status_code == 404
    expert = signed_in(town.expert)
    for address in (f"rounds/{call.number}/", f"rounds/{call.number}/export.csv", "rounds/"):
        assert expert.get(ROOM + address).status_code == 403
    assert signed_in(town.officer).get(ROOM + "scoring/").status_code in {200, 403}


def test_an_interest_declared_on_the_page_shuts_the_sheet(town, call):
    applied(town, call, "甲公司")
    reviewer = signed_in(town.reviewer)
    step(reviewer, call, "check")
    step(reviewer, call, "start")
    expert = signed_in(town.expert)
    assert (
        expert.post(ROOM + "scoring/interests/", {"organisation": "没有的", "words": "x"}).status_code == 422
    )
    shown = text(
        expert.post(ROOM + "scoring/interests/", {"organisation": "甲公司", "words": "顾问"}, follow=True)
    )
    assert "回避" in shown
    assert ScoreSheet.objects.get(expert=town.expert).conflict == "本人申报有利害关系：顾问"


def test_an_applicant_sees_the_call_and_the_own_application_only(town, call):
    applied(town, call, "甲公司")
    shown = text(applied(town, call, "乙公司"))
    other = signed_in(make_user("daiban2", Role.ENTERPRISE))
    assert "取得单位授权后才能申报" in text(other.get(f"{ROOM}rounds/{call.number}/"))
    assert "甲公司" not in text(other.get(f"{ROOM}rounds/{call.number}/"))
    assert "乙公司" in shown
    assert other.post(f"{ROOM}rounds/{call.number}/step/", {"step": "cancel", "why": "x"}).status_code == 403
    assert other.get(f"{ROOM}rounds/{call.number}/export.csv").status_code == 403


def test_a_stranger_finds_no_round_of_this_city(town, call, cast):
    browser = signed_in(cast.stranger)
    assert browser.get(f"{ROOM}rounds/{call.number}/").status_code == 404
    assert "第十六届" not in text(browser.get(ROOM + "rounds/"))
    assert signed_in(cast.county_officer).get(f"{ROOM}rounds/{call.number}/").status_code == 404
    assert Client().get(f"{ROOM}rounds/").status_code == 302
