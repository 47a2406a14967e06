"""The pages of the room: who may open them, what they show, and that a list costs the same whatever its length."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from zhicheng.apps.accounts.public import AuditEvent, Role
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.models import (
    Batch,
    EvaluationRun,
    Objection,
)
from zhicheng.apps.incentives.runs import keeping
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.apps.incentives.testing.city import AFTER, AS_OF, NOTICED
from zhicheng.apps.ledger.models import HonourGrant

GOLD = "china_patent_award/gold"
MAYOR = "mayor_quality_award/award"
ROOM = "/incentives/"


def text(response) -> str:
    return response.content.decode()


PAGES = (
    "", "policies/", "policies/?examples=1", "clauses/weifang.china_patent_gold/", "runs/", "batches/", "batches/new/",
    "notices/", "budget/", "settings/", "clawbacks/", "disputes/", "firms/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_an_officer_opens_every_page_of_the_room_also_when_it_is_empty(world, page):
    assert signed_in(world.officer).get(ROOM + page).status_code == 200


@pytest.mark.parametrize("page", [one for one in PAGES if one not in {"", "notices/"}])
def test_only_officers_open_the_pages_of_officers(city, cast, page):
    bank, expert = make_user("yinhang", Role.BANK), make_user("zhuanjia", Role.EXPERT)
    for person in (cast.enterprise, bank, expert):
        assert signed_in(person).get(ROOM + page).status_code == 403
    assert Client().get(ROOM + page).status_code == 302
    money = {"budget/", "settings/"}
    for person, closed in ((cast.county_officer, money), (cast.department, money | {"batches/new/"})):
        assert signed_in(person).get(ROOM + page).status_code == (403 if page in closed else 200)


def test_a_stranger_s_lists_hold_nothing_of_this_city(batch, cast):
    browser = signed_in(cast.stranger)
    assert batch.number not in text(browser.get(ROOM + "batches/"))
    assert browser.get(f"{ROOM}batches/{batch.number}/").status_code == 404
    assert browser.get(f"{ROOM}batches/{batch.number}/orders/").status_code == 404
    assert "甲公司" not in text(browser.get(ROOM + "firms/"))


def test_a_clause_is_read_with_its_amount_its_source_and_its_examples(browser):
    shown = text(browser.get(ROOM + "clauses/weifang.china_patent_gold/"))
    assert "荣誉项目与等次为中国专利金奖" in shown
    assert "定额 100万元" in shown
    assert "不予兑付（不属于奖励对象）" in shown
    assert "1,000,000 元" in shown
    assert "《潍坊市质量品牌建设工作新闻发布会》" in shown
    assert "外观设计优秀奖没有条款" in shown
    assert "付款后荣誉被撤销或条件不再成立的，收回已付的" in shown
    assert "没有公平竞争审查结论" in shown, "the remarks of the reviewer stand on the page"
    assert "unverified" not in shown.split("审查意见")[0]
    assert browser.get(ROOM + "clauses/nowhere/").status_code == 404


def test_every_clause_shipped_has_a_page_in_words(browser):
    for clause in current_program(examples=True).clauses:
        shown = text(browser.get(f"{ROOM}clauses/{clause.id}/"))
        assert clause.name in shown
        assert "（kind）" not in shown


def test_a_cap_of_the_whole_document_is_read_on_each_of_its_clauses(browser):
    for page in ("clauses/ex_standards.drafting/", "policies/?examples=1"):
        assert "整个政策每一主体每年 100万元" in text(browser.get(ROOM + page))


def test_a_run_is_kept_and_every_answer_opens_to_its_steps_and_its_ledger_row(browser):
    answer = browser.post(ROOM + "runs/", follow=True)
    run = EvaluationRun.objects.get()
    assert "甲公司" in text(answer)
    assert str(run.total) == "2500000.00"
    grant = HonourGrant.objects.get(object_number="ZL1")
    fact = "china_patent_award/gold·第3届·ZL1"
    shown = text(
        browser.get(f"{ROOM}runs/{run.pk}/answer/", {"clause": "weifang.china_patent_gold", "fact": fact})
    )
    assert "定额 1,000,000.00 元" in shown
    assert f"/records/honours/{grant.pk}/" in shown


def test_answers_are_filtered_by_status_clause_region_and_year(browser):
    browser.post(ROOM + "runs/")
    address = f"{ROOM}runs/{EvaluationRun.objects.get().pk}/"
    assert "乙公司" not in text(browser.get(address, {"region": "370783"}))
    assert "甲公司" not in text(browser.get(address, {"clause": "weifang.mayor_quality_award"}))
    assert "没有符合条件的结论" in text(browser.get(address, {"year": "2019"}))
    assert "没有条款覆盖的事实" not in text(browser.get(address))
    assert browser.get(address, {"status": "x"}).status_code == 422
    assert browser.get(address, {"region": "330200"}).status_code == 403


def test_a_county_officer_reads_the_city_s_run_for_the_county_only(browser, cast):
    browser.post(ROOM + "runs/")
    address = f"{ROOM}runs/{EvaluationRun.objects.get().pk}/"
    shown = text(signed_in(cast.county_officer).get(address))
    assert "甲公司" in shown
    assert "乙公司" not in shown
    assert "乙公司" not in text(signed_in(cast.county_officer).get(address + "export.csv"))


def test_an_old_run_gives_the_old_result_to_the_fen_after_ledger_and_payments_moved_on(
    city, browser, tmp_path
):
    run = keeping.keep_run(as_of=AS_OF, by=city.officer)
    city.paid(city.freeze(), tmp_path)
    HonourGrant.objects.all().delete()
    city.moved()
    keeping.forget_runs()
    assert keeping.check_run(run=run) == []
    assert "结果与当时一致" in text(browser.post(f"{ROOM}runs/{run.pk}/check/", follow=True))
    assert keeping.keep_run(as_of=AS_OF, by=city.officer).total == 0


def test_a_run_whose_snapshot_is_gone_says_so(city):
    run = keeping.keep_run(as_of=AS_OF, by=city.officer)
    EvaluationRun.objects.filter(pk=run.pk).update(snapshot="0-gone")
    keeping.forget_runs()
    answer = signed_in(city.officer).get(f"{ROOM}runs/{run.pk}/")
    assert answer.status_code == 404
    assert "快照 0-gone 已不在" in text(answer)


def test_names_of_persons_are_shown_to_whoever_pays_only(city, batch, cast):
    assert "YS-RY-0001" in text(signed_in(city.officer).get(f"{ROOM}batches/{batch.number}/"))
    county = signed_in(cast.county_officer)
    run = keeping.keep_run(as_of=AS_OF, by=city.officer)
    addresses = (
        f"batches/{batch.number}/", f"batches/{batch.number}/export.csv", f"batches/{batch.number}/?q=YS-RY-0001",
        f"runs/{run.pk}/", f"runs/{run.pk}/export.csv",
    )  # fmt: skip
    for address in addresses:
        answer = county.get(ROOM + address)
        assert answer.status_code == 200
        shown = text(answer).replace('value="YS-RY-0001"', "").replace("q=YS-RY-0001", "")
        assert "YS-RY-0001" not in shown, address


def test_money_due_to_names_the_ledger_does_not_know_is_listed(city, browser):
    city.honour(None, GOLD, holder_name="未名公司", object_number="ZL7", region_code="370783")
    run = keeping.keep_run(as_of=AS_OF, by=city.officer)
    shown = text(browser.get(f"{ROOM}runs/{run.pk}/unmatched/"))
    assert "未名公司" in shown
    assert "甲公司" not in shown


def take(browser, batch, step, **more):
    return browser.post(f"{ROOM}batches/{batch.number}/step/", {"step": step, **more}, follow=True)


def test_a_batch_goes_from_the_run_to_its_notice_on_pages(city, browser):
    browser.post(ROOM + "runs/")
    run = EvaluationRun.objects.get()
    browser.post(f"{ROOM}batches/new/?run={run.pk}", {"policy": "weifang", "year": 2025})
    batch = Batch.objects.get()
    assert batch.run_id == run.pk
    take(browser, batch, "submit")
    reviewer = signed_in(city.reviewer)
    first = batch.entitlements.first()
    decide = f"{ROOM}batches/{batch.number}/rows/{first.pk}/decide/"
    assert reviewer.post(decide, {"step": "exclude", "why": ""}).status_code == 422
    reviewer.post(decide, {"step": "exclude", "why": "材料待核"})
    reviewer.post(decide, {"step": "put_back"})
    reviewer.post(decide, {"step": "accept"})
    assert "还有 2 项没有核对" in text(take(reviewer, batch, "review"))
    take(reviewer, batch, "accept_rest")
    take(reviewer, batch, "review")
    take(reviewer, batch, "publish", days="7")
    batch.refresh_from_db()
    assert batch.status == "notice"
    assert batch.notice_from is not None


def test_whoever_prepared_a_batch_finds_no_button_to_review_it_and_is_refused(browser, batch):
    take(browser, batch, "submit")
    shown = text(browser.get(f"{ROOM}batches/{batch.number}/"))
    assert 'value="review"' not in shown
    assert 'value="take_back"' in shown
    answer = take(browser, batch, "review")
    assert answer.status_code == 403
    assert "编制人不能复核" in text(answer)
    assert "草" not in text(take(browser, batch, "take_back"))
    batch.refresh_from_db()
    assert batch.status == "draft"


def test_before_approval_every_step_can_be_taken_back(city, batch):
    noticed = city.through_notice(batch)
    reviewer = signed_in(city.reviewer)
    take(reviewer, noticed, "reopen", why="金额要再看")
    noticed.refresh_from_db()
    assert (noticed.status, noticed.notice_from) == ("reviewed", None)
    take(reviewer, noticed, "reopen", why="再看一遍")
    noticed.refresh_from_db()
    assert noticed.status == "review"


def test_a_notice_is_public_without_a_person_s_name_and_takes_objections(city, batch):
    assert Client().get(f"{ROOM}notices/{batch.number}/").status_code == 404
    noticed = city.through_notice(batch)
    Batch.objects.filter(pk=noticed.pk).update(notice_from="2000-01-03", notice_until="2100-01-08")
    anybody = Client()
    shown = text(anybody.get(f"{ROOM}notices/{batch.number}/"))
    assert "甲公司" in shown
    assert "个人（姓名不公开）" in shown
    assert "YS-RY-0001" not in shown
    assert "YS-RY-0001" not in text(anybody.get(f"{ROOM}notices/{batch.number}/export.csv"))
    assert anybody.get(ROOM).status_code == 302
    anybody.post(
        f"{ROOM}notices/{batch.number}/",
        {
            "said_by": "某人",
            "text": "权属有争议",
            "contact": "13800000000",
            "entitlement": batch.entitlements.first().pk,
        },
    )
    said = Objection.objects.get()
    assert said.entitlement_id == batch.entitlements.first().pk
    shown = text(anybody.get(f"{ROOM}notices/{batch.number}/"))
    assert "权属有争议" not in shown
    reviewer = signed_in(city.reviewer)
    reviewer.post(
        f"{ROOM}batches/{batch.number}/objections/{said.pk}/",
        {"finding": "upheld", "answer": "争议属实"},
        follow=True,
    )
    said.refresh_from_db()
    assert (said.status, said.answer) == ("upheld", "争议属实")


def test_an_objection_after_the_last_day_is_refused_on_the_page(city, batch):
    city.through_notice(batch)
    answer = Client().post(f"{ROOM}notices/{batch.number}/", {"said_by": "某人", "text": "晚了"})
    assert answer.status_code == 422
    assert "届满" in text(answer)


# -- files and queries -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_a_page_lists_can_be_taken_away_and_the_export_is_logged(city, browser, batch, form):
    city.approved(batch)
    before = AuditEvent.objects.filter(action="policies.export").count()
    run = keeping.keep_run(as_of=AS_OF, by=city.officer)
    firm = city.firms["甲公司"].pk
    files = (
        f"batches/{batch.number}/export", f"batches/{batch.number}/orders/export", f"notices/{batch.number}/export",
        "budget/export", "clawbacks/export", f"runs/{run.pk}/export", f"firms/{firm}/export",
    )  # fmt: skip
    for file in files:
        answer = browser.get(f"{ROOM}{file}.{form}")
        assert answer.status_code == 200, file
        assert "attachment" in answer["Content-Disposition"]
    assert AuditEvent.objects.filter(action="policies.export").count() == before + len(files)
    assert json.loads(browser.get(f"{ROOM}runs/{run.pk}/export.json").content)
    assert browser.get(f"{ROOM}batches/{batch.number}/export.exe").status_code == 422


@pytest.mark.parametrize("firms", [2, 12])
def test_lists_cost_the_same_number_of_queries_however_long_they_are(
    world, django_assert_max_num_queries, firms, tmp_path
):
    for number in range(firms):
        world.honour(world.firm(f"公司{number}"), GOLD, object_number=f"ZL{number}")
    world.money()
    batch = world.approved(world.freeze())
    run = keeping.keep_run(as_of=AS_OF, by=world.officer)
    browser = signed_in(world.officer)
    number = batch.number
    most = {
        "": 28, "batches/": 16, f"batches/{number}/": 26, f"batches/{number}/orders/": 28, f"notices/{number}/": 18, "budget/": 16,
        "runs/": 14, f"runs/{run.pk}/": 16, "firms/": 14,
    }  # fmt: skip
    for page, limit in most.items():
        with django_assert_max_num_queries(limit):
            assert browser.get(ROOM + page).status_code == 200


def test_the_notice_words_of_a_batch_say_how_its_last_day_was_found(city, batch):
    noticed = city.through_notice(batch)
    assert noticed.notice_from == NOTICED
    approved = batch_actions.approve(batch=noticed, on=AFTER, by=city.reviewer)
    assert "2025-12-24" in text(signed_in(city.officer).get(f"{ROOM}batches/{approved.number}/"))


def test_the_preparer_cannot_accept_amounts_one_by_one(city, batch):
    from zhicheng.kernel.refusals import NotAllowed

    batch_actions.submit(batch=batch, by=city.officer)
    with pytest.raises(NotAllowed, match="编制人不能复核"):
        reviewing.accept(entitlement=batch.entitlements.first(), by=city.officer)
