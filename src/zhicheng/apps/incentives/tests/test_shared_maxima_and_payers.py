"""Maxima over several clauses and batches, and amounts two payers share: the sum holds, whatever came first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections

from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.models import BudgetEntry, PaymentOrder
from zhicheng.apps.incentives.payment import budgets, clawbacks, paying
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.testing.city import ANSWERED, AS_OF, make_world
from zhicheng.apps.ledger.models import HonourGrant
from zhicheng.kernel.refusals import Refusal

DOCUMENT = """
id: duo
title: {zh: 两个条款的试验政策, en: Two clauses}
issuer: 演示市
region: "370700"
valid_from: 2024-01-01
review: 试验
source: {title: 试验文件, publisher: 试验, unverified: true}
"""
CLAUSE = """
id: duo.%s
name: {zh: %s, en: x}
unit: 元
fact: honours
object: object
versions:
  2024-01-01:
    when: honour = 'mayor_quality_award/%s'
    amount: %s
    %s
    clawback: true
    source: {title: 试验文件, publisher: 试验, unverified: true}
examples:
  - {why: 一, honour: mayor_quality_award/%s, granted_on: 2024-11-20, object: 甲, expect: %s}
  - {why: 二, honour: mayor_quality_award/gold, granted_on: 2024-11-20, object: 甲, expect: no_rule}
  - {why: 三, honour: mayor_quality_award/%s, granted_on: 2023-11-20, object: 甲, expect: no_rule}
