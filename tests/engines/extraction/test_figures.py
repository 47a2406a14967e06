"""The hard cases of press sentences: lists, shared ranks, approximations, changes, shares, stages."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engines.extraction.short import figures, taken, written


def named(text):
    return {one.value: one.indicator for one in figures(text)}


def test_respectively_reached_gives_each_number_its_own_subject_of_the_sentence_before():
    text = "新入选知名品牌15个、全省第二，新增培育企业48家、全省第三，总量分别达到77个、264家。"
    found = figures(text)
    assert [(one.value, one.unit) for one in found] == [
        ("15", "个"),
        ("48", "家"),
        ("77", "个"),
        ("264", "家"),
    ]
    assert [one.indicator for one in found[2:]] == ["知名品牌总量", "培育企业总量"]
    assert [one.rank.text if one.rank else None for one in found] == ["全省第二", "全省第三", None, None]


def test_respectively_is_spread_over_subjects_that_share_a_head_or_a_tail():
    text = "全年全市专利申请量和授权量分别为8104件和5993件，其中发明专利申请量、授权量分别为1497件、982件。"
    assert named(text) == {
        "8104": "专利申请量", "5993": "专利授权量", "1497": "发明专利申请量", "982": "发明专利授权量",
    }  # fmt: skip


def test_growth_given_respectively_belongs_to_each_figure_in_turn():
    text = "发明专利授权量和商标注册量分别达到840件、2600件，同比分别增长12.4%、下降8.06%。"
    found = figures(text)
    assert [(one.kind, one.value) for one in found] == [
        ("metric", "840"), ("metric", "2600"), ("change", "12.4"), ("change", "-8.06"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("全市累计获得金奖7个、银奖12个，数量均居全省前列。", [("均居全省前列", None, "front", "全省")] * 2),
        ("全市有金奖7个、银奖12个，均居全省第三位。", [("均居全省第三位", 3, "exact", "全省")] * 2),
        ("有效发明专利达到950件，居全省第3位。", [("居全省第3位", 3, "exact", "全省")]),
        ("有效发明专利达到950件，位居全国首位。", [("位居全国首位", 1, "exact", "全国")]),
        ("转化专利310件，连续4年居全市前两位。", [("居全市前两位", 2, "at_most", "全市")]),
    ],
)
def test_a_rank_is_given_to_the_figures_it_ranks_and_a_bound_stays_a_bound(text, ranks):
    found = [one for one in figures(text) if one.kind != "rank"]
    assert [(r.text, r.value, r.bound, r.scope) for one in found if (r := one.rank)] == ranks


def test_a_streak_qualifies_the_rank_and_is_no_figure():
    text = "该市连续4年位居知识产权行政保护绩效考核前两位。"
    (one,) = figures(text)
    assert (one.kind, one.value, one.approx, one.rank.bound) == ("rank", "2", "below", "at_most")
    assert one.qualifiers == ("连续4年",)
    assert one.indicator == "知识产权行政保护绩效考核"
    assert text[one.start : one.end] == "两"


def test_an_earlier_rank_and_one_still_to_come_are_ranks_of_their_own():
    assert [(one.kind, one.value) for one in figures("10年前该市位列第34名，如今即将进入前十，成绩来之不易。")] == [
        ("rank", "34"), ("rank", "10"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "base", "approx", "as_written"),
    [
        ("挖掘特色产品1300多个。", "1300", "at_least", "1300多"),
        ("接受咨询4000多人次。", "4000", "at_least", "4000多"),
        ("代表近100人参加。", "100", "below", "100"),
        ("走访企业30余家。", "30", "at_least", "30余"),
        ("销毁产品1.1万件。", "11000", "exact", "1.1万"),
        ("发放资料2万份。", "20000", "exact", "2万"),
        ("带动就业1.5万余人。", "15000", "at_least", "1.5万余"),
        ("惠及企业约500家。", "500", "about", "500"),
        ("商标超过4600万件。", "46000000", "above", "4600万"),
        ("商标突破4600万件。", "46000000", "at_least", "4600万"),
        ("建成平台5个以上。", "5", "at_least", "5"),
        ("均价为1.9万美元左右。", "19000", "about", "1.9万"),
        ("不到60家企业报名。", "60", "below", "60"),
        ("签约金额超过千万元。", "10000000", "above", "千万"),
        ("占比超过七成。", "70", "above", "七"),
        ("建设超过十家平台。", "10", "above", "十"),
        ("专利申请１，２３４件。", "1234", "exact", "１，２３４"),
    ],
)
def test_an_approximation_is_kept_as_such_beside_the_exact_base_value(text, base, approx, as_written):
    (one,) = figures(text)
    assert (one.base_value, one.approx, text[one.start : one.end]) == (base, approx, as_written)


@pytest.mark.parametrize(
    ("written_", "base", "unit"),
    [
        ("42.07亿元", "4207000000", "元"), ("145.3亿元", "14530000000", "元"), ("1.14万亿元", "1140000000000", "元"),
        ("12.5%", "12.5", "%"), ("3,450.5万元", "34505000", "元"), ("百分之三点五", "3.5", "%"), ("1.188亿千瓦时", "118800000", "千瓦时"),
        ("0.1亿元", "10000000", "元"), ("33.6万吨", "336000", "吨"),
    ],
)  # fmt: skip
def test_the_base_value_is_exact_and_the_unit_loses_its_scale(written_, base, unit):
    (one,) = figures(f"该项数额达到{written_}。")
    assert (one.base_value, one.base_unit) == (base, unit)


def test_both_ends_of_a_range_have_the_unit_of_the_second():
    assert written("预计补水8亿至12亿立方米。") == ["8亿立方米", "12亿立方米"]
    assert written("预计接待1.5万—2万人次。") == ["1.5万人次", "2万人次"]


def test_a_growth_rate_carries_its_sign_and_is_tied_to_the_figure_it_qualifies():
    text = "专利申请量为41200件，同比增长69.3%；专利授权量16060件，比去年底下降0.5%，降幅收窄。"
    found = {one.value: one for one in figures(text)}
    assert {value: one.kind for value, one in found.items()} == {
        "41200": "metric", "69.3": "change", "16060": "metric", "-0.5": "change",
    }  # fmt: skip
    assert found["69.3"].of == (found["41200"].start, found["41200"].end)
    assert found["-0.5"].of == (found["16060"].start, found["16060"].end)
    assert "同比" in found["69.3"].qualifiers
    assert "比去年底" in found["-0.5"].qualifiers
    assert text[found["-0.5"].start : found["-0.5"].end] == "0.5"


@pytest.mark.parametrize(
    ("text", "value"),
    [("有效专利比去年底增幅12.41%。", "12.41"), ("授权量降幅3%。", "-3"), ("均价提高了1.2个百分点。", "1.2"), ("办理时间缩短40%。", "-40"), ("品牌数量同比增长超3倍。", "3")],
)  # fmt: skip
def test_any_word_of_growth_or_decline_makes_a_change(text, value):
    (one,) = figures(text)
    assert (one.kind, one.value) == ("change", value)


def test_grown_to_is_a_value_and_grown_by_is_a_change():
    found = figures("占比增至71.2%，产值增长到3亿元，规模增长5%。")
    assert [one.kind for one in found] == ["metric", "metric", "change"]


def test_a_change_keeps_the_id_of_its_indicator():
    found = figures("全市有效发明专利拥有量达到950件，同比增长7%。PCT国际专利申请量下降4.7%。")
    assert [one.indicator_id for one in found] == [
        "valid_invention_patents",
        "valid_invention_patents",
        "pct_applications",
    ]


def test_a_share_keeps_its_own_indicator_and_gets_none_of_the_catalogue():
    found = figures("高价值发明专利拥有量3120件，占有效发明专利的33.5%。")
    assert found[0].indicator_id == "high_value_invention_patents"
    assert (found[1].kind, found[1].unit, found[1].indicator_id) == ("metric", "%", "")
    assert "占" in found[1].indicator


def test_of_which_takes_the_measure_of_the_sentence_before():
    found = figures("全市专利授权量27130件。其中发明专利4960件。")
    assert found[1].indicator_id == "invention_patents_granted"


@pytest.mark.parametrize(
    ("text", "said", "kind", "start", "end"),
    [
        ("截至目前，全市有效商标达到500件。", "截至目前", "state", None, date(2031, 11, 5)),
        ("今年以来，全市新增企业500家。", "今年以来", "ytd", date(2031, 1, 1), date(2031, 11, 5)),
        ("全市累计培训500人。", "累计", "cumulative", None, date(2031, 11, 5)),
        ("2030年，全市授权专利500件。", "2030年", "year", date(2030, 1, 1), date(2030, 12, 31)),
        ("1-10月，全市授权专利500件。", "1-10月", "range", date(2031, 1, 1), date(2031, 10, 31)),
        ("上半年，全市授权专利500件。", "上半年", "range", date(2031, 1, 1), date(2031, 6, 30)),
        ("截至10月底，全市有效商标500件。", "截至10月底", "state", None, date(2031, 10, 31)),
        ("“十五五”期间，全市授权专利500件。", "“十五五”期间", "plan", date(2026, 1, 1), date(2030, 12, 31)),
        ("到2035年，有效商标达到500件。", "到2035年", "target", None, date(2035, 12, 31)),
        ("去年，全市授权专利500件。", "去年", "year", date(2030, 1, 1), date(2030, 12, 31)),
    ],
)  # fmt: skip
def test_the_period_is_what_the_text_says(text, said, kind, start, end):
    head = "来源：清溪日报 2031-11-06\n11月5日，清溪市召开发布会，介绍全市知识产权工作的情况，各部门参加。\n"
    found = [one for one in figures(head + text) if one.value == "500"]
    assert len(found) == 1
    period = found[0].period
    assert (period.text, period.kind, period.start, period.end) == (said, kind, start, end)


def test_a_period_taken_over_from_the_text_before_says_so():
    found = figures("今年以来，全市新增企业500家。办理登记80笔。")
    assert "时期承上文" not in found[0].qualifiers
    assert found[1].period.kind == "ytd"
    assert "时期承上文" in found[1].qualifiers


def test_our_city_and_our_province_are_resolved_by_the_region_of_the_article():
    text = (
        "潍坊市召开会议\n潍坊市知识产权局介绍，全市有效专利950件；全省有效专利12000件；青州市有效专利80件。\n"
    )
    assert [(one.value, one.region_code) for one in taken(text).figures] == [
        ("950", "370700"), ("12000", "370000"), ("80", "370781"),
    ]  # fmt: skip
