"""Every other way to be paid twice that somebody has tried: each ends in one payment, or in a question to a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.models import BudgetEntry, Entitlement, PaymentOrder, ReceivedPayment
from zhicheng.apps.incentives.payment import clawbacks, paying
from zhicheng.apps.incentives.testing.city import ANSWERED, AS_OF, amounts
from zhicheng.apps.ledger.models import HonourGrant, Organisation
from zhicheng.apps.records.public import approve as approve_change
from zhicheng.apps.records.public import propose_removal, undo
from zhicheng.kernel.refusals import Conflict, Refusal

GOLD = "china_patent_award/gold"
MAYOR = "mayor_quality_award/award"
HEAD = "指令编号,支付结果,金额,到账日期,银行流水号"


@pytest.fixture
def paid(world, tmp_path):
    """One award of one firm, paid."""
    world.honour(world.firm("甲公司", name_key="甲公司"), GOLD, object_number="ZL201710601862.3")
    world.money()
    return world.paid(world.freeze(), tmp_path)


def nothing_more(world, year=2025):
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze(year)


def paid_money():
    return sum(PaymentOrder.objects.filter(status="paid").values_list("amount", flat=True))


# -- the same award, written differently -------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    ["201710601862.3", "ZL 2017 1 0601862.3", "zl201710601862．3", "ZL2017106018623", "CN201710601862.3"],
)
def test_an_award_entered_again_with_its_number_written_another_way_is_not_paid_again(world, paid, number):
    world.honour(world.firms["甲公司"], GOLD, object_number=number)
    nothing_more(world)


def test_an_award_entered_twice_before_anything_is_paid_stands_in_the_batch_once(world):
    firm = world.firm("甲公司")
    world.honour(firm, GOLD, object_number="ZL201710601862.3")
    world.honour(firm, GOLD, object_number="2017106018623")
    assert len(amounts(world.freeze())) == 1


def test_another_award_of_the_same_firm_is_still_paid(world, paid):
    world.honour(world.firms["甲公司"], GOLD, object_number="ZL201710601863.8")
    assert len(amounts(world.freeze())) == 1


def test_a_firm_whose_code_was_corrected_is_the_same_firm(world, paid):
    Organisation.objects.filter(pk=world.firms["甲公司"].pk).update(uscc="91370000999999999X")
    HonourGrant.objects.update(uscc="91370000999999999X")
    world.moved()
    nothing_more(world)


def test_a_name_the_ledger_does_not_know_is_one_name_however_it_is_spaced(world, tmp_path):
    world.money()
    stranger = {"holder_kind": "enterprise", "object_number": "ZL4", "region_code": "370783"}
    grant = world.honour(None, GOLD, holder_name="丁（山东）公司", **stranger)
    world.paid(world.freeze(), tmp_path)
    HonourGrant.objects.filter(pk=grant.pk).update(holder_name="丁(山东) 公司")
    world.moved()
    nothing_more(world)


# -- the same person under another name --------------------------------------------------------------


def person(world, name, **more):
    return world.honour(
        None, GOLD, holder_name=name, holder_kind="person", region_code="370783", object_number="ZL9", **more
    )


@pytest.mark.parametrize("name", ["YS RY 0001", "ｙｓ-ry-0001", "YS-RY-0001（张某）"])
def test_a_person_renamed_in_the_ledger_is_not_paid_again_for_the_same_record(world, tmp_path, name):
    world.money()
    grant = person(world, "YS-RY-0001")
    world.paid(world.freeze(), tmp_path)
    HonourGrant.objects.filter(pk=grant.pk).update(holder_name=name)
    world.moved()
    nothing_more(world)


def test_the_right_person_is_paid_once_the_wrong_one_has_paid_back(world, tmp_path):
    world.money()
    grant = person(world, "YS-RY-0001")
    world.paid(world.freeze(), tmp_path)
    HonourGrant.objects.filter(pk=grant.pk).update(holder_name="YS-RY-0002")
    world.moved()
    (claw,) = clawbacks.check_paid(on=AS_OF)
    assert claw.reason == "wrong_payee"
    nothing_more(world)
    clawbacks.receive(clawback=claw, amount=claw.amount, by=world.officer)
    assert list(amounts(world.freeze())) == ["YS-RY-0002/china_patent_gold"]


# -- organisations merged, and parted again ----------------------------------------------------------


def merged(world):
    for name in ("甲公司", "乙公司"):
        if name not in world.firms:
            world.firm(name, name_key=name)
    change = propose_removal(
        type_id="organisations", record=world.firms["甲公司"].pk, into=world.firms["乙公司"].pk, by=world.officer, why="合并"
    )  # fmt: skip
    return approve_change(change_set=change, by=world.reviewer)


def test_a_merger_taken_back_leaves_neither_firm_due_again(world, paid):
    change = merged(world)
    nothing_more(world)
    undo(change_set=change, by=world.reviewer, why="合并有误")
    world.moved()
    assert Entitlement.objects.get().organisation_id == world.firms["甲公司"].pk
    nothing_more(world)


def test_of_two_firms_that_turn_out_to_be_one_before_payment_only_one_order_reaches_the_bank(world):
    world.money()
    for name in ("甲公司", "乙公司"):
        world.honour(world.firm(name, name_key=name), GOLD, object_number="ZL1")
    approved = world.approved(world.freeze())
    merged(world)
    (file,) = world.sent(approved)
    assert (file.orders, file.total) == (1, Decimal("1000000.00"))
    with pytest.raises(Refusal, match="为同一主体同一事项"):
        paying.export_orders(batch=approved, payer="市", payer_region="370700", form="csv", by=world.officer)


# -- money received before this software -------------------------------------------------------------


def received(world, firm, amount="1000000.00", **more):
    values = {
        "document": "演财〔2025〕1号", "payee_name": firm.name, "uscc": firm.uscc, "organisation": firm,
        "matter": "weifang.china_patent_gold", "object_number": "201710601862.3", "level": "city",
        "amount": Decimal(amount), "paid_on": date(2025, 9, 1), "region_code": firm.region_code,
    }  # fmt: skip
    made = ReceivedPayment.objects.create(**{**values, **more})
    world.moved("incentives_receivedpayment")
    return made


def test_what_was_received_before_this_software_is_not_paid_again(world):
    firm = world.firm("甲公司")
    world.honour(firm, GOLD, object_number="ZL2017106018623")
    received(world, firm)
    nothing_more(world)


def test_of_an_award_received_in_part_the_rest_is_listed_with_the_step_shown(world):
    firm = world.firm("甲公司")
    world.honour(firm, GOLD, object_number="ZL2017106018623")
    received(world, firm, "300000.00", object_number="")
    row = world.freeze().entitlements.get()
    assert (row.amount, row.shares) == (Decimal("700000.00"), [["市", "700000.00"]])
    assert row.steps[-1]["step"] == "earlier"
    assert "系统以前已到账 300,000.00 元" in row.steps[-1]["text"]


def test_money_received_for_another_award_or_before_the_award_counts_for_neither(world):
    firm = world.firm("甲公司")
    world.honour(firm, GOLD, object_number="ZL2017106018623")
    received(world, firm, object_number="ZL201810000001.1")
    received(world, firm, object_number="", paid_on=date(2024, 9, 1))
    assert list(amounts(world.freeze()).values()) == ["1000000.00"]


# -- what the bank says ------------------------------------------------------------------------------


@pytest.fixture
def two_sent(world):
    """A batch of two orders at the bank."""
    world.money()
    for number, name in enumerate(("甲公司", "乙公司")):
        world.honour(world.firm(name), GOLD, object_number=f"ZL{number}")
    approved = world.approved(world.freeze())
    world.sent(approved)
    return approved


def result(world, batch, folder, lines, name="回盘.csv"):
    path = folder / name
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    return paying.import_results(batch=batch, path=path, name=name, on=ANSWERED, by=world.officer)


def line(order, state="成功", reference=""):
    return f"{order.number},{state},{order.amount},2026-01-08,{reference or f'BK{order.pk}'}"


def test_a_result_file_in_another_order_under_another_name_with_a_line_more_books_nothing_again(
    world, two_sent, tmp_path
):
    first, second = two_sent.orders.order_by("pk")
    result(world, two_sent, tmp_path, [line(first)])
    found = result(world, two_sent, tmp_path, [line(second), line(first)], "又一份.csv")
    assert (found.paid, found.unchanged) == (1, 1)
    found = result(
        world, two_sent, tmp_path, [line(first), "x,成功,1.00,2026-01-08,Q", line(second)], "三.csv"
    )
    assert (found.paid, found.unchanged, len(found.refused)) == (0, 2, 1)
    assert BudgetEntry.objects.filter(kind="paid").count() == 2


def test_two_files_that_call_one_order_paid_by_two_bank_references_leave_a_question_not_a_second_payment(
    world, two_sent, tmp_path
):
    order = two_sent.orders.order_by("pk").first()
    result(world, two_sent, tmp_path, [line(order)])
    found = result(world, two_sent, tmp_path, [line(order, reference="ANOTHER")], "二.csv")
    assert "结果与先前不同" in found.refused[0]["why"]
    assert paid_money() == order.amount


def test_a_bank_that_corrects_failed_to_paid_before_a_retry_closes_the_order(world, two_sent, tmp_path):
    order = two_sent.orders.order_by("pk").first()
    result(world, two_sent, tmp_path, [line(order, "失败")])
    result(world, two_sent, tmp_path, [line(order)], "更正.csv")
    order.refresh_from_db()
    assert order.status == "paid"
    with pytest.raises(Conflict, match="不能重发"):
        paying.retry(order=order, by=world.officer)


def test_a_bank_that_corrects_failed_to_paid_takes_the_retry_back_that_has_not_gone_out(
    world, two_sent, tmp_path
):
    order = two_sent.orders.order_by("pk").first()
    result(world, two_sent, tmp_path, [line(order, "失败")])
    again = paying.retry(order=order, by=world.officer)
    result(world, two_sent, tmp_path, [line(order)], "更正.csv")
    again.refresh_from_db()
    assert again.status == "cancelled"
    assert "后来到账" in again.failure
    with pytest.raises(Refusal, match="没有可支付的指令"):
        world.sent(two_sent) or paying.export_orders(
            batch=two_sent, payer="市", payer_region="370700", form="csv", by=world.officer
        )


def test_a_bank_that_corrects_failed_to_paid_after_the_retry_went_out_raises_an_alarm(
    world, two_sent, tmp_path
):
    order = two_sent.orders.order_by("pk").first()
    result(world, two_sent, tmp_path, [line(order, "失败")])
    paying.retry(order=order, by=world.officer)
    world.sent(two_sent)
    found = result(world, two_sent, tmp_path, [line(order)], "更正.csv")
    assert "可能重复到账" in found.refused[0]["why"]


def test_an_order_given_up_that_the_bank_then_calls_paid_is_a_question_too(world, two_sent, tmp_path):
    order = two_sent.orders.order_by("pk").first()
    result(world, two_sent, tmp_path, [line(order, "失败")])
    order.refresh_from_db()
    paying.cancel_order(order=order, why="销户", by=world.officer)
    found = result(world, two_sent, tmp_path, [line(order)], "更正.csv")
    assert "核清前不要再列" in found.refused[0]["why"]


# -- between years, runs and clawbacks ---------------------------------------------------------------


def test_last_year_frozen_again_finds_nothing_new(world, tmp_path):
    world.money(year=2024)
    world.honour(world.firm("甲公司"), GOLD, object_number="ZL1", granted_on=date(2024, 7, 1))
    world.paid(world.freeze(2024), tmp_path)
    nothing_more(world, 2024)


def test_what_was_clawed_back_is_not_due_again_by_a_new_run(world, paid):
    HonourGrant.objects.update(revoked_on=date(2025, 12, 1))
    world.moved()
    (claw,) = clawbacks.check_paid(on=AS_OF)
    clawbacks.receive(clawback=claw, amount=claw.amount, by=world.officer)
    HonourGrant.objects.update(revoked_on=None)
    world.moved()
    nothing_more(world)


def test_an_award_revoked_between_approval_and_payment_never_reaches_the_bank(world):
    world.money()
    world.honour(world.firm("甲公司"), GOLD, object_number="ZL1")
    approved = world.approved(world.freeze())
    HonourGrant.objects.update(revoked_on=date(2025, 12, 1))
    world.moved()
    with pytest.raises(Refusal, match="都已停付：“china_patent_award"):
        paying.export_orders(batch=approved, payer="市", payer_region="370700", form="csv", by=world.officer)


def test_an_excluded_row_put_back_after_another_batch_took_it_is_refused(world, paid):
    world.honour(world.firms["甲公司"], MAYOR)
    first = world.freeze()
    row = first.entitlements.get()
    reviewing.exclude(entitlement=row, why="待核", by=world.officer)
    second = world.freeze()
    with pytest.raises(Conflict, match="已列入另一批次"):
        reviewing.put_back(entitlement=row, by=world.officer)
    batch_actions.cancel(batch=second, why="重编", by=world.reviewer)
    assert reviewing.put_back(entitlement=row, by=world.officer).live
