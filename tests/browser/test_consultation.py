"""The consultation loop in a browser: one walk, in which each of five roles does its whole job on its own pages.

The roles act in the order of the road, on one session, so that the browser is warmed up once: CPPCC officer, leader's secretary,
supervision officer, department, entrepreneur; each is a function below that can be read alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.consultation.models import (
    Item,
    Letter,
    Package,
    Participant,
    Session,
    Speech,
    Verification,
)

pytestmark = pytest.mark.django_db(transaction=True)

SPEECH = "我们的商标在境外被人抢先注册，请市里帮忙。\n建议增加一台新材料检验设备。\n感谢各位。"


@pytest.fixture
def offices(town):
    return {
        "cppcc": make_user("zhengxie", "cppcc", "370700"),
        "leader": make_user("mishu", "leader", "370700"),
        "supervision": make_user("dukao", "supervision", "370700"),
        "unit": make_user("shichang", "department", "370700", department="市市场监管局"),
    }


@dataclass
class Desks:
    """The browser of each role, opened when it has something to do."""

    open_as: Any
    offices: dict[str, Any]

    def open(self, role: str, path: str, *, width: int = 1440) -> Any:
        """Open a page as an office, and see that it does not scroll sideways."""
        page = self.open_as(self.offices[role], path, width=width)
        no_sideways_scrolling(page)
        return page

    @property
    def item(self) -> Item:
        """The problem that is walked through."""
        return Item.objects.get(kind="problem")

    @property
    def item_path(self) -> str:
        return f"/consultation/items/{self.item.number}/"


def no_sideways_scrolling(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def act(page, name: str, fields: dict[str, str]) -> None:
    """Open a step on the item's page, fill it in and take it."""
    box = page.locator("details.act").filter(has=page.locator("summary", has_text=re.compile(f"^{name}$")))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for label, value in fields.items():
        box.get_by_label(label).fill(value)
    box.get_by_role("button", name=name).click()
    page.get_by_text("已办理，提出人和有关单位都会收到消息").wait_for()


def cppcc_officer_opens_records_reconciles_and_submits(desks: Desks) -> None:
    """Open the session, record speech and reply, correct a slip, give every passage its fate, submit the list."""
    page = desks.open("cppcc", "/consultation/")
    page.get_by_role("link", name="新建协商会").first.click()
    page.get_by_label("场次编号").fill("2025-01")
    page.get_by_label("议题").fill("标准与知识产权")
    page.get_by_role("button", name="保存").click()
    page.get_by_label("称谓").fill("文具企业负责人")
    page.get_by_role("button", name="加入").first.click()
    page.get_by_label("发言记录").fill(SPEECH.replace("境外", "境内"))
    page.get_by_role("button", name="保存并逐段整理").click()
    page.get_by_text("还有 3 段没有去向").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.get_by_text("还有 2 段没有去向").wait_for()
    page.get_by_role("link", name="更正、现场回应").click()
    page.get_by_text("补录现场回应").click()
    page.get_by_label("现场回应").fill("市场监管局当场答应研究。")
    page.get_by_role("button", name="保存回应").click()
    page.get_by_text("现场回应已记录").wait_for()
    page.get_by_text("更正发言").click()
    page.get_by_label("发言记录").fill(SPEECH)
    page.get_by_label("更正理由").first.fill("与录音核对")
    page.get_by_role("button", name="保存更正").click()
    page.get_by_text("1 段标记需要再看一次").wait_for()
    page.get_by_role("button", name="看过，去向不变").click()
    page.get_by_role("button", name="建议增加一台新材料检验设备").click()
    page.get_by_role("button", name="立为建议").click()
    page.get_by_text("还有 1 段没有去向").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.type("致谢")
    page.keyboard.press("Enter")
    page.get_by_text("每一段都有去向").wait_for()
    no_sideways_scrolling(page)
    page.get_by_role("link", name="去呈报清单").click()
    page.get_by_role("button", name="呈报问题清单").click()
    page.get_by_text("内容与呈报时一致").wait_for()
    assert Session.objects.get().items.count() == 2
    assert Speech.objects.get().reply == "市场监管局当场答应研究。"


def leaders_secretary_finds_the_list_and_records_the_instruction(desks: Desks) -> None:
    """Come from what waits on the home page to the item and its list, and record the instruction."""
    page = desks.open("leader", "/")
    page.get_by_role("link", name=desks.item.title).first.click()
    page.get_by_role("link", name=Package.objects.get().number).first.click()
    page.get_by_label("批示人").fill("市委主要负责同志")
    page.get_by_label("批示", exact=True).fill("请市场监管局研究办理。")
    page.get_by_role("button", name="录入批示").click()
    page.get_by_text("批示已录入").wait_for()
    assert desks.item.state == "instructed"


