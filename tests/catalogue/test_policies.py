"""The shipped policies: the six clauses, the examples, every mechanism covered, hostile files refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhicheng.catalogue.policy_changes import load_changes
from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.catalogue.policy_yaml import LARGEST, CatalogueError, read_yaml
from zhicheng.engines.incentives.examples import run_examples
from zhicheng.engines.incentives.linting import lint
from zhicheng.engines.incentives.mechanisms import MECHANISMS, coverage, table_markdown
from zhicheng.kernel.refusals import Refusal

EVERYTHING = load_policies([POLICIES, EXAMPLES])
DOCS = Path(__file__).parents[2] / "docs" / "policies.md"


@pytest.mark.parametrize("clause", EVERYTHING.clauses, ids=lambda one: one.id)
def test_every_example_of_a_clause_comes_out_as_it_says(clause):
    results = run_examples(EVERYTHING, clause)
    assert len(results) >= 3
    assert [(one.example.why, one.example.expect, one.got) for one in results if not one.ok] == []


def test_the_city_pays_the_six_amounts_its_text_names():
    found = {one.id: one.versions[0].amount.amount for one in load_policies().clauses}
    assert found == {
        "weifang.china_quality_award": Decimal(1_000_000),
        "weifang.mayor_quality_award": Decimal(500_000),
        "weifang.haopin_shandong": Decimal(200_000),
        "weifang.china_patent_gold": Decimal(1_000_000),
        "weifang.china_patent_silver": Decimal(600_000),
        "weifang.china_patent_excellence": Decimal(100_000),
    }


def test_the_six_clauses_hold_from_2024_and_say_that_nobody_has_verified_it():
    for clause in load_policies().clauses:
        assert clause.versions[0].since == date(2024, 1, 1)
        assert clause.effective_unverified
        assert clause.versions[0].source.unverified
        assert clause.versions[0].source.span


def test_at_least_fifteen_example_clauses_lie_beside_the_city_s_and_are_not_loaded_by_default():
    examples = [one for one in EVERYTHING.clauses if EVERYTHING.policies[one.policy].example]
    assert len(examples) >= 15
    assert not {one.id for one in load_policies().clauses} & {one.id for one in examples}
    assert all(one.versions[0].source.title for one in examples)


def test_every_mechanism_is_used_by_a_clause_and_the_page_shows_the_table():
    found = coverage(EVERYTHING)
    assert set(found) == set(MECHANISMS)
    assert [name for name, clauses in found.items() if not clauses] == []
    assert table_markdown(EVERYTHING) in DOCS.read_text(encoding="utf-8")


def test_the_shipped_policies_have_no_error():
    # every example has just been run, clause by clause
    assert [str(one) for one in lint(EVERYTHING, examples=False) if one.level == "error"] == []


def write_clause(folder: Path, text: str, *, name: str = "demo.award") -> Path:
    (folder / "demo.yaml").write_text(
        "id: demo\ntitle: {zh: 试, en: try}\nissuer: 某局\nsource: {title: 试}\n"
        "valid_from: 2020-01-01\nvalid_to: 2030-12-31\nreview: 已审查\n",
        encoding="utf-8",
    )
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


CLAUSE = """id: demo.award
name: {{zh: 奖, en: award}}
fact: honours
versions:
  2024-01-01:
    when: {when}
    amount: {amount}
    source: {{title: 试}}
{more}"""


def clause_text(when="honour = 'x/award'", amount="1000", more=""):
    return CLAUSE.format(when=f'"{when}"', amount=amount, more=more)


def test_an_unknown_key_is_refused_with_file_and_line(tmp_path):
    write_clause(tmp_path, clause_text(more="    bonus: 1\n"))
    with pytest.raises(CatalogueError, match=r"demo\.award\.yaml 第 9 行.*bonus.*没有这个键"):
        load_policies([tmp_path])


def test_an_amount_with_three_decimals_is_refused(tmp_path):
    write_clause(tmp_path, clause_text(amount="10.005"))
    with pytest.raises(CatalogueError, match="amount"):
        load_policies([tmp_path])


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\nb: *a\n",
        "a: " + "[" * 40 + "]" * 40 + "\n",
        "a: 1\na: 2\n",
        "a: !!python/object/apply:os.system ['true']\n",
        "x" * (LARGEST + 1),
        "- 1\n",
        "a: [1\n",
        "\n".join(f"k{i}: 1" for i in range(30_000)),
    ],
    ids=["alias", "deep", "duplicate", "tag", "huge", "list", "broken", "many"],
)
def test_a_hostile_file_is_refused(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError):
        read_yaml(path)


@pytest.mark.parametrize(
    ("kind", "when", "amount", "more"),
    [
        ("expression", "(select 1) = 1", "1", ""),
        ("expression", "honour = 'x'; drop table outcomes", "1", ""),
        ("expression", "nothing = 1", "1", ""),
        ("unreachable", "honour = 'x' and honour = 'y'", "1", ""),
        ("named_firms", "organisation = '91370700'", "1", ""),
        ("amount_unreachable", "honour = 'x'", "1000", "    caps: [{amount: 10}]\n"),
        ("examples", "honour = 'x'", "1000", ""),
        ("overlap", "honour = 'x'", "1", "    until: 2025-06-01\n  2025-01-01: {when: \"honour = 'x'\", amount: 2}\n"),
        ("citation", "honour = 'x'", "1", "  2025-01-01: {when: \"honour = 'x'\", amount: 2}\n"),
        ("unreachable", "honour = 'x'", "1", "    until: 2023-01-01\n"),
    ],
)  # fmt: skip
def test_the_linter_names_each_kind_of_mistake(tmp_path, kind, when, amount, more):
    write_clause(tmp_path, clause_text(when, amount, more))
    found = {one.code: one for one in lint(load_policies([tmp_path]))}
    assert kind in found
    assert found[kind].fix


CLEAN = """examples:
  - {why: 一, honour: x/award, granted_on: 2024-05-01, expect: 1000}
  - {why: 二, honour: x/award, granted_on: 2025-05-01, expect: 1000}
  - {why: 三, honour: x/award, granted_on: 2023-05-01, expect: no_rule}
