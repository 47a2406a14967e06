"""A template is filled with signed figures only; everything else stops the build with its name and what to do."""

from dataclasses import replace
from decimal import Decimal

import pytest

from zhicheng.engines.bulletins import BuildStopped, Chart, Number, Table, TemplateError, build, parse
from zhicheng.engines.bulletins.plain import plain_text

from .conftest import CITY, DAY, key


def built(text, facts, **more):
    document, _ = build(parse(f"# 标题\n{text}"), facts=facts, place=CITY, as_of=DAY, **more)
    return document


def words(text, facts):
    return plain_text(built(text, facts)).split("\n", 1)[1].strip()


def test_a_figure_is_written_with_its_unit_and_in_its_format(facts):
    assert words("共{{patents}}，授信{{credit 格式=亿1}}，产品{{products 格式=多100}}。", facts) == (
        "共27650件，授信145.3亿元，产品1300多个。"
    )


def test_the_unit_can_be_left_out(facts):
    assert words("{{patents 不带单位}}", facts) == "27650"


def test_a_rank_is_quoted_with_its_scope(facts):
    number = next(one for one in built("居{{patents 位次}}", facts).numbers())
    assert (number.written, number.quoted_from) == ("全省第三位", "某报")


def test_a_comparison_stands_on_two_signed_figures(facts):
    assert words("{{patents 同比}}", facts) == "同比增长6.3%"
    number = next(one for one in built("{{patents 同比}}", facts).numbers())
    assert number.other is not None
    assert number.other.value == Decimal(26000)


def test_a_fall_and_a_standstill_are_said_so(facts):
    figures = dict(facts.figures)
    before = figures[key("patents", day=DAY.replace(year=2024))]
    for value, said in (("30000", "同比下降7.8%"), ("27650", "同比持平")):
        earlier = replace(before.signed, value=Decimal(value))
        figures[key("patents", day=DAY.replace(year=2024))] = replace(
            before, signed=earlier, now=Decimal(value)
        )
        assert words("{{patents 同比}}", replace(facts, figures=figures)) == said


def test_names_behind_a_figure_are_listed(facts):
    assert words("{{awards 名单=holder_name}}", facts) == "演示甲公司、演示乙公司"


def test_a_condition_writes_one_branch_and_asks_nothing_of_the_other(facts):
    text = "{{如果 awards >= 2}}有{{awards}}{{否则}}{{unsigned}}{{完}}"
    assert words(text, facts) == "有2家"
    assert words("{{如果 none > 0}}有{{unsigned}}{{否则}}没有{{完}}", facts) == "没有"


def test_day_and_region_come_from_the_bulletin(facts):
    assert words("截至{{截至}}，{{区划}}{{年}}{{季度}}", facts) == "截至2025年12月16日，潍坊市2025年第四季度"


def test_a_table_has_a_row_for_each_county_and_names_the_scale_once(facts):
    table = next(
        one for one in built("{{表 patents 按=区划 格式=万1}}", facts).blocks if isinstance(one, Table)
    )
    assert table.header == ("区划", "有效发明专利拥有量（万件）")
    assert [[run.text for cell in row for run in cell] for row in table.rows] == [
        ["寿光市", "0.9"],
        ["安丘市", "1.2"],
    ]


def test_a_chart_by_region_shows_the_largest_first(facts):
    chart = next(one for one in built("{{图 patents 按=区划}}", facts).blocks if isinstance(one, Chart))
    assert (chart.kind, chart.labels) == ("bar", ("安丘市", "寿光市"))
    assert all(isinstance(point, Number) for point in chart.points)


def test_a_chart_by_year_runs_from_the_oldest(facts):
    chart = next(one for one in built("{{图 patents 按=年 年数=2}}", facts).blocks if isinstance(one, Chart))
    assert (chart.kind, chart.labels) == ("line", ("2024", "2025"))


