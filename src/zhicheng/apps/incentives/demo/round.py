"""Two award rounds of the demo city: one played through every stage up to its notice, one standing in the vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from zhicheng.apps.accounts.public import Role, User, decide_agency, opening_date, request_agency
from zhicheng.apps.incentives.models import AwardRound, Candidate, DefenceSlot, ScoreSheet
from zhicheng.apps.incentives.rounds import (
    awarding,
    calls,
    defences,
    filing,
    government,
    scoring,
    visits,
    voting,
)
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds.stages import DECISION, DEFENCE, MATERIAL, ON_SITE, VOTE, Stage
from zhicheng.apps.ledger.public import HonourScheme, Organisation

SCHEME = "city_brand"
APPLICANTS = 5
EXPERTS = 5
WORDS = (
    "（演示材料）本单位建立了覆盖设计、采购、制造、服务的质量管理体系，近三年顾客投诉逐年下降，"
    "主要产品的关键指标优于同类水平，持续开展全员改进，并带动上下游企业共同提升。"
)
WHOLE = (
    Stage(MATERIAL, "材料评审", 50, 4),
    Stage(ON_SITE, "现场评审", 20, least=2, trimmed=0, named=True),
    Stage(DEFENCE, "答辩", 30, least=3, trimmed=0),
    Stage(VOTE, "评审委员会表决", shown=True),
    Stage(DECISION, "政府审定", when="before"),
)
SHORT = (Stage(MATERIAL, "材料评审", 100), Stage(VOTE, "评审委员会表决"))


def build_round(cast: dict[str, User]) -> None:
    """Play both rounds and leave a third one in its scoring; does nothing where they stand already."""
    if (
        AwardRound.objects.filter(synthetic=True).exists()
        or not HonourScheme.objects.filter(code=SCHEME).exists()
    ):
        return
    experts = _experts(cast["expert"])
    _whole(cast, experts)
    _voting(cast, experts)
    scoring_round = _opened("市级品牌认定（演示评选）", 2, (Stage(MATERIAL, "材料评审", 60, 4), Stage(ON_SITE, "现场评审", 40)), cast, experts)  # fmt: skip
    scoring.declare_interest(organisation=_firms()[0], words="（演示）担任顾问", by=experts[-1])
    round_flow.start_scoring(award_round=scoring_round, by=cast["reviewer"])
    _marks(scoring_round, experts[1:])


def _opened(
    title: str, number: int, stages: Sequence[Stage], cast: dict[str, User], experts: Sequence[User]
) -> AwardRound:
    """A call with its applications, checked."""
    on, officer, reviewer = opening_date(), cast["officer"], cast["reviewer"]
    plan = calls.Plan(
        scheme_code=SCHEME, title=title, round=on.year - 2018 + number, opens_on=on - timedelta(days=45),
        closes_on=on, tiers=[("brand", 3)], least_scores=4, trimmed=1, stages=stages,
        criteria=[("质量管理", 30), ("品牌建设", 30), ("结果", 40)],
        conditions=[{"check": "region"}, {"check": "clean", "years": 3}, {"check": "not_revoked", "years": 3}],
    )  # fmt: skip
    made = calls.open_round(plan=plan, by=officer, synthetic=True)
    for expert in experts:
        calls.call_expert(award_round=made, username=expert.username, works_for="演示研究院", by=officer)
    for place, firm in enumerate(_firms()):
        _applied(made, firm, f"演示申报产品{place + 1:02d}", officer)
    calls.check_candidates(award_round=made, on=on, by=reviewer)
    for one in made.candidates.filter(status=Candidate.Status.APPLIED):
        calls.qualify(candidate=one, eligible=False, why="（演示）台账显示不符合资格条件。", by=reviewer)
    return made


def _whole(cast: dict[str, User], experts: Sequence[User]) -> None:
    """Material review, visits, defence, vote, decision, and the list on public notice."""
    reviewer, on = cast["reviewer"], opening_date()
    row = _opened("市级品牌认定（演示，全部环节）", 0, WHOLE, cast, experts)
    row = round_flow.start_scoring(award_round=row, by=reviewer)
    _marks(row, experts)
    row = round_flow.close_stage(award_round=row, by=reviewer, on=on)
    for one in row.candidates.filter(status=Candidate.Status.ELIGIBLE):
        visits.arrange_visit(
            candidate=one, on=on, team=[expert.pk for expert in experts[:3]], note="（演示）", by=reviewer
        )
    _marks(row, experts)
    row = round_flow.close_stage(award_round=row, by=reviewer, on=on)
    begin = timezone.make_aware(datetime.combine(on, time(9, 0)))
    defences.schedule_defence(
        award_round=row, starts_at=begin, minutes=20, rest=5, hall="（演示）市政务中心一号会议室", seed="demo-2025",
        by=reviewer,
    )  # fmt: skip
    for slot in DefenceSlot.objects.filter(candidate__award_round=row).select_related(
        "candidate__award_round"
    ):
        defences.mark_attendance(slot=slot, attended=True, by=reviewer)
    _marks(row, experts)
    row = round_flow.close_stage(award_round=row, by=reviewer, on=on)
    _vote(row, cast, experts, everybody=True)
    row = round_flow.close_stage(award_round=row, by=reviewer, on=on)
    row = government.decide(
        award_round=row, decided_on=on, document="（演示）市政府常务会议纪要", today=on, by=reviewer
    )
    awarding.publish_round(award_round=row, on=on, by=reviewer)


def _voting(cast: dict[str, User], experts: Sequence[User]) -> None:
    """A round whose committee votes: two members have handed in, the demo expert has not."""
    row = _opened("市级品牌认定（演示，表决中）", 1, SHORT, cast, experts)
    row = round_flow.start_scoring(award_round=row, by=cast["reviewer"])
    _marks(row, experts)
    row = round_flow.close_stage(award_round=row, by=cast["reviewer"], on=opening_date())
    _vote(row, cast, experts, everybody=False)


def _vote(row: AwardRound, cast: dict[str, User], experts: Sequence[User], *, everybody: bool) -> None:
    for place, expert in enumerate(experts):
        voting.call_member(
            award_round=row,
            username=expert.username,
            works_for="演示研究院",
            chair=place == 1,
            by=cast["officer"],
        )
    ballot = voting.open_ballot(award_round=row, by=cast["reviewer"])
    for place, expert in enumerate(experts if everybody else experts[1:3]):
        barred = ballot.seats.get(person=expert).barred
        keys = [key for key in ballot.counts.values_list("candidate", flat=True) if str(key) not in barred]
        said = {
            key: "against" if (number + place) % 4 == 3 else "for" for number, key in enumerate(sorted(keys))
        }
        voting.cast(ballot=ballot, choices=said, by=expert)
    if everybody:
        voting.close_ballot(ballot=ballot, by=cast["reviewer"])


def _experts(first: User) -> list[User]:
    """The demo expert, who still has sheets to mark, and four colleagues who do not sign in."""
    found = [first]
    for number in range(2, EXPERTS + 1):
        user, new = User.objects.get_or_create(
            username=f"demo_expert_{number}",
            defaults={"role": Role.EXPERT, "display_name": f"演示专家{number}"},
        )
        if new:
            user.set_unusable_password()
            user.save()
        found.append(user)
    return found


def _firms() -> list[Organisation]:
    rows = Organisation.objects.filter(region_code__startswith="3707", kind="enterprise", uscc__gt="")
    return list(rows.order_by("pk")[40 : 40 + APPLICANTS])


def _applied(made: AwardRound, firm: Organisation, product: str, officer: User) -> None:
    """A colleague of the firm, with a letter, hands the application in."""
    agent, new = User.objects.get_or_create(
        username=f"demo_agent_{firm.pk}", defaults={"role": Role.ENTERPRISE, "display_name": "演示申报人"}
    )
    if new:
        agent.set_unusable_password()
        agent.save()
        letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4\n% demo letter of authority\n")
        agency = request_agency(uscc=firm.uscc, letter=letter, by=agent)
        decide_agency(agent=agency, approve=True, reason="演示授权", by=officer)
    one = calls.save_application(
        award_round=made, organisation=firm, statement=WORDS, object_name=product, by=agent
    )
    if firm == _firms()[0]:
        filing.lay_file(
            candidate=one, material=filing.BLIND, name="演示自评报告.txt", content=WORDS.encode(), by=agent
        )
    calls.submit_application(candidate=one, on=opening_date(), by=agent)


def _marks(row: AwardRound, experts: Sequence[User]) -> None:
    """These experts mark their open sheets of the stage that runs."""
    rows = ScoreSheet.objects.filter(candidate__award_round=row, stage=row.stage, conflict="")
    for place, expert in enumerate(experts):
        for number, sheet in enumerate(rows.filter(expert=expert).order_by("pk")):
            shift = Decimal((number * 3 + place) % 7)
            scoring.score(
                sheet=sheet,
                marks=[Decimal(22) + shift, Decimal(21) + shift, Decimal(30) + shift],
                remark="（演示）",
                by=expert,
            )
