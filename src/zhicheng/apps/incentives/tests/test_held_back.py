"""What a batch would hold back is never shown to a firm as money to come: not on its page, its card, its file, nor over the API."""

from __future__ import annotations

import pytest

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.models import ReceivedPayment
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.city import AS_OF, GIVEN, amounts, authorised
from zhicheng.apps.ledger.models import HonourGrant
from zhicheng.kernel.refusals import Conflict, Refusal

ROOM, API = "/incentives/", "/api/v1/policies/"
GOLD = "china_patent_award/gold"
CLAUSE = "weifang.china_patent_gold"


@pytest.fixture
def firm(world):
    made = world.firm("甲公司", name_key="甲公司")
    world.honour(made, GOLD, object_number="ZL201710601862.3")
    world.money()
    return made


def received(world, firm, amount, **more):
    ReceivedPayment.objects.create(
        **{
            "document": "演示文件", "payee_name": firm.name, "organisation": firm, "matter": CLAUSE, "object_number": "",
            "level": "city", "amount": amount, "paid_on": "2025-06-01", "region_code": firm.region_code, **more,
        }
    )  # fmt: skip
    world.moved("incentives_receivedpayment")


def page_of(firm):
    return firm_queries.firm(firm, as_of=AS_OF)


def test_an_amount_received_before_this_software_is_not_money_to_come(world, firm):
    received(world, firm, 1_000_000)
    shown = page_of(firm)
    assert shown.due == []
    assert shown.due_total == 0
    assert shown.waiting == 0
    (held,) = shown.held_back
    assert "系统以前已到账 1,000,000.00" in held.words
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze()


def test_an_amount_received_in_part_is_due_with_what_is_left_of_it(world, firm):
    received(world, firm, 400_000)
    (due,) = page_of(firm).due
    assert f"{due.amount:.2f}" == "600000.00"
    assert "系统以前已到账 400,000.00" in due.words
    assert amounts(world.freeze()) == {"甲公司/china_patent_gold": "600000.00"}
    (due,) = page_of(firm).due
    assert f"{due.amount:.2f}" == "600000.00"
    assert due.entitlement is not None


def test_money_another_firm_received_leaves_this_one_s_alone(world, firm):
    received(world, world.firm("乙公司", name_key="乙公司"), 1_000_000)
    assert f"{page_of(firm).due_total:.2f}" == "1000000.00"


def test_the_same_award_spelled_twice_is_due_once_before_it_is_in_a_batch(world, firm):
    world.honour(firm, GOLD, object_number="2017106018623")
    shown = page_of(firm)
    assert f"{shown.due_total:.2f}" == "1000000.00"
    (due,), (held,) = shown.due, shown.held_back
    assert due.answer.outcome.fact in held.words
    assert "同一事项" in held.words
    assert len(amounts(world.freeze())) == 1


def test_the_same_award_spelled_twice_is_shown_with_the_fact_its_batch_names(world, firm):
    batch = world.freeze()
    world.honour(firm, GOLD, object_number="ZL 2017 1 0601862.3")
    shown = page_of(firm)
    (due,), (held,) = shown.due, shown.held_back
    assert due.entitlement.batch_id == batch.pk
    assert due.answer.outcome.fact == due.entitlement.fact
    assert batch.number in held.words


def test_the_same_award_spelled_twice_is_not_due_again_once_it_is_paid(world, firm, tmp_path):
    world.paid(world.freeze(), tmp_path)
    world.honour(firm, GOLD, object_number="ZL2017106018623")
    shown = page_of(firm)
    assert shown.due == []
    assert [one.answer.outcome.object for one in shown.held_back] == ["ZL2017106018623"]
    assert "已兑付" in shown.held_back[0].words
    assert f"{shown.had_total:.2f}" == "1000000.00"


def test_a_number_corrected_in_the_ledger_keeps_its_amount_of_the_batch(world, firm):
    world.freeze()
    HonourGrant.objects.update(object_number="ZL201710601863.8")
    world.moved()
    shown = page_of(firm)
    assert shown.held_back == []
    (due,) = shown.due
    assert due.entitlement is not None
    yes = claims.confirm(
        organisation=firm, clause=CLAUSE, fact=due.answer.outcome.fact, given=GIVEN, evaluation=current_evaluation(AS_OF),
        by=authorised(world, firm),
    )  # fmt: skip
    assert yes.matter == due.entitlement.matter
    assert page_of(firm).due[0].confirmation == yes


def test_page_card_file_and_api_all_say_that_it_is_held_back_and_why(world, firm):
    received(world, firm, 1_000_000)
    browser = signed_in(authorised(world, firm))
    shown = browser.get(f"{ROOM}own/").content.decode()
    assert "不再支付的" in shown
    assert "系统以前已到账 1,000,000.00" in shown
    assert "确认领取</button>" not in shown
    assert "中国专利金奖奖励" not in browser.get("/").content.decode()
    lines = browser.get(f"{ROOM}firms/{firm.pk}/export.csv").content.decode("utf-8-sig")
    assert any("不再支付" in one and ",0.00," in one for one in lines.splitlines())
    answer = browser.get(f"{API}organisations/{firm.pk}").json()
    assert answer["due"] == []
    (held,) = answer["held_back"]
    assert (held["amount"], held["by_rule"], held["clause"]) == ("0.00", "1000000.00", CLAUSE)
    assert "系统以前已到账" in held["why"]


def test_nobody_says_yes_to_an_amount_that_is_held_back(world, firm):
    received(world, firm, 1_000_000)
    with pytest.raises(Conflict, match="不再支付"):
        claims.confirm(
            organisation=firm, clause=CLAUSE, fact="china_patent_award/gold·第3届·ZL201710601862.3", given=GIVEN,
            evaluation=current_evaluation(AS_OF), by=authorised(world, firm),
        )  # fmt: skip
