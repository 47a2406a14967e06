"""The committee's vote: who may vote, quorum, secrecy, equals and a second ballot, and a ballot annulled."""

from __future__ import annotations

import json

import pytest

from zhicheng.apps.accounts.public import AuditEvent, Role
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives.models import Ballot, BallotCount, BallotSeat, Candidate
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds import scoring, voting
from zhicheng.apps.incentives.rounds.stages import MATERIAL, VOTE, Stage
from zhicheng.apps.incentives.testing.rounds import MAYOR, at_vote, close, committee, plan, vote
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

STAGES = (
    Stage(MATERIAL, "材料评审", 100),
    Stage(VOTE, "表决", quorum="two_thirds", threshold="half", base="present"),
)


@pytest.fixture
def voting_round(town):
    return at_vote(town, STAGES)


def counted(town, row, members, choices):
    ballot = voting.open_ballot(award_round=row, by=town.reviewer)
    vote(ballot, members, choices)
    return voting.close_ballot(ballot=ballot, by=town.reviewer)


def standing():
    return {one.name: (one.status, one.rank, one.tier) for one in Candidate.objects.all()}


def test_who_passes_is_ranked_by_votes_then_by_score_and_who_does_not_is_out(town, voting_round):
    members = committee(town, voting_round)
    counted(town, voting_round, members, {"甲公司": "++++-", "乙公司": "++++-", "丙公司": "++---"})
    close(town, voting_round)
    # equal votes: 乙公司 has the better score
    assert standing() == {
        "乙公司": ("eligible", 1, "award"), "甲公司": ("eligible", 2, "nomination"), "丙公司": ("voted_out", None, ""),
    }  # fmt: skip


def test_votes_come_before_scores(town, voting_round):
    members = committee(town, voting_round)
    counted(town, voting_round, members, {"甲公司": "+++--", "乙公司": "++++-", "丙公司": "+++++"})
    close(town, voting_round)
    assert {name: one[1] for name, one in standing().items()} == {"丙公司": 1, "乙公司": 2, "甲公司": 3}


def test_a_ballot_is_counted_only_when_the_quorum_has_handed_in(town, voting_round):
    members = committee(town, voting_round)
    ballot = voting.open_ballot(award_round=voting_round, by=town.reviewer)
    vote(ballot, members[:3], {"甲公司": "+++", "乙公司": "+++", "丙公司": "+++"})
    with pytest.raises(Refusal, match="委员 5 人，已投票 3 人，法定到会 4 人，还差 1 人"):
        voting.close_ballot(ballot=ballot, by=town.reviewer)
    with pytest.raises(Refusal, match="还没有计票"):
        close(town, voting_round)
    vote(ballot, members[3:4], {"甲公司": "-", "乙公司": "-", "丙公司": "-"})
    done = voting.close_ballot(ballot=ballot, by=town.reviewer)
    assert (done.result["present"], done.result["members"], done.result["quorum"]) == (4, 5, 4)


def test_a_committee_has_three_members_a_chair_and_only_people_who_may_vote(town, voting_round, cast):
    for username, said in (
        ("nobody", "没有用户“nobody”"),
        (cast.enterprise.username, "不能参加这一评选的表决"),
        (cast.stranger.username, "不能参加这一评选的表决"),
    ):
        with pytest.raises(Refusal, match=said):
            voting.call_member(award_round=voting_round, username=username, by=town.officer)
    voting.call_member(award_round=voting_round, username=cast.department.username, by=town.officer)
    with pytest.raises(Refusal, match="只有 1 人，至少 3 人"):
        voting.open_ballot(award_round=voting_round, by=town.reviewer)
    leader = make_user("shizhang", Role.LEADER, "370700")
    for name in (leader.username, town.experts[0].username):
        voting.call_member(award_round=voting_round, username=name, by=town.officer)
    with pytest.raises(Refusal, match="没有主任委员"):
        voting.open_ballot(award_round=voting_round, by=town.reviewer)
    for chair in (cast.department, leader):
        voting.call_member(award_round=voting_round, username=chair.username, by=town.officer, chair=True)
    assert [one.person for one in voting_round.committee.filter(chair=True)] == [leader]
    ballot = voting.open_ballot(award_round=voting_round, by=town.reviewer)
    with pytest.raises(Conflict, match="不能变动委员"):
        voting.call_member(award_round=voting_round, username="zhuanjia1", by=town.officer)
    with pytest.raises(NotAllowed, match="不是这次表决的委员"):
        voting.cast(ballot=ballot, choices={}, by=town.experts[2])


