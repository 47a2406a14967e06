"""The whole consultation loop in a browser: each role does its whole job on its own pages."""

from __future__ import annotations

import re

import pytest

from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.consultation.models import Item, Package, Participant, Session

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


def no_sideways_scrolling(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def cppcc_officer(page) -> None:
    """Open the session, record the speech, give every passage its fate by keyboard and mouse, submit both lists."""
    page.get_by_role("link", name="新建协商会").first.click()
    page.get_by_label("场次编号").fill("2025-01")
    page.get_by_label("议题").fill("标准与知识产权")
    page.get_by_role("button", name="保存").click()
    page.get_by_label("称谓").fill("文具企业负责人")
    page.get_by_role("button", name="加入").first.click()
    page.get_by_label("发言记录").fill(SPEECH)
    page.get_by_role("button", name="保存并逐段整理").click()
    page.get_by_text("还有 3 段没有去向").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.get_by_text("还有 2 段没有去向").wait_for()
    page.get_by_role("button", name="建议增加一台新材料检验设备").click()
    page.get_by_role("button", name="立为建议").click()
    page.get_by_text("还有 1 段没有去向").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.type("致谢")
    page.keyboard.press("Enter")
    page.get_by_text("每一段都有去向").wait_for()
    no_sideways_scrolling(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="去呈报清单").click()
    page.get_by_role("button", name="呈报问题清单").click()
    page.get_by_text("内容与呈报时一致").wait_for()


def leaders_secretary(page) -> None:
    """Record the instruction on the list."""
    page.get_by_label("批示人").fill("市委主要负责同志")
    page.get_by_label("批示", exact=True).fill("请市场监管局研究办理。")
    page.get_by_role("button", name="录入批示").click()
    page.get_by_text("批示已录入").wait_for()


def act(page, name: str, fields: dict[str, str]) -> None:
    """Open a step on the item's page, fill it in and take it."""
    box = page.locator("details.act").filter(has=page.locator("summary", has_text=re.compile(f"^{name}$")))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for label, value in fields.items():
        box.get_by_label(label).fill(value)
    box.get_by_role("button", name=name).click()
    page.get_by_text("已办理，提出人和有关单位都会收到消息").wait_for()


def test_the_whole_loop_from_the_speech_to_striking_off(offices, open_as):
    page = open_as(offices["cppcc"], "/consultation/")
    cppcc_officer(page)
    assert Session.objects.get().items.count() == 2
    package = Package.objects.get()

    leaders_secretary(open_as(offices["leader"], f"/consultation/packages/{package.number}/"))
    item = Item.objects.get(kind="problem")
    path = f"/consultation/items/{item.number}/"

    supervision = open_as(offices["supervision"], path)
    act(supervision, "交办", {"主办单位": "市市场监管局"})

    unit = open_as(offices["unit"], path, width=390)
    no_sideways_scrolling(unit)
    act(unit, "报告进展", {"内容": "已联系海关和代理机构。"})
    act(
        unit, "报送办理结果",
        {"做了什么": "为企业出具境外应对方案。", "没有做到的及原因": "费用补助未列预算。", "签字的单位负责人": "局长"},
    )  # fmt: skip

    supervision.reload()
    for box in supervision.locator("details.act.main input[type=checkbox]").all():
        box.check()
    act(supervision, "审结并反馈发言人", {})

    people = open_as(offices["cppcc"], f"/consultation/people/{Participant.objects.get().pk}/")
    link = people.get_by_label("链接（只发给本人）").input_value()

    entrepreneur = open_as(None, link, width=390)
    assert "费用补助未列预算" in entrepreneur.content()
    assert "检验设备" in entrepreneur.content()
    no_sideways_scrolling(entrepreneur)
    entrepreneur.get_by_label("基本满意", exact=True).check()
    entrepreneur.get_by_role("button", name="提交评价").click()
    entrepreneur.get_by_text("评价已收到").wait_for()

    supervision.reload()
    act(supervision, "销号", {})
    board = open_as(offices["cppcc"], "/consultation/board/")
    assert board.get_by_text("销号率", exact=True).is_visible()
    item.refresh_from_db()
    assert item.state == "closed"

    entrepreneur.reload()
    entrepreneur.get_by_text("有新的情况，重新打开").click()
    entrepreneur.get_by_label("新的情况").fill("又有一个国家被抢注。")
    entrepreneur.get_by_role("button", name="重新打开").click()
    entrepreneur.get_by_text("已收到新的情况").wait_for()
    item.refresh_from_db()
    assert (item.state, item.round) == ("in_hand", 2)
