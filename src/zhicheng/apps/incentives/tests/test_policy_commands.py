"""`zhicheng policies` on a small folder of facts and on tables as a snapshot holds them."""

from __future__ import annotations

import json

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from zhicheng.apps.incentives.commands import policies
from zhicheng.apps.incentives.demo.policies import install
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.runs.ledger_facts import facts_of
from zhicheng.apps.incentives.runs.outputs import Names
from zhicheng.kernel.refusals import Refusal

HONOURS = """fact,organisation,person,holder_kind,region,honour,granted_on,revoked_on,object
1,A,,enterprise,370783,china_patent_award/gold,2024-11-20,,p1
2,A,,enterprise,370783,china_quality_award/nomination,2025-11-20,,
3,=B,,enterprise,370702,china_quality_award/award,2024-11-20,,
4,,P,person,370702,china_patent_award/silver,2025-01-20,,p3
"""


@pytest.fixture
def facts(tmp_path):
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "honours.csv").write_text(HONOURS, encoding="utf-8")
    return folder


def call(*words, ok=True):
    result = CliRunner().invoke(policies, [str(one) for one in words])
    if ok:
        assert result.exception is None, result.output
    return result


def evaluate(facts, *more):
    return call("evaluate", "--facts", facts, "--as-of", "2025-12-16", *more).stdout


def test_evaluate_lists_every_answer_with_exact_amounts(facts):
    found = json.loads(evaluate(facts, "--format", "json"))
    assert {(one["fact"], one["status"], one["amount"]) for one in found} == {
        ("1", "entitled", "1000000.00"), ("2", "no_rule", "0.00"), ("3", "entitled", "1000000.00"),
        ("4", "entitled", "600000.00"),
    }  # fmt: skip


def test_evaluate_narrows_to_a_region_and_a_year(facts):
    found = json.loads(evaluate(facts, "--format", "json", "--region", "370702", "--year", "2025"))
    assert [one["fact"] for one in found] == ["4"]


def test_a_name_that_looks_like_a_formula_does_not_reach_a_sheet_as_one(facts, tmp_path):
    assert ",'=B," in evaluate(facts, "--format", "csv")
    path = tmp_path / "out.xlsx"
    evaluate(facts, "--format", "xlsx", "--output", path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet.max_row == 5
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_explain_prints_the_sheet_step_by_step_with_its_source(facts):
    text = call("explain", "A", "weifang.china_patent_gold", "--facts", facts, "--as-of", "2025-12-16").stdout
    assert "应予兑付" in text
    assert "依据：半岛网" in text


def test_an_unknown_policy_is_refused_in_words(facts):
    result = call("evaluate", "--facts", facts, "--policy", "nowhere", ok=False)
    assert isinstance(result.exception, Refusal)
    assert "没有政策“nowhere”" in str(result.exception)


def test_simulate_shows_the_change_beside_the_baseline(facts, tmp_path):
    change = tmp_path / "change.yaml"
    change.write_text(
        "name: 试\nchanges: [{clause: weifang.china_patent_gold, set: {amount: 1500000}}]\n", encoding="utf-8"
    )
    text = call("simulate", change, "--facts", facts, "--as-of", "2025-12-16", "--format", "json").stdout
    found = json.loads(text)
    assert (found["baseline"], found["variant"]) == ("2600000.00", "3100000.00")
    assert found["winners"][0]["beneficiary"] == "A"


def test_honours_of_a_snapshot_become_facts_under_the_firm_s_code(tmp_path):
    con = duckdb.connect()
    con.execute(
        "create table ledger_organisation as select 7 as id, '91370700A' as uscc, '甲' as name, '370783' as region_code,"
        " 'C34' as industry_code, 'small' as size"
    )
    con.execute(
        "create table ledger_honourgrant as select 1 as id, '370783' as region_code, 'enterprise' as holder_kind,"
        " '旧名' as holder_name, '' as uscc, 7 as organisation_id, 'china_patent_award' as scheme_code, 'gold' as tier,"
        " date '2024-11-20' as granted_on, null::date as revoked_on, 'ZL1' as object_number, '' as object_name,"
        " 25 as round, 'national' as level"
    )
    for name in ("ledger_organisation", "ledger_honourgrant"):
        con.execute(f"copy {name} to '{tmp_path / name}.parquet'")
    (row,) = facts_of(tmp_path)["honours"].to_pylist()
    assert (row["organisation"], row["honour"], row["object"]) == (
        "91370700A",
        "china_patent_award/gold",
        "ZL1",
    )
    assert "negative_list" not in facts_of(tmp_path)


CONTRACT = [
    "clause",
    "version",
    "beneficiary",
    "kind",
    "fact",
    "event_date",
    "status",
    "amount",
    "steps",
    "reasons",
]


def test_evaluate_over_the_city_s_own_ledger_gives_the_promised_list(city):
    found = json.loads(
        call("evaluate", "--policy", "weifang", "--as-of", "2025-12-16", "--format", "json").stdout
    )
    assert [list(one) for one in found] == [CONTRACT] * len(found)
    assert sorted(one["amount"] for one in found if one["status"] == "entitled") == [
        "1000000.00", "1000000.00", "500000.00",
    ]  # fmt: skip


def test_explain_finds_a_firm_of_the_ledger_by_its_name_and_by_its_code(city):
    firm = city.firms["甲公司"]
    for words in ("甲公司", firm.uscc):
        text = call("explain", words, "weifang.china_patent_gold", "--as-of", "2025-12-16").stdout
        assert "应予兑付" in text
        assert "1,000,000.00 元" in text
    every = json.loads(call("explain", "甲公司", "--as-of", "2025-12-16", "--format", "json").stdout)
    assert len({one["clause"] for one in every}) == 6


def test_windows_are_listed_and_documents_for_demonstration_only_when_asked_for(tmp_path, settings):
    settings.ZHICHENG_HOME = tmp_path
    install(tmp_path)
    forget()
    runner = CliRunner()
    asked = ["windows", "--on", "2025-12-16", "--format", "json"]
    assert json.loads(runner.invoke(policies, asked).output) == []
    found = json.loads(runner.invoke(policies, [*asked, "--examples"]).output)
    own = next(one for one in found if one["policy_id"] == "demo_finance" and one["year"] == 2025)
    assert (own["closes"], own["days"], len(own["clauses"])) == ("2026-01-15", 30, 2)
    listed = json.loads(runner.invoke(policies, ["list", "--format", "json"]).output)
    assert {one["clause"].split(".")[0] for one in listed} == {"weifang"}
    assert "2026-01-15" in runner.invoke(policies, ["windows", "--on", "2025-12-16", "--examples"]).output


def test_a_terminal_calls_organisations_and_honours_by_their_names():
    names = Names({"91370700X": "演示甲公司"}, {"china_patent_award": "中国专利奖"})
    assert names.beneficiary("91370700X") == "演示甲公司\n91370700X"
    assert names.beneficiary("91370700Y") == "91370700Y"
    assert names.said("china_patent_award/gold·第24届") == "中国专利奖 金奖·第24届"
    assert names.said("属于 370783 辖区") == "属于 寿光市辖区"
    assert names.group("county", "370783") == "寿光市"
    assert names.group("size", "micro") == "微型"
    assert names.group("industry", "14") == "14 食品制造业"
    assert names.group("year", "2024") == "2024"
    assert names.group("county", "") == "未登记"


def test_no_window_open_is_said_and_not_an_empty_table():
    result = call("windows", "--on", "1990-01-01")
    assert "没有申报窗口" in result.stderr
    assert result.stdout == ""
