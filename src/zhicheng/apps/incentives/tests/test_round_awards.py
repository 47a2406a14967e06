"""From the ranking to the ledger: notice, freed and vacant seats, the grant, and money and figures after a revocation."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.models import AwardRound, Candidate, Clawback
from zhicheng.apps.incentives.notices import objections
from zhicheng.apps.incentives.rounds import awarding, calls
from zhicheng.apps.incentives.testing.rounds import AFTER, NOTICED, plan
from zhicheng.apps.ledger.models import HonourGrant
from zhicheng.apps.records.public import ChangeSet
from zhicheng.apps.records.public import approve as approve_change
from zhicheng.kernel.refusals import NotAllowed, Refusal


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
    assert calls.open_round(plan=plan(), by=town.officer).freed_seat == "next"
    assert calls.open_round(plan=plan(freed_seat="empty"), by=town.officer).freed_seat == "empty"
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
