"""What-ifs on pages: dials become differences, results stand beside the baseline, are kept, drafted and downloaded."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from zhicheng.apps.accounts.public import AuditEvent, set_city
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.models import ClauseDraft, Scenario
from zhicheng.apps.incentives.naming import said_by_name
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.testing.city import World
from zhicheng.apps.incentives.what_if import scenarios
from zhicheng.apps.incentives.what_if.texts import added_text, composed, panels_of
from zhicheng.apps.ledger.models import HonourGrant
from zhicheng.apps.records.public import tables_moved_on
from zhicheng.catalogue.policy_changes import read_changes
from zhicheng.catalogue.policy_loader import build_clause
from zhicheng.catalogue.policy_yaml import read_yaml_text
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 16)
GOLD = "dial:weifang.china_patent_gold|amount"
RAISE = "name: 提高金奖\nchanges:\n- clause: weifang.china_patent_gold\n  set: {amount: 1500000}\n"


@pytest.fixture
def golden(cast, settings, tmp_path):
    """A city in which one firm holds one gold award of 2025."""
    settings.ZHICHENG_HOME = tmp_path
    set_city(region_code="370700", name="潍坊市", opens_on=DAY)
    forget()
    world = World(cast.city_officer, cast.city_officer, cast.city_officer, cast.enterprise)
    firm = world.firm("演示甲公司")
    world.honour(firm, "china_patent_award/gold", granted_on=date(2025, 7, 1), object_number="2017106018623")
    return cast


def run(cast, text=RAISE):
    return scenarios.preview(text=text, region="370700", as_of=DAY, examples=False, by=cast.city_officer)


def saved(cast, name="提高金奖"):
    return scenarios.save(
        name=name, text=RAISE, region="370700", as_of=DAY, examples=False, by=cast.city_officer
    )


def test_a_turned_dial_becomes_one_difference_and_an_unturned_one_none():
    program = scenarios.program_for("370700", examples=False)
    text = composed("试", {GOLD: "1,500,000", "dial:weifang.china_patent_silver|amount": "600000"}, program)
    (only,) = read_changes(text).changes
    assert (only.clause, only.set) == ("weifang.china_patent_gold", {"amount": 1500000})


@pytest.mark.parametrize("given", ["150万", "1,500,000元", " 150 万 元 ", "0.015亿"])
def test_money_may_be_written_as_people_write_it(given):
    text = composed("试", {GOLD: given}, scenarios.program_for("370700", examples=False))
    assert read_changes(text).changes[0].set == {"amount": 1500000}


def test_a_wrong_number_is_named_by_the_clause_as_people_call_it():
    with pytest.raises(Refusal, match="“中国专利金奖奖励”的“金额（元）”填了“很多”，不是数"):
        composed("试", {GOLD: "很多"}, scenarios.program_for("370700", examples=False))


def test_a_document_without_a_budget_is_given_one_on_the_page():
    program = scenarios.program_for("370700", examples=False)
    form = {
        "budget:weifang": "300万",
        "budget_year:weifang": "2025",
        "budget_method:weifang": "first_come",
    }
    changes = read_changes(composed("试", form, program))
    (only,) = changes.changes
    assert (only.policy, only.set) == (
        "weifang",
        {"budget": {"years": {2025: 3000000}, "method": "first_come"}},
    )
    assert "budget" in added_text(changes, program), (
        "what no dial shows is kept when the scenario is gone on with"
    )
    with pytest.raises(Refusal, match="不是年份"):
        composed("试", {**form, "budget_year:weifang": "明年"}, program)


def test_what_is_typed_wrong_is_told_by_the_line_it_was_typed_on():
    with pytest.raises(Refusal, match="补充的差异 第 2 行"):
        composed(
            "试",
            {"more": "- {drop: weifang.china_patent_gold}\n- {drops: x}"},
            scenarios.program_for("370700", examples=False),
        )


def test_a_refused_run_shows_the_file_its_line_counts_in(golden):
    browser = signed_in(golden.city_officer)
    given = {"as_of": "2025-12-16", "more": "- {clause: weifang.china_patent_gold, set: {amout: 1}}"}
    answer = browser.post("/incentives/simulation/run/", given, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "差异文件（行号照此）" in answer.content.decode()


def test_a_draft_has_a_page_with_both_versions_remarks_and_what_to_do_next(golden):
    row = saved(golden)
    browser = signed_in(golden.city_officer)
    given = {"step": "draft", "clause": "weifang.china_patent_gold", "since": "2026-01-01"}
    page = browser.post(f"/incentives/simulation/{row.pk}/step/", given, follow=True).content.decode()
    for words in ("还没有生效", "定额 100万元", "定额 150万元", "审查意见", "没有公平竞争审查结论"):
        assert words in page
    early = browser.post(f"/incentives/simulation/{row.pk}/step/", {**given, "since": "2020-01-01"})
    assert early.status_code == 422
    assert "起草条款新版本" in early.content.decode(), "the refusal stands on the page it belongs to"


def test_comparing_one_scenario_says_so_on_the_list(golden):
    row = saved(golden)
    answer = signed_in(golden.city_officer).get(f"/incentives/simulation/compare/?s={row.pk}")
    assert answer.status_code == 422
    assert "选了 1 个方案" in answer.content.decode()
    assert "提高金奖" in answer.content.decode()


def test_dials_show_what_a_saved_scenario_left_them_at():
    program = scenarios.program_for("370700", examples=False)
    ((_, panels),) = panels_of(program, read_changes(RAISE))
    gold = next(one for one in panels if one.owner == "weifang.china_patent_gold")
    assert gold.touched
    assert [one.now for one in gold.dials if one.dial.place == "amount"] == ["1500000"]


@pytest.mark.parametrize("given", ["很多", "-5", "1e20", "NaN"])
def test_a_dial_that_is_no_amount_is_refused_with_the_value(given):
    program = scenarios.program_for("370700", examples=False)
    with pytest.raises(Refusal, match=given.replace("+", ".")):
        composed("试", {GOLD: given}, program)


def test_the_result_stands_beside_the_baseline_with_the_winner_by_name(golden):
    found = run(golden)
    assert (found["baseline"], found["variant"], found["difference"]) == (
        "1000000.00",
        "1500000.00",
        "500000.00",
    )
    (winner,) = found["winners"]
    assert winner["name"] == "演示甲公司"
    assert found["sensitivity"] == [
        {"change": "中国专利金奖奖励：金额 100万元 → 150万元", "difference": "500000.00"}
    ]


def test_a_what_if_without_a_change_is_refused(golden):
    with pytest.raises(Refusal, match="没有任何改动"):
        run(golden, "name: 空\nchanges: []\n")


def test_saving_twice_keeps_one_and_another_content_under_the_name_is_refused(golden):
    first = saved(golden)
    assert saved(golden).pk == first.pk
    with pytest.raises(Conflict, match="已有名为"):
        scenarios.save(
            name="提高金奖", text=RAISE.replace("1500000", "1"), region="370700", as_of=DAY, examples=False,
            by=golden.city_officer,
        )  # fmt: skip
    assert AuditEvent.objects.filter(action="policies.save_scenario").count() == 1


def test_a_draft_holds_the_old_version_and_the_new_one_and_reads_as_a_clause(golden):
    row = scenarios.draft(
        scenario=saved(golden),
        clause="weifang.china_patent_gold",
        since=date(2026, 3, 1),
        by=golden.city_officer,
    )
    content, node = read_yaml_text(row.content, "draft.yaml")
    clause = build_clause(content, node, "draft.yaml")
    assert [(one.since, one.amount.amount) for one in clause.versions] == [
        (date(2024, 1, 1), 1000000),
        (date(2026, 3, 1), 1500000),
    ]


def test_a_draft_before_the_latest_version_or_of_an_untouched_clause_is_refused(golden):
    scenario = saved(golden)
    for clause, day in (
        ("weifang.china_patent_gold", date(2023, 1, 1)),
        ("weifang.china_patent_silver", DAY),
    ):
        with pytest.raises(Refusal):
            scenarios.draft(scenario=scenario, clause=clause, since=day, by=golden.city_officer)
    assert not ClauseDraft.objects.exists()


def test_running_again_takes_the_ledger_as_it_is_now(golden):
    scenario = saved(golden)
    HonourGrant.objects.update(revoked_on=date(2025, 8, 1))
    tables_moved_on(["ledger_honourgrant"])
    assert scenarios.run_again(scenario=scenario, by=golden.city_officer).result["difference"] == "0.00"


def test_the_pages_show_run_save_compare_and_word(golden):
    browser = signed_in(golden.city_officer)
    assert "提高" not in browser.get("/incentives/simulation/").content.decode()
    page = browser.get("/incentives/simulation/new/").content.decode()
    assert GOLD in page
    result = browser.post("/incentives/simulation/run/", {GOLD: "1500000"}, headers={"HX-Request": "true"})
    assert "演示甲公司" in result.content.decode()
    assert "<html" not in result.content.decode()
    assert "<html" in browser.post("/incentives/simulation/run/", {GOLD: "1500000"}).content.decode()
    refused = browser.post("/incentives/simulation/run/", {GOLD: "很多"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    for name in ("甲案", "乙案"):
        assert (
            browser.post("/incentives/simulation/save/", {GOLD: "1500000", "name": name}).status_code == 302
        )
    one, two = Scenario.objects.order_by("pk")
    assert "乙案" in browser.get(f"/incentives/simulation/compare/?s={one.pk}&s={two.pk}").content.decode()
    word = browser.get(f"/incentives/simulation/{one.pk}/scenario.docx")
    text = "\n".join(
        [paragraph.text for paragraph in Document(io.BytesIO(word.content)).paragraphs]
        + [c.text for t in Document(io.BytesIO(word.content)).tables for r in t.rows for c in r.cells]
    )
    assert "500,000.00" in text
    assert "演示甲公司" in text
    assert (
        browser.get(f"/incentives/simulation/{one.pk}/changes.yaml").content.decode().startswith("name: 甲案")
    )


PAGES = ("", "new/", "{}/", "{}/scenario.docx", "{}/changes.yaml")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("city_officer", (200, 200, 200, 200, 200)),
        ("county_officer", (200, 403, 404, 404, 404)),
        ("department", (200, 403, 200, 200, 200)),
        ("enterprise", (403, 403, 403, 403, 403)),
        ("stranger", (200, 403, 404, 404, 404)),
    ],
)
def test_who_sees_what_ifs(golden, who, expected):
    number = saved(golden).pk
    browser = signed_in(getattr(golden, who))
    place = "?region=370700"
    assert (
        tuple(browser.get(f"/incentives/simulation/{one.format(number)}{place}").status_code for one in PAGES)
        == expected
    )


def test_a_leader_reads_but_does_not_run_or_delete(golden):
    leader = make_user("lingdao", "leader", "370700")
    scenario = saved(golden)
    with pytest.raises(NotAllowed):
        scenarios.preview(text=RAISE, region="370700", as_of=DAY, examples=False, by=leader)
    browser = signed_in(leader)
    assert browser.get(f"/incentives/simulation/{scenario.pk}/").status_code == 200
    assert browser.post(f"/incentives/simulation/{scenario.pk}/step/", {"step": "delete"}).status_code == 403
    assert Scenario.objects.count() == 1


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(golden, django_assert_num_queries):
    browser = signed_in(golden.city_officer)
    saved(golden)

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            browser.get("/incentives/simulation/")
        return len(asked)

    count()
    few = count()
    for number in range(25):
        saved(golden, f"方案{number}")
    assert count() == few


def test_the_api_runs_keeps_and_reads_what_ifs(golden):
    browser = signed_in(golden.city_officer)
    body = {"changes": RAISE, "region": "370700", "as_of": "2025-12-16"}
    found = browser.post("/api/v1/policies/what-ifs", body, content_type="application/json")
    assert found.json()["difference"] == "500000.00"
    assert not Scenario.objects.exists()
    kept = browser.post(
        "/api/v1/policies/what-ifs", {**body, "save_as": "甲"}, content_type="application/json"
    ).json()
    assert browser.get("/api/v1/policies/what-ifs").json()["items"][0]["name"] == "甲"
    assert "1500000" in browser.get(f"/api/v1/policies/what-ifs/{kept['number']}").json()["changes"]
    wrong = browser.post(
        "/api/v1/policies/what-ifs", {**body, "changes": "- x"}, content_type="application/json"
    )
    assert wrong.status_code == 422
    assert "差异" in wrong.json()["title"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("city_officer", 200),
        ("county_officer", 403),
        ("department", 403),
        ("enterprise", 403),
        ("stranger", 403),
    ],
)
def test_who_runs_what_ifs_over_the_api(golden, who, expected):
    body = {"changes": RAISE, "region": "370700", "as_of": "2025-12-16"}
    browser = signed_in(getattr(golden, who))
    assert (
        browser.post("/api/v1/policies/what-ifs", body, content_type="application/json").status_code
        == expected
    )


def test_a_document_that_names_no_region_is_asked_about_this_one_only_whichever_side_is_run():
    text = "name: 试\nchanges:\n- {policy: ex_budget, set: {issuer: 另一机关}}\n"
    baseline, wanted = scenarios.what_if_of(text, region="370700", examples=True)
    for program in (baseline, wanted.variant, *wanted.alone.values()):
        assert program.policies["ex_budget"].region == "370700"


def test_every_number_of_the_rules_is_turned_down_and_up_and_costs_what_it_should(golden):
    total, found = scenarios.sensitivities(region="370700", as_of=DAY, examples=False, by=golden.city_officer)
    assert str(total) == "1000000.00"
    first = found[0]
    assert (first.nudge.label, str(first.lower), str(first.higher)) == (
        "中国专利金奖奖励：金额",
        "-100000.00",
        "100000.00",
    )
    assert {str(one.reach) for one in found[1:]} == {"0.00"}


def test_the_page_of_sensitivities_shows_them_in_words_and_gives_a_file(golden):
    browser = signed_in(golden.city_officer)
    shown = browser.get("/incentives/simulation/sensitivity/").content.decode()
    assert "中国专利金奖奖励：金额" in shown
    assert "−100,000.00" in shown
    assert "90万元" in shown
    sheet = browser.get("/incentives/simulation/sensitivity/export.csv").content.decode("utf-8-sig")
    assert "中国专利金奖奖励：金额,100万元,90万元,-100000.00,110万元,100000.00" in sheet
    answer = browser.get("/api/v1/policies/sensitivity", {"region": "370700"}).json()
    assert answer["parameters"][0]["higher"] == "100000.00"


def test_a_stranger_s_sensitivities_know_nothing_of_this_city(golden):
    browser = signed_in(golden.stranger)
    assert "1,000,000.00" not in browser.get("/incentives/simulation/sensitivity/").content.decode()
    assert browser.get("/api/v1/policies/sensitivity", {"region": "370700"}).status_code == 403


@pytest.mark.parametrize("who", ["department", "enterprise"])
def test_who_may_not_run_what_ifs_sees_no_sensitivities(golden, who):
    browser = signed_in(getattr(golden, who))
    for address in ("sensitivity/", "sensitivity/export.csv"):
        assert browser.get(f"/incentives/simulation/{address}").status_code == 403
    assert browser.get("/api/v1/policies/sensitivity", {"region": "370700"}).status_code == 403


def test_codes_of_honours_are_written_by_name_and_unknown_ones_stay():
    names = {"china_patent_award": "中国专利奖"}
    assert said_by_name("china_patent_award/gold·第24届", names) == "中国专利奖 金奖·第24届"
    assert said_by_name("other_award/gold", names) == "other_award/gold"
