"""In a browser: a firm applies within a window, corrects once, is accepted, reviewed, evaluated and listed in a batch."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests.browser.conftest import fits
from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives.demo.policies import POLICY, install
from zhicheng.apps.incentives.models import Batch, PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.runs.keeping import forget_runs
from zhicheng.apps.ledger.models import Organisation
from zhicheng.apps.records.public import tables_moved_on


@pytest.fixture
def firm(town):
    forget()
    forget_runs()
    install(Path(settings.ZHICHENG_HOME))
    set_city(region_code="370700", name="演示市", opens_on=date(2025, 12, 16), demo=True)
    made = Organisation.objects.create(
        name="演示甲有限公司", name_key="演示甲有限公司", uscc="91370700000000001A", region_code="370783", kind="enterprise"
    )  # fmt: skip
    OrganisationAgent.objects.create(
        user=town.enterprise, uscc=made.uscc, organisation=made, state=AgentState.APPROVED, letter="x"
    )
    tables_moved_on(["ledger_organisation", "ledger_honourgrant"])
    return made


def test_from_a_firm_s_draft_to_its_amount_in_a_batch(town, firm, open_as, tmp_path):
    reviewer = make_user("fuhe", Role.CITY_OFFICER, "370700")
    proof = tmp_path / "baodan.pdf"
    proof.write_bytes(b"%PDF-1.4 demo")

    # the firm finds the open window, fills in what the clause asks for, and sees what it would get
    page = open_as(town.enterprise, "/incentives/", width=390)
    assert fits(page)
    page.click("li:has-text('天后截止') .clause:has-text('保费补助') >> text=申报")
    page.click("text=开始填写")
    page.fill("#v-premium", "12000")
    page.fill("#v-paid_on", "2025-05-06")
    page.fill("#v-policy_number", "B-1")
    page.set_input_files("#file-proof", str(proof))
    page.click("button:has-text('保存，看测算')")
    page.wait_for_selector("text=6,000.00")
    assert fits(page)
    page.fill("input[name=bank]", "演示银行")
    page.fill("input[name=account]", "6200000000001234")
    page.check("#declared")
    page.click("button:has-text('提交申报')")
    page.wait_for_selector("text=查询码")
    row = PolicyApplication.objects.get()
    own = f"/incentives/own/applications/{row.pk}/"

    # the officer sees both sides and sends it back once
    office = open_as(town.city_officer, "/incentives/applications/")
    office.click(f"text={row.case_number}")
    office.wait_for_selector("text=台账没有")
    office.click("summary:has-text('一次性告知补正')")
    office.fill("#w-return", "请补交发票，保费按发票填写")
    office.click("button:has-text('退回补正')")
    office.wait_for_selector("text=等待单位补正")

    # the firm corrects
    page.goto(own)
    page.wait_for_selector("text=请补交发票")
    page.fill("#v-premium", "10000.50")
    page.set_input_files("#file-invoice", str(proof))
    page.click("button:has-text('提交补正')")
    page.wait_for_selector("text=补正已提交")

    # accepted, and the facts go to the ledger's own review
    office.reload()
    office.fill("#w-accept", "核对保单与发票")
    office.click("button:has-text('审核通过')")
    office.wait_for_selector("text=待复核")
    second = open_as(reviewer, f"/incentives/applications/{row.pk}/")
    second.click("a:has-text('待复核')")
    second.click("button:has-text('复核并入库')")
    second.wait_for_selector("text=已入库")

    # the ordinary evaluation finds the fact with its day of application; the claim comes into the next batch
    office.goto("/incentives/runs/")
    office.click("text=按现在的台账测算")
    office.wait_for_selector("text=5,000.25")
    office.click("text=据此编制批次")
    office.select_option("#id_policy", POLICY)
    office.fill("#id_year", "2025")
    office.click("button:has-text('编制')")
    office.wait_for_selector("text=演示甲有限公司")
    assert [f"{one.amount:.2f}" for one in Batch.objects.get().entitlements.all()] == ["5000.25"]
    page.goto(f"/incentives/own/?organisation={firm.pk}")
    page.wait_for_selector("text=已列入批次")
    assert "**** 1234" in page.content()