def test_an_interest_bars_a_member_and_the_member_is_not_in_that_candidate_s_base(town, voting_round):
    members = committee(town, voting_round)
    scoring.declare_interest(organisation=town.firms["乙公司"], words="顾问", by=members[4])
    ballot = voting.open_ballot(award_round=voting_round, by=town.reviewer)
    other = Candidate.objects.get(name="乙公司")
    assert BallotSeat.objects.get(person=members[4]).barred == {str(other.pk): "本人申报有利害关系：顾问"}
    everybody = {one.pk: "for" for one in Candidate.objects.all()}
    with pytest.raises(Refusal, match="应当回避"):
        voting.cast(ballot=ballot, choices=everybody, by=members[4])
    vote(ballot, members, {"甲公司": "+++--", "乙公司": "+++--", "丙公司": "-----"})
    done = voting.close_ballot(ballot=ballot, by=town.reviewer)
    lines = {one["candidate"]: one for one in done.result["lines"]}
    assert (lines[other.pk]["base"], lines[other.pk]["may_vote"], lines[other.pk]["for"]) == (4, 4, 3)
    close(town, voting_round)
    # 3 of 4 are more than 3 of 5
    assert standing()["乙公司"][1:] == (1, "award")


def test_an_interest_declared_while_the_vote_runs_bars_until_the_ballot_is_handed_in(town, voting_round):
    members = committee(town, voting_round)
    ballot = voting.open_ballot(award_round=voting_round, by=town.reviewer)
    firm, key = town.firms["甲公司"], str(Candidate.objects.get(name="甲公司").pk)
    scoring.declare_interest(organisation=firm, words="亲属", by=members[0])
    assert BallotSeat.objects.get(person=members[0]).barred == {key: "本人申报有利害关系：亲属"}
    vote(ballot, members[1:2], {"甲公司": "+", "乙公司": "+", "丙公司": "+"})
    scoring.declare_interest(organisation=firm, words="亲属", by=members[1])
    assert BallotSeat.objects.get(person=members[1]).barred == {}


def test_too_few_without_an_interest_is_no_vote(town, voting_round):
    members = committee(town, voting_round, size=3)
    scoring.declare_interest(organisation=town.firms["甲公司"], words="持股", by=members[1])
    with pytest.raises(Refusal, match="只有 2 位委员可以表决"):
        voting.open_ballot(award_round=voting_round, by=town.reviewer)


def test_a_member_votes_once_on_everybody_and_cannot_take_it_back(town, voting_round):
    members = committee(town, voting_round)
    ballot = voting.open_ballot(award_round=voting_round, by=town.reviewer)
    keys = list(ballot.counts.values_list("candidate", flat=True))
    for choices, said in (
        ({}, "还有 3 份申报没有表决"),
        (dict.fromkeys(keys, "maybe"), "看不懂"),
        ({**dict.fromkeys(keys, "for"), 10**6: "for"}, "不在表决之列"),
    ):
        with pytest.raises(Refusal, match=said):
            voting.cast(ballot=ballot, choices=choices, by=members[0])
    voting.cast(ballot=ballot, choices=dict.fromkeys(keys, "for"), by=members[0])
    with pytest.raises(Conflict, match="投出后不能更改"):
        voting.cast(ballot=ballot, choices=dict.fromkeys(keys, "against"), by=members[0])
    assert {(one.votes_for, one.against) for one in BallotCount.objects.all()} == {(1, 0)}


