"""Money is asked back without anybody asking: whatever ends, and however the software learns of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.utils import timezone

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.incentives.commands import policies
from zhicheng.apps.incentives.models import Clawback, PayoutSettings
from zhicheng.apps.incentives.payment import budgets, clawbacks
from zhicheng.apps.incentives.runs.evaluations import barred
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.apps.ledger.models import HonourGrant, Patent, PatentEvent
from zhicheng.apps.records.public import Draft, propose
from zhicheng.apps.records.public import approve as approve_change
from zhicheng.kernel.refusals import Conflict, Refusal

GOLD = "china_patent_award/gold"
NUMBER = "2017106018623"
LATER = date(2026, 3, 2)


@pytest.fixture
def paid(world, tmp_path):
    """An award for a patent, paid; the city has moved on to the next spring."""
    firm = world.firm("甲公司", name_key="甲公司")
    world.firm("乙公司", "370702", name_key="乙公司")
    world.patent = Patent.objects.create(
        application_number=NUMBER, kind="invention", region_code="370783", updated_at=timezone.now()
    )
    world.grant = world.honour(firm, GOLD, object_number="ZL201710601862.3")
    world.moved("ledger_patent")
    world.money()
    batch = world.paid(world.freeze(), tmp_path)
    set_city(region_code="370700", name="演示市", opens_on=LATER, demo=True)
    return batch


def changed(world, callbacks, kind, record, **values):
    """A change of the ledger through its own review, as an import or a page makes it."""
    change = propose(
        draft=Draft(type=kind, record=record.pk, values=values), by=world.officer, why="台账更正"
    )
    with callbacks(execute=True):
        approve_change(change_set=change, by=world.reviewer)


def test_an_award_revoked_in_the_ledger_is_asked_back(world, paid, django_capture_on_commit_callbacks):
    changed(world, django_capture_on_commit_callbacks, "honours", world.grant, revoked_on="2026-03-01")
    claw = Clawback.objects.get()
    assert (claw.reason, claw.amount, claw.opened_by) == ("revoked", Decimal("1000000.00"), None)
    assert "撤销日 2026-03-01" in claw.words


def test_a_patent_declared_abnormal_after_payment_is_asked_back(
    world, paid, django_capture_on_commit_callbacks
):
    changed(world, django_capture_on_commit_callbacks, "patents", world.patent, abnormal_on="2026-02-20")
    claw = Clawback.objects.get()
    assert (claw.reason, claw.amount) == ("abnormal", Decimal("1000000.00"))
    assert "2026-02-20 认定为非正常专利申请" in claw.words


def test_an_award_that_turns_out_to_be_another_firm_s_is_asked_back_and_due_to_the_right_one(
    world, paid, django_capture_on_commit_callbacks
):
    right = world.firms["乙公司"]
    changed(
        world, django_capture_on_commit_callbacks, "honours", world.grant, holder_name=right.name, uscc=right.uscc
    )  # fmt: skip
    claw = Clawback.objects.get()
    assert (claw.reason, claw.amount) == ("wrong_payee", Decimal("1000000.00"))
    assert "现登记为 乙公司，付给了 甲公司" in claw.words


@pytest.mark.parametrize(("kind", "words"), [("lapsed", "未缴年费终止"), ("invalidated", "宣告全部无效")])
def test_a_patent_that_ends_on_a_day_to_come_is_found_on_that_day_by_the_nightly_round(
    world, paid, kind, words
):
    PatentEvent.objects.create(patent=world.patent, kind=kind, on_date=date(2026, 3, 10))
    world.moved("ledger_patent", "ledger_patentevent")
    assert "新发起追回 0 件" in tick("2026-03-09")
    assert words in tick("2026-03-10")
    assert "新发起追回 0 件" in tick("2026-03-11")
    claw = Clawback.objects.get()
    assert (claw.reason, claw.amount) == ("lapsed", Decimal("1000000.00"))


def tick(day, *more):
    result = CliRunner().invoke(policies, ["tick", "--on", day, *more])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_nightly_round_tells_programs_what_it_opened(world, paid):
    HonourGrant.objects.update(revoked_on=date(2026, 3, 1))
    world.moved()
    (row,) = json.loads(tick("2026-03-02", "--format", "json"))
    assert (row["reason"], row["amount"], row["clause"]) == (
        "revoked",
        "1000000.00",
        "weifang.china_patent_gold",
    )


def test_a_patent_restored_before_anybody_looked_is_not_asked_back(world, paid):
    for kind, day in (("lapsed", date(2026, 3, 1)), ("restored", date(2026, 3, 5))):
        PatentEvent.objects.create(patent=world.patent, kind=kind, on_date=day)
    world.moved("ledger_patent", "ledger_patentevent")
    assert clawbacks.check_paid(on=date(2026, 3, 6)) == []


def test_a_clawback_closed_by_an_officer_stays_closed_but_another_ground_opens_another(world, paid):
    PatentEvent.objects.create(patent=world.patent, kind="lapsed", on_date=date(2026, 3, 1))
    world.moved("ledger_patent", "ledger_patentevent")
    (claw,) = clawbacks.check_paid(on=LATER)
    clawbacks.close(clawback=claw, why="已补缴年费", by=world.officer)
    assert clawbacks.check_paid(on=LATER) == []
    HonourGrant.objects.update(revoked_on=date(2026, 3, 1))
    world.moved()
    (again,) = clawbacks.check_paid(on=LATER)
    assert again.reason == "revoked"


def test_a_fraud_carries_the_years_of_the_setting_for_clauses_that_are_silent(world, paid):
    PayoutSettings.objects.update_or_create(pk=1, defaults={"fraud_years": 5})
    claw = clawbacks.open_by_hand(
        entitlement=paid.entitlements.get(), reason="fraud", words="伪造证书", on=LATER, by=world.officer
    )
    assert claw.barred_until == date(2031, 3, 2)
    (listed,) = barred()
    assert (listed["beneficiary"], listed["from_on"], listed["until_on"]) == (
        world.firms["甲公司"].uscc, "2026-03-02", "2031-03-02",
    )  # fmt: skip


def test_the_clause_says_how_long_a_fraud_counts_whatever_the_setting(world, paid):
    PayoutSettings.objects.update_or_create(pk=1, defaults={"fraud_years": 0})
    claw = clawbacks.open_by_hand(
        entitlement=paid.entitlements.get(), reason="fraud", words="伪造证书", on=LATER, by=world.officer
    )
    # nothing by the setting; a clause that names its years still finds the day
    assert claw.barred_until is None
    assert [(one["from_on"], one["until_on"]) for one in barred()] == [("2026-03-02", "2026-03-02")]


def test_a_fraud_that_was_not_one_bars_nobody(world, paid):
    claw = clawbacks.open_by_hand(
        entitlement=paid.entitlements.get(), reason="fraud", words="伪造证书", on=LATER, by=world.officer
    )
    clawbacks.close(clawback=claw, why="复核不成立", by=world.officer)
    assert barred() == []


def test_money_comes_back_in_parts_and_no_fen_more_than_was_asked(world, paid):
    HonourGrant.objects.update(revoked_on=date(2026, 3, 1))
    world.moved()
    (claw,) = clawbacks.check_paid(on=LATER)
    clawbacks.receive(clawback=claw, amount=Decimal("333333.33"), by=world.officer)
    clawbacks.receive(clawback=claw, amount=Decimal("333333.33"), by=world.officer)
    with pytest.raises(Refusal, match=r"不超过 333333\.34 元"):
        clawbacks.receive(clawback=claw, amount=Decimal("333333.35"), by=world.officer)
    done = clawbacks.receive(clawback=claw, amount=Decimal("333333.34"), by=world.officer)
    assert (done.status, done.recovered) == ("recovered", Decimal("1000000.00"))
    (line,) = budgets.lines(policy="weifang", year=2025)
    assert (line.paid, line.recovered) == (Decimal("1000000.00"), Decimal("1000000.00"))
    with pytest.raises(Conflict):
        clawbacks.receive(clawback=claw, amount=Decimal("0.01"), by=world.officer)


def test_nothing_paid_means_nothing_to_ask_back(world):
    world.honour(world.firm("甲公司"), GOLD, object_number="ZL1")
    row = world.freeze().entitlements.get()
    assert clawbacks.check_paid(on=AS_OF) == []
    with pytest.raises(Refusal, match="没有到账"):
        clawbacks.open_by_hand(entitlement=row, reason="fraud", words="x", on=AS_OF, by=world.officer)
