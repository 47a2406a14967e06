"""Award rounds: who may stand, who may score, how places come about, and how an honour reaches ledger, money and figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from zhicheng.apps.accounts.public import Role
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives import awarding, batch_actions, objections, rounds, scoring
from zhicheng.apps.incentives.models import AwardRound, Candidate, Clawback, ScoreSheet
from zhicheng.apps.incentives.ranking import Entrant, ranked, seated, trimmed_mean, weighted
from zhicheng.apps.incentives.testing import authorised
from zhicheng.apps.ledger.models import HonourGrant, HonourScheme, OrganisationRole, Patent, PatentOwner
from zhicheng.apps.records.public import ChangeSet
from zhicheng.apps.records.public import approve as approve_change
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

DAY = date(2025, 11, 3)
NOTICED = date(2025, 12, 17)
AFTER = date(2025, 12, 25)
MAYOR = "mayor_quality_award"


def plan(**more):
    values = {
        "scheme_code": MAYOR, "title": "第十六届市长质量奖", "round": 16, "opens_on": date(2025, 10, 1),
        "closes_on": date(2025, 11, 30), "tiers": [("award", 1), ("nomination", 1)],
        "criteria": [("领导", 40), ("结果", 60)], "conditions": [{"check": "region"}, {"check": "clean", "years": 3}],
        "trimmed": 1, "least_scores": 3,
    }  # fmt: skip
    return rounds.Plan(**{**values, **more})


@pytest.fixture
def town(world):
    HonourScheme.objects.create(code=MAYOR, name="市长质量奖", level="city")
    for name in ("甲公司", "乙公司", "丙公司"):
        world.firm(name, name_key=name)
    other = world.firm("丁公司", name_key="丁公司")
    OrganisationRole.objects.create(
        organisation=other, organisation_name=other.name, uscc=other.uscc, role="dishonest", from_on=date(2020, 1, 1),
        region_code=other.region_code,
    )  # fmt: skip
    world.moved("ledger_organisationrole")
    world.experts = [make_user(f"zhuanjia{n}", Role.EXPERT) for n in range(4)]
    return world


def candidate(town, award_round, name, statement="本单位全面实施质量管理，成效明显。"):
    agent = authorised(town, town.firms[name])
    made = rounds.save_application(
        award_round=award_round, organisation=town.firms[name], statement=statement, by=agent
    )
    return rounds.submit_application(candidate=made, on=DAY, by=agent)


@pytest.fixture
def call(town):
    made = rounds.open_round(plan=plan(), by=town.officer)
    for expert in town.experts:
        rounds.call_expert(award_round=made, username=expert.username, works_for="", by=town.officer)
    return made


@pytest.fixture
def scored(town, call):
    for name in ("甲公司", "乙公司", "丙公司"):
        candidate(town, call, name)
    rounds.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    scoring.start_scoring(award_round=call, by=town.reviewer)
    points = {"甲公司": (30, 50), "乙公司": (35, 55), "丙公司": (20, 30)}
    for number, expert in enumerate(town.experts):
        for sheet in ScoreSheet.objects.filter(expert=expert):
            first, second = points[sheet.candidate.name]
            scoring.score(sheet=sheet, marks=[Decimal(first), Decimal(second - number)], remark="", by=expert)
    return scoring.close_stage(award_round=call, by=town.reviewer)


# -- the arithmetic --------------------------------------------------------------------------------


def test_a_trimmed_mean_leaves_out_the_highest_and_the_lowest():
    scores = [Decimal(one) for one in (99, 80, 81, 82, 10)]
    assert trimmed_mean(scores, 1) == Decimal("81.0000")
    assert trimmed_mean(scores, 0) == Decimal("70.4000")
    assert trimmed_mean([Decimal("80"), Decimal("80"), Decimal("81")], 0) == Decimal("80.3333")
    with pytest.raises(ValueError, match="nothing is left"):
        trimmed_mean(scores[:2], 1)


def test_stages_count_by_their_weight():
    assert weighted([Decimal("80"), Decimal("90")], [60, 40]) == Decimal("84.0000")


def test_equal_totals_are_parted_by_the_rule_of_the_round():
    early, late = datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 11, 2, tzinfo=UTC)
    a = Entrant(1, Decimal("80"), (Decimal("30"), Decimal("50")), late)
    b = Entrant(2, Decimal("80"), (Decimal("35"), Decimal("45")), early)
    c = Entrant(3, Decimal("70"), (Decimal("35"), Decimal("35")), early)
    assert [(one.key, one.rank) for one in ranked([c, a, b], "criterion")] == [(2, 1), (1, 2), (3, 3)]
    assert [(one.key, one.rank) for one in ranked([c, a, b], "both")] == [(1, 1), (2, 1), (3, 3)]
    assert [(one.key, one.rank) for one in ranked([a, b, c], "earlier")] == [(2, 1), (1, 2), (3, 3)]
    placed = ranked([a, b, c], "both")
    assert seated(placed, [("award", 1), ("nomination", 2)]) == {1: "award", 2: "award", 3: "nomination"}


# -- the call --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"criteria": [("领导", 50)]}, "合计 50，应为 100"),
        ({"stages": [("材料评审", 60, 0)]}, "权重合计 60"),
        ({"scheme_code": "nowhere"}, "没有荣誉项目"),
        ({"tiers": []}, "等次与名额不对"),
        ({"least_scores": 2}, "没有剩下"),
        ({"conditions": [{"check": "x"}]}, "没有资格条件"),
        ({"closes_on": date(2025, 9, 1)}, "早于开始"),
    ],
)
def test_a_call_that_does_not_add_up_is_refused(town, more, said):
    with pytest.raises(Refusal, match=said):
        rounds.open_round(plan=plan(**more), by=town.officer)


def test_an_application_that_says_who_wrote_it_is_refused_because_experts_are_blind(town, call):
    with pytest.raises(Refusal, match="写有“甲公司”"):
        candidate(town, call, "甲公司", "甲公司全面实施质量管理，成效明显。")


def test_one_firm_applies_once_and_within_the_days_of_the_call(town, call):
    made = candidate(town, call, "甲公司")
    again = rounds.submit_application(candidate=made, on=DAY, by=town.agent)
    assert again.pk == made.pk
    with pytest.raises(Conflict, match="已申报"):
        candidate(town, call, "甲公司")
    draft = rounds.save_application(
        award_round=call, organisation=town.firms["乙公司"], statement="十个字以上的一份材料说明",
        by=authorised(town, town.firms["乙公司"]),
    )  # fmt: skip
    with pytest.raises(Refusal, match="不在其内"):
        rounds.submit_application(candidate=draft, on=date(2025, 12, 1), by=town.agent)
    with pytest.raises(NotAllowed):
        rounds.save_application(
            award_round=call, organisation=town.firms["丙公司"], statement="x" * 20, by=town.agent
        )


def test_who_may_stand_is_read_from_the_facts_and_an_officer_says_the_rest(town, call):
    good, bad = candidate(town, call, "甲公司"), candidate(town, call, "乙公司")
    firm = town.firms["乙公司"]
    OrganisationRole.objects.create(
        organisation=firm, organisation_name=firm.name, uscc=firm.uscc, role="dishonest", from_on=date(2025, 1, 1),
        region_code=firm.region_code,
    )  # fmt: skip
    town.moved("ledger_organisationrole")
    rounds.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.status == "eligible"
    assert bad.status == "applied"
    assert [one["found"] for one in bad.checked["found"] if one["holds"] is False] == ["严重失信 2025-01-01"]
    with pytest.raises(Refusal, match="1 份申报没有资格结论"):
        scoring.start_scoring(award_round=call, by=town.reviewer)
    rounds.qualify(candidate=bad, eligible=False, why="失信未满三年", by=town.reviewer)
    assert scoring.start_scoring(award_round=call, by=town.reviewer).status == "scoring"


# -- conflicts and marks ---------------------------------------------------------------------------


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
    rounds.call_expert(award_round=call, username=third.username, works_for="丙公司", by=town.officer)
    rounds.call_expert(award_round=call, username=fourth.username, works_for="某代理机构", by=town.officer)
    patent = Patent.objects.create(application_number="ZLY", agency="某代理机构", region_code="370783")
    PatentOwner.objects.create(patent=patent, name="甲公司", organisation=a, position=1)
    call.refresh_from_db()
    AwardRound.objects.filter(pk=call.pk).update(least_scores=2, trimmed=0)
    rounds.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    scoring.start_scoring(award_round=call, by=town.reviewer)
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
    rounds.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    scoring.start_scoring(award_round=call, by=town.reviewer)
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
        scoring.close_stage(award_round=call, by=town.reviewer)


def test_a_round_needs_enough_experts_without_an_interest(town, call):
    candidate(town, call, "甲公司")
    for expert in town.experts[:2]:
        scoring.declare_interest(organisation=town.firms["甲公司"], words="持股", by=expert)
    rounds.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    with pytest.raises(Refusal, match="只有 2 位没有利害关系"):
        scoring.start_scoring(award_round=call, by=town.reviewer)
    assert AwardRound.objects.get().status == "open"


def test_only_the_best_go_on_to_the_next_stage(town):
    award_round = rounds.open_round(
        plan=plan(stages=[("材料评审", 60, 2), ("现场评审", 40, 0)]), by=town.officer
    )
    for expert in town.experts:
        rounds.call_expert(award_round=award_round, username=expert.username, works_for="", by=town.officer)
    for name in ("甲公司", "乙公司", "丙公司"):
        candidate(town, award_round, name)
    rounds.check_candidates(award_round=award_round, on=DAY, by=town.reviewer)
    scoring.start_scoring(award_round=award_round, by=town.reviewer)

    def mark_all(points):
        for sheet in ScoreSheet.objects.filter(total=None, stage=AwardRound.objects.get().stage):
            scoring.score(
                sheet=sheet,
                marks=[Decimal(20), Decimal(points[sheet.candidate.name])],
                remark="",
                by=sheet.expert,
            )

    mark_all({"甲公司": 50, "乙公司": 40, "丙公司": 10})
    going = scoring.close_stage(award_round=award_round, by=town.reviewer)
    assert (going.status, going.stage) == ("scoring", 1)
    assert Candidate.objects.get(name="丙公司").status == "out"
    mark_all({"甲公司": 10, "乙公司": 60})
    done = scoring.close_stage(award_round=award_round, by=town.reviewer)
    assert done.status == "ranked"
    totals = {one.name: (one.total, one.rank, one.tier) for one in Candidate.objects.exclude(status="out")}
    assert totals == {
        "乙公司": (Decimal("68.0000"), 1, "award"),
        "甲公司": (Decimal("54.0000"), 2, "nomination"),
    }


# -- notice, grant, revocation ---------------------------------------------------------------------


def granted(town, scored):
    noticed = awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)
    row = awarding.grant(award_round=noticed, on=AFTER, document="演示公布文件", by=town.reviewer)
    approve_change(change_set=ChangeSet.objects.get(key=row.change_set), by=town.officer)
    return row


def test_the_best_are_ranked_and_seated_and_the_rest_get_nothing(scored):
    rows = {one.name: (one.rank, one.tier) for one in Candidate.objects.all()}
    assert rows == {"乙公司": (1, "award"), "甲公司": (2, "nomination"), "丙公司": (3, "")}


def test_whoever_opened_a_round_does_not_grant_it_nor_before_its_notice_ends(town, scored):
    noticed = awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)
    with pytest.raises(NotAllowed, match="发起人不能授予"):
        awarding.grant(award_round=noticed, on=AFTER, document="x", by=town.officer)
    with pytest.raises(Refusal, match="尚未届满"):
        awarding.grant(award_round=noticed, on=NOTICED, document="x", by=town.reviewer)
    assert not HonourGrant.objects.exists()


def test_an_upheld_objection_leaves_the_seat_empty(town, scored):
    noticed = awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)
    said, _ = awarding.object_to_round(
        award_round=noticed,
        candidate=Candidate.objects.get(name="乙公司"),
        said_by="某人",
        text="材料不实",
        on=NOTICED,
    )
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        awarding.grant(award_round=noticed, on=AFTER, document="x", by=town.reviewer)
    objections.answer_objection(objection=said, finding="upheld", answer="查实", by=town.reviewer, on=NOTICED)
    assert [one.name for one in awarding.winners(noticed)] == ["甲公司"]


def objected(town, scored, name, rule, vacant=""):
    AwardRound.objects.filter(pk=scored.pk).update(freed_seat=rule)
    if vacant:
        awarding.leave_vacant(award_round=scored, tier=vacant, why="未达到分数线", by=town.reviewer)
    noticed = awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)
    said, _ = awarding.object_to_round(
        award_round=noticed,
        candidate=Candidate.objects.get(name=name),
        said_by="某人",
        text="材料不实",
        on=NOTICED,
    )
    decided = date(2025, 12, 22)
    objections.answer_objection(objection=said, finding="upheld", answer="查实", by=town.reviewer, on=decided)
    noticed.refresh_from_db()
    return noticed


def test_a_freed_seat_is_filled_down_the_ranking_with_a_notice_of_its_own(town, scored):
    noticed = objected(town, scored, "乙公司", "next")
    rows = {one.name: (one.tier, one.moved_from) for one in Candidate.objects.all()}
    assert rows == {"乙公司": ("", ""), "甲公司": ("award", "nomination"), "丙公司": ("nomination", "none")}
    moved = Candidate.objects.get(name="丙公司")
    assert (moved.notice_from, moved.notice_until) == (date(2025, 12, 22), date(2025, 12, 29))
    with pytest.raises(Refusal, match="公示至 2025-12-29，尚未届满"):
        awarding.grant(award_round=noticed, on=AFTER, document="x", by=town.reviewer)
    late, _ = awarding.object_to_round(
        award_round=noticed, candidate=moved, said_by="某人", text="也不实", on=date(2025, 12, 29)
    )
    with pytest.raises(Refusal, match="届满"):
        awarding.object_to_round(
            award_round=noticed, said_by="某人", text="对整个名单", on=date(2025, 12, 29)
        )
    objections.answer_objection(
        objection=late, finding="rejected", answer="属实", by=town.reviewer, on=date(2025, 12, 30)
    )
    row = awarding.grant(
        award_round=noticed, on=date(2025, 12, 30), document="演示公布文件", by=town.reviewer
    )
    assert [(one.name, one.tier) for one in awarding.winners(row)] == [
        ("甲公司", "award"),
        ("丙公司", "nomination"),
    ]


def test_nobody_without_a_seat_moves_up_past_a_tier_that_was_left_vacant(town, scored):
    noticed = objected(town, scored, "乙公司", "next", vacant="nomination")
    assert awarding.winners(noticed) == []


def test_a_new_round_follows_the_setting_for_freed_seats_unless_it_says_otherwise(town):
    batch_actions.set_settings(
        notice_days=5, trimmed=1, least_scores=5, fraud_years=5, freed_seat="next", by=town.reviewer
    )
    assert rounds.open_round(plan=plan(), by=town.officer).freed_seat == "next"
    assert rounds.open_round(plan=plan(freed_seat="empty"), by=town.officer).freed_seat == "empty"
    with pytest.raises(Refusal, match="空出的名额没有"):
        batch_actions.set_settings(
            notice_days=5, trimmed=1, least_scores=5, fraud_years=5, freed_seat="lot", by=town.reviewer
        )


def test_a_tier_may_be_left_vacant_with_its_reason(town, scored):
    row = awarding.leave_vacant(award_round=scored, tier="award", why="未达到分数线", by=town.reviewer)
    assert row.vacant == {"award": "未达到分数线"}
    assert [one.tier for one in awarding.winners(row)] == ["nomination"]


def test_a_grant_enters_the_ledger_through_its_review_and_is_then_due_money(town, scored):
    noticed = awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)
    row = awarding.grant(award_round=noticed, on=AFTER, document="演示公布文件", by=town.reviewer)
    assert not HonourGrant.objects.exists()
    approve_change(change_set=ChangeSet.objects.get(key=row.change_set), by=town.officer)
    honours = {(one.organisation.name, one.tier, one.round) for one in HonourGrant.objects.all()}
    assert honours == {("乙公司", "award", 16), ("甲公司", "nomination", 16)}
    town.money()
    batch = town.freeze(as_of=AFTER)
    assert [(one.name, str(one.amount)) for one in batch.entitlements.all()] == [("乙公司", "500000.00")]


def test_a_revoked_award_takes_its_money_back_without_anybody_asking(
    town, scored, tmp_path, django_capture_on_commit_callbacks
):
    row = granted(town, scored)
    town.money()
    batch = town.paid(town.freeze(as_of=AFTER), tmp_path)
    winner = Candidate.objects.get(name="乙公司")
    winner.award_round = row
    from zhicheng.apps.accounts.public import set_city

    set_city(region_code="370700", name="演示市", opens_on=date(2026, 3, 2), demo=True)
    change = awarding.revoke(candidate=winner, on=date(2026, 3, 1), why="弄虚作假", by=town.reviewer)
    assert not Clawback.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        approve_change(change_set=change, by=town.officer)
    claw = Clawback.objects.get()
    assert (claw.entitlement.batch_id, claw.reason, str(claw.amount), claw.opened_by) == (
        batch.pk, "revoked", "500000.00", None,
    )  # fmt: skip
