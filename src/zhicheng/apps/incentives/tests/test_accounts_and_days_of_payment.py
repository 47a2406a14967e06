"""An account given late reaches the order that waits for it, and no money arrives on a day that has not come."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from zhicheng.apps.accounts.public import AuditEvent
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.payment import paying
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.city import AFTER, ANSWERED, AS_OF, GIVEN, authorised

GOLD = "china_patent_award/gold"


@pytest.fixture
def batch(world):
    for number, name in enumerate(("甲公司", "乙公司", "丙公司")):
        world.honour(world.firm(name), GOLD, object_number=f"ZL{number}")
    world.money()
    return world.freeze()


def test_money_that_is_to_arrive_on_a_day_to_come_is_refused_with_its_day(world, batch, tmp_path):
    approved = world.approved(batch)
    world.sent(approved)
    first, second, third = approved.orders.order_by("pk")
    rows = ["指令编号,支付结果,金额,到账日期,银行流水号"]
    rows.append(f"{first.number},成功,{first.amount},{ANSWERED + timedelta(days=1)},B1")
    rows.append(f"{second.number},成功,{second.amount},{ANSWERED},B2")
    rows.append(f"{third.number},失败,{third.amount},{ANSWERED + timedelta(days=1)},")
    path = tmp_path / "r.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    found = paying.import_results(batch=approved, path=path, name="r.csv", on=ANSWERED, by=world.officer)
    assert (found.paid, found.failed) == (1, 1)
    (told,) = found.refused
    assert (told["row"], told["number"]) == ("2", first.number)
    assert told["why"].startswith("到账日期 2026-01-10 晚于今天（2026-01-09）")
    assert "2026-01-10" in told["value"]
    first.refresh_from_db()
    assert (first.status, first.paid_on) == ("sent", None)


def test_an_account_given_after_the_approval_goes_to_the_order_that_waits_for_it(world, batch):
    firm = world.firms["甲公司"]
    agent = authorised(world, firm)
    approved = batch_actions.approve(batch=world.through_notice(batch), on=AFTER, by=world.reviewer)
    order = approved.orders.get(entitlement__organisation=firm)
    assert order.account is None
    given = {
        "organisation": firm, "clause": order.entitlement.clause, "fact": order.entitlement.fact, "given": GIVEN,
        "evaluation": current_evaluation(AS_OF), "by": agent,
    }  # fmt: skip
    yes = claims.confirm(**given)
    order.refresh_from_db()
    assert order.account_id == yes.account_id
    claims.confirm(**given)
    events = AuditEvent.objects.filter(action="policies.take_up_accounts", subject=f"batch:{batch.number}")
    assert events.get().by == agent, "once, though the firm has confirmed twice"
    assert json.loads(events.get().after_json) == {"orders": 1, "confirmation": yes.pk}
    assert approved.orders.filter(account__isnull=True).count() == 2, "the others still wait for theirs"
    assert paying.take_up_accounts(batch=approved, by=world.officer) == 0


def test_an_order_that_was_cancelled_takes_no_account_given_later(world, batch):
    firm = world.firms["甲公司"]
    agent = authorised(world, firm)
    approved = batch_actions.approve(batch=world.through_notice(batch), on=AFTER, by=world.reviewer)
    order = approved.orders.get(entitlement__organisation=firm)
    paying.cancel_order(order=order, why="单位放弃", by=world.officer)
    claims.confirm(
        organisation=firm, clause=order.entitlement.clause, fact=order.entitlement.fact, given=GIVEN,
        evaluation=current_evaluation(AS_OF), by=agent,
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.status, order.account_id) == ("cancelled", None)
