"""Nothing is ever paid twice: under any order of retries, re-imports, new names and mergers, and by two hands at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import cycle

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.models import Batch, BudgetEntry, Confirmation, Entitlement, PaymentOrder
from zhicheng.apps.incentives.payment import paying
from zhicheng.apps.incentives.testing.city import ANSWERED, AS_OF, make_world
from zhicheng.apps.ledger.models import HonourGrant, OrganisationName
from zhicheng.apps.records.public import approve as approve_change
from zhicheng.apps.records.public import propose_removal
from zhicheng.kernel.refusals import Refusal

GOLD = "china_patent_award/gold"
AMOUNT = Decimal("1000000.00")


def rename(world, dice):
    firm = dice.choice(sorted(world.firms.values(), key=lambda one: one.pk))
    firm.refresh_from_db()
    OrganisationName.objects.get_or_create(organisation=firm, name=firm.name)
    firm.name = f"{firm.name}改"
    firm.save()
    world.moved()


def import_again(world, dice):
    """The same award under whatever the firm is called now."""
    one = dice.choice(list(HonourGrant.objects.filter(organisation__isnull=False).order_by("pk")))
    firm = one.organisation
    world.honour(firm, GOLD, object_number=one.object_number, holder_name=firm.name)


def freeze(world, dice):
    try:
        batch = world.freeze()
    except Refusal:
        return
    world.sent(world.approved(batch))


def answer(world, dice, folder):
    """The bank answers, sometimes with a failure, sometimes with the same file again."""
    for batch in Batch.objects.filter(status="approved"):
        orders = list(batch.orders.filter(status="sent").order_by("pk"))
        failed = tuple(one.number for one in orders if dice.random() < 0.4)
        name = f"{batch.pk}-{dice.randrange(10**9)}.csv"
        if orders:
            world.answered(batch, folder, failed=failed, name=name)
            paying.import_results(batch=batch, path=folder / name, name=name, on=ANSWERED, by=world.officer)


def retry(world, dice):
    for one in PaymentOrder.objects.filter(status="failed", replaced_by__isnull=True):
        for _ in range(dice.randint(1, 3)):
            paying.retry(order=one, by=world.officer)
    for batch in Batch.objects.filter(status="approved"):
        world.sent(batch)


def merge(world, dice):
    if len(world.firms) < 2:
        return
    gone, into = dice.sample(sorted(world.firms), 2)
    change = propose_removal(
        type_id="organisations",
        record=world.firms[gone].pk,
        into=world.firms[into].pk,
        by=world.officer,
        why="合并",
    )
    approve_change(change_set=change, by=world.reviewer)
    del world.firms[gone]


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_of_events_every_award_is_paid_at_most_once_and_the_books_agree(world, tmp_path, seed):
    dice = random.Random(seed)
    for number in range(3):
        world.honour(world.firm(f"公司{number}", name_key=f"公司{number}"), GOLD, object_number=f"ZL{number}")
    world.money()
    for _ in range(10):
        act = dice.choice((rename, import_again, freeze, answer, retry, merge))
        act(world, dice, tmp_path) if act is answer else act(world, dice)
    paid = PaymentOrder.objects.filter(status="paid")
    per_award = paid.values("entitlement__object").annotate(money=Sum("amount"))
    assert all(one["money"] == AMOUNT for one in per_award)
    booked = BudgetEntry.objects.filter(kind="paid").aggregate(money=Sum("amount"))["money"] or Decimal(0)
    assert booked == (paid.aggregate(money=Sum("amount"))["money"] or Decimal(0))
    live = Entitlement.objects.filter(live=True).values_list("object", flat=True)
    assert len(live) == len(set(live))


# -- two hands at once: only where the database lets two write -------------------------------------


@pytest.fixture
def busy(transactional_db, settings, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time; the race needs PostgreSQL")
    world = make_world(settings, tmp_path / "home")
    world.honour(world.firm("甲公司", name_key="甲公司"), GOLD, object_number="ZL1")
    world.money()
    return world


def at_once(act, times=4):
    def one(_):
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_two_officers_who_freeze_at_once_make_one_live_entitlement(busy):
    from django.db import IntegrityError

    from zhicheng.apps.incentives.runs.evaluations import current_evaluation

    evaluation = current_evaluation(AS_OF)

    def act():
        try:
            return batch_actions.freeze(
                policy="weifang", year=2025, as_of=AS_OF, by=busy.officer, evaluation=evaluation
            )
        except IntegrityError as error:
            return error

    at_once(act)
    assert Entitlement.objects.filter(live=True).count() == 1


def test_one_answer_of_the_bank_read_by_several_hands_is_booked_once(busy, tmp_path):
    batch = busy.approved(busy.freeze())
    busy.sent(batch)
    (order,) = batch.orders.all()
    path = tmp_path / "r.csv"
    path.write_text(
        f"指令编号,支付结果,金额,到账日期,银行流水号\n{order.number},成功,{order.amount},2026-01-08,B1",
        encoding="utf-8",
    )
    at_once(lambda: paying.import_results(batch=batch, path=path, name="r.csv", on=ANSWERED, by=busy.officer))
    assert BudgetEntry.objects.filter(kind="paid").count() == 1


def test_a_failed_order_tried_again_by_several_hands_becomes_one_new_order(busy, tmp_path):
    batch = busy.approved(busy.freeze())
    busy.sent(batch)
    (order,) = batch.orders.all()
    busy.answered(batch, tmp_path, failed=(order.number,))
    order.refresh_from_db()
    at_once(lambda: paying.retry(order=order, by=busy.officer))
    assert batch.orders.exclude(status="failed").count() == 1


def test_consent_taken_back_while_a_bank_file_is_made_leaves_no_order_sent_without_an_account(busy):
    batch = busy.approved(busy.freeze())
    yes = Confirmation.objects.get()

    def export():
        return paying.export_orders(
            batch=batch, payer="市", payer_region="370700", form="csv", by=busy.officer
        )

    def take_back():
        with transaction.atomic():
            return claims.take_back(Confirmation.objects.select_for_update().get(pk=yes.pk), by=busy.officer)

    turns = cycle([export, take_back])

    def turn():
        return next(turns)()

    at_once(turn)
    order = batch.orders.get()
    yes.refresh_from_db()
    if order.status == "sent":
        assert yes.withdrawn_at is None
        assert paying.export_again(file=order.bank_file, by=busy.officer)
    else:
        assert (order.status, order.account) == ("ready", None)
        assert yes.withdrawn_at is not None
