"""A case in the browser: the entrepreneur files, the adjudicators decide, the respondent and a department answer."""

from __future__ import annotations

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.cases.models import Handling
from zhicheng.apps.cases.testing import PATENT, act_for
from zhicheng.apps.ledger.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {
    "f.applicant_phone": "000", "f.respondent_name": "演示乙公司", "f.respondent_address": "演示路2号",
    "f.patent_number": PATENT, "f.patent_title": "一种演示装置", "f.claims": "1", "f.known_on": "2026-03-01",
    "f.claim_text": "停止制造", "f.facts_text": "演示事实", "f.applicant_address": "演示路1号",
}  # fmt: skip
CHOICES = {
    "f.standing": "owner", "f.respondent_abroad": "false", "f.patent_kind": "invention", "f.continuing": "true",
    "f.sued": "false", "region": "370700",
}  # fmt: skip


@pytest.fixture
def firms(town):
    own = Organisation.objects.create(
        uscc="91370783MA3T00001U", name="演示甲公司", name_key="", region_code="370783", address="演示路1号"
    )
    other = Organisation.objects.create(
        uscc="91370783MA3T00002Y", name="演示乙公司", name_key="", region_code="370783"
    )
    rival = make_user("yi", "enterprise", "370700")
    act_for(town.enterprise, own)
    act_for(rival, other)
    return rival


def file_a_request(page):
    page.get_by_role("link", name="专利侵权纠纷行政裁决").click()
    page.get_by_role("button", name="开始").click()
    assert page.locator("[name='f.applicant_name']").input_value() == "演示甲公司"
    page.get_by_role("button", name="保存，以后继续").click()
    page.goto("/cases/new/")
    page.get_by_role("link", name="专利侵权纠纷行政裁决").first.click()
    for name, value in FORM.items():
        page.locator(f"form.record-form [name='{name}']").fill(value)
    for name, value in CHOICES.items():
        page.locator(f"form.record-form [name='{name}']").select_option(value)
    for material in ("request", "register", "evidence"):
        page.locator(f"[name='file.{material}']").set_input_files(
            {"name": f"{material}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"}
        )
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/receipt/")


def do(page, name, **fields):
    """Take an action on the page of a case, with its form when it has one."""
    details = page.locator("details.action", has=page.locator(f"summary:text-is('{name}')"))
    if details.count():
        details.locator("summary").first.click()
        for field, value in fields.items():
            one = details.locator(f"[name='{field}']")
            one.select_option(value) if one.evaluate("e => e.tagName") == "SELECT" else one.fill(value)
        details.locator(f"form button:text-is('{name}')").click()
    else:
        page.locator(f"form.action button:text-is('{name}')").click()
    page.wait_for_load_state()
    page.locator(".messages >> text=已办理").wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_each_role_does_its_whole_job_from_request_to_answer(town, firms, open_as, width):
    head = make_user("fuzeren", "city_officer", "370700")
    page = open_as(town.enterprise, "/cases/new/", width=width)
    file_a_request(page)
    assert fits(page)
    case = Handling.objects.get()
    code = page.locator("dd b code").inner_text()
    assert page.locator("text=材料齐全").is_visible()

    outside = open_as(None, "/cases/trace/", width=width)
    outside.locator("[name=number]").fill(case.number)
    outside.locator("[name=code]").fill(code)
    outside.get_by_role("button", name="查询").click()
    assert outside.locator("dd >> text=立案审查").is_visible()

    desk = open_as(town.city_officer, "/cases/?list=unassigned", width=width)
    desk.locator(f"input[name=case][value='{case.pk}']").check()
    desk.locator("select[name=person]").select_option(str(town.city_officer.pk))
    desk.get_by_role("button", name="分派所选").click()
    desk.get_by_role("button", name="分派这 1 件").click()
    desk.goto(f"/cases/{case.pk}/")
    assert fits(desk)
    assert desk.locator("#clocks >> text=立案期限").first.is_visible()

    boss = open_as(head, f"/cases/{case.pk}/", width=width)
    do(boss, "立案", known_within_three_years="true", panel_size="three")
    desk.reload()
    case.refresh_from_db()
    do(desk, "送达请求书副本", served_on=case.accepted_on.isoformat())

    rival = open_as(firms, f"/cases/{case.pk}/", width=width)
    do(rival, "提交答辩")
    assert fits(rival)

    desk.reload()
    desk.locator("summary", has_text="请其他单位协办").click()
    desk.locator("[name=units]").fill("市科技局")
    desk.locator("[name=question]").fill("请提出技术意见")
    desk.locator("[name=due_on]").fill("2099-01-01")
    desk.get_by_role("button", name="请协办").click()
    unit = open_as(town.department, "/cases/", width=width)
    unit.get_by_role("link", name=case.number).click()
    unit.locator("input[name=answer]").fill("技术特征相同")
    unit.locator("#people button", has_text="答复").first.click()
    unit.locator(".messages >> text=已答复").wait_for()

    desk.reload()
    do(desk, "转送答辩书")
    page.goto(f"/cases/{case.pk}/")
    assert page.locator("h1", has_text=case.number).is_visible()
    page.goto("/cases/notices/")
    assert page.locator("text=答辩书副本已转送").first.is_visible()

    do(desk, "提出裁决意见", infringing="true", findings="演示：落入保护范围")
    boss.goto(f"/cases/{case.pk}/")
    do(boss, "作出行政裁决")
    for party in (page, rival):
        party.goto(f"/cases/{case.pk}/")
        assert party.locator("text=行政裁决书").first.is_visible()
        assert fits(party)