def test_nothing_that_is_stored_tells_who_voted_what(town, voting_round):
    """Two committees that voted the other way round leave the same rows behind, but for the times of handing in."""
    members = committee(town, voting_round)
    left = []
    for choices in ("+-+-0", "0-+-+"):
        ballot = voting.open_ballot(award_round=voting_round, by=town.reviewer)
        vote(ballot, members, dict.fromkeys(("甲公司", "乙公司", "丙公司"), choices))
        voting.close_ballot(ballot=ballot, by=town.reviewer)
        ballot.refresh_from_db()
        seats = list(ballot.seats.order_by("pk").values("person", "barred"))
        counts = list(ballot.counts.order_by("pk").values("candidate", "votes_for", "against", "abstain"))
        events = AuditEvent.objects.filter(action="policies.vote", subject=f"ballot:{ballot.pk}").order_by(
            "pk"
        )
        told = [(one.before, one.after, one.why) for one in events]
        left.append(json.dumps([seats, counts, ballot.result, told], default=str, sort_keys=True))
        voting.annul_ballot(ballot=ballot, why="重来", by=town.reviewer)
    assert left[0] == left[1]


# -- equals ----------------------------------------------------------------------------------------


def test_equals_about_a_seat_vote_once_more_where_the_round_says_so(town):
    row = at_vote(town, (STAGES[0], Stage(VOTE, "表决", equals="second", threshold="half", base="present")))
    members = committee(town, row)
    counted(town, row, members, {"甲公司": "+++--", "乙公司": "+++--", "丙公司": "+++++"})
    with pytest.raises(Refusal, match="有 2 份申报同票而名额不够"):
        close(town, row)
    second = voting.open_ballot(award_round=row, by=town.reviewer)
    assert second.turn == 2
    assert {one.candidate.name for one in second.counts.all()} == {"甲公司", "乙公司"}
    vote(second, members, {"甲公司": "++++-", "乙公司": "+----"})
    voting.close_ballot(ballot=second, by=town.reviewer)
    with pytest.raises(Conflict, match="没有须再次表决的同票"):
        voting.open_ballot(award_round=row, by=town.reviewer)
    close(town, row)
    assert standing() == {
        "丙公司": ("eligible", 1, "award"), "甲公司": ("eligible", 2, "nomination"), "乙公司": ("eligible", 3, ""),
    }  # fmt: skip


def test_without_a_second_ballot_equals_go_by_their_score(town, voting_round):
    members = committee(town, voting_round)
    done = counted(town, voting_round, members, {"甲公司": "+++--", "乙公司": "+++--", "丙公司": "+++++"})
    assert len(done.result["contested"]) == 2
    close(town, voting_round)
    assert standing()["乙公司"][1] == 2


# -- taken back ------------------------------------------------------------------------------------


def test_an_annulled_ballot_counts_for_nothing_and_the_vote_is_taken_anew(town, voting_round):
    members = committee(town, voting_round)
    first = counted(town, voting_round, members, dict.fromkeys(("甲公司", "乙公司", "丙公司"), "-----"))
    with pytest.raises(Refusal, match="须写明理由"):
        voting.annul_ballot(ballot=first, why="", by=town.reviewer)
    voting.annul_ballot(ballot=first, why="漏发选票", by=town.reviewer)
    counted(town, voting_round, members, dict.fromkeys(("甲公司", "乙公司", "丙公司"), "+++++"))
    close(town, voting_round)
    assert [one.turn for one in Ballot.objects.all()] == [1, 1]
    assert standing()["乙公司"] == ("eligible", 1, "award")


def test_a_vote_closed_by_mistake_is_taken_back_with_its_ballot(town, voting_round):
    members = committee(town, voting_round)
    counted(town, voting_round, members, dict.fromkeys(("甲公司", "乙公司", "丙公司"), "-----"))
    row = close(town, voting_round)
    assert row.status == "ranked"
    back = round_flow.reopen_stage(award_round=row, why="程序有误", by=town.reviewer)
    assert (back.status, back.current.kind) == ("scoring", "vote")
    assert Ballot.objects.get().status == "annulled"
    assert {one[0] for one in standing().values()} == {"eligible"}


def test_a_round_without_a_vote_has_no_committee(town):
    from zhicheng.apps.incentives.rounds import calls

    row = calls.open_round(plan=plan(scheme_code=MAYOR), by=town.officer)
    with pytest.raises(Refusal, match="没有表决环节"):
        voting.call_member(award_round=row, username="zhuanjia0", by=town.officer)
