"""Conditions and amounts in the words of an official, said from the rule the engine runs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import zhicheng.catalogue
from zhicheng.catalogue.policy_loader import load_policies
from zhicheng.engines.incentives.expressions import ExpressionError
from zhicheng.engines.incentives.rules import (
    Bracket,
    Brackets,
    Choose,
    FactColumn,
    FactShape,
    Fixed,
    Match,
    Rate,
    Table,
)  # fmt: skip
from zhicheng.engines.incentives.saying import amount_lines, condition_words, percent

CATALOGUE = Path(zhicheng.catalogue.__file__).parent
SHAPE = FactShape(
    "grants", "荣誉", "day", "ended", "某局",
    {
        "day": FactColumn("day", "date", "授予日"), "ended": FactColumn("ended", "date", "撤销日"),
        "honour": FactColumn("honour", "text", "荣誉", {"patent/gold": "金奖", "patent/silver": "银奖"}),
        "cost": FactColumn("cost", "money", "费用"), "days": FactColumn("days", "integer", "天数"),
        "won": FactColumn("won", "boolean", "胜诉"),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("honour = 'patent/gold'", "荣誉为金奖"),
        ("honour = 'patent/unknown'", "荣誉为patent/unknown"),
        ("honour in ('patent/gold', 'patent/silver')", "荣誉为金奖、银奖"),
        ("honour not in ('patent/gold')", "荣誉不为金奖"),
        ("not honour = 'patent/gold'", "荣誉不为金奖"),
        ("cost >= 10000 and won", "费用达到 10000 元，且胜诉：是"),
        ("not won or days < 30", "胜诉：否，或天数小于 30"),
        ("(won or cost > 0) and not (days > 5)", "（胜诉：是，或费用大于 0 元），且天数不超过 5"),
        ("days between 30 and 60", "天数在 30 至 60 之间"),
        ("ended is null", "没有撤销日"),
        ("ended is not null", "有撤销日"),
        ("day >= date '2024-01-01'", "授予日达到2024-01-01"),
        ("day <= :as_of", "授予日不超过截至日"),
        ("year(day) = 2024", "授予日的年份为2024"),
        ("coalesce(cost, 0) * 2 > 10", "费用，没有时取0乘以2大于10"),
        ("not (won and days = 3)", "以下不成立：胜诉：是，且天数为 3"),
        ("holder_kind = 'person'", "获得者类别为个人"),
    ],
)
def test_a_condition_is_said_in_labels_and_names(text, words):
    assert condition_words(text, SHAPE) == words


def test_a_form_without_words_is_shown_as_it_is_written():
    text = "case when won then 1 else 0 end = 1"
    assert condition_words(text, SHAPE) == text


def test_what_is_no_condition_is_refused_as_everywhere():
    with pytest.raises(ExpressionError, match="没有的列"):
        condition_words("salary > 3", SHAPE)


@pytest.mark.parametrize(
    ("amount", "lines"),
    [
        (Fixed(Decimal(1_000_000)), ("定额 100万元",)),
        (Table("honour", {"patent/gold": Decimal(500_000), "x": Decimal(300)}), ("金奖：50万元", "x：300元")),
        (
            Rate("cost * days", Decimal("0.0345"), divisor=365, cap=Decimal(100_000), floor=Decimal(2000)),
            ("费用乘以天数的 3.45%，再除以 365，最高 10万元，最低 2,000元",),
        ),
        (
            Brackets("cost", (Bracket(Decimal(10_000), Decimal("0.1")), Bracket(None, Decimal("0.05"))), Decimal(9999)),
            ("费用 0元至 1万元的部分：10%", "费用 1万元以上的部分：5%", "合计最高 9,999元"),
        ),
        (Match("province", Decimal("0.5"), Decimal(200_000)), ("省级实际到账金额的 50%，最高 20万元",)),
        (
            Choose((("won", Fixed(Decimal(10_000))), ("", Rate("cost", Decimal(1))))),
            ("胜诉：是 → 定额 1万元", "其余 → 费用的 100%"),
        ),
    ],
)  # fmt: skip
def test_an_amount_is_said_case_by_case(amount, lines):
    assert amount_lines(amount, SHAPE) == lines


def test_a_rate_keeps_all_its_places():
    assert percent(Decimal("0.000125")) == "0.0125%"
    assert percent(Decimal("1.00")) == "100%"


def test_every_clause_shipped_is_said_without_code():
    program = load_policies([CATALOGUE / "policies", CATALOGUE / "example_policies"])
    for clause in program.clauses:
        shape = program.facts[clause.fact]
        for version in clause.versions:
            said = [condition_words(version.when, shape), *amount_lines(version.amount, shape)]
            said += [condition_words(one.when, shape) for one in version.requires]
            assert not [one for one in said if any(word in one for word in ("_", "'", " and ", " is "))], (
                clause.id
            )