def test_the_second_of_two_is_shown_what_changed_and_keeps_the_page(town, firms, open_as):
    page = open_as(town.enterprise, "/cases/new/")
    file_a_request(page)
    case = Handling.objects.get()
    one = open_as(town.city_officer, f"/cases/{case.pk}/")
    two = open_as(make_user("fuzeren", "city_officer", "370700"), f"/cases/{case.pk}/")
    do(one, "延长立案期限", extension_reason="案情复杂")
    details = two.locator("details.action", has=two.locator("summary", has_text="延长立案期限"))
    details.locator("summary").first.click()
    details.locator("[name=extension_reason]").fill("另一理由")
    details.locator("form button", has_text="延长立案期限").click()
    two.wait_for_load_state()
    assert two.locator("text=已由他人办理").first.is_visible()
    assert two.locator("[name=extension_reason]").first.input_value() == "另一理由"


@pytest.mark.parametrize("width", [1440, 390])
def test_a_citizen_without_an_account_asks_and_reads_the_answer_with_number_and_code(town, open_as, width):
    citizen = open_as(None, "/cases/public/", width=width)
    assert fits(citizen)
    citizen.get_by_role("link", name="知识产权咨询").click()
    citizen.get_by_role("link", name="免登录提交").click()
    assert fits(citizen)
    citizen.locator("[name='f.applicant_name']").fill("演示群众")
    citizen.locator("[name='f.applicant_phone']").fill("000")
    citizen.locator("[name='f.topic']").select_option("patent")
    citizen.locator("[name='f.question']").fill("演示问题")
    citizen.locator("form.record-form [name=region]").select_option("370700")
    citizen.get_by_role("button", name="提交", exact=True).click()
    citizen.wait_for_url("**/public/receipt/")
    assert fits(citizen)
    code = citizen.locator("dd b code").inner_text()
    case = Handling.objects.get()

    desk = open_as(town.city_officer, "/cases/?list=unassigned", width=width)
    desk.locator(f"input[name=case][value='{case.pk}']").check()
    desk.locator("select[name=person]").select_option(str(town.city_officer.pk))
    desk.get_by_role("button", name="分派所选").click()
    desk.get_by_role("button", name="分派这 1 件").click()
    desk.goto(f"/cases/{case.pk}/")
    do(desk, "答复", answer_text="演示答复", next_route="none")

    citizen.get_by_role("link", name="办件查询").first.click()
    citizen.locator("[name=number]").fill(case.number)
    citizen.locator("[name=code]").fill(code)
    citizen.get_by_role("button", name="查询", exact=True).click()
    assert citizen.locator("dd >> text=已答复").first.is_visible()
    assert fits(citizen)
    with citizen.expect_download() as got:
        citizen.get_by_role("button", name="咨询答复").click()
    assert got.value.suggested_filename.endswith(".docx")
