"""快申快享: a firm applies, is sent back once, is accepted; the ledger's review makes the fact, and the money follows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.cases.public import handling_of, limits_of, standings_of
from zhicheng.apps.cases.ticking import tick
from zhicheng.apps.incentives.applications import applying, deciding
from zhicheng.apps.incentives.applications.checks import standing_of
from zhicheng.apps.incentives.applications.facts import as_if
from zhicheng.apps.incentives.applications.windows import OutsideWindow, windows
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.models import Confirmation, Entitlement, PayeeAccount, PolicyApplication
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.incentives.runs.evaluations import current_evaluation, current_program
from zhicheng.apps.incentives.runs.keeping import check_run, keep_run
from zhicheng.apps.incentives.testing.applications import (
    DEMO,
    accept,
    drafted,
    filled,
    handed_in,
    install,
    pledge,
)
from zhicheng.apps.incentives.testing.city import AFTER, AS_OF, GIVEN, NOTICED, authorised
from zhicheng.apps.records.public import ChangeSet, approve, undo
from zhicheng.engines.incentives.answers import CANNOT_TELL, ENTITLED
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

COST, PREMIUM, CASE = f"{DEMO}.pledge_cost", f"{DEMO}.insurance", f"{DEMO}.enforcement"
POLICY = {"premium": "12000", "paid_on": "2025-05-06", "policy_number": "B-1"}


@pytest.fixture
def firm(city, settings):
    install(settings.ZHICHENG_HOME)
    found = city.firms["甲公司"]
    pledge(city, found, "ZY-1")
    return found


@pytest.fixture
def agent(city, firm):
    return authorised(city, firm)


def answer(firm, clause, fact, as_of=AS_OF):
    found = current_evaluation(as_of).explain(firm.uscc, clause)
    return next((one for one in found if one.fact == fact), None)


def test_a_pledge_of_the_ledger_is_chosen_and_only_what_is_missing_is_asked(city, firm, agent):
    assert answer(firm, COST, "ZY-1").status == CANNOT_TELL
    row = drafted(firm, COST, agent, fact="ZY-1")
    row = applying.save(
        application=row, values={"cost": "20,000", "repaid_on": "2025-06-30", "loan": "ZY-1"}, by=agent,
        evaluation=current_evaluation(AS_OF), declared=True, account=GIVEN,
    )  # fmt: skip
    # what the ledger says alike is not kept a second time
    assert row.values == {"cost": "20000"}
    found = as_if(row, current_evaluation(AS_OF), on=AS_OF)
    assert (found.status, f"{found.amount:.2f}") == (ENTITLED, "6000.00")
    assert drafted(firm, COST, agent, fact="ZY-1").pk == row.pk


def test_from_the_draft_to_the_money_on_the_account(city, firm, agent, tmp_path):
    row = filled(firm, PREMIUM, agent, POLICY)
    sent = applying.submit(application=row, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)
    assert sent.code
    assert sent.application.case_number.endswith("惠申〔2025〕1号")
    assert not sent.application.proofs.exists()
    again = applying.submit(application=row, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)
    assert again.application.case_number == sent.application.case_number
    assert limits_of([again.application.case_number], "pay")[again.application.case_number].due_on == date(
        2026, 3, 17
    )

    row = deciding.decide(
        application=again.application, step="return", words="请补发票", by=city.officer, on=date(2025, 12, 18)
    )
    assert standing_of(row).stage_id == "correcting"
    assert limits_of([row.case_number], "pay")[row.case_number].due_on is None
    corrected = {**POLICY, "premium": "10000.50"}
    row = applying.save(
        application=row, values=corrected, by=agent, evaluation=current_evaluation(AS_OF), declared=True
    )
    applying.lay_proof(
        application=row, material="invoice", name="fp.pdf", content=b"%PDF-1.4 x", by=agent, on=AS_OF
    )
    row = applying.correct(
        application=row, evaluation=current_evaluation(AS_OF), by=agent, on=date(2025, 12, 23)
    )
    assert limits_of([row.case_number], "pay")[row.case_number].due_on == date(2026, 3, 20)
    with pytest.raises(Refusal, match="一次性告知"):
        deciding.decide(application=row, step="return", words="再补", by=city.officer, on=date(2025, 12, 24))

    row = accept(row, city.officer, date(2025, 12, 24))
    assert standing_of(row).stage_id == "accepted"
    # nothing is due before another officer has approved the facts in the ledger's own review
    assert answer(firm, PREMIUM, "B-1") is None
    change = ChangeSet.objects.get(key=row.change_set)
    assert (change.status, change.type, change.new) == (ChangeSet.Status.SUBMITTED, "application_facts", 4)
    with pytest.raises(NotAllowed):
        approve(change_set=change, by=city.officer)
    approve(change_set=change, by=city.reviewer)
    due = answer(firm, PREMIUM, "B-1")
    assert (due.status, f"{due.amount:.2f}") == (ENTITLED, "5000.25")

    # the claim comes into the next batch, and its money closes the case
    budgets.appropriate(
        policy=DEMO, year=2025, payer="市", amount=Decimal(100000), document="演示", by=city.officer
    )
    batch = city.freeze(policy=DEMO)
    assert [(one.name, f"{one.amount:.2f}") for one in batch.entitlements.all()] == [("甲公司", "5000.25")]
    batch = batch_actions.approve(batch=city.through_notice(batch), on=AFTER, by=city.reviewer)
    city.sent(batch)
    city.answered(batch, tmp_path)
    assert batch.orders.get().status == "paid"
    standing = standings_of([row.case_number])[row.case_number]
    assert (standing.closed, standing.stage_id) == (True, "closed")
    assert limits_of([row.case_number], "pay")[row.case_number].state == "met"
    other = filled(firm, PREMIUM, agent, POLICY)
    with pytest.raises(Conflict, match=r"已在申报|已列入批次"):
        applying.submit(application=other, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)


def test_an_old_run_repeats_to_the_fen_after_a_later_acceptance(city, firm, agent):
    before = keep_run(as_of=AS_OF, by=city.officer)
    row = filled(firm, PREMIUM, agent, POLICY)
    row = handed_in(row, agent)
    row = accept(row, city.officer, AS_OF)
    approve(change_set=ChangeSet.objects.get(key=row.change_set), by=city.reviewer)
    after = keep_run(as_of=AS_OF, by=city.officer)
    assert after.total - before.total == Decimal("6000.00")
    assert check_run(run=before) == []
    assert check_run(run=after) == []


def test_outside_the_window_the_refusal_names_its_days_and_the_next_one(city, firm, agent):
    late = filled(firm, PREMIUM, agent, {**POLICY, "paid_on": "2024-05-06", "policy_number": "B-2"})
    with pytest.raises(
        OutsideWindow, match=r"2024 年事实的申报期为 2025-03-01 至 2025-04-30.*2025-12-16"
    ) as refused:
        applying.submit(application=late, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)
    assert "2026-12-01 至 2027-01-15" in refused.value.fix
    early = filled(firm, PREMIUM, agent, POLICY)
    with pytest.raises(OutsideWindow, match="自 2025-12-01 起"):
        applying.submit(
            application=early, evaluation=current_evaluation(AS_OF), by=agent, on=date(2025, 11, 30)
        )
    none = filled(firm, PREMIUM, agent, {**POLICY, "paid_on": "2023-05-06", "policy_number": "B-3"})
    with pytest.raises(OutsideWindow, match="没有公布 2023 年"):
        applying.submit(application=none, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)


def test_windows_say_what_closes_soon_and_what_is_always_open(city, firm):
    found = windows(current_program(), AS_OF)
    assert [(one.year, one.open, one.days, len(one.clauses)) for one in found] == [
        (2025, True, 30, 2), (None, True, None, 1),
    ]  # fmt: skip
    assert [one.days for one in windows(current_program(), date(2026, 11, 21))] == [None, 10]
    assert windows(current_program(), date(2026, 1, 1))[0].closing


def test_everything_that_is_missing_is_named_at_once(city, firm, agent):
    row = drafted(firm, PREMIUM, agent)
    with pytest.raises(Refusal) as refused:
        applying.submit(application=row, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)
    for word in ("保费", "缴费日", "保单号", "收款账户", "声明"):
        assert word in refused.value.what
    row = applying.save(application=row, values=POLICY, by=agent, evaluation=current_evaluation(AS_OF))
    with pytest.raises(Refusal, match="证明材料"):
        applying.submit(application=row, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)


@pytest.mark.parametrize(
    ("values", "words"),
    [({"premium": "很多"}, "金额"), ({"premium": "1.005"}, "金额"), ({"premium": "-1"}, "金额"), ({"premium": "NaN"}, "金额"),
     ({"paid_on": "2025-02-30"}, "日期"), ({"policy_number": "x" * 300}, "文字")],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused_with_its_label(city, firm, agent, values, words):
    row = drafted(firm, PREMIUM, agent)
    with pytest.raises(Refusal, match=words):
        applying.save(application=row, values=values, by=agent, evaluation=current_evaluation(AS_OF))


def test_a_matter_is_applied_for_once_and_is_free_again_after_it_was_taken_back(city, firm, agent):
    first = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    second = filled(firm, PREMIUM, agent, POLICY)
    with pytest.raises(Conflict, match="已在申报"):
        applying.submit(application=second, evaluation=current_evaluation(AS_OF), by=agent, on=AS_OF)
    first = applying.withdraw(application=first, by=agent, on=AS_OF)
    assert not first.live
    assert first.account.account == ""
    assert handed_in(second, agent).case_number


def test_a_draft_is_deleted_with_its_proofs_and_account_and_a_sent_one_is_not(city, firm, agent):
    row = filled(firm, PREMIUM, agent, POLICY)
    applying.delete(application=row, by=agent)
    assert not PolicyApplication.objects.exists()
    assert not PayeeAccount.objects.exists()
    sent = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    with pytest.raises(Conflict, match="不能删除"):
        applying.delete(application=sent, by=agent)
    with pytest.raises(Conflict, match="正在审核"):
        applying.save(application=sent, values=POLICY, by=agent, evaluation=current_evaluation(AS_OF))


def test_nobody_applies_for_another_firm_or_for_what_needs_no_application(city, firm, agent):
    other = city.firms["乙公司"]
    with pytest.raises(NotAllowed):
        drafted(other, PREMIUM, agent)
    with pytest.raises(Refusal, match="不需要申报"):
        drafted(firm, "weifang.china_patent_gold", agent)
    with pytest.raises(NotFound):
        drafted(firm, COST, agent, fact="ZY-99")
    with pytest.raises(NotAllowed):
        deciding.decide(
            application=filled(firm, PREMIUM, agent, POLICY), step="refuse", words="不符", by=agent, on=AS_OF
        )


def test_what_differs_from_the_ledger_or_is_not_due_is_not_accepted(city, firm, agent):
    row = drafted(firm, COST, agent, fact="ZY-1")
    values = {"cost": "20000", "repaid_on": "2025-06-01", "loan": "ZY-1"}
    row = applying.save(
        application=row,
        values=values,
        by=agent,
        evaluation=current_evaluation(AS_OF),
        declared=True,
        account=GIVEN,
    )
    applying.lay_proof(
        application=row, material="proof", name="a.pdf", content=b"%PDF-1.4", by=agent, on=AS_OF
    )
    row = handed_in(row, agent)
    with pytest.raises(Refusal, match="“还清日”与台账所载不一致"):
        accept(row, city.officer, AS_OF)
    lost = {"case_number": "示例案号", "cost": "40000", "won": "false", "closed_on": "2025-05-06"}
    row = handed_in(filled(firm, CASE, agent, lost), agent)
    with pytest.raises(Refusal, match="生效文书支持本方"):
        accept(row, city.officer, AS_OF)
    assert standing_of(row).stage_id == "received"
    row = deciding.decide(application=row, step="refuse", words="没有胜诉", by=city.officer, on=AS_OF)
    assert not row.live
    assert AuditEvent.objects.filter(action="policies.refuse_application").exists()


def test_a_fact_that_the_ledger_holds_for_another_firm_is_not_accepted(city, firm, agent):
    pledge(city, city.firms["乙公司"], "ZY-2")
    values = {"cost": "20000", "repaid_on": "2025-06-01", "loan": "ZY-2"}
    row = handed_in(filled(firm, COST, agent, values), agent)
    with pytest.raises(Refusal, match="属于“乙公司”"):
        accept(row, city.officer, AS_OF)


def test_a_correction_that_never_comes_counts_as_taken_back(city, firm, agent):
    row = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    deciding.decide(application=row, step="return", words="请补", by=city.officer, on=AS_OF)
    tick(on=date(2026, 2, 2))
    row.refresh_from_db()
    assert not row.live
    assert standing_of(row).closed


def test_accepted_but_not_paid_ends_with_a_reason_and_erases_the_account(city, firm, agent):
    row = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    row = accept(row, city.officer, AS_OF)
    assert Confirmation.objects.get().withdrawn_at is None
    row = deciding.decide(application=row, step="end", words="预算已用尽", by=city.officer, on=NOTICED)
    assert Confirmation.objects.get().withdrawn_at is not None
    row.account.refresh_from_db()
    assert row.account.account == ""


def test_a_review_that_was_undone_takes_the_fact_out_again_and_can_be_staged_again(city, firm, agent):
    row = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    row = accept(row, city.officer, AS_OF)
    with pytest.raises(Conflict, match="不必再送"):
        deciding.stage_again(application=row, by=city.officer)
    change = approve(change_set=ChangeSet.objects.get(key=row.change_set), by=city.reviewer)
    assert answer(firm, PREMIUM, "B-1").status == ENTITLED
    undo(change_set=change, by=city.reviewer, why="核对有误")
    assert answer(firm, PREMIUM, "B-1") is None
    assert deciding.stage_again(application=row, by=city.officer).change_set != str(change.key)


def test_the_firm_s_yes_stands_with_the_acceptance_and_may_be_given_again(city, firm, agent):
    row = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    row = accept(row, city.officer, AS_OF)
    approve(change_set=ChangeSet.objects.get(key=row.change_set), by=city.reviewer)
    claims.withdraw(confirmation=Confirmation.objects.get(), by=agent)
    claims.confirm(
        organisation=firm,
        clause=PREMIUM,
        fact="B-1",
        given=GIVEN,
        evaluation=current_evaluation(AS_OF),
        by=agent,
    )
    city.freeze(policy=DEMO)
    assert Entitlement.objects.filter(clause=PREMIUM).count() == 1


def test_a_case_of_this_kind_is_opened_nowhere_else(city, firm, agent):
    from zhicheng.apps.accounts.testing import signed_in

    browser = signed_in(agent)
    assert "惠企政策申报" not in browser.get("/cases/new/").content.decode()
    made = browser.post(
        "/api/v1/cases",
        {"matter": "policy_application", "region": "370700", "title": "x"},
        content_type="application/json",
    )
    assert made.status_code in {403, 422}
    county = make_user("waixian", Role.COUNTY_OFFICER, "370702")
    row = handed_in(filled(firm, PREMIUM, agent, POLICY), agent)
    with pytest.raises(NotAllowed):
        deciding.decide(application=row, step="refuse", words="x", by=county, on=AS_OF + timedelta(days=1))
    assert handling_of(row.case_number)


def demo_played(city):
    from zhicheng.apps.incentives.demo.applications import build_applications

    set_city(region_code="370700", name="演示市", opens_on=AS_OF, demo=True)
    cast = {
        "officer": city.officer, "reviewer": city.reviewer, "enterprise": authorised(city, city.firms["甲公司"]),
    }  # fmt: skip
    build_applications(cast)
    build_applications(cast)


def test_the_cases_of_the_demo_city_s_applications_run_on_real_days_and_none_is_overdue(city, settings):
    from django.utils import timezone

    from zhicheng.apps.cases.models import Handling
    from zhicheng.apps.cases.ticking import tick
    from zhicheng.apps.incentives.applications.queries import filtered

    demo_played(city)
    now, days = timezone.localdate(), [one.row.applied_on for one in shown_of(city)]
    filed = sorted(Handling.objects.values_list("received_on", flat=True))
    assert [(now - one).days for one in filed] == [8, 6, 2]
    # the window is asked in the city's own days
    assert sorted((AS_OF - one).days for one in days if one) == [2, 6, 8]
    assert not any(one.late for one in shown_of(city))
    assert not filtered(city.officer, {"left": "late"}, AS_OF).exists()
    tick(on=now, send=False)
    assert [one.stage for one in shown_of(city)] == ["", "received", "correcting", "accepted"]


def shown_of(city):
    from zhicheng.apps.incentives.firms.lists import applications_page

    return applications_page(city.firms["甲公司"], AS_OF, "").rows


def test_the_demo_city_shows_an_application_in_each_state_and_plays_them_once(city, settings):
    demo_played(city)
    shown = shown_of(city)
    assert [one.stage for one in shown] == ["", "received", "correcting", "accepted"]
    assert all(one.row.synthetic for one in shown)
    assert ChangeSet.objects.get(key=shown[-1].row.change_set).synthetic
