"""Stages of every kind as they run: visits, defences, the government's decision, and taking a closed stage back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhicheng.apps.incentives.models import AwardRound, Candidate, DefenceSlot, ScoreSheet, StageRun
from zhicheng.apps.incentives.rounds import awarding, defences, government, scoring, visits
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds.drawing import drawn
from zhicheng.apps.incentives.rounds.stages import DECISION, DEFENCE, MATERIAL, ON_SITE, Stage
from zhicheng.apps.incentives.rounds.voting import close_ballot, open_ballot
from zhicheng.apps.incentives.testing.rounds import (
    AFTER,
    DECIDED,
    DEFENDS,
    EVERY_KIND,
    NOTICED,
    VISITED,
    at_vote,
    close,
    committee,
    defend_all,
    mark_all,
    opened,
    visit_all,
    vote,
)
from zhicheng.kernel.refusals import Conflict, Refusal

ON_THE_SPOT = (Stage(ON_SITE, "现场评审", 100, named=True),)
TALK = (Stage(DEFENCE, "答辩", 100),)
DECIDED_AFTER = (Stage(MATERIAL, "材料评审", 100), Stage(DECISION, "政府审定", when="after"))
DECIDED_BEFORE = (Stage(MATERIAL, "材料评审", 100), Stage(DECISION, "政府审定", when="before"))


def named(name) -> Candidate:
    return Candidate.objects.get(name=name)


# -- rounds from before --------------------------------------------------------------------------


def test_a_round_opened_before_there_were_kinds_of_stages_goes_on(town, call):
    from zhicheng.apps.incentives.testing.rounds import begun

    AwardRound.objects.filter(pk=call.pk).update(stages=[["材料评审", 60, 2], ["现场评审", 40, 0]])
    begun(town, call)
    for _stage in range(2):
        mark_all(call)
        row = close(town, call)
    assert row.status == "ranked"
    assert {one.name: (one.status, one.tier) for one in Candidate.objects.all()} == {
        "乙公司": ("eligible", "award"), "甲公司": ("eligible", "nomination"), "丙公司": ("out", ""),
    }  # fmt: skip


# -- on site -------------------------------------------------------------------------------------


def test_a_visit_hands_sheets_to_its_team_and_the_stage_waits_for_every_visit(town):
    row = opened(town, ON_THE_SPOT)
    assert not ScoreSheet.objects.exists()
    with pytest.raises(Refusal, match="16-001 还没有安排现场日期"):
        close(town, row)
    visit_all(town, row)
    assert ScoreSheet.objects.count() == 9
    mark_all(row)
    with pytest.raises(Refusal, match="现场日期 2025-12-03 还没有到"):
        round_flow.close_stage(award_round=row, by=town.reviewer, on=date(2025, 12, 2))
    assert close(town, row).status == "ranked"
    assert named("乙公司").rank == 1


def test_a_team_is_large_enough_called_and_without_an_interest(town):
    opened(town, ON_THE_SPOT)
    one = named("甲公司")
    team = [expert.pk for expert in town.experts]
    with pytest.raises(Refusal, match="只有 2 人，“现场评审”至少要 3 人评分"):
        visits.arrange_visit(candidate=one, on=VISITED, team=team[:2], by=town.reviewer)
    with pytest.raises(Refusal, match="没有受邀"):
        visits.arrange_visit(candidate=one, on=VISITED, team=[*team[:2], town.officer.pk], by=town.reviewer)
    scoring.declare_interest(organisation=one.organisation, words="顾问", by=town.experts[0])
    with pytest.raises(Refusal, match="应当回避：本人申报有利害关系：顾问"):
        visits.arrange_visit(candidate=one, on=VISITED, team=team[:3], by=town.reviewer)
    with pytest.raises(Refusal, match="早于申报截止"):
        visits.arrange_visit(candidate=one, on=date(2025, 11, 1), team=team[1:], by=town.reviewer)


def test_whoever_has_marked_stays_in_the_team_and_who_leaves_gives_the_sheet_back(town):
    row = opened(town, ON_THE_SPOT)
    visit_all(town, row)
    one, team = named("甲公司"), [expert.pk for expert in town.experts]
    sheet = one.sheets.get(expert=town.experts[0])
    scoring.score(sheet=sheet, marks=[Decimal(30), Decimal(40)], remark="", by=town.experts[0])
    with pytest.raises(Conflict, match="zhuanjia0 已为申报 16-001 评分"):
        visits.arrange_visit(candidate=one, on=VISITED, team=team[1:], by=town.reviewer)
    visits.arrange_visit(
        candidate=one, on=date(2025, 12, 5), team=[team[0], team[1], team[3]], by=town.reviewer
    )
    assert {sheet.expert for sheet in one.sheets.all()} == {town.experts[0], town.experts[1], town.experts[3]}
    assert one.visits.get().visited_on == date(2025, 12, 5)


# -- defence -------------------------------------------------------------------------------------


def test_the_order_of_a_defence_follows_from_the_recorded_seed_and_stays_when_times_move(town):
    row = opened(town, TALK)
    run = defences.schedule_defence(award_round=row, starts_at=DEFENDS, minutes=20, rest=5, by=town.reviewer)
    assert len(run.seed) == 16
    slots = list(DefenceSlot.objects.select_related("candidate").order_by("order"))
    assert [one.candidate.code for one in slots] == drawn([one.candidate.code for one in slots], run.seed)
    assert [one.starts_at.strftime("%H:%M") for one in slots] == ["01:00", "01:25", "01:50"]
    again = defences.schedule_defence(award_round=row, starts_at=DEFENDS, minutes=30, by=town.reviewer)
    assert again.seed == run.seed
    moved = list(DefenceSlot.objects.order_by("order"))
    assert [one.candidate_id for one in moved] == [one.candidate_id for one in slots]
    assert [one.starts_at.strftime("%H:%M") for one in moved] == ["01:00", "01:30", "02:00"]
    with pytest.raises(Conflict, match=f"种子“{run.seed}”抽定"):
        defences.schedule_defence(
            award_round=row, starts_at=DEFENDS, minutes=30, by=town.reviewer, seed="other"
        )
    with pytest.raises(Refusal, match="每个时段 0 分钟"):
        defences.schedule_defence(award_round=row, starts_at=DEFENDS, minutes=0, by=town.reviewer)


def test_marks_for_a_defence_are_given_to_who_came(town):
    row = opened(town, TALK)
    sheet = ScoreSheet.objects.filter(candidate__name="甲公司").first()

    def score():
        return scoring.score(sheet=sheet, marks=[Decimal(1), Decimal(1)], remark="", by=sheet.expert)

    with pytest.raises(Conflict, match="还没有安排时段"):
        score()
    defences.schedule_defence(award_round=row, starts_at=DEFENDS, minutes=20, by=town.reviewer)
    with pytest.raises(Conflict, match="没有登记到场"):
        score()
    slot = DefenceSlot.objects.get(candidate__name="甲公司")
    with pytest.raises(Refusal, match="缺席须写明情况"):
        defences.mark_attendance(slot=slot, attended=False, by=town.reviewer)
    defences.mark_attendance(slot=slot, attended=False, why="来函放弃", by=town.reviewer)
    with pytest.raises(Conflict, match="已登记缺席"):
        score()
    defences.mark_attendance(slot=slot, attended=True, by=town.reviewer)
    score()
    with pytest.raises(Conflict, match="已有评分，不能登记缺席"):
        defences.mark_attendance(slot=slot, attended=False, why="x", by=town.reviewer)
    with pytest.raises(Refusal, match="没有登记是否到场"):
        close(town, row)


@pytest.mark.parametrize(
    ("rule", "status", "place"), [("out", "absent", None), ("zero", "eligible", 3)]
)  # fmt: skip
def test_who_is_absent_from_a_defence_goes_by_the_rule_of_the_round(town, rule, status, place):
    row = opened(town, (Stage(MATERIAL, "材料评审", 50), Stage(DEFENCE, "答辩", 50, absent=rule)))
    mark_all(row)
    row = close(town, row)
    defend_all(town, row, absent="乙公司")
    ScoreSheet.objects.filter(candidate__name="乙公司", stage=1).update(conflict="x")
    mark_all(row)
    assert close(town, row).status == "ranked"
    away = named("乙公司")
    assert (away.status, away.rank, away.stage_totals[-1]) == (status, place, "0.0000")
    assert named("甲公司").tier == "award"


# -- the government decides ------------------------------------------------------------------------


def decide(town, row, **more):
    values = {"decided_on": DECIDED, "document": "演示纪要", "today": NOTICED, "by": town.reviewer}
    return government.decide(award_round=row, **{**values, **more})


def test_a_decision_before_the_notice_names_document_and_reasons_and_may_fill_a_seat_from_below(town):
    row = opened(town, DECIDED_BEFORE, freed_seat="next")
    mark_all(row)
    row = close(town, row)
    assert (row.status, row.current.kind) == ("scoring", "decision")
    with pytest.raises(Refusal, match="须登记审定日期"):
        close(town, row)
    first = named("乙公司")
    for more, said in (
        ({"document": " "}, "审定文件"),
        ({"decided_on": AFTER}, "晚于今天"),
        ({"struck": {first.pk: ""}}, "剔除“乙公司”须写明理由"),
        ({"struck": {named("丙公司").pk: "x"}}, "不在拟授予之列"),
    ):
        with pytest.raises(Refusal, match=said):
            decide(town, row, **more)
    done = decide(town, row, struck={first.pk: "本年有质量事故"})
    assert done.status == "ranked"
    assert {one.name: (one.status, one.tier) for one in Candidate.objects.all()} == {
        "乙公司": ("struck", ""), "甲公司": ("eligible", "award"), "丙公司": ("eligible", "nomination"),
    }  # fmt: skip
    assert named("甲公司").notice_until is None
    run = StageRun.objects.get(place=1)
    assert (run.document, run.decided_on) == ("演示纪要", DECIDED)


def test_a_decision_after_the_notice_is_entered_when_it_ended_and_comes_before_the_grant(town):
    row = opened(town, DECIDED_AFTER)
    mark_all(row)
    row = close(town, row)
    assert row.status == "ranked"
    with pytest.raises(Conflict):
        decide(town, row)
    row = awarding.publish_round(award_round=row, on=NOTICED, by=town.reviewer)
    with pytest.raises(Refusal, match="尚未届满，不能登记审定"):
        decide(town, row)
    with pytest.raises(Refusal, match="还没有政府审定"):
        awarding.grant(award_round=row, on=AFTER, document="文件", by=town.reviewer)
    decide(town, row, today=AFTER, struck={named("甲公司").pk: "重复"})
    with pytest.raises(Conflict, match="不待审定"):
        decide(town, row, today=AFTER)
    with pytest.raises(Conflict, match="已经审定，不能撤下公示"):
        awarding.withdraw_notice(award_round=row, why="x", by=town.reviewer)
    assert awarding.grant(award_round=row, on=AFTER, document="文件", by=town.reviewer).status == "granted"
    assert [one.name for one in awarding.winners(row)] == ["乙公司"]


def test_a_decision_entered_by_mistake_is_taken_back(town):
    row = opened(town, DECIDED_AFTER)
    mark_all(row)
    row = awarding.publish_round(award_round=close(town, row), on=NOTICED, by=town.reviewer)
    decide(town, row, today=AFTER, struck={named("乙公司").pk: "错"})
    back = round_flow.reopen_stage(award_round=row, why="登记错了", by=town.reviewer)
    assert (back.status, back.waits_for_decision, named("乙公司").tier) == ("notice", True, "award")


# -- taking a closed stage back --------------------------------------------------------------------


def test_a_stage_closed_by_mistake_is_opened_again_before_the_next_has_begun(town):
    row = opened(town, (Stage(MATERIAL, "材料评审", 60, 2), Stage(MATERIAL, "复评", 40)))
    mark_all(row)
    row = close(town, row)
    assert named("丙公司").status == "out"
    with pytest.raises(Refusal, match="须写明理由"):
        round_flow.reopen_stage(award_round=row, why=" ", by=town.reviewer)
    back = round_flow.reopen_stage(award_round=row, why="漏了一位专家", by=town.reviewer)
    assert (back.status, back.stage) == ("scoring", 0)
    third = named("丙公司")
    assert (third.status, third.total, third.rank, third.stage_totals) == ("eligible", None, None, [])
    assert set(ScoreSheet.objects.values_list("stage", flat=True)) == {0}
    row = close(town, back)
    sheet = ScoreSheet.objects.filter(stage=1).first()
    scoring.score(sheet=sheet, marks=[Decimal(1), Decimal(1)], remark="", by=sheet.expert)
    with pytest.raises(Conflict, match="之后的“复评”已有评分"):
        round_flow.reopen_stage(award_round=row, why="x", by=town.reviewer)


def test_nothing_is_taken_back_on_public_notice_before_the_notice_is(town):
    row = opened(town, (Stage(MATERIAL, "材料评审", 100),))
    with pytest.raises(Conflict, match="没有可以撤销的环节"):
        round_flow.reopen_stage(award_round=row, why="x", by=town.reviewer)
    mark_all(row)
    row = awarding.publish_round(award_round=close(town, row), on=NOTICED, by=town.reviewer)
    with pytest.raises(Conflict, match="正在公示，不能撤销环节"):
        round_flow.reopen_stage(award_round=row, why="x", by=town.reviewer)
    row = awarding.withdraw_notice(award_round=row, why="名单有误", by=town.reviewer)
    assert (row.status, row.notice_from) == ("ranked", None)
    assert round_flow.reopen_stage(award_round=row, why="重算", by=town.reviewer).status == "scoring"


def test_a_round_goes_through_every_kind_of_stage_to_its_notice(town):
    row = at_vote(town)
    members = committee(town, row)
    ballot = open_ballot(award_round=row, by=town.reviewer)
    vote(ballot, members, {"甲公司": "+++++", "乙公司": "++++-", "丙公司": "+----"})
    close_ballot(ballot=ballot, by=town.reviewer)
    row = close(town, row)
    row = decide(town, row)
    row = awarding.publish_round(award_round=row, on=NOTICED, by=town.reviewer)
    places = {one.name: (one.status, one.rank, one.tier) for one in Candidate.objects.all()}
    assert places == {
        "甲公司": ("eligible", 1, "award"), "乙公司": ("eligible", 2, "nomination"), "丙公司": ("voted_out", None, ""),
    }  # fmt: skip
    assert len(EVERY_KIND) == StageRun.objects.filter(closed_at__isnull=False).count()
