"""The page of an organisation: what it is due, confirms, takes back, disputes; nobody acts for another."""

from __future__ import annotations

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import Confirmation, PayeeAccount
from zhicheng.apps.incentives.testing.city import authorised

ROOM = "/incentives/"


def text(response) -> str:
    return response.content.decode()


def test_a_firm_sees_what_it_is_due_confirms_it_and_takes_it_back(city):
    firm = city.firms["甲公司"]
    browser = signed_in(authorised(city, firm))
    shown = text(browser.get(ROOM, follow=True))
    assert "甲公司" in shown
    assert "免申即享" in shown
    assert "1,000,000.00" in shown
    assert "中国专利奖 金奖·第3届·ZL1" in shown
    assert 'value="china_patent_award/gold·第3届·ZL1"' in shown
    given = {
        "organisation": firm.pk, "clause": "weifang.china_patent_gold", "fact": "china_patent_award/gold·第3届·ZL1",
        "holder": "甲公司", "bank": "演示银行", "account": "62000000 00001234",
    }  # fmt: skip
    assert browser.post(ROOM + "own/confirm/", {**given, "account": "12"}).status_code == 422
    shown = text(browser.post(ROOM + "own/confirm/", given, follow=True))
    assert "**** 1234" in shown
    assert "6200000000001234" not in shown
    yes = Confirmation.objects.get()
    browser.post(f"{ROOM}own/confirmations/{yes.pk}/withdraw/")
    assert PayeeAccount.objects.get().account == ""


def test_an_account_given_before_is_chosen_again_without_typing_it(city):
    firm = city.firms["乙公司"]
    city.honour(firm, "haopin_shandong/brand", object_name="乙牌")
    browser = signed_in(authorised(city, firm))
    mayor = {
        "organisation": firm.pk,
        "clause": "weifang.mayor_quality_award",
        "fact": "mayor_quality_award/award·第3届",
    }
    browser.post(
        ROOM + "own/confirm/", {**mayor, "holder": "乙", "bank": "演示银行", "account": "6200000000005678"}
    )
    brand = {
        "organisation": firm.pk, "clause": "weifang.haopin_shandong", "fact": "haopin_shandong/brand·第3届·乙牌",
        "earlier": PayeeAccount.objects.get().pk,
    }  # fmt: skip
    both = browser.post(ROOM + "own/confirm/", {**brand, "bank": "新银行", "account": "6200000000009999"})
    assert both.status_code == 422
    assert "既选了以前的收款账户，又填了新账户" in text(both)
    assert 'value="6200000000009999"' in text(both)
    assert Confirmation.objects.count() == 1
    browser.post(ROOM + "own/confirm/", brand)
    assert Confirmation.objects.count() == 2
    browser.post(f"{ROOM}own/confirmations/{Confirmation.objects.latest('pk').pk}/withdraw/")
    assert [one.account for one in PayeeAccount.objects.order_by("pk")] == ["6200000000005678", ""]


def test_nobody_confirms_withdraws_or_looks_for_another_firm(city):
    mine, other = city.firms["甲公司"], city.firms["乙公司"]
    browser = signed_in(authorised(city, mine))
    given = {
        "organisation": other.pk,
        "clause": "weifang.mayor_quality_award",
        "fact": "mayor_quality_award/award·第3届",
    }
    account = {"holder": "x", "bank": "x", "account": "6200000000001234"}
    assert browser.post(ROOM + "own/confirm/", {**given, **account}).status_code == 403
    assert browser.get(f"{ROOM}firms/{other.pk}/").status_code == 403
    assert browser.post(ROOM + "own/dispute/", {**given, "text": "不对"}).status_code == 403
    assert not Confirmation.objects.exists()


def test_an_officer_sees_a_firm_s_page_but_does_not_confirm_for_it(city, browser, cast):
    firm = city.firms["甲公司"]
    shown = text(browser.get(f"{ROOM}firms/{firm.pk}/"))
    assert "等单位确认并提供收款账户" in shown
    assert "确认领取</button>" not in shown
    assert signed_in(cast.stranger).get(f"{ROOM}firms/{firm.pk}/").status_code == 403
    assert browser.post(ROOM + "own/confirm/", {"organisation": firm.pk}).status_code in {403, 422}


def test_a_firm_disputes_a_fact_and_reads_the_answer(city):
    firm = city.firms["甲公司"]
    browser = signed_in(authorised(city, firm))
    browser.post(ROOM + "own/dispute/", {"organisation": firm.pk, "fact": "ZL1", "text": "权利人写错"})
    officer = signed_in(city.reviewer)
    number = firm.fact_disputes.get().pk
    assert "权利人写错" in text(officer.get(ROOM + "disputes/"))
    assert "先在台账更正并经复核，再答复" in text(officer.get(ROOM + "disputes/"))
    assert officer.post(f"{ROOM}disputes/{number}/", {"upheld": "", "answer": "已看"}).status_code == 422
    officer.post(f"{ROOM}disputes/{number}/", {"upheld": "yes", "answer": "已更正权利人"})
    assert "已更正权利人" in text(browser.get(ROOM + "own/"))


def test_a_firm_without_a_letter_is_told_how_to_get_one(city, cast):
    assert "申请授权" in text(signed_in(cast.enterprise).get(ROOM + "own/"))


def test_a_firm_reads_what_it_narrowly_missed_and_why(city):
    firm = city.firms["甲公司"]
    city.honour(firm, "china_patent_award/silver", object_number="ZL2", revoked_on="2025-06-01")
    browser = signed_in(authorised(city, firm))
    shown = text(browser.get(ROOM + "own/"))
    assert "中国专利银奖奖励" in shown
    assert "不符合" in shown
