"""Reward rules with trigger, condition, payee and amount; stage plans and time limits; people with their titles."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engines.extraction.short import figures, taken


def rules(text):
    return [(one.trigger, one.conditions, one.payee, one.written, one.amount) for one in taken(text).policies]


def test_amounts_given_respectively_pair_with_their_triggers():
    assert rules("对获得甲专利金奖、银奖、优秀奖的企业和个人，分别给予90万元、50万元、8万元奖励。") == [
        ("获得甲专利金奖", (), "企业和个人", "90万元", "900000"),
        ("获得甲专利银奖", (), "企业和个人", "50万元", "500000"),
        ("获得甲专利优秀奖", (), "企业和个人", "8万元", "80000"),
    ]


def test_first_time_and_one_off_are_conditions_and_the_payer_is_named():
    found = taken("对首次获得国家质量奖、市质量奖的单位，市财政分别给予一次性资助90万元、40万元。").policies
    assert [(one.trigger, one.conditions, one.payer, one.mode) for one in found] == [
        ("获得国家质量奖", ("首次", "一次性"), "市财政", "资助"),
        ("获得市质量奖", ("首次", "一次性"), "市财政", "资助"),
    ]


def test_newly_rated_is_a_condition():
    assert rules("对新获评“知名好物”品牌的单位，给予一次性资助15万元。") == [
        ("获评“知名好物”品牌", ("新获评", "一次性"), "单位", "15万元", "150000")
    ]


def test_a_cap_bounds_the_amount():
    text = "对新认定的国家级示范企业，最高补助40万元。"
    assert rules(text) == [("认定国家级示范企业", ("新认定", "最高"), "企业", "40万元", "400000")]
    assert [(one.kind, one.approx) for one in figures(text)] == [("policy_amount", "below")]


def test_every_reward_is_a_figure_of_its_own_kind_with_the_span_of_its_number():
    text = "对获得甲奖、乙奖的企业，分别奖励30万元、20万元。"
    assert [(one.kind, text[one.start : one.end]) for one in figures(text)] == [
        ("policy_amount", "30万"), ("policy_amount", "20万"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "今年以来，累计为12家企业发放奖励300万元。",
        "去年共兑现奖励资金560万元。",
        "企业获得奖励30万元后扩大了生产。",
    ],
)
def test_what_was_paid_already_is_a_fact_and_no_rule(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "提出“一年打基础、两年达标准、三年争示范”的思路。",
            [("1", "打基础"), ("2", "达标准"), ("3", "争示范")],
        ),
        ("以1年、3年、5年为限，分阶段争取话语权。", [("1", ""), ("3", ""), ("5", "")]),
        ("整个建设周期为三年。", [("3", "建设周期")]),
        ("收到申请后5个工作日内办结。", [("5", "办结")]),
        ("力争用2年左右的时间建成示范城市。", [("2", "")]),
    ],
)
def test_a_time_promised_is_a_commitment_with_what_is_to_be_reached(text, found):
    assert [(one.kind, one.value, one.indicator) for one in figures(text)] == [
        ("time_commitment", value, what) for value, what in found
    ]


def test_stages_of_one_plan_are_marked_as_such():
    assert all("分阶段" in one.qualifiers for one in figures("一年打基础、两年上台阶。"))


def people(text):
    return {one.name: [(role.organisation, role.title) for role in one.roles] for one in taken(text).people}


def test_a_person_bears_each_title_with_its_organisation():
    assert people("某省知识产权服务中心党组书记，省市场监督管理局党组副书记、副局长赵甲表示，要加强保护。") == {
        "赵甲": [("某省知识产权服务中心", "党组书记"), ("省市场监督管理局党组", "副书记"), ("省市场监督管理局", "副局长")]
    }  # fmt: skip


def test_the_title_of_a_mayor_is_not_one_of_the_party_committee():
    assert people("清溪市委副书记、市长王乙出席会议。") == {
        "王乙": [("清溪市委", "副书记"), ("清溪市", "市长")]
    }


def test_titles_of_later_sentences_are_added_to_the_same_person():
    found = people("清溪市副市长王乙出席会议。会上，清溪市创建工作领导小组副组长、清溪市副市长王乙讲话。")
    assert list(found) == ["王乙"]
    assert ("清溪市", "副市长") in found["王乙"]


def test_a_role_has_the_date_of_the_text():
    head = "来源：清溪日报 2031-11-06\n11月5日，清溪市召开知识产权工作会议，各县区的负责同志参加了会议。\n"
    (one,) = [p for p in taken(head + "清溪市副市长王乙出席会议并讲话。").people if p.name == "王乙"]
    assert one.on == date(2031, 11, 5)


def test_reporters_are_people_and_institutions_are_none():
    assert people("（记者 林甲 通讯员 陈乙）学院代表高校院所发言，各高校院所踊跃参加。") == {
        "林甲": [("", "记者")], "陈乙": [("", "通讯员")],
    }  # fmt: skip


def test_the_span_of_a_person_is_the_name_as_written():
    text = "會上，清溪市副市長(zhǎng)楊麗出席(xí)并講話。"
    (one,) = taken(text).people
    assert (one.name, text[one.start : one.end]) == ("杨丽", "楊麗")
