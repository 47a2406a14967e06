"""Stages as values: how they are stored, what settings fill in, which sequences are a round, and lots drawn again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from zhicheng.apps.incentives.rounds.drawing import drawn, slots
from zhicheng.apps.incentives.rounds.stages import (
    DECISION,
    DEFENCE,
    MATERIAL,
    ON_SITE,
    VOTE,
    Stage,
    Usual,
    completed,
    parsed,
    wrong_numbers,
    wrong_order,
)

FULL = (
    Stage(MATERIAL, "材料评审", 50, 5),
    Stage(ON_SITE, "现场评审", 20, named=True),
    Stage(DEFENCE, "答辩", 30),
    Stage(VOTE, ""),
    Stage(DECISION, ""),
)


def test_a_round_opened_before_there_were_kinds_is_read_as_blind_scoring():
    assert parsed([["材料评审", 60, 10], ["现场评审", 40]]) == (
        Stage(MATERIAL, "材料评审", 60, 10), Stage(MATERIAL, "现场评审", 40, 0),
    )  # fmt: skip


def test_stages_are_stored_with_what_their_kind_is_told_and_read_back_the_same():
    made = completed(FULL, Usual(quorum="all", absent="zero"))
    assert parsed([one.as_json() for one in made]) == made
    assert made[2].absent == "zero"
    assert (made[3].name, made[3].quorum, made[3].shown) == ("评审委员会表决", "all", False)
    assert set(made[4].as_json()) == {"kind", "name", "when"}


def test_what_a_call_says_is_not_overruled_by_the_settings():
    made = completed([Stage(VOTE, "表决", quorum="half", shown=False)], Usual(quorum="all", shown=True))
    assert (made[0].quorum, made[0].shown) == ("half", False)


def test_experts_are_blind_in_material_review_and_on_site_unless_names_are_told():
    assert [one.blind for one in FULL] == [True, False, False, False, False]
    assert Stage(ON_SITE, "现场").blind


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ((), "有 0 个环节"),
        ((Stage("dance", "舞", 100),), "没有环节种类“dance”"),
        ((Stage(MATERIAL, "材料", 60),), "合计 60，应为 100"),
        ((Stage(MATERIAL, "材料", 100), Stage(DEFENCE, "答辩", 0)), "第 2 个环节“答辩”要打分"),
        ((Stage(MATERIAL, "材料", 90), Stage(VOTE, "表决", 10)), "第 2 个环节“表决”不打分"),
        ((Stage(MATERIAL, "材料", 60), Stage(VOTE, "表决"), Stage(DEFENCE, "答辩", 40)), "在“表决”之后"),
        ((Stage(DEFENCE, "答辩", 40), Stage(MATERIAL, "材料", 60)), "“材料”是盲评，前面的“答辩”"),
        ((Stage(MATERIAL, "材料", 100), Stage(DECISION, "审定"), Stage(VOTE, "表决")), "先表决、后审定"),
        ((Stage(MATERIAL, "材料", 100), Stage(VOTE, "一"), Stage(VOTE, "二")), "至多一次"),
        ((Stage(MATERIAL, "材料", 100), Stage(VOTE, "表决", quorum="some")), "quorum 没有“some”"),
        ((Stage(MATERIAL, "材料", 100, -1),), "keep 是 -1"),
    ],
)  # fmt: skip
def test_a_sequence_that_is_no_round_is_named_with_place_and_value(stages, said):
    assert said in wrong_order(completed(stages, Usual()))


def test_every_other_sequence_is_a_round():
    assert wrong_order(completed(FULL, Usual())) == ""
    assert wrong_order(completed([Stage(ON_SITE, "现场", 50), Stage(DEFENCE, "答辩", 50)], Usual())) == ""
    assert wrong_order(completed([Stage(DEFENCE, "答辩", 100), Stage(DECISION, "审定")], Usual())) == ""


def test_each_scored_stage_needs_two_experts_and_something_left_after_trimming():
    assert "最少 1 人评分" in wrong_numbers([Stage(MATERIAL, "材料", 100)], least=1, trimmed=0)
    assert "没有剩下" in wrong_numbers([Stage(ON_SITE, "现场", 100, least=3, trimmed=2)], least=5, trimmed=1)
    assert (
        wrong_numbers([Stage(ON_SITE, "现场", 100, least=3, trimmed=0), Stage(VOTE, "")], least=1, trimmed=1)
        == ""
    )


def test_lots_are_drawn_again_by_anybody_who_has_the_seed():
    codes = [f"16-{number:03d}" for number in range(1, 9)]
    order = drawn(codes, "20251201")
    assert order == drawn(list(reversed(codes)), "20251201")
    assert sorted(order) == codes
    assert order != drawn(codes, "20251202")
    by_hand = sorted(codes, key=lambda one: hashlib.sha256(f"20251201\n{one}".encode()).hexdigest())
    assert order == by_hand
    with pytest.raises(ValueError, match="twice"):
        drawn(["a", "a"], "x")


def test_slots_follow_each_other_with_a_rest():
    begin = datetime(2025, 12, 10, 9, 0, tzinfo=UTC)
    found = slots(begin, 20, 3, 5)
    assert [(one.strftime("%H:%M"), two.strftime("%H:%M")) for one, two in found] == [
        ("09:00", "09:20"), ("09:25", "09:45"), ("09:50", "10:10"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="0 minutes"):
        slots(begin, 0, 1)