"""


def test_a_clause_without_a_mistake_has_no_finding(tmp_path):
    write_clause(tmp_path, clause_text(more=CLEAN))
    assert lint(load_policies([tmp_path])) == []


@pytest.mark.parametrize(
    ("kind", "when", "more"),
    [
        ("named_firms", "object = '某公司产品'", ""),
        ("named_firms", "person = '某人'", ""),
        ("unreachable", "1 = 2", ""),
        ("unverified", "honour = 'x/award'", "unverified"),
        ("sharing", "honour = 'x/award'", "    sharing: {市: 0, 县: 0}\n"),
    ],
)
def test_the_reviewer_finds_what_a_clean_clause_lacks(tmp_path, kind, when, more):
    text = clause_text(when, more="" if more == "unverified" else more)
    text = (
        text.replace("source: {title: 试}", "source: {title: 试, unverified: true}")
        if more == "unverified"
        else text
    )
    write_clause(tmp_path, text + CLEAN)
    assert kind in {one.code for one in lint(load_policies([tmp_path]), examples=False)}


@pytest.mark.parametrize(
    ("fact", "until", "expected"),
    [
        ("patents_granted", "", True),
        ("patents_granted", "    until: 2025-12-31\n", False),
        ("overseas_rights", "", False),
    ],
)
def test_payment_per_grant_is_warned_about_only_after_2025(tmp_path, fact, until, expected):
    write_clause(tmp_path, clause_text("kind = 'invention'", more=until).replace("honours", fact))
    assert ("per_grant" in {one.code for one in lint(load_policies([tmp_path]), examples=False)}) is expected


@pytest.mark.parametrize(
    ("other", "matter", "expected"),
    [
        ("x/award", "", True),
        ("y/award", "", False),
        ("x/award", "    same_matter: {group: m, rule: highest}\n", False),
    ],
    ids=["same", "another honour", "with a rule"],
)
def test_two_clauses_are_told_apart_by_trigger_or_need_a_rule(tmp_path, other, matter, expected):
    write_clause(tmp_path, clause_text(more=matter))
    second = clause_text(f"honour = '{other}'", more=matter).replace("demo.award", "demo.bonus")
    write_clause(tmp_path, second, name="demo.bonus")
    assert ("stacking" in {one.code for one in lint(load_policies([tmp_path]), examples=False)}) is expected


def test_two_clauses_for_one_matter_need_a_stacking_rule(tmp_path):
    write_clause(tmp_path, clause_text())
    write_clause(tmp_path, clause_text().replace("demo.award", "demo.bonus"), name="demo.bonus")
    assert "stacking" in {one.code for one in lint(load_policies([tmp_path]), examples=False)}


def test_paying_per_granted_patent_after_2025_is_a_warning_with_its_document(tmp_path):
    text = clause_text("kind = 'invention'").replace("honours", "patents_granted")
    write_clause(tmp_path, text)
    found = next(one for one in lint(load_policies([tmp_path]), examples=False) if one.code == "per_grant")
    assert found.source.number == "国知发保字〔2021〕1号"


def test_a_document_without_fair_competition_review_or_validity_is_named(tmp_path):
    write_clause(tmp_path, clause_text())
    (tmp_path / "demo.yaml").write_text(
        "id: demo\ntitle: {zh: 试, en: try}\nissuer: 某局\nsource: {title: 试}\n", encoding="utf-8"
    )
    found = {one.code: one.level for one in lint(load_policies([tmp_path]), examples=False)}
    assert found["fair_competition"] == found["validity"] == "error"


def test_a_what_if_is_applied_to_the_clause_and_checked_again(tmp_path):
    path = tmp_path / "change.yaml"
    baseline = load_policies()
    path.write_text(
        "name: 试\nchanges:\n  - {clause: weifang.china_patent_gold, set: {amount: 5}}\n"
        "  - {drop: weifang.haopin_shandong}\n",
        encoding="utf-8",
    )
    found = load_changes(path, baseline)
    assert found.variant.clause("weifang.china_patent_gold").versions[0].amount.amount == 5
    assert found.variant.clause("weifang.haopin_shandong") is None
    assert len(found.alone) == 2
    assert baseline.clause("weifang.china_patent_gold").versions[0].amount.amount == 1_000_000


@pytest.mark.parametrize(
    "change", ["{drop: nothing.here}", "{clause: weifang.china_patent_gold, set: {bonus: 1}}"]
)
def test_a_what_if_about_something_that_is_not_there_is_refused(tmp_path, change):
    path = tmp_path / "change.yaml"
    path.write_text(f"name: 试\nchanges:\n  - {change}\n", encoding="utf-8")
    with pytest.raises(Refusal):
        load_changes(path, load_policies())


@pytest.mark.slow
def test_the_loader_needs_no_django():
    code = "import sys, zhicheng.catalogue.policy_loader as p; p.load_policies(); assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
