"""In a browser: a firm confirms what it is due, officers carry it to the bank, the answer is reconciled."""

from __future__ import annotations

from datetime import date

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives.models import Batch, PayeeAccount
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.runs.keeping import forget_runs
from zhicheng.apps.ledger.models import HonourGrant, HonourScheme, Organisation
from zhicheng.apps.records.public import tables_moved_on


@pytest.fixture
def firm(town):
    forget()
    forget_runs()
    set_city(region_code="370700", name="演示市", opens_on=date(2025, 12, 16), demo=True)
    made = Organisation.objects.create(
        name="演示甲有限公司",
        name_key="演示甲有限公司",
        uscc="91370700000000001A",
        region_code="370783",
        kind="enterprise",
    )
    HonourScheme.objects.create(code="china_patent_award", name="中国专利奖", level="national")
    HonourGrant.objects.create(
        scheme_code="china_patent_award", tier="gold", granted_on=date(2025, 4, 10), round=25, level="national",
        holder_kind="enterprise", holder_name=made.name, organisation=made, uscc=made.uscc, region_code="370783",
        object_number="ZL1",
    )  # fmt: skip
    OrganisationAgent.objects.create(
        user=town.enterprise, uscc=made.uscc, organisation=made, state=AgentState.APPROVED, letter="x"
    )
    tables_moved_on(["ledger_organisation", "ledger_honourgrant", "ledger_honourscheme"])
    return made


def test_from_a_firm_s_confirmation_to_a_reconciled_payment(town, firm, open_as, tmp_path):
    reviewer = make_user("fuhe", Role.CITY_OFFICER, "370700")

    # the firm reads what it is due and says yes
    page = open_as(town.enterprise, "/incentives/", width=390)
    assert "1,000,000.00" in page.content()
    assert fits(page)
    page.fill("input[name=bank]", "演示银行")
    page.fill("input[name=account]", "6200000000001234")
    page.click("text=确认领取")
    page.wait_for_selector("text=**** 1234")
    assert PayeeAccount.objects.get().account == "6200000000001234"

    # the officer enters the budget, keeps a run and freezes a batch from it
    office = open_as(town.city_officer, "/incentives/budget/")
    office.fill("#id_year", "2025")
    office.fill("#id_amount", "2000000.00")
    office.fill("#id_document", "演示批复")
    office.click("button:has-text('登记')")
    office.goto("/incentives/runs/")
    office.click("text=按现在的台账测算")
    office.wait_for_selector("text=演示甲有限公司")
    office.click("text=据此编制批次")
    office.fill("#id_year", "2025")
    office.click("button:has-text('编制')")
    office.click("button:has-text('送审')")
    office.wait_for_selector("li.now:has-text('待复核')")
    batch = Batch.objects.get()

    # another officer looks at it, row by row, and puts it on notice
    second = open_as(reviewer, f"/incentives/batches/{batch.number}/")
    second.click("button:has-text('认可') >> nth=0")
    second.wait_for_selector("text=已核对")
    second.click("button:has-text('复核通过')")
    second.click("button:has-text('开始公示')")
    second.wait_for_selector("li.now:has-text('公示中')")

    # everybody reads the notice; it ends, the batch is approved
    public = open_as(None, f"/incentives/notices/{batch.number}/", width=390)
    assert "演示甲有限公司" in public.content()
    assert fits(public)
    set_city(region_code="370700", name="演示市", opens_on=date(2026, 1, 5), demo=True)
    second.goto(f"/incentives/batches/{batch.number}/")
    second.click("button:has-text('批准兑付')")
    second.wait_for_selector("li.now:has-text('已批准')")

    # the bank file goes out, its answer comes in and agrees to the 分
    office.goto(f"/incentives/batches/{batch.number}/orders/")
    office.click("button:has-text('生成 CSV')")
    office.wait_for_selector("text=请下载后交银行")
    with office.expect_download() as handed:
        office.click("a:has-text('下载 CSV')")
    content = handed.value.path().read_text(encoding="utf-8-sig")
    assert "6200000000001234" in content
    number = content.splitlines()[1].split(",")[0]
    answer = tmp_path / "回盘.csv"
    answer.write_text(
        f"指令编号,支付结果,金额（元）,到账日期,银行流水号\n{number},成功,1000000.00,2026-01-05,B1\n",
        encoding="utf-8",
    )
    office.goto(f"/incentives/batches/{batch.number}/orders/")
    office.set_input_files("input[type=file]", str(answer))
    office.click("button:has-text('导入并对账')")
    office.wait_for_selector("text=本次到账")
    assert batch.orders.get().status == "paid"
    page.goto("/incentives/")
    assert "已到账" in page.content()
    assert "确认领取" not in page.content()
