"""Whoever is called to score or to vote finds the way there from every page, while it is asked of them and no longer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.public import Role
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.models import ScoreSheet
from zhicheng.apps.incentives.rounds import calls as rounds
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds import voting
from zhicheng.apps.incentives.rounds.stages import MATERIAL, VOTE, Stage
from zhicheng.apps.incentives.testing.rounds import at_vote, committee, vote

ENTRY, ELSEWHERE = 'href="/incentives/scoring/', "/incentives/notices/"
STAGES = (
    Stage(MATERIAL, "材料评审", 100),
    Stage(VOTE, "表决", quorum="half", threshold="half", base="present"),
)


def has_entry(user):
    return ENTRY in signed_in(user).get(ELSEWHERE).content.decode()


@pytest.fixture
def leader(town):
    return make_user("shizhang", Role.LEADER, "370700")


def test_a_leader_called_as_a_member_has_the_entry_while_the_ballot_is_open(town, leader):
    row = at_vote(town, STAGES)
    members = committee(town, row)
    voting.call_member(award_round=row, username=leader.username, by=town.officer)
    assert not has_entry(leader)
    ballot = voting.open_ballot(award_round=row, by=town.reviewer)
    assert has_entry(leader)
    assert has_entry(members[0])
    vote(ballot, members, {"甲公司": "+++++", "乙公司": "+++++", "丙公司": "-----"})
    voting.close_ballot(ballot=ballot, by=town.reviewer)
    assert not has_entry(leader)


def test_an_expert_has_the_entry_while_sheets_wait_and_a_colleague_without_any_has_none(town, call):
    assert not has_entry(town.experts[0])
    for name in ("甲公司", "乙公司", "丙公司"):
        from zhicheng.apps.incentives.testing.rounds import candidate

        candidate(town, call, name)
    rounds.check_candidates(award_round=call, on=call.opens_on, by=town.reviewer)
    round_flow.start_scoring(award_round=call, by=town.reviewer)
    assert ScoreSheet.objects.filter(expert=town.experts[0]).exists()
    assert has_entry(town.experts[0])
    assert not has_entry(make_user("lingyi", Role.EXPERT))
    assert not has_entry(make_user("bumen", Role.DEPARTMENT, "370700"))


def test_an_officer_called_as_a_member_finds_it_among_the_tabs_of_the_room(town):
    row = at_vote(town, STAGES)
    committee(town, row)
    voting.call_member(award_round=row, username=town.approver.username, by=town.officer)
    voting.open_ballot(award_round=row, by=town.reviewer)
    assert ENTRY in signed_in(town.approver).get("/incentives/rounds/").content.decode()
    assert ENTRY not in signed_in(town.officer).get("/incentives/rounds/").content.decode()


def test_the_entry_costs_one_question_to_those_who_may_be_called_and_none_to_others(town, cast):
    def asked(user):
        browser = signed_in(user)
        browser.get(ELSEWHERE)
        with CaptureQueriesContext(connection) as found:
            browser.get(ELSEWHERE)
        return sum("incentives_scoresheet" in one["sql"] for one in found)

    leader = make_user("shizhang", Role.LEADER, "370700")
    assert asked(leader) == 1
    assert asked(cast.enterprise) == 0
    assert asked(make_user("duban", Role.SUPERVISION, "370700")) == 0
