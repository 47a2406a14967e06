"""Numbers stand side by side only when they measure the same thing; otherwise the pair is refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from zhicheng.engines.benchmarks import Measure, Period, compare, nearest, read_words, refuse

DAY = Period("day", None, date(2025, 12, 16))
OURS = Measure("valid_invention_patents", "有效发明专利拥有量", "件", "stock", period=DAY)
CREDIT = Measure("credit_granted_amount", "授信金额", "元", "cumulative", frozenset({"授信"}), period=DAY)
AWARDS = Measure("awards", "质量奖及提名奖", "个", "cumulative", counted="获奖和提名", period=DAY)


def facets(ours, theirs, **more):
    return [one.facet for one in compare(ours, theirs, **more)]


def test_the_same_measure_on_the_same_day_is_comparable():
    assert compare(OURS, OURS) == ()


def test_credit_of_one_ceremony_is_not_a_cumulative_total():
    words = read_words("银企对接会现场授信")
    assert words.kind == "event"
    other = replace(CREDIT, kind=words.kind)
    (only,) = compare(CREDIT, other)
    assert (only.facet, only.ours, only.theirs) == ("kind", "累计", "一次活动的数")


def test_credit_granted_is_not_money_lent():
    assert read_words("累计授信").narrowed == {"授信"}
    assert read_words("累计发放贷款").narrowed == {"放款"}
    assert facets(CREDIT, replace(CREDIT, narrowed=read_words("发放贷款").narrowed)) == ["definition"]


def test_awards_are_not_awards_and_nominations():
    assert read_words("省长质量奖及提名奖").counted == "获奖和提名"
    assert read_words("中国质量奖和提名奖").counted == "获奖和提名"
    assert read_words("省长质量奖提名奖企业").counted == "提名"
    assert read_words("省长质量奖").counted == "获奖"
    assert facets(AWARDS, replace(AWARDS, counted="获奖")) == ["counted"]


def test_high_value_patents_are_not_all_patents():
    words = read_words("高价值发明专利拥有量")
    (only,) = compare(OURS, replace(OURS, narrowed=words.narrowed))
    assert (only.facet, only.ours, only.theirs) == ("definition", "全部", "高价值")


def test_patents_of_enterprises_are_not_the_citys_patents():
    assert read_words("企业有效发明专利拥有量").narrowed == {"限企业"}


def test_a_pledge_is_not_a_patent_but_a_household_firm_is_a_firm():
    assert facets(OURS, replace(OURS, unit="笔")) == ["unit"]
    assert facets(replace(OURS, unit="家"), replace(OURS, unit="户")) == []
    assert facets(replace(OURS, unit="人"), replace(OURS, unit="人次")) == ["unit"]


def test_days_apart_are_refused_unless_a_tolerance_was_asked_for():
    other = replace(OURS, period=Period("day", None, date(2025, 11, 30)))
    assert facets(OURS, other) == ["period"]
    assert facets(OURS, other, tolerance=16) == []


def test_an_unknown_period_agrees_with_nothing_not_even_itself():
    unknown = replace(OURS, period=Period("day", None, None, "截至目前"))
    assert facets(unknown, unknown) == ["period"]


def test_a_flow_needs_both_ends_of_its_period():
    half = Period("span", date(2025, 1, 1), date(2025, 6, 30))
    flow = replace(OURS, kind="flow", period=half)
    assert facets(flow, replace(flow, period=Period("span", date(2024, 7, 1), date(2025, 6, 30)))) == [
        "period"
    ]


def test_a_number_whose_kind_nobody_said_is_refused():
    assert facets(replace(OURS, kind=""), replace(OURS, kind="")) == ["kind"]


def test_every_facet_that_differs_is_named():
    other = Measure("x", "别的", "元", "flow", counted="提名", period=Period())
    assert facets(OURS, other) == ["definition", "unit", "kind", "counted", "period"]


def test_the_nearest_comparable_figure_shares_the_meaning():
    later = replace(OURS, period=Period("day", None, date(2025, 12, 1)))
    earlier = replace(OURS, period=Period("day", None, date(2024, 12, 31)))
    other = replace(OURS, subject="high_value")
    assert nearest(OURS, [(other, "other"), (earlier, "earlier"), (later, "later")]) == "later"
    assert nearest(OURS, [(other, "other")]) is None


def test_the_refusal_of_a_pair_says_what_differs_and_what_would_do():
    event = replace(CREDIT, name="签约仪式授信", kind="event")
    refusal = refuse(CREDIT, event, compare(CREDIT, event), near="累计授信 30 亿元")
    assert "存量与期间量不同（累计／一次活动的数）" in refusal.what
    assert "累计授信 30 亿元" in refusal.fix
    assert "授信金额" in refuse(CREDIT, event, compare(CREDIT, event)).fix


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("截至目前有效发明专利", "stock"),
        ("今年以来新增地理标志", "flow"),
        ("累计实现转移转化", "cumulative"),
        ("累计拥有有效发明专利", "stock"),
        ("力争有效发明专利达到", "target"),
        ("专利", ""),
    ],
)
def test_words_tell_stock_from_flow(words, kind):
    assert read_words(words).kind == kind
