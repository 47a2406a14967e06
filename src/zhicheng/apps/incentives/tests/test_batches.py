"""From entitlement to money: nothing is paid twice, everything sums to the 分, and two people look at it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from zhicheng.apps.accounts.public import AuditEvent, verify_chain
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.models import BudgetEntry, Confirmation, Entitlement, PayeeAccount, PaymentOrder
from zhicheng.apps.incentives.notices import objections
from zhicheng.apps.incentives.payment import budgets, paying
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.city import AFTER, ANSWERED, AS_OF, GIVEN, NOTICED, amounts, authorised
from zhicheng.apps.ledger.models import HonourGrant, OrganisationName
from zhicheng.apps.records.public import approve as approve_change
from zhicheng.apps.records.public import propose_removal
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

GOLD = "china_patent_award/gold"
MAYOR = "mayor_quality_award/award"
BRAND = "haopin_shandong/brand"


@pytest.fixture
def batch(world):
    a, b = world.firm("甲公司"), world.firm("乙公司", "370702")
    world.honour(a, GOLD, object_number="ZL1")
    world.honour(b, MAYOR)
    world.honour(b, BRAND, object_name="乙牌")
    world.money()
    return world.freeze()


def test_a_batch_holds_what_is_due_with_every_step(batch):
    assert amounts(batch) == {
        "甲公司/china_patent_gold": "1000000.00",
        "乙公司/mayor_quality_award": "500000.00",
        "乙公司/haopin_shandong": "200000.00",
    }
    row = batch.entitlements.get(clause="weifang.china_patent_gold")
    assert [one["step"] for one in row.steps] == [
        "eligibility",
        "amount",
        "same_matter",
        "caps",
        "budget",
        "sharing",
    ]
    assert row.shares == [["市", "1000000.00"]]
    assert "weifang.china_patent_gold.yaml" in batch.catalogue


def test_freezing_again_finds_nothing_left(world, batch):
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze()


def test_an_excluded_amount_is_free_for_the_next_batch_and_cannot_be_put_back_twice(world, batch):
    row = batch.entitlements.get(clause="weifang.china_patent_gold")
    reviewing.exclude(entitlement=row, why="材料待核", by=world.officer)
    second = world.freeze()
    assert list(amounts(second)) == ["甲公司/china_patent_gold"]
    with pytest.raises(Conflict, match="已列入另一批次"):
        reviewing.put_back(entitlement=row, by=world.officer)


def test_the_database_itself_refuses_a_second_payout_of_a_matter(batch):
    row = batch.entitlements.first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_whoever_prepares_can_neither_review_nor_approve(world, batch):
    submitted = batch_actions.submit(batch=batch, by=world.officer)
    with pytest.raises(NotAllowed, match="编制人不能复核"):
        reviewing.review(batch=submitted, by=world.officer)
    with pytest.raises(Refusal, match="还有 3 项没有核对"):
        reviewing.review(batch=submitted, by=world.reviewer)
    reviewing.accept_rest(batch=submitted, by=world.reviewer)
    reviewed = reviewing.review(batch=submitted, by=world.reviewer)
    noticed = batch_actions.publish(batch=reviewed, on=NOTICED, by=world.officer)
    with pytest.raises(NotAllowed, match="编制人不能批准"):
        batch_actions.approve(batch=noticed, on=AFTER, by=world.officer)


def test_a_notice_counts_working_days_and_shows_how(world, batch):
    noticed = world.through_notice(batch)
    assert (noticed.notice_from, noticed.notice_until) == (date(2025, 12, 17), date(2025, 12, 24))
    assert any("2025-12-24" in one for one in noticed.notice_words)


def test_a_batch_is_not_approved_while_its_notice_runs_or_an_objection_is_open(world, batch):
    noticed = world.through_notice(batch)
    with pytest.raises(Refusal, match="尚未届满"):
        batch_actions.approve(batch=noticed, on=date(2025, 12, 24), by=world.reviewer)
    target = noticed.entitlements.get(clause="weifang.china_patent_gold")
    said, _ = objections.object_to(
        batch=noticed, said_by="某人", text="专利权属有争议", on=date(2025, 12, 19), entitlement=target
    )
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        batch_actions.approve(batch=noticed, on=AFTER, by=world.reviewer)
    objections.answer_objection(objection=said, finding="upheld", answer="权属确有争议", by=world.reviewer)
    approved = batch_actions.approve(batch=noticed, on=AFTER, by=world.reviewer)
    assert set(amounts(approved)) == {"乙公司/mayor_quality_award", "乙公司/haopin_shandong"}
    assert approved.orders.count() == 2


def test_an_objection_after_the_notice_is_refused(world, batch):
    noticed = world.through_notice(batch)
    with pytest.raises(Refusal, match="届满"):
        objections.object_to(batch=noticed, said_by="某人", text="晚了", on=date(2025, 12, 25))


def test_approval_without_enough_budget_is_refused_and_changes_nothing(world):
    world.honour(world.firm("丙公司"), GOLD, object_number="ZL9")
    world.money("999999.99")
    batch = world.through_notice(world.freeze())
    with pytest.raises(Refusal, match=r"缺 0\.01 元"):
        batch_actions.approve(batch=batch, on=AFTER, by=world.reviewer)
    batch.refresh_from_db()
    assert batch.status == "notice"
    assert not PaymentOrder.objects.exists()
    assert not BudgetEntry.objects.filter(kind="committed").exists()


def test_a_clause_with_money_of_its_own_does_not_draw_on_the_policy(world, batch):
    budgets.appropriate(
        policy="weifang", clause="weifang.china_patent_gold", year=2025, payer="市", amount=Decimal("1000000"),
        document="单列", by=world.officer,
    )  # fmt: skip
    world.approved(batch)
    found = {one.clause: one for one in budgets.lines(policy="weifang", year=2025)}
    assert (found["weifang.china_patent_gold"].committed, found["weifang.china_patent_gold"].left) == (
        1000000,
        0,
    )
    assert found[""].committed == 700000


def test_money_goes_out_comes_back_reconciled_and_the_budget_follows(world, batch, tmp_path):
    approved = world.approved(batch)
    files = world.sent(approved)
    assert sum(one.total for one in files) == Decimal("1700000.00")
    result = world.answered(approved, tmp_path)
    assert (result.paid, result.failed, result.total_paid) == (3, 0, Decimal("1700000.00"))
    assert set(approved.entitlements.values_list("status", flat=True)) == {"paid"}
    (line,) = budgets.lines(policy="weifang", year=2025)
    assert (line.committed, line.paid, line.left) == (0, 1700000, 98300000)
    assert batch_actions.close(batch=approved, by=world.reviewer).status == "closed"
    assert verify_chain().ok
    assert AuditEvent.objects.filter(action__startswith="policies.").count() >= 10


def test_the_same_result_file_twice_changes_nothing(world, batch, tmp_path):
    approved = world.approved(batch)
    world.sent(approved)
    first = world.answered(approved, tmp_path)
    again = paying.import_results(
        batch=approved, path=tmp_path / "回盘.csv", name="回盘.csv", on=ANSWERED, by=world.officer
    )
    assert again.pk == first.pk
    text = (tmp_path / "回盘.csv").read_text(encoding="utf-8")
    (tmp_path / "回盘2.csv").write_text(text + "\n", encoding="utf-8")
    third = paying.import_results(
        batch=approved, path=tmp_path / "回盘2.csv", name="回盘2.csv", on=ANSWERED, by=world.officer
    )
    assert (third.paid, third.unchanged, third.total_paid) == (0, 3, 0)
    assert BudgetEntry.objects.filter(kind="paid").count() == 3


def test_a_row_that_does_not_agree_to_the_fen_is_refused_and_the_rest_stands(world, batch, tmp_path):
    approved = world.approved(batch)
    world.sent(approved)
    orders = list(approved.orders.order_by("pk"))
    rows = ["指令编号,支付结果,金额,到账日期,银行流水号"]
    rows.append(f"{orders[0].number},成功,{orders[0].amount - Decimal('0.01')},2026-01-08,B0")
    rows.append(f"{orders[1].number},成功,{orders[1].amount},2026-01-08,B1")
    rows.append(f"{orders[2].number},也许,{orders[2].amount},2026-01-08,B2")
    rows.append("nobody-1,成功,1.00,2026-01-08,B3")
    path = tmp_path / "r.csv"
    path.write_bytes("\n".join(rows).encode("gb18030"))
    found = paying.import_results(batch=approved, path=path, name="r.csv", on=ANSWERED, by=world.officer)
    assert found.paid == 1
    assert [(one["row"], one["why"].split("：")[0]) for one in found.refused] == [
        ("2", "金额与指令不符"), ("4", "支付结果“也许”看不懂，应为成功或失败"), ("5", "本批次没有这一指令编号"),
    ]  # fmt: skip


def test_one_bank_reference_pays_one_order_only(world, batch, tmp_path):
    approved = world.approved(batch)
    world.sent(approved)
    rows = ["指令编号,支付结果,金额,到账日期,银行流水号"]
    rows += [f"{one.number},成功,{one.amount},2026-01-08,SAME" for one in approved.orders.order_by("pk")]
    (tmp_path / "r.csv").write_text("\n".join(rows), encoding="utf-8")
    found = paying.import_results(
        batch=approved, path=tmp_path / "r.csv", name="r.csv", on=ANSWERED, by=world.officer
    )
    assert (found.paid, len(found.refused)) == (1, 2)


def test_a_failed_payment_is_retried_once_however_often_it_is_asked(world, batch, tmp_path):
    approved = world.approved(batch)
    world.sent(approved)
    broken = approved.orders.order_by("pk").first()
    world.answered(approved, tmp_path, failed=(broken.number,))
    broken.refresh_from_db()
    assert (broken.status, broken.failure) == ("failed", "账号有误")
    with pytest.raises(Refusal, match="1 笔失败未处理"):
        batch_actions.close(batch=approved, by=world.reviewer)
    again = paying.retry(order=broken, by=world.officer)
    assert paying.retry(order=broken, by=world.officer).pk == again.pk
    assert (again.amount, again.attempt) == (broken.amount, 2)
    world.sent(approved)
    world.answered(approved, tmp_path, name="二次.csv")
    assert sum(one.amount for one in approved.orders.filter(status="paid")) == Decimal("1700000.00")
    assert batch_actions.close(batch=approved, by=world.reviewer).status == "closed"


def test_a_cancelled_order_gives_its_money_back_and_frees_its_matter(world, batch):
    approved = world.approved(batch)
    order = approved.orders.get(entitlement__clause="weifang.china_patent_gold")
    paying.cancel_order(order=order, why="单位放弃", by=world.officer)
    (line,) = budgets.lines(policy="weifang", year=2025)
    assert line.committed == 700000
    assert not Entitlement.objects.get(pk=order.entitlement_id).live


def test_an_order_without_a_confirmed_account_never_reaches_a_bank(world, batch):
    noticed = world.through_notice(batch)
    approved = batch_actions.approve(batch=noticed, on=AFTER, by=world.reviewer)
    with pytest.raises(Refusal, match="没有可支付的指令"):
        paying.export_orders(batch=approved, payer="市", payer_region="370700", form="csv", by=world.officer)
    claims.confirm_for_person(entitlement=approved.entitlements.first(), given=GIVEN, by=world.officer)
    assert paying.take_up_accounts(batch=approved, by=world.officer) == 1
    _, content = paying.export_orders(
        batch=approved, payer="市", payer_region="370700", form="csv", by=world.officer
    )
    assert content.decode("utf-8-sig").count("6200000000001234") == 1


# -- nothing twice, whatever a firm is called ------------------------------------------------------


def test_an_award_imported_again_under_the_firm_s_new_name_is_not_paid_again(world, batch, tmp_path):
    world.paid(batch, tmp_path)
    firm = world.firms["甲公司"]
    OrganisationName.objects.create(organisation=firm, name="甲公司")
    firm.name = "甲集团"
    firm.save()
    world.honour(firm, GOLD, object_number="ZL1", holder_name="甲集团")
    world.moved()
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze()


def test_an_award_once_paid_to_a_name_is_not_paid_to_the_organisation_found_later(world, tmp_path):
    world.money()
    grant = world.honour(
        None, GOLD, holder_name="丁公司", holder_kind="enterprise", object_number="ZL4", region_code="370783"
    )
    first = world.paid(world.freeze(), tmp_path)
    assert first.entitlements.get().identity == "words:丁公司"
    firm = world.firm("丁公司")
    HonourGrant.objects.filter(pk=grant.pk).update(organisation=firm, uscc=firm.uscc)
    world.moved()
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze()


def test_two_firms_merged_into_one_are_not_paid_for_what_either_has_had(world, batch, tmp_path):
    world.paid(batch, tmp_path)
    a, b = world.firms["甲公司"], world.firms["乙公司"]
    change = propose_removal(
        type_id="organisations", record=a.pk, into=b.pk, by=world.officer, why="吸收合并"
    )
    approve_change(change_set=change, by=world.reviewer)
    assert HonourGrant.objects.get(scheme_code="china_patent_award").organisation_id == b.pk
    assert Entitlement.objects.get(clause="weifang.china_patent_gold").organisation_id == b.pk
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze()


def test_a_typing_mistake_corrected_in_the_ledger_is_not_a_second_award(world, batch, tmp_path):
    world.paid(batch, tmp_path)
    HonourGrant.objects.filter(scheme_code="china_patent_award").update(object_number="ZL1X")
    world.moved()
    with pytest.raises(Refusal, match="均已列入"):
        world.freeze()


def test_a_once_only_award_given_twice_pays_once_over_the_years(world, tmp_path):
    world.money()
    world.money(year=2024)
    firm = world.firm("戊公司")
    world.honour(firm, BRAND, object_name="戊牌", granted_on=date(2024, 4, 1), round=2)
    world.paid(world.freeze(year=2024), tmp_path)
    world.honour(firm, BRAND, object_name="戊牌", granted_on=date(2025, 4, 1), round=3)
    with pytest.raises(Refusal, match="没有一项应得"):
        world.freeze(year=2025)


# -- what a firm does itself -----------------------------------------------------------------------


def test_a_firm_confirms_what_it_is_due_and_may_take_it_back_until_it_is_sent(world, batch):
    firm = world.firms["甲公司"]
    agent = authorised(world, firm)
    fact = batch.entitlements.get(organisation=firm).fact
    given = {
        "organisation": firm,
        "clause": "weifang.china_patent_gold",
        "fact": fact,
        "given": GIVEN,
        "by": agent,
    }
    yes = claims.confirm(**given, evaluation=current_evaluation(AS_OF))
    assert claims.confirm(**given, evaluation=current_evaluation(AS_OF)).pk == yes.pk
    claims.withdraw(confirmation=yes, by=agent)
    account = PayeeAccount.objects.get(pk=yes.account_id)
    assert (account.account, account.holder) == ("", "")
    claims.confirm(**given, evaluation=current_evaluation(AS_OF))
    approved = batch_actions.approve(batch=world.through_notice(batch), on=AFTER, by=world.reviewer)
    world.sent(approved)
    with pytest.raises(Conflict, match="已送银行"):
        claims.withdraw(confirmation=Confirmation.objects.get(withdrawn_at__isnull=True), by=agent)


def test_nobody_confirms_for_a_firm_without_its_letter_or_what_is_not_due(world, batch):
    firm, other = world.firms["甲公司"], world.firms["乙公司"]
    agent = authorised(world, firm)
    evaluation = current_evaluation(AS_OF)
    with pytest.raises(NotAllowed, match="没有“乙公司”的有效授权"):
        claims.confirm(
            organisation=other,
            clause="weifang.mayor_quality_award",
            fact="x",
            given=GIVEN,
            evaluation=evaluation,
            by=agent,
        )
    with pytest.raises(NotFound, match="没有“x”的应得金额"):
        claims.confirm(
            organisation=firm,
            clause="weifang.china_patent_gold",
            fact="x",
            given=GIVEN,
            evaluation=evaluation,
            by=agent,
        )


def test_account_data_lies_encrypted_and_is_shown_masked(world, batch):
    from django.db import connection

    world.confirmed(batch)
    with connection.cursor() as cursor:
        cursor.execute("select holder, bank, account from incentives_payeeaccount")
        stored = " ".join(" ".join(row) for row in cursor.fetchall())
    assert "6200000000001234" not in stored
    assert "演示企业甲" not in stored
    assert PayeeAccount.objects.first().masked == "**** 1234"


def test_a_disputed_fact_is_answered_with_a_conclusion(world, batch):
    firm = world.firms["甲公司"]
    item = claims.dispute(organisation=firm, fact="ZL1", text="不是我单位的专利", by=authorised(world, firm))
    answered = claims.answer_dispute(item=item, corrected=True, answer="已更正权利人", by=world.reviewer)
    assert answered.status == "corrected"


def test_a_stranger_from_another_city_can_do_nothing(world, batch, cast):
    for act in (batch_actions.submit, reviewing.review, batch_actions.cancel):
        more = {"why": "x"} if act is batch_actions.cancel else {}
        with pytest.raises(NotAllowed):
            act(batch=batch, by=cast.stranger, **more)
    with pytest.raises(NotAllowed):
        batch_actions.submit(batch=batch, by=cast.enterprise)


def test_a_batch_sent_back_or_given_up_keeps_the_reason_and_frees_its_matters(world, batch):
    submitted = batch_actions.submit(batch=batch, by=world.officer)
    sent_back = reviewing.send_back(batch=submitted, why="附件不全", by=world.reviewer)
    assert (sent_back.status, sent_back.why) == ("draft", "附件不全")
    again = batch_actions.submit(batch=sent_back, by=world.officer)
    assert again.why == ""
    batch_actions.cancel(batch=again, why="重新编制", by=world.reviewer)
    assert len(amounts(world.freeze())) == 3
