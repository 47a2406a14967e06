"""The committee's secret vote: members are called, a ballot is opened, handed in, counted or annulled.

Votes are added up on the candidates as they come in. No paper is stored: neither the database nor the audit trail
holds who voted what, and totals are told only after the ballot was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from zhicheng.apps.accounts.public import User, may, record_event, require
from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    BallotCount,
    BallotSeat,
    Candidate,
    CommitteeMember,
)
from zhicheng.apps.incentives.rounds.ballots import (
    ABSTAIN,
    AGAINST,
    CHOICES,
    FOR,
    LEAST_VOTERS,
    Count,
    Finding,
    Rule,
    contested,
    finding,
    missing,
    needed,
)
from zhicheng.apps.incentives.rounds.calls import Status, locked
from zhicheng.apps.incentives.rounds.conflicts import agencies_of, conflict, known_about, names_of
from zhicheng.apps.incentives.rounds.flow import standing
from zhicheng.apps.incentives.rounds.stages import VOTE, Stage
from zhicheng.apps.incentives.rounds.tallying import counted, needs_second
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

COLUMN = {FOR: "votes_for", AGAINST: "against", ABSTAIN: "abstain"}


def rule_of(stage: Stage) -> Rule:
    """The rule of a vote as the arithmetic takes it."""
    return Rule(stage.quorum, stage.threshold, stage.base)


def _has_vote(row: AwardRound) -> None:
    if not any(one.kind == VOTE for one in row.sequence):
        raise Refusal(f"“{row.title}”没有表决环节，不需要评审委员会。", fix="请在发起评选时加上表决环节。")


@transaction.atomic
def call_member(
    *, award_round: AwardRound, username: str, by: User, works_for: str = "", chair: bool = False
) -> CommitteeMember:
    """Call somebody to the committee, or correct what is known; naming a chair takes the chair from who held it.

    Raises:
        Refusal: there is no such person, or the person's role or region has no part in votes here.
        Conflict: a ballot is open.
    """
    require(by, "policies.prepare", region=award_round.region_code)
    row = locked(award_round, Status.OPEN, Status.SCORING)
    _has_vote(row)
    _no_open_ballot(row)
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Refusal(f"没有用户“{username[:60]}”。", fix="请核对用户名，或请系统管理员开通。")
    if not may(person, "policies.vote", region=row.region_code if person.region_code else None):
        raise Refusal(
            f"{person.display_name}（{person.get_role_display()}）不能参加这一评选的表决。",
            fix="委员可以是评审专家，或本区划的领导、部门和经办人员。",
        )
    if chair:
        row.committee.exclude(person=person).update(chair=False)
    made, _ = CommitteeMember.objects.update_or_create(
        award_round=row, person=person,
        defaults={"works_for": works_for.strip()[:200], "chair": chair, "called_by": by},
    )  # fmt: skip
    record_event(
        by=by, action="policies.call_member", subject=f"round:{row.number}",
        after={"member": username, "chair": chair},
    )  # fmt: skip
    return made


@transaction.atomic
def dismiss_member(*, member: CommitteeMember, why: str, by: User) -> None:
    """Take somebody off the committee while no ballot is open."""
    require(by, "policies.prepare", region=member.award_round.region_code)
    if not why.strip():
        raise Refusal("移出委员须写明理由。", fix="请填写理由。")
    row = locked(member.award_round, Status.OPEN, Status.SCORING)
    _no_open_ballot(row)
    record_event(
        by=by, action="policies.dismiss_member", subject=f"round:{row.number}", why=why,
        before={"member": member.person.username},
    )  # fmt: skip
    member.delete()


def _no_open_ballot(row: AwardRound) -> None:
    if row.ballots.filter(status=Ballot.Status.OPEN).exists():
        raise Conflict(f"“{row.title}”正在表决，不能变动委员。", fix="请先计票或作废这次表决。")


def _voting(award_round: AwardRound) -> AwardRound:
    row = locked(award_round, Status.SCORING)
    if row.current.kind != VOTE:
        raise Conflict(f"“{row.title}”现在的环节是“{row.current.name}”，不是表决。", fix="请刷新页面查看。")
    return row


@transaction.atomic
def open_ballot(*, award_round: AwardRound, by: User) -> Ballot:
    """Open the vote on everybody who is still in, or a second one between equals.

    Raises:
        Refusal: the committee is too small or has no chair, or too few may vote on a candidate.
        Conflict: a ballot is open, or nothing is left to vote on.
    """
    require(by, "policies.review", region=award_round.region_code)
    row = _voting(award_round)
    _no_open_ballot(row)
    members = list(row.committee.select_related("person"))
    if len(members) < LEAST_VOTERS:
        raise Refusal(
            f"评审委员会只有 {len(members)} 人，至少 {LEAST_VOTERS} 人才能秘密表决。", fix="请增加委员。"
        )
    if not any(one.chair for one in members):
        raise Refusal(f"评审委员会 {len(members)} 人中没有主任委员。", fix="请指定一位主任委员。")
    ballots, candidates = counted(row), standing(row)
    if ballots:
        again = needs_second(row, ballots)
        if not again:
            raise Conflict(
                f"“{row.current.name}”已经计票，没有须再次表决的同票。",
                fix="请结束本环节，或作废后重新表决。",
            )
        candidates = [one for one in candidates if one.pk in again]
    barred = _barred(row, members, candidates)
    for one in candidates:
        free = sum(1 for words in barred.values() if str(one.pk) not in words)
        if free < LEAST_VOTERS:
            raise Refusal(
                f"申报 {one.code} 只有 {free} 位委员可以表决，其余应当回避；至少 {LEAST_VOTERS} 位。",
                fix="请增加委员。",
            )
    made = Ballot.objects.create(award_round=row, place=row.stage, turn=len(ballots) + 1, opened_by=by)
    BallotSeat.objects.bulk_create(
        [BallotSeat(ballot=made, person=one.person, barred=barred[one.person_id]) for one in members]
    )
    BallotCount.objects.bulk_create([BallotCount(ballot=made, candidate=one) for one in candidates])
    record_event(
        by=by, action="policies.open_ballot", subject=f"round:{row.number}",
        after={"ballot": made.pk, "turn": made.turn, "members": len(members), "candidates": len(candidates)},
    )  # fmt: skip
    return made


def _barred(
    row: AwardRound, members: list[CommitteeMember], candidates: list[Candidate]
) -> dict[int, dict[str, str]]:
    """For each member the candidates the member may not vote on, with the reason."""
    names, agencies = names_of(row), agencies_of(row)
    found: dict[int, dict[str, str]] = {}
    for member in members:
        known = known_about(member.person, member.works_for)
        words = {
            str(one.pk): conflict(
                one, member.person, known, names=names.get(one.organisation_id, set()),
                agencies=agencies.get(one.organisation_id, set()),
            )
            for one in candidates
        }  # fmt: skip
        found[member.person_id] = {key: said for key, said in words.items() if said}
    return found


@transaction.atomic
def cast(*, ballot: Ballot, choices: Mapping[int, str], by: User) -> BallotSeat:
    """Hand in a ballot: one choice for every candidate the member may vote on. It cannot be taken back or looked at.

    Args:
        ballot: an open one. choices: for, against or abstain by key of the candidate. by: a member.

    Raises:
        NotAllowed: who is no member of this committee.
        Conflict: the ballot is closed, or was handed in already.
        Refusal: a choice is missing, unknown, or about a candidate the member is barred from.
    """
    require(by, "policies.vote")
    row = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    seat = BallotSeat.objects.select_for_update(of=("self",)).filter(ballot=row, person=by).first()
    if seat is None:
        raise NotAllowed("您不是这次表决的委员。", fix="请从“我的评分”打开您的表决。")
    if row.status != Ballot.Status.OPEN:
        raise Conflict(f"这次表决{row.get_status_display()}，不能再投。", fix="请返回“我的评分”。")
    if seat.voted_at is not None:
        raise Conflict("您已经投票；秘密表决投出后不能更改。", fix="请返回“我的评分”。")
    asked = set(row.counts.values_list("candidate", flat=True)) - {int(key) for key in seat.barred}
    if set(choices) - asked:
        raise Refusal("选票里有您应当回避或不在表决之列的申报。", fix="请只对列出的申报表决。")
    if asked - set(choices):
        raise Refusal(
            f"还有 {len(asked - set(choices))} 份申报没有表决。", fix="请对每一份选赞成、反对或弃权。"
        )
    if any(one not in CHOICES for one in choices.values()):
        raise Refusal("选票里有看不懂的选择。", fix="请选赞成、反对或弃权。")
    for choice, column in COLUMN.items():
        keys = [key for key, said in choices.items() if said == choice]
        row.counts.filter(candidate__in=keys).update(**{column: F(column) + 1})
    seat.voted_at = timezone.now()
    seat.save(update_fields=["voted_at"])
    record_event(by=by, action="policies.vote", subject=f"ballot:{row.pk}")
    return seat


@transaction.atomic
def close_ballot(*, ballot: Ballot, by: User) -> Ballot:
    """Count an open ballot once the quorum has handed in.

    Raises:
        Refusal: too few members handed in a ballot, or too few may still vote on a candidate.
        Conflict: the ballot is not open.
    """
    require(by, "policies.review", region=ballot.award_round.region_code)
    award_round = _voting(ballot.award_round)
    row = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    if row.status != Ballot.Status.OPEN:
        raise Conflict(f"这次表决{row.get_status_display()}。", fix="请刷新页面查看。")
    stage, seats = award_round.current, list(row.seats.all())
    rule, present = rule_of(stage), sum(1 for one in seats if one.voted_at)
    if short := missing(rule, members=len(seats), present=present):
        raise Refusal(
            f"委员 {len(seats)} 人，已投票 {present} 人，法定到会 {needed(rule.quorum, len(seats))} 人，还差 {short} 人，不能计票。",
            fix="请催委员投票，或作废后重新组织。",
        )
    findings = _findings(row, seats, rule)
    seated = [seats_ for _tier, seats_ in award_round.tiers]
    again = contested([one for one in findings if one.passed], seated) if row.turn == 1 else []
    row.result = {
        "members": len(seats), "present": present, "quorum": needed(rule.quorum, len(seats)), "rule": asdict(rule),
        "lines": [_line(one) for one in findings], "contested": again,
    }  # fmt: skip
    row.status, row.closed_at = Ballot.Status.CLOSED, timezone.now()
    row.save(update_fields=["result", "status", "closed_at"])
    record_event(
        by=by, action="policies.close_ballot", subject=f"round:{award_round.number}",
        after={"ballot": row.pk, "present": present, "passed": sum(1 for one in findings if one.passed)},
    )  # fmt: skip
    return row


def _findings(row: Ballot, seats: list[BallotSeat], rule: Rule) -> list[Finding]:
    found = []
    for one in row.counts.select_related("candidate").order_by("candidate"):
        free = sum(1 for seat in seats if str(one.candidate_id) not in seat.barred)
        if free < LEAST_VOTERS:
            raise Refusal(
                f"申报 {one.candidate.code} 只剩 {free} 位委员可以表决，至少 {LEAST_VOTERS} 位。",
                fix="请作废这次表决，增加委员后重新组织。",
            )
        found.append(finding(Count(one.candidate_id, free, one.votes_for, one.against, one.abstain), rule))
    return found


def _line(one: Finding) -> dict[str, Any]:
    return {
        "candidate": one.key, "for": one.count.votes_for, "against": one.count.against, "abstain": one.count.abstain,
        "may_vote": one.count.members, "base": one.base, "needed": one.needed, "passed": one.passed,
    }  # fmt: skip


@transaction.atomic
def annul_ballot(*, ballot: Ballot, why: str, by: User) -> Ballot:
    """Annul a ballot that went wrong, so that the vote is taken anew; its votes count for nothing.

    Raises:
        Conflict: it was annulled before, or a second ballot rests on it.
    """
    require(by, "policies.approve", region=ballot.award_round.region_code)
    if not why.strip():
        raise Refusal("作废表决须写明理由。", fix="请填写理由，它会进入审计记录。")
    award_round = _voting(ballot.award_round)
    row = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    if row.place != award_round.stage:
        raise NotFound("这次表决不属于现在的环节。", fix="请刷新页面查看。")
    if row.status == Ballot.Status.ANNULLED:
        raise Conflict("这次表决已经作废。", fix="请刷新页面查看。")
    later = award_round.ballots.filter(pk__gt=row.pk).exclude(status=Ballot.Status.ANNULLED)
    if later.exists():
        raise Conflict("已有再次表决以这次为据。", fix="请先作废再次表决。")
    row.status, row.why = Ballot.Status.ANNULLED, why.strip()[:300]
    row.save(update_fields=["status", "why"])
    record_event(
        by=by,
        action="policies.annul_ballot",
        subject=f"round:{award_round.number}",
        why=why,
        after={"ballot": row.pk},
    )
    return row
