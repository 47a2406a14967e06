"""Blind scoring: interests shut sheets, marks stay within bounds, and only the best go on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhicheng.apps.incentives.models import AwardRound, Candidate, ScoreSheet
from zhicheng.apps.incentives.rounds import calls, scoring
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds.stages import MATERIAL, Stage
from zhicheng.apps.incentives.testing.rounds import DAY, candidate, plan
from zhicheng.apps.ledger.models import Patent, PatentOwner
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal


def test_every_kind_of_interest_shuts_a_sheet(town, call):
    from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent

    for name in ("甲公司", "乙公司", "丙公司"):
        candidate(town, call, name)
    first, second, third, fourth = town.experts
    a, b, c = (town.firms[one] for one in ("甲公司", "乙公司", "丙公司"))
    OrganisationAgent.objects.create(
        user=first, uscc=a.uscc, organisation=a, state=AgentState.APPROVED, letter="x"
    )
    scoring.declare_interest(organisation=b, words="顾问", by=second)
    calls.call_expert(award_round=call, username=third.username, works_for="丙公司", by=town.officer)
    calls.call_expert(award_round=call, username=fourth.username, works_for="某代理机构", by=town.officer)
    patent = Patent.objects.create(application_number="ZLY", agency="某代理机构", region_code="370783")
    PatentOwner.objects.create(patent=patent, name="甲公司", organisation=a, position=1)
    call.refresh_from_db()
    AwardRound.objects.filter(pk=call.pk).update(least_scores=2, trimmed=0)
    calls.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    round_flow.start_scoring(award_round=call, by=town.reviewer)
    shut = {
        (one.expert, one.candidate.organisation): one.conflict
        for one in ScoreSheet.objects.exclude(conflict="")
    }
    assert shut == {
        (first, a): "为该单位代办", (second, b): "本人申报有利害关系：顾问", (third, c): "在该单位任职",
        (fourth, a): "所在机构代理该单位的专利",
    }  # fmt: skip
    sheet = ScoreSheet.objects.get(expert=first, candidate__organisation=a)
    with pytest.raises(Conflict, match="应当回避"):
        scoring.score(sheet=sheet, marks=[Decimal(1), Decimal(1)], remark="", by=first)


def test_an_expert_marks_own_sheets_only_within_the_full_marks(town, call):
    candidate(town, call, "甲公司")
    calls.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    round_flow.start_scoring(award_round=call, by=town.reviewer)
    mine = ScoreSheet.objects.get(expert=town.experts[0])
    with pytest.raises(NotAllowed, match="不是您的评分表"):
        scoring.score(sheet=mine, marks=[Decimal(1), Decimal(1)], remark="", by=town.experts[1])
    for marks in (
        [Decimal(41), Decimal(1)],
        [Decimal(-1), Decimal(1)],
        [Decimal("1.001"), Decimal(1)],
        [Decimal(1)],
    ):
        with pytest.raises(Refusal):
            scoring.score(sheet=mine, marks=marks, remark="", by=town.experts[0])
    scoring.score(sheet=mine, marks=[Decimal(40), Decimal(60)], remark="", by=town.experts[0])
    scoring.recuse(sheet=mine, why="与负责人是亲属", by=town.experts[0])
    mine.refresh_from_db()
    assert (mine.total, mine.marks) == (None, [])
    with pytest.raises(Refusal, match="只有 0 份评分"):
        round_flow.close_stage(award_round=call, by=town.reviewer)


def test_a_round_needs_enough_experts_without_an_interest(town, call):
    candidate(town, call, "甲公司")
    for expert in town.experts[:2]:
        scoring.declare_interest(organisation=town.firms["甲公司"], words="持股", by=expert)
    calls.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    with pytest.raises(Refusal, match="只有 2 位没有利害关系"):
        round_flow.start_scoring(award_round=call, by=town.reviewer)
    assert AwardRound.objects.get().status == "open"


def test_only_the_best_go_on_to_the_next_stage(town):
    award_round = calls.open_round(
        plan=plan(stages=[Stage(MATERIAL, "材料评审", 60, 2), Stage(MATERIAL, "材料复评", 40)]),
        by=town.officer,
    )
    for expert in town.experts:
        calls.call_expert(award_round=award_round, username=expert.username, works_for="", by=town.officer)
    for name in ("甲公司", "乙公司", "丙公司"):
        candidate(town, award_round, name)
    calls.check_candidates(award_round=award_round, on=DAY, by=town.reviewer)
    round_flow.start_scoring(award_round=award_round, by=town.reviewer)

    def mark_all(points):
        for sheet in ScoreSheet.objects.filter(total=None, stage=AwardRound.objects.get().stage):
            scoring.score(
                sheet=sheet,
                marks=[Decimal(20), Decimal(points[sheet.candidate.name])],
                remark="",
                by=sheet.expert,
            )

    mark_all({"甲公司": 50, "乙公司": 40, "丙公司": 10})
    going = round_flow.close_stage(award_round=award_round, by=town.reviewer)
    assert (going.status, going.stage) == ("scoring", 1)
    assert Candidate.objects.get(name="丙公司").status == "out"
    mark_all({"甲公司": 10, "乙公司": 60})
    done = round_flow.close_stage(award_round=award_round, by=town.reviewer)
    assert done.status == "ranked"
    totals = {one.name: (one.total, one.rank, one.tier) for one in Candidate.objects.exclude(status="out")}
    assert totals == {
        "乙公司": (Decimal("68.0000"), 1, "award"),
        "甲公司": (Decimal("54.0000"), 2, "nomination"),
    }
