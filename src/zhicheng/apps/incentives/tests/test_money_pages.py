"""Pages of payment, budget and clawbacks."""

from __future__ import annotations

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import Batch, BudgetEntry
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.ledger.models import HonourGrant

ROOM = "/incentives/"


def text(response) -> str:
    return response.content.decode()


def take(browser, batch, step, **more):
    return browser.post(f"{ROOM}batches/{batch.number}/step/", {"step": step, **more}, follow=True)


def paid_on_pages(city, batch):
    approved = city.approved(batch)
    browser = signed_in(city.officer)
    orders = f"{ROOM}batches/{batch.number}/orders/"
    browser.post(orders + "bank/", {"payer": "市", "payer_region": "370700", "form": "csv"})
    content = browser.get(f"{orders}bank/{batch.bank_files.get().pk}/").content.decode()
    lines = ["指令编号,支付结果,金额,到账日期,银行流水号,失败原因"]
    for number, one in enumerate(approved.orders.order_by("pk")):
        assert one.number in content
        state = "失败" if number == 0 else "成功"
        lines.append(f"{one.number},{state},{one.amount},2026-01-08,BK{one.pk},账号有误")
    return browser, orders, "\n".join(lines)


def test_a_payment_is_sent_reconciled_retried_and_closed_on_pages(city, batch, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser, orders, answer = paid_on_pages(city, batch)
    given = SimpleUploadedFile("回盘.csv", (answer + "\nnobody,成功,1.00,2026-01-08,B9,").encode("gb18030"))
    shown = text(browser.post(orders + "results/", {"file": given}, follow=True))
    assert "到账 2，失败 1，不变 0，未采纳 1" in shown
    assert "本批次没有这一指令编号" in shown
    failed = batch.orders.get(status="failed")
    browser.post(f"{orders}{failed.pk}/step/", {"step": "retry"})
    browser.post(orders + "bank/", {"payer": "市", "payer_region": "370700", "form": "xlsx"})
    city.answered(Batch.objects.get(), tmp_path, name="二次.csv")
    take(browser, batch, "close")
    batch.refresh_from_db()
    assert batch.status == "closed"
    assert (
        sum(one.amount for one in BudgetEntry.objects.filter(kind="paid"))
        == batch.orders.get(number=failed.number).amount + 1_500_000
    )


def test_payment_pages_are_for_whoever_pays(city, batch, cast):
    city.approved(batch)
    for person in (cast.county_officer, cast.department, cast.enterprise):
        browser = signed_in(person)
        assert browser.get(f"{ROOM}batches/{batch.number}/orders/").status_code in {403, 404}
        assert browser.post(f"{ROOM}batches/{batch.number}/orders/bank/", {"payer": "市"}).status_code in {
            403,
            404,
        }


def test_a_clawback_is_found_received_and_kept_out_of_the_budget(city, batch, tmp_path):
    city.paid(batch, tmp_path)
    HonourGrant.objects.filter(object_number="ZL1").update(revoked_on="2026-01-10")
    city.moved()
    from zhicheng.apps.accounts.public import set_city

    set_city(region_code="370700", name="演示市", opens_on="2026-02-01", demo=True)
    browser = signed_in(city.officer)
    shown = text(browser.post(ROOM + "clawbacks/check/", follow=True))
    assert "新发起追回 1 件" in shown
    assert "甲公司" in shown
    number = batch.entitlements.get(name="甲公司").clawbacks.get().pk
    step = f"{ROOM}clawbacks/{number}/step/"
    assert browser.post(step, {"step": "receive", "amount": "1000000.01"}).status_code == 422
    part = browser.post(step, {"step": "receive", "amount": "30万"}, follow=True)
    assert "还差 700,000.00 元" in text(part)
    rest = browser.post(step, {"step": "receive", "amount": "700,000.00"}, follow=True)
    assert "已全部追回" in text(rest)
    (line,) = budgets.lines(policy="weifang", year=2025)
    assert line.recovered == 1_000_000


def test_the_budget_is_entered_shown_and_taken_away(browser):
    form = {
        "policy": "weifang",
        "clause": "",
        "year": 2026,
        "payer": "市",
        "amount": "500000.00",
        "document": "演示批复",
    }
    shown = text(browser.post(ROOM + "budget/", form, follow=True))
    assert "500,000.00" in shown
    assert browser.post(ROOM + "budget/", {**form, "amount": "-500000.01"}).status_code == 422
    assert "500000.00" in text(browser.get(ROOM + "budget/export.csv", {"year": "2026"}))


def test_the_days_of_a_notice_are_a_setting(city, browser, batch):
    browser.post(
        ROOM + "settings/",
        {
            "notice_days": 7, "trimmed": 1, "least_scores": 5, "fraud_years": 5, "freed_seat": "next", "quorum": "all",
            "threshold": "half", "vote_base": "members", "equal_votes": "second", "absent": "zero", "decision_when": "after",
        },
    )  # fmt: skip
    noticed = city.through_notice(batch)
    assert str(noticed.notice_until) == "2025-12-26"
