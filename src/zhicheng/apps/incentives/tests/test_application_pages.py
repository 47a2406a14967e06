"""Pages of applications: a firm's windows, form and answer; the officer's worklist, sheet, decision and files."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import LimitStanding
from zhicheng.apps.incentives.applications import applying
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.applications import DEMO, drafted, filled, install, pledge
from zhicheng.apps.incentives.testing.city import AS_OF, authorised

# the demo city's cases run on real days
NUMBERED = f"惠申〔{timezone.localdate().year}〕"
ROOM = "/incentives/"
PREMIUM, COST = f"{DEMO}.insurance", f"{DEMO}.pledge_cost"
POLICY = {"premium": "12000", "paid_on": "2025-05-06", "policy_number": "B-1"}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def firm(city, settings):
    set_city(region_code="370700", name="演示市", opens_on=AS_OF, demo=True)
    install(settings.ZHICHENG_HOME)
    found = city.firms["甲公司"]
    pledge(city, found, "ZY-1")
    return found


@pytest.fixture
def agent(city, firm):
    return authorised(city, firm)


def sent(firm, agent, number="B-1"):
    row = filled(firm, PREMIUM, agent, {**POLICY, "policy_number": number})
    return applying.submit(
        application=row, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF
    ).application


def test_the_firm_s_page_leads_from_an_open_window_to_the_form_with_what_is_missing_first(city, firm, agent):
    browser = signed_in(agent)
    shown = text(browser.get(ROOM, follow=True))
    assert "天后截止" in shown
    assert "演示：质押评估与担保费补助" in shown
    new = text(browser.get(f"{ROOM}own/applications/new/?organisation={firm.pk}&clause={COST}"))
    assert "ZY-1" in new
    made = browser.post(
        f"{ROOM}own/applications/new/", {"organisation": firm.pk, "clause": COST, "fact": "ZY-1"}
    )
    page = text(browser.get(made["Location"]))
    labels = re.findall(r'<label for="v-(\w+)"', page)
    assert labels[0] == "cost"
    assert "台账已有" in page


def test_a_form_is_saved_with_its_files_handed_in_and_shows_its_number_term_and_sum(city, firm, agent):
    row = drafted(firm, PREMIUM, agent)
    browser, step = signed_in(agent), f"{ROOM}own/applications/{row.pk}/step/"
    given = {f"v-{name}": value for name, value in POLICY.items()}
    account = {"holder": "甲公司", "bank": "演示银行", "account": "6200000000001234"}
    refused = browser.post(step, {**given, "v-premium": "很多", "step": "save"})
    assert refused.status_code == 422
    assert 'value="很多"' in text(refused)
    proof = SimpleUploadedFile("baodan.pdf", b"%PDF-1.4 x")
    saved = browser.post(step, {**given, **account, "step": "save", "file-proof": proof}, follow=True)
    assert "6,000.00" in text(saved)
    assert "baodan.pdf" in text(saved)
    assert "6200000000001234" not in text(saved)
    shown = browser.get(f"{ROOM}own/applications/{row.pk}/proofs/{row.proofs.get().pk}/")
    assert b"".join(shown.streaming_content) == b"%PDF-1.4 x"
    assert "声明" in text(browser.post(step, {**given, "step": "submit"}))
    done = text(browser.post(step, {**given, "declared": "1", "step": "submit"}, follow=True))
    assert f"{NUMBERED}1号" in done
    assert LimitStanding.objects.get(limit="pay").due_on.isoformat() in done
    assert "60 个工作日" in done
    assert "申报收件回执" in done
    bad = SimpleUploadedFile("x.exe", b"MZ")
    assert browser.post(step, {"step": "save", "file-proof": bad}).status_code == 409
    assert "已撤回" in text(browser.post(step, {"step": "withdraw"}, follow=True))


def test_a_file_of_a_kind_that_is_not_taken_loses_nothing_that_was_filled_in(city, firm, agent):
    row = drafted(firm, PREMIUM, agent)
    browser, step = signed_in(agent), f"{ROOM}own/applications/{row.pk}/step/"
    given = {f"v-{name}": value for name, value in POLICY.items()}
    refused = browser.post(step, {**given, "step": "save", "file-proof": SimpleUploadedFile("x.exe", b"MZ")})
    assert refused.status_code == 422
    assert PolicyApplication.objects.get().values["premium"] == "12000"
    for name in ("baodan.pdf", "fapiao.jpg", "biao.xlsx"):
        false = SimpleUploadedFile(name, b"hello, this is text")
        refused = browser.post(step, {**given, "step": "save", "file-proof": false})
        assert refused.status_code == 422
        assert f"文件“{name}”打不开" in text(refused)
    assert not row.proofs.exists()
    assert "草稿已删除" in text(browser.post(step, {"step": "delete"}, follow=True))


def test_officers_filter_the_worklist_and_see_what_is_late(city, firm, agent):
    sent(firm, agent)
    browser = signed_in(city.officer)
    page = text(browser.get(f"{ROOM}applications/"))
    assert f"{NUMBERED}1号" in page
    pay, now = LimitStanding.objects.get(limit="pay"), timezone.localdate()
    assert f"还有 {(pay.due_on - now).days} 天" in page
    for query in ("state=accepted", "left=late", "clause=demo_finance.pledge_cost", "region=370702", "q=乙"):
        assert "没有这样的申报" in text(browser.get(f"{ROOM}applications/?{query}")), query
    for query in ("state=received", "region=370783", "q=B-1", "state="):
        assert f"{NUMBERED}1号" in text(browser.get(f"{ROOM}applications/?{query}")), query
    assert browser.get(f"{ROOM}applications/?state=x").status_code == 422
    yesterday = now - timedelta(days=1)
    LimitStanding.objects.filter(pk=pay.pk).update(due_on=yesterday)
    assert "已逾期" in text(browser.get(f"{ROOM}applications/?left=late"))
    out = browser.get(f"{ROOM}applications/export.csv?state=open").content.decode("utf-8-sig")
    assert out.splitlines()[1].split(",")[-2:] == [yesterday.isoformat(), "-1"]
    assert browser.get(f"{ROOM}applications/export.xlsx").status_code == 200
    assert AuditEvent.objects.filter(action="policies.export", subject="applications").count() == 2


def test_the_officer_sees_both_sides_and_decides(city, firm, agent):
    row = sent(firm, agent)
    browser = signed_in(city.officer)
    page = text(browser.get(f"{ROOM}applications/{row.pk}/"))
    assert "12,000.00 元" in page
    assert "台账没有" in page
    assert "6,000.00" in page
    assert "hetong.pdf" in page
    step = f"{ROOM}applications/{row.pk}/step/"
    assert browser.post(step, {"step": "return", "words": " "}).status_code == 422
    assert "等待单位补正" in text(browser.post(step, {"step": "return", "words": "请补发票"}, follow=True))
    mine = text(signed_in(agent).get(f"{ROOM}own/applications/{row.pk}/"))
    assert "需要补正" in mine
    assert "补正通知书" in mine
    given = {**{f"v-{name}": value for name, value in POLICY.items()}, "declared": "1", "step": "correct"}
    assert "补正已提交" in text(
        signed_in(agent).post(f"{ROOM}own/applications/{row.pk}/step/", given, follow=True)
    )
    done = text(browser.post(step, {"step": "accept", "words": "核对无误"}, follow=True))
    assert "待复核" in done
    assert "审核通过，待兑付" in done


def test_the_worklist_asks_the_same_number_of_questions_for_two_and_for_many(
    city, firm, agent, django_assert_max_num_queries, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = signed_in(city.officer)
    sent(firm, agent, "B-0")
    sent(firm, agent, "B-1")
    browser.get(f"{ROOM}applications/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"{ROOM}applications/")
    for number in range(2, 8):
        sent(firm, agent, f"B-{number}")
    with django_assert_num_queries(len(few)):
        page = text(browser.get(f"{ROOM}applications/"))
    assert page.count(NUMBERED) == 8
    own = signed_in(agent)
    own.get(f"{ROOM}own/")
    with django_assert_max_num_queries(40):  # every list of the page is counted
        own.get(f"{ROOM}own/")


def test_only_the_firm_and_its_officers_open_an_application(city, firm, agent, cast):
    row = sent(firm, agent)
    draft = drafted(firm, PREMIUM, agent)
    mine, office = f"{ROOM}own/applications/{row.pk}/", f"{ROOM}applications/{row.pk}/"
    for who, page, sheet, worklist in (
        (cast.city_officer, 404, 200, 200), (cast.county_officer, 403, 200, 200), (cast.department, 403, 200, 200),
        (cast.enterprise, 404, 403, 403), (cast.stranger, 404, 403, 200), (agent, 200, 403, 403), (None, 302, 302, 302),
    ):  # fmt: skip
        browser = signed_in(who)
        got = (browser.get(mine).status_code, browser.get(office).status_code)
        assert got == (page, sheet), who
        assert browser.get(f"{ROOM}applications/").status_code == worklist, who
        assert browser.get(f"{ROOM}own/applications/{draft.pk}/proofs/1/").status_code in {302, 403, 404}
        if who not in (agent,):
            assert browser.post(f"{mine}step/", {"step": "withdraw"}).status_code in {302, 403, 404}
        wanted = browser.get(
            f"{ROOM}own/applications/new/?organisation={firm.pk}&clause={PREMIUM}"
        ).status_code
        assert wanted == (200 if who == agent else 302 if who is None else 403), who
    assert f"{NUMBERED}1号" not in text(signed_in(cast.stranger).get(f"{ROOM}applications/?state="))
    assert signed_in(city.officer).get(f"{ROOM}applications/{draft.pk}/").status_code == 404
    assert (
        signed_in(cast.stranger).post(f"{office}step/", {"step": "refuse", "words": "x"}).status_code == 403
    )
