"""In a browser: an award round from the application to the grant, through scoring, defence, vote, notice and an objection."""

from __future__ import annotations

from datetime import date

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives.models import AwardRound, Candidate
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.runs.keeping import forget_runs
from zhicheng.apps.ledger.models import HonourScheme, Organisation
from zhicheng.apps.records.public import tables_moved_on


def live_on(day):
    set_city(region_code="370700", name="演示市", opens_on=day, demo=True)


@pytest.fixture
def people(town):
    forget()
    forget_runs()
    live_on(date(2025, 12, 1))
    firm = Organisation.objects.create(
        name="演示甲有限公司", name_key="演示甲有限公司", uscc="91370700000000001A", region_code="370783", kind="enterprise"
    )  # fmt: skip
    HonourScheme.objects.create(code="mayor_quality_award", name="市长质量奖", level="city")
    OrganisationAgent.objects.create(
        user=town.enterprise, uscc=firm.uscc, organisation=firm, state=AgentState.APPROVED, letter="x"
    )
    tables_moved_on(["ledger_organisation", "ledger_honourgrant", "ledger_honourscheme"])
    town_experts = [make_user(f"zhuanjia{number}", Role.EXPERT) for number in range(3)]
    return town, make_user("fuhe", Role.CITY_OFFICER, "370700"), town_experts


def press(page, words):
    """Press a button of the page and wait until it answered."""
    page.click(f"button:has-text('{words}')")
    page.wait_for_load_state()


def test_a_round_from_the_application_to_the_grant(people, open_as):
    town, reviewer, experts = people

    # the officer opens a call of four stages and calls experts and a committee
    office = open_as(town.city_officer, "/incentives/rounds/new/")
    office.select_option("#id_scheme_code", "mayor_quality_award")
    office.fill("#id_title", "第十六届市长质量奖")
    office.fill("#id_opens_on", "2025-12-01")
    office.fill("#id_closes_on", "2025-12-05")
    office.fill("#id_tiers", "奖 1")
    office.fill("#id_criteria", "领导 40\n结果 60")
    for place, (kind, weight) in enumerate(
        [("material", "60"), ("defence", "40"), ("vote", ""), ("decision", "")]
    ):
        office.select_option(f"#id_s{place}-kind", kind)
        office.fill(f"#id_s{place}-name", "")
        office.fill(f"#id_s{place}-weight", weight)
        office.fill(f"#id_s{place}-keep", "")
    office.select_option("#id_shown", "yes")
    office.fill("#id_trimmed", "0")
    office.fill("#id_least_scores", "3")
    press(office, "发起")
    office.wait_for_selector("li.now:has-text('受理申报')")
    for place, expert in enumerate(experts):
        office.fill("#username", expert.username)
        office.click("button[value=call]")
        office.wait_for_load_state()
        office.fill("#m-username", expert.username)
        if place == 0:
            office.check("input[name=chair]")
        office.click("button[value=call_member]")
        office.wait_for_load_state()
    row = AwardRound.objects.get()
    here = f"/incentives/rounds/{row.number}/"

    # the firm applies, on a telephone
    firm = open_as(town.enterprise, here, width=390)
    assert fits(firm)
    firm.fill("#id_statement", "本单位推行卓越绩效管理，成效明显。")
    press(firm, "提交申报")
    firm.wait_for_selector("text=已申报")

    # another officer checks who may stand and begins
    second = open_as(reviewer, here)
    press(second, "按台账核对资格")
    # the ledger holds no negative list: the software does not guess, the officer says
    second.click("summary:has-text('资格结论')")
    second.fill(f"#q-{Candidate.objects.get().pk}", "已查询信用记录")
    second.click("button[value=eligible]")
    second.wait_for_selector("text=资格通过")
    press(second, "截止申报，开始评分")
    second.wait_for_selector("li.now:has-text('材料评审')")

    # experts mark without seeing a name
    pages = [open_as(expert, "/incentives/scoring/", width=390) for expert in experts]
    one = Candidate.objects.get()

    def mark(shows_name):
        for page in pages:
            page.goto("/incentives/scoring/")
            assert ("演示甲有限公司" in page.content()) is shows_name
            page.click(f"th a:has-text('{one.code}')")
            page.fill("#id_mark0", "35")
            page.fill("#id_mark1", "50")
            press(page, "保存评分")
            page.wait_for_selector("text=已评")
            assert fits(page)

    mark(shows_name=False)
    second.goto(here)
    press(second, "结束本环节")
    second.wait_for_selector("li.now:has-text('答辩')")

    # lots are drawn, the firm comes, experts now know who it is
    second.fill("input[name=day]", "2025-12-10")
    press(second, "抽签并排时段")
    second.click("button[value=attended]")
    second.wait_for_selector("td .tag.good:has-text('到场')")
    mark(shows_name=True)
    second.goto(here)
    press(second, "结束本环节")
    second.wait_for_selector("li.now:has-text('评审委员会表决')")

    # the committee votes in secret
    press(second, "发起表决")
    for page in pages:
        page.goto("/incentives/scoring/")
        page.click("ul.task-list a")
        page.check("input[value=for]")
        assert fits(page)
        press(page, "投票")
        page.wait_for_selector("text=已投票")
    second.goto(here)
    second.wait_for_selector("text=已投票 3 人")
    press(second, "结束投票并计票")
    second.wait_for_selector("text=已计票")
    press(second, "结束本环节")

    # the government decides, the list is on notice, somebody objects and is answered
    second.wait_for_selector("li.now:has-text('政府审定')")
    live_on(date(2025, 12, 16))
    second.goto(here)
    second.fill("#document", "演示纪要")
    press(second, "登记审定")
    press(second, "开始公示")
    second.wait_for_selector("li.now:has-text('公示中')")
    public = open_as(None, f"/incentives/notices/rounds/{row.number}/", width=390)
    assert "赞成 3" in public.content()
    assert fits(public)
    public.fill("#id_said_by", "某单位")
    public.fill("#id_text", "请说明评分办法。")
    press(public, "提交异议")
    public.wait_for_selector("text=查询码")
    second.goto(here)
    second.select_option("select[name=finding]", "rejected")
    second.fill("input[name=answer]", "评分办法已在申报通知中公布。")
    press(second, "答复")
    second.wait_for_selector(".tag:has-text('不成立')")

    # the notice ends; who did not open the round grants, through the review of the ledger
    live_on(date(2025, 12, 25))
    second.goto(here)
    second.fill("#why-grant", "演示公布文件")
    press(second, "授予，送台账复核")
    second.wait_for_selector("li.done:has-text('已提交授予')")
    row.refresh_from_db()
    assert (row.status, bool(row.change_set)) == ("granted", True)
    firm.goto(here)
    assert fits(firm)