@pytest.mark.parametrize(
    ("identity", "says"),
    [
        ("unsigned", "还没有签发，现在算得 7"),
        ("waiting", "等待签发"),
        ("missing", "没有导入过数据"),
        ("changed", "签发的是 5件.*现在算得 6"),
        ("gone", "已撤回：重复统计"),
        ("wrong_name", "没有指标“wrong_name”。相近的有：patents"),
        ("never_heard", "没有指标“never_heard”"),
    ],
)
def test_a_number_that_is_not_signed_and_unchanged_stops_the_build_with_its_name(facts, identity, says):
    with pytest.raises(BuildStopped, match=says) as stopped:
        built(f"第二行\n{{{{{identity}}}}}", facts)
    assert [(one.line, one.about) for one in stopped.value.problems] == [(3, identity)]


def test_every_problem_is_named_at_once(facts):
    with pytest.raises(BuildStopped) as stopped:
        built("{{unsigned}}{{changed}}\n{{none 格式=多100}}{{patents 名单=name}}", facts)
    assert [one.state for one in stopped.value.problems] == ["unsigned", "changed", "format", "no_names"]


def test_a_preview_shows_the_name_where_a_number_is_not_to_be_had(facts):
    document, problems = build(
        parse("# 标题\n共{{unsigned}}"), facts=facts, place=CITY, as_of=DAY, lenient=True
    )
    assert "共【unsigned】" in plain_text(document)
    assert [one.state for one in problems] == ["unsigned"]


def test_a_preview_says_where_a_table_or_chart_will_stand(facts):
    text = "# 标题\n{{表 unsigned 按=区划}}\n{{图 unsigned 按=年}}"
    document, problems = build(parse(text), facts=facts, place=CITY, as_of=DAY, lenient=True)
    assert "【表 unsigned 按=区划】\n【图 unsigned 按=年】" in plain_text(document)
    assert {one.line for one in problems} == {2, 3}


def test_a_text_without_title_is_not_finished(facts):
    with pytest.raises(BuildStopped, match="没有标题"):
        build(parse("只有正文"), facts=facts, place=CITY, as_of=DAY)


def test_a_name_cannot_make_a_heading_or_a_placeholder(facts):
    names = {(key("awards"), "holder_name"): ("# 标题党", "{{patents}}")}
    text = words("名单：\n{{awards 名单=holder_name}}", replace(facts, names=names))
    assert text == "名单：\n# 标题党、{{patents}}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{", "第 1 行：占位“{{”没有闭合"),
        ("好\n{{patents", "第 2 行.*没有闭合"),
        ("{{}}", "是空的"),
        ("{{patents\n}}", "没有闭合"),
        ("{{Patents}}", "看不懂占位"),
        ("{{__class__}}", "看不懂占位"),
        ("{{patents.__class__}}", "看不懂占位"),
        ("{{=SUM(A1)}}", "看不懂占位"),
        ("{{patents|upper}}", "看不懂占位"),
        ("{{patents 格式=三}}", "没有“三”这种格式"),
        ("{{patents 区划=潍坊}}", "不是六位代码"),
        ("{{patents 期间=week}}", "期间“week”不认识"),
        ("{{patents 截至=昨天}}", "不是日期"),
        ("{{patents 格式=万 格式=亿}}", "写了两次"),
        ("{{patents 按=区划}}", "不认识或不能用在这里"),
        ("{{表}}", "指标编号"),
        ("{{图 patents 年数=99}}", "年数“99”不对"),
        ("{{如果 patents}}{{完}}", "看不懂条件"),
        ("{{如果 patents > 0}}没完", "条件没有结束"),
        ("{{完}}", "没有对应的条件"),
        ("{{否则}}", "没有对应的条件"),
        ("{{如果 patents > 0}}{{否则}}{{否则}}{{完}}", "没有对应的条件"),
        ("好\x00坏", "控制字符"),
    ],
)
def test_what_is_no_template_is_refused_with_the_line_and_what_to_write(text, says):
    with pytest.raises(TemplateError, match=says) as refused:
        parse(text)
    assert refused.value.fix