def supervision_officer_hands_out_and_urges(desks: Desks) -> Any:
    """Set the rules of the region, hand the item out and urge it; the page stays open for the check."""
    rules = desks.open("supervision", "/consultation/rules/")
    rules.get_by_label("办结天数").fill("60")
    rules.get_by_label("修改理由").fill("今年要求两个月")
    rules.get_by_role("button", name="保存").click()
    rules.wait_for_load_state()
    rules.goto(desks.item_path)
    act(rules, "交办", {"主办单位": "市市场监管局"})
    act(rules, "催办", {"催办内容": "请于月底前报送。"})
    item = desks.item
    assert (item.due_on - item.entered_state_on).days == 60
    return rules


def department_reports_and_answers(desks: Desks) -> None:
    """On a telephone: find the item in the unit's own list, report progress and inability, answer over the head's signature."""
    page = desks.open("unit", "/consultation/items/?show=mine", width=390)
    page.get_by_role("link", name=desks.item.title).click()
    no_sideways_scrolling(page)
    act(page, "报告进展", {"内容": "已联系海关和代理机构。"})
    act(page, "报告难以按期", {"内容": "境外律师意见要到下月。"})
    act(
        page, "报送办理结果",
        {"做了什么": "为企业出具境外应对方案。", "没有做到的及原因": "费用补助未列预算。", "签字的单位负责人": "局长"},
    )  # fmt: skip
    assert not page.locator("details.act summary", has_text="销号").count()
    assert desks.item.state == "answered"


def supervision_officer_checks(page: Any) -> None:
    """Go through the six questions and send the answer to the speaker."""
    page.reload()
    for box in page.locator("details.act.main input[type=checkbox]").all():
        box.check()
    act(page, "审结并反馈发言人", {})


def cppcc_officer_sends_link_and_letter(desks: Desks) -> str:
    """Copy the speaker's link and write the summary letter."""
    page = desks.open("cppcc", f"/consultation/people/{Participant.objects.get().pk}/")
    link = page.get_by_label("链接（只发给本人）").input_value()
    page.get_by_role("button", name="写综合反馈函").click()
    page.get_by_text("做了什么：为企业出具境外应对方案。").wait_for()
    assert Letter.objects.filter(item=None).count() == 1
    return str(link)


def entrepreneur_reads_and_judges(desks: Desks, link: str) -> Any:
    """On a telephone, without an account: read what was done and what was not, and judge it."""
    page = desks.open_as(None, link, width=390)
    assert "费用补助未列预算" in page.content()
    assert "检验设备" in page.content()
    no_sideways_scrolling(page)
    page.get_by_label("基本满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("评价已收到").wait_for()
    return page


def supervision_officer_strikes_off(page: Any) -> None:
    """Close the item after the verdict."""
    page.reload()
    act(page, "销号", {})


def cppcc_officer_follows_and_draws_a_sample(desks: Desks) -> None:
    """See the board with the closing rate among the other measures, draw the closed item by lot and verify it."""
    page = desks.open("cppcc", "/consultation/board/")
    assert page.get_by_text("销号率", exact=True).is_visible()
    assert page.get_by_text("无本人评价的销号").is_visible()
    page.get_by_role("link", name="抽样核实").click()
    page.get_by_label("抽取种子").fill("3141")
    page.get_by_role("button", name="抽取").click()
    page.get_by_text("写核实结果").click()
    page.get_by_label("怎样核实、看到了什么").fill("电话回访企业，方案已收到。")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("电话回访企业，方案已收到。").wait_for()
    assert Verification.objects.get().finding == "true"


def entrepreneur_re_opens(page: Any) -> None:
    """Something new happened: re-open the closed item from the same page."""
    page.reload()
    page.get_by_text("有新的情况，重新打开").click()
    page.get_by_label("新的情况").fill("又有一个国家被抢注。")
    page.get_by_role("button", name="重新打开").click()
    page.get_by_text("已收到新的情况").wait_for()


@pytest.mark.timeout(900)
def test_five_roles_do_their_whole_job_from_the_speech_to_the_re_opening(offices, open_as):
    desks = Desks(open_as, offices)
    cppcc_officer_opens_records_reconciles_and_submits(desks)
    leaders_secretary_finds_the_list_and_records_the_instruction(desks)
    supervision = supervision_officer_hands_out_and_urges(desks)
    department_reports_and_answers(desks)
    supervision_officer_checks(supervision)
    link = cppcc_officer_sends_link_and_letter(desks)
    entrepreneur = entrepreneur_reads_and_judges(desks, link)
    supervision_officer_strikes_off(supervision)
    assert desks.item.state == "closed"
    cppcc_officer_follows_and_draws_a_sample(desks)
    entrepreneur_re_opens(entrepreneur)
    assert (desks.item.state, desks.item.round) == ("in_hand", 2)
