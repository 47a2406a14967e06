"""Whatever moves money in a clause has a dial, and turning it changes exactly that place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhicheng.catalogue.policy_changes import ChangeModel, apply_changes, read_changes
from zhicheng.catalogue.policy_dials import dials_of, dials_of_policy
from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.kernel.refusals import Refusal

PROGRAM = load_policies([POLICIES, EXAMPLES])
TURNED = {"money": lambda value: value + 1, "rate": lambda value: value / 2, "count": lambda value: value + 1}


@pytest.mark.parametrize("clause", PROGRAM.clauses, ids=lambda one: one.id)
def test_every_number_of_a_clause_can_be_turned_and_changes_the_clause(clause):
    dials = dials_of(clause, PROGRAM.facts[clause.fact])
    assert any(one.kind in {"money", "rate"} for one in dials)
    for dial in dials:
        if dial.kind not in TURNED:
            continue
        value = TURNED[dial.kind](Decimal(dial.value))
        value = int(value) if dial.kind == "count" else value
        changed = apply_changes("试", [ChangeModel(clause=clause.id, set={dial.place: value})], PROGRAM)
        assert changed.variant.clause(clause.id) != clause, dial
        assert Decimal(0) <= Decimal(dial.value) <= dial.high
        assert dial.step > 0


def test_a_place_in_a_list_and_a_year_are_reached_by_their_number():
    text = """
name: 试
changes:
  - {clause: ex_sd_insurance.premium, set: {amount.choose.0.amount.rate.cap: 70000}}
  - {clause: ex_budget.pro_rata, set: {budget.years.2024: 400000}}
"""
    variant = apply_changes("试", read_changes(text).changes, PROGRAM).variant
    first = variant.clause("ex_sd_insurance.premium").versions[-1].amount.cases[0][1]
    assert first.cap == 70000
    assert variant.clause("ex_budget.pro_rata").versions[-1].budget.years == {2024: 400000}


def test_a_place_that_is_not_in_the_list_is_refused_with_how_many_there_are():
    with pytest.raises(Refusal, match="从 0 数起，共 5 项"):
        apply_changes(
            "试",
            [ChangeModel(clause="ex_sd_insurance.premium", set={"amount.choose.9.amount": 1})],
            PROGRAM,
        )


def test_what_somebody_typed_is_refused_with_its_line():
    with pytest.raises(Refusal, match="第 3 行"):
        read_changes("name: 试\nchanges:\n  - {clauses: x}\n")


def test_a_document_offers_its_budget_and_its_caps():
    assert [one.place for one in dials_of_policy(PROGRAM.policies["ex_standards"])] == ["caps.0.amount"]


def test_a_dial_is_named_in_the_words_of_the_fact_and_a_change_says_from_what_to_what():
    labels = {
        one.label
        for clause in PROGRAM.clauses
        for one in dials_of(clause, PROGRAM.facts[clause.fact])
        if one.kind in TURNED
    }
    assert "起草单位排名为 1 → 国际标准（元）" in labels
    assert not [one for one in labels if "_" in one or "'" in one or "=" in one]
    text = (
        "name: 试\nchanges:\n- {clause: weifang.china_patent_gold, set: {amount: 1500000, once: true}}\n"
        "- {drop: weifang.china_patent_silver}\n- {policy: ex_budget, set: {issuer: 另一机关}}\n"
    )
    wanted = apply_changes("试", read_changes(text).changes, PROGRAM)
    assert list(wanted.alone) == [
        "中国专利金奖奖励：金额 100万元 → 150万元，一次性 否 → 是",
        "取消“中国专利银奖奖励”",
        "示例：预算上限的通用写法：发文机关设为 另一机关",
    ]


def test_what_has_no_dial_is_said_in_words_too():
    text = (
        "name: 试\nchanges:\n"
        "- {policy: weifang, set: {budget: {years: {2024: 1000000}}}}\n"
        "- {clause: weifang.haopin_shandong, set: {caps: [{amount: 300000, period: year, per: beneficiary}]}}\n"
        "- {clause: weifang.china_patent_gold, set: {when: \"honour = 'china_patent_award/silver'\", clawback: false}}\n"
    )
    wanted = apply_changes("试", read_changes(text).changes, PROGRAM)
    assert list(wanted.alone) == [
        "潍坊市质量品牌与专利奖励（发布会口径）：年度预算设为 2024 年 100万元，按比例兑付",
        "新获评“好品山东”品牌资助：封顶设为 每年按受益人 30万元",
        "中国专利金奖奖励：触发条件 “荣誉项目与等次为中国专利金奖” → “荣誉项目与等次为中国专利银奖”，追回设为 否",
    ]


@pytest.mark.parametrize("value", ["很多", "true", "[1]", "null", ".nan"])
def test_a_value_that_is_no_amount_is_refused_before_it_is_put_into_words(value):
    text = f"name: 试\nchanges:\n- {{clause: weifang.china_patent_gold, set: {{amount: {value}}}}}\n"
    with pytest.raises(Refusal):
        apply_changes("试", read_changes(text).changes, PROGRAM)