"""
BOTH = "sharing: {市: 6, 县: 4}"


def catalogue(folder, monkeypatch, more, budget=""):
    """Two clauses of one document: nominations 200,000, awards 500,000."""
    policies = folder / "own" / "policies"
    policies.mkdir(parents=True, exist_ok=True)
    (policies / "duo.yaml").write_text(DOCUMENT + (budget and f"budget: {budget}\n"), encoding="utf-8")
    for name, tier, amount in (("low", "nomination", 200_000), ("high", "award", 500_000)):
        text = CLAUSE % (name, name, tier, amount, more, tier, amount, tier)
        (policies / f"duo.{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ZHICHENG_CATALOGUE", str(folder / "own"))
    forget()


def given(world, firm, tier, day, number="A"):
    return world.honour(firm, f"mayor_quality_award/{tier}", granted_on=day, object_number=number)


def freeze(world, year=2025):
    return batch_actions.freeze(policy="duo", year=year, as_of=AS_OF, by=world.officer)


def listed(batch):
    return [str(one.amount) for one in batch.entitlements.order_by("pk")]


def enough(world, payers=("市", "县")):
    for payer in payers:
        budgets.appropriate(
            policy="duo",
            year=2025,
            payer=payer,
            amount=Decimal(10_000_000),
            document="批复",
            by=world.officer,
        )


# -- one maximum over two clauses --------------------------------------------------------------------


def test_a_matter_listed_under_the_lower_clause_gets_the_difference_when_it_moves_to_the_higher(
    world, monkeypatch, tmp_path
):
    catalogue(tmp_path, monkeypatch, "same_matter: {group: duo, rule: difference}")
    firm = world.firm("甲公司")
    given(world, firm, "nomination", date(2025, 3, 1))
    assert listed(freeze(world)) == ["200000.00"]
    given(world, firm, "award", date(2025, 6, 1))
    row = freeze(world).entitlements.get()
    assert str(row.amount) == "300000.00"
    assert [one["step"] for one in row.steps][-2:] == ["sharing", "earlier"]
    with pytest.raises(Refusal, match="均已列入"):
        freeze(world)


def test_a_yearly_maximum_holds_over_batches_though_an_earlier_event_came_in_late(
    world, monkeypatch, tmp_path
):
    catalogue(tmp_path, monkeypatch, "caps: [{amount: 600000, period: year, per: beneficiary}]")
    firm = world.firm("甲公司")
    given(world, firm, "award", date(2025, 6, 1), "B")
    given(world, firm, "award", date(2025, 7, 1), "C")
    assert listed(freeze(world)) == ["500000.00", "100000.00"]
    given(world, firm, "award", date(2025, 1, 5), "A")
    with pytest.raises(Refusal, match="均已列入"):
        freeze(world)


def test_a_maximum_is_not_held_against_a_firm_for_what_was_clawed_back(world, monkeypatch, tmp_path):
    catalogue(tmp_path, monkeypatch, "caps: [{amount: 600000, period: year, per: beneficiary}]")
    enough(world, ("市",))
    firm = world.firm("甲公司")
    grant = given(world, firm, "award", date(2025, 6, 1), "B")
    world.paid(freeze(world), tmp_path)
    HonourGrant.objects.filter(pk=grant.pk).update(revoked_on=date(2025, 7, 1))
    given(world, firm, "award", date(2025, 8, 1), "C")
    assert listed(freeze(world)) == ["500000.00"]


# -- a budget over the batches of one year ------------------------------------------------------------

PRO_RATA = "{years: {2025: %s}, method: pro_rata}"


def test_later_batches_of_a_year_share_in_proportion_what_the_earlier_ones_left_of_the_budget(
    world, monkeypatch, tmp_path
):
    catalogue(tmp_path, monkeypatch, "once: true", PRO_RATA % 300_000)
    given(world, world.firm("甲公司"), "nomination", date(2025, 3, 1))
    assert listed(freeze(world)) == ["200000.00"]
    for name in ("乙公司", "丙公司", "丁公司"):
        given(world, world.firm(name), "nomination", date(2025, 6, 1))
    later = freeze(world)
    assert listed(later) == ["33333.34", "33333.33", "33333.33"]
    assert "以前批次已列 200,000.00 元，余额按比例兑付" in later.entitlements.first().steps[-1]["text"]
    given(world, world.firm("戊公司"), "award", date(2025, 7, 1))
    with pytest.raises(Refusal, match="没有余额"):
        freeze(world)


def test_a_budget_for_whoever_comes_first_holds_though_an_earlier_event_came_in_late(
    world, monkeypatch, tmp_path
):
    catalogue(tmp_path, monkeypatch, "once: true", "{years: {2025: 600000}, method: first_come}")
    given(world, world.firm("甲公司"), "award", date(2025, 6, 1))
    assert listed(freeze(world)) == ["500000.00"]
    given(world, world.firm("乙公司"), "award", date(2025, 1, 5))
    assert listed(freeze(world)) == ["100000.00"]


def moved_up_under_a_budget(world, monkeypatch, tmp_path, rule, later_budget):
    """甲 is listed under the lower clause beside 乙 under the higher, both cut by a budget of 300,000; then 甲 moves up."""
    more = f"same_matter: {{group: duo, rule: {rule}}}"
    catalogue(tmp_path, monkeypatch, more, PRO_RATA % 300_000)
    first, second = world.firm("甲公司"), world.firm("乙公司")
    given(world, first, "nomination", date(2025, 3, 1))
    given(world, second, "award", date(2025, 4, 1), "B")
    batch = freeze(world)
    assert sorted(listed(batch)) == ["214285.71", "85714.29"]
    catalogue(tmp_path, monkeypatch, more, PRO_RATA % later_budget)
    given(world, first, "award", date(2025, 6, 1))


def test_the_difference_of_a_matter_is_worked_out_anew_under_the_budget_and_never_beyond_it(
    world, monkeypatch, tmp_path
):
    moved_up_under_a_budget(world, monkeypatch, tmp_path, "difference", 300_000)
    with pytest.raises(Refusal, match="没有余额"):
        freeze(world)


def test_the_difference_of_a_matter_uses_a_budget_that_was_raised_since(world, monkeypatch, tmp_path):
    moved_up_under_a_budget(world, monkeypatch, tmp_path, "difference", 600_000)
    row = freeze(world).entitlements.get()
    # all facts in one batch would give the matter 300,000 of 600,000, of which 85,714.29 are listed
    assert (row.name, str(row.amount)) == ("甲公司", "214285.71")


def test_a_matter_without_difference_gets_nothing_more_once_it_is_listed(world, monkeypatch, tmp_path):
    moved_up_under_a_budget(world, monkeypatch, tmp_path, "highest", 600_000)
    with pytest.raises(Refusal, match="不补差额"):
        freeze(world)


# -- two payers --------------------------------------------------------------------------------------


@pytest.fixture
def shared(world, monkeypatch, tmp_path):
    catalogue(tmp_path, monkeypatch, BOTH)
    enough(world)
    given(world, world.firm("甲公司", name_key="甲公司"), "award", date(2025, 6, 1))
    return world


def test_each_payer_s_share_is_an_order_of_its_own_and_goes_out_once(shared):
    batch = shared.approved(freeze(shared))
    files = shared.sent(batch)
    assert sorted((one.payer, one.payer_region, str(one.total)) for one in files) == [
        ("县", "370783", "200000.00"),
        ("市", "370700", "300000.00"),
    ]
    for one in files:
        with pytest.raises(Refusal, match="没有可支付"):
            paying.export_orders(
                batch=batch, payer=one.payer, payer_region=one.payer_region, form="csv", by=shared.officer
            )


def results(world, batch, folder, states, name):
    lines = ["指令编号,支付结果,金额,到账日期,银行流水号"]
    lines += [
        f"{one.number},{states[one.payer]},{one.amount},2026-01-08,{name}{one.pk}"
        for one in batch.orders.filter(status="sent").order_by("pk")
    ]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return paying.import_results(batch=batch, path=folder / name, name=name, on=ANSWERED, by=world.officer)


def test_a_clawback_asks_back_what_each_payer_has_paid_and_grows_with_what_arrives_later(shared, tmp_path):
    batch = shared.approved(freeze(shared))
    shared.sent(batch)
    city, _ = batch.orders.order_by("-amount")
    path = tmp_path / "a.csv"
    path.write_text(
        f"指令编号,支付结果,金额,到账日期,银行流水号\n{city.number},成功,{city.amount},2026-01-08,A",
        encoding="utf-8",
    )
    paying.import_results(batch=batch, path=path, name="a.csv", on=ANSWERED, by=shared.officer)
    HonourGrant.objects.update(revoked_on=date(2025, 12, 1))
    shared.moved()
    (claw,) = clawbacks.check_paid(on=AS_OF)
    assert claw.amount == Decimal("300000.00")
    clawbacks.receive(clawback=claw, amount=Decimal("300000.00"), by=shared.officer)
    results(shared, batch, tmp_path, {"县": "成功"}, "b.csv")
    claw.refresh_from_db()
    assert (claw.status, claw.amount, claw.recovered) == (
        "notified",
        Decimal("500000.00"),
        Decimal("300000.00"),
    )
    clawbacks.receive(clawback=claw, amount=Decimal("0.01"), by=shared.officer)
    clawbacks.receive(clawback=claw, amount=Decimal("199999.99"), by=shared.officer)
    back = {one.payer: one.recovered for one in budgets.lines(policy="duo", year=2025)}
    assert back == {"市": Decimal("300000.00"), "县": Decimal("200000.00")}
    claw.refresh_from_db()
    assert claw.status == "recovered"


def test_money_that_comes_back_in_parts_is_shared_to_the_fen(shared, tmp_path):
    batch = shared.approved(freeze(shared))
    shared.sent(batch)
    results(shared, batch, tmp_path, {"市": "成功", "县": "成功"}, "a.csv")
    claw = clawbacks.open_by_hand(
        entitlement=batch.entitlements.get(), reason="wrong_payee", words="付错", on=AS_OF, by=shared.officer
    )
    left = claw.amount
    for part in ("0.01", "33333.33", "0.02", "166666.65"):
        clawbacks.receive(clawback=claw, amount=Decimal(part), by=shared.officer)
        left -= Decimal(part)
        pots = budgets.lines(policy="duo", year=2025)
        assert sum(one.recovered for one in pots) == claw.amount - left
        assert all(one.recovered <= one.paid for one in pots)
    clawbacks.receive(clawback=claw, amount=left, by=shared.officer)
    assert [one.recovered for one in budgets.lines(policy="duo", year=2025)] == [
        one.paid for one in budgets.lines(policy="duo", year=2025)
    ]


def test_a_share_waiting_while_the_amount_is_asked_back_is_not_paid(shared, tmp_path):
    batch = shared.approved(freeze(shared))
    shared.sent(batch)
    results(shared, batch, tmp_path, {"市": "成功", "县": "失败"}, "a.csv")
    failed = batch.orders.get(status="failed")
    clawbacks.open_by_hand(
        entitlement=batch.entitlements.get(), reason="wrong_payee", words="付错", on=AS_OF, by=shared.officer
    )
    paying.retry(order=failed, by=shared.officer)
    with pytest.raises(Refusal, match="正在追回：付错"):
        paying.export_orders(batch=batch, payer="县", payer_region="370783", form="csv", by=shared.officer)


def test_the_same_form_of_money_that_came_back_sent_twice_counts_once(shared, tmp_path):
    batch = shared.approved(freeze(shared))
    shared.sent(batch)
    results(shared, batch, tmp_path, {"市": "成功", "县": "成功"}, "a.csv")
    claw = clawbacks.open_by_hand(
        entitlement=batch.entitlements.get(), reason="fraud", words="骗取", on=AS_OF, by=shared.officer
    )
    form = {"clawback": claw, "amount": Decimal(100), "already": Decimal("0.00"), "by": shared.officer}
    clawbacks.receive(**form)
    with pytest.raises(Refusal, match=r"已登记追回 100\.00 元"):
        clawbacks.receive(**form)


def test_the_same_line_of_the_budget_entered_twice_is_refused(world):
    world.money()
    with pytest.raises(Refusal, match="已经登记过"):
        world.money()


# -- two payers at once, on a database that lets two write -------------------------------------------


def test_two_payers_at_once_each_pay_their_share_once(transactional_db, settings, tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time; the race needs PostgreSQL")
    world = make_world(settings, tmp_path / "home")
    catalogue(tmp_path, monkeypatch, BOTH)
    enough(world)
    for number in range(5):
        given(world, world.firm(f"公司{number}"), "award", date(2025, 6, 1), f"A{number}")
    batch = world.approved(freeze(world))
    payers = sorted(set(batch.orders.values_list("payer", "payer_region")))

    def send(place):
        payer, region = payers[place % len(payers)]
        try:
            return paying.export_orders(
                batch=batch, payer=payer, payer_region=region, form="csv", by=world.officer
            )[0]
        except Refusal:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        files = [one for one in pool.map(send, range(6)) if one]
    assert sorted((one.payer, one.orders, str(one.total)) for one in files) == [
        ("县", 5, "1000000.00"),
        ("市", 5, "1500000.00"),
    ]

    def answer(place):
        try:
            return world.answered(batch, tmp_path, name=f"{place}.csv")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(answer, range(4)))
    assert BudgetEntry.objects.filter(kind="paid").count() == 10
    assert sum(PaymentOrder.objects.filter(status="paid").values_list("amount", flat=True)) == Decimal(
        "2500000.00"
    )


def test_a_batch_of_one_county_under_the_city_s_policy_is_paid_by_the_city(world):
    world.money()
    world.honour(world.firm("甲公司"), "china_patent_award/gold", object_number="ZL1")
    batch = world.approved(world.freeze(region="370783"))
    order = batch.orders.get()
    assert (batch.region_code, order.payer, order.payer_region) == ("370783", "市", "370700")
