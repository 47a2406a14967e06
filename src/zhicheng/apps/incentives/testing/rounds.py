"""An award round for tests of this room: firms that apply, experts, a committee, and every way to the next stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from zhicheng.apps.accounts.public import Role, User
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives.models import AwardRound, Ballot, Candidate, DefenceSlot, ScoreSheet
from zhicheng.apps.incentives.rounds import calls, defences, scoring, visits, voting
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds.stages import DECISION, DEFENCE, MATERIAL, ON_SITE, VOTE, Stage
from zhicheng.apps.incentives.testing.city import World, authorised
from zhicheng.apps.ledger.models import HonourScheme, OrganisationRole

DAY = date(2025, 11, 3)
DEFENDS = datetime(2025, 12, 10, 1, 0, tzinfo=UTC)
VISITED = date(2025, 12, 3)
DECIDED = date(2025, 12, 15)
NOTICED = date(2025, 12, 17)
AFTER = date(2025, 12, 25)
MAYOR = "mayor_quality_award"
FIRMS = ("甲公司", "乙公司", "丙公司")
POINTS = {"甲公司": (30, 50), "乙公司": (35, 55), "丙公司": (20, 30)}
EVERY_KIND = (
    Stage(MATERIAL, "材料评审", 50),
    Stage(ON_SITE, "现场评审", 20),
    Stage(DEFENCE, "答辩", 30),
    Stage(VOTE, "评审委员会表决"),
    Stage(DECISION, "政府审定"),
)


def plan(**more: Any) -> calls.Plan:
    """A call for the mayor's award, one seat of each tier."""
    values: dict[str, Any] = {
        "scheme_code": MAYOR, "title": "第十六届市长质量奖", "round": 16, "opens_on": date(2025, 10, 1),
        "closes_on": date(2025, 11, 30), "tiers": [("award", 1), ("nomination", 1)],
        "criteria": [("领导", 40), ("结果", 60)], "conditions": [{"check": "region"}, {"check": "clean", "years": 3}],
        "trimmed": 1, "least_scores": 3,
    }  # fmt: skip
    return calls.Plan(**{**values, **more})


def make_town(world: World) -> World:
    """The city with the award, three firms and four experts; one other firm is on the negative list."""
    HonourScheme.objects.create(code=MAYOR, name="市长质量奖", level="city")
    for name in FIRMS:
        world.firm(name, name_key=name)
    other = world.firm("丁公司", name_key="丁公司")
    OrganisationRole.objects.create(
        organisation=other, organisation_name=other.name, uscc=other.uscc, role="dishonest", from_on=date(2020, 1, 1),
        region_code=other.region_code,
    )  # fmt: skip
    world.moved("ledger_organisationrole")
    world.experts = [make_user(f"zhuanjia{n}", Role.EXPERT) for n in range(4)]
    return world


def candidate(town: World, award_round: AwardRound, name: str, statement: str = "") -> Candidate:
    """An application that was handed in."""
    agent = authorised(town, town.firms[name])
    made = calls.save_application(
        award_round=award_round, organisation=town.firms[name], by=agent,
        statement=statement or "本单位全面实施质量管理，成效明显。",
    )  # fmt: skip
    return calls.submit_application(candidate=made, on=DAY, by=agent)


def called(town: World, award_round: AwardRound) -> AwardRound:
    """The experts called to a round."""
    for expert in town.experts:
        calls.call_expert(award_round=award_round, username=expert.username, works_for="", by=town.officer)
    return award_round


def begun(town: World, award_round: AwardRound, names: Sequence[str] = FIRMS) -> AwardRound:
    """Applied, checked, and in the first stage."""
    for name in names:
        candidate(town, award_round, name)
    calls.check_candidates(award_round=award_round, on=DAY, by=town.reviewer)
    return round_flow.start_scoring(award_round=award_round, by=town.reviewer)


def opened(town: World, stages: Sequence[Stage] = EVERY_KIND, **more: Any) -> AwardRound:
    """A round of these stages, in its first one."""
    made = calls.open_round(plan=plan(stages=stages, **more), by=town.officer)
    return begun(town, called(town, made))


def mark_all(award_round: AwardRound, points: Mapping[str, tuple[int, int]] = POINTS) -> None:
    """Every open sheet of the stage that runs is marked, one point less by each next expert."""
    place = AwardRound.objects.get(pk=award_round.pk).stage
    rows = ScoreSheet.objects.filter(candidate__award_round=award_round, stage=place, conflict="").order_by(
        "pk"
    )
    experts = sorted({one.expert_id for one in rows})
    for sheet in rows:
        first, second = points[sheet.candidate.name]
        less = experts.index(sheet.expert_id)
        scoring.score(sheet=sheet, marks=[Decimal(first), Decimal(second - less)], remark="", by=sheet.expert)


def close(town: World, award_round: AwardRound) -> AwardRound:
    """The stage that runs closed."""
    return round_flow.close_stage(award_round=award_round, by=town.reviewer, on=NOTICED)


def visit_all(town: World, award_round: AwardRound, team: int = 3) -> None:
    """Everybody is visited by the first experts."""
    for one in award_round.candidates.filter(status="eligible"):
        visits.arrange_visit(
            candidate=one, on=VISITED, team=[expert.pk for expert in town.experts[:team]], by=town.reviewer
        )


def defend_all(town: World, award_round: AwardRound, absent: str = "") -> None:
    """Lots are drawn, everybody comes but one."""
    defences.schedule_defence(
        award_round=award_round,
        starts_at=DEFENDS,
        minutes=20,
        rest=5,
        hall="一号会议室",
        by=town.reviewer,
        seed="s1",
    )
    for slot in DefenceSlot.objects.filter(candidate__award_round=award_round):
        away = slot.candidate.name == absent
        defences.mark_attendance(slot=slot, attended=not away, why="未到场" if away else "", by=town.reviewer)


def committee(town: World, award_round: AwardRound, size: int = 5) -> list[User]:
    """A committee with its chair."""
    found = []
    for number in range(size):
        person = User.objects.filter(username=f"weiyuan{number}").first() or make_user(
            f"weiyuan{number}", Role.EXPERT
        )
        voting.call_member(
            award_round=award_round, username=person.username, by=town.officer, chair=number == 0
        )
        found.append(person)
    return found


def vote(ballot: Ballot, members: Sequence[User], choices: Mapping[str, str]) -> None:
    """Each member's choices for all candidates of the ballot, as letters + - 0 in the order of the members."""
    words = {"+": "for", "-": "against", "0": "abstain"}
    names = {one.candidate.name: one.candidate_id for one in ballot.counts.select_related("candidate")}
    for place, member in enumerate(members):
        barred = ballot.seats.get(person=member).barred
        said = {
            names[name]: words[line[place]]
            for name, line in choices.items()
            if str(names[name]) not in barred
        }
        voting.cast(ballot=ballot, choices=said, by=member)


def at_vote(town: World, stages: Sequence[Stage] = EVERY_KIND, **more: Any) -> AwardRound:
    """A round that has come to its vote, whichever scored stages it has."""
    row = opened(town, stages, **more)
    while row.current.scored:
        if row.current.kind == ON_SITE:
            visit_all(town, row)
        if row.current.kind == DEFENCE:
            defend_all(town, row)
        mark_all(row)
        row = close(town, row)
    return row
