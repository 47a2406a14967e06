"""An award round of the demo city, in the middle of its scoring."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.public import Role, User, decide_agency, opening_date, request_agency
from zhicheng.apps.incentives import rounds, scoring
from zhicheng.apps.incentives.models import AwardRound, Candidate, ScoreSheet
from zhicheng.apps.ledger.public import HonourScheme, Organisation

SCHEME = "city_brand"
APPLICANTS = 5
EXPERTS = 5
WORDS = (
    "（演示材料）本单位建立了覆盖设计、采购、制造、服务的质量管理体系，近三年顾客投诉逐年下降，"
    "主要产品的关键指标优于同类水平，持续开展全员改进，并带动上下游企业共同提升。"
)


def build_round(cast: dict[str, User]) -> None:
    """Play a call, its applications and most of the marks; does nothing where it stands already."""
    if (
        AwardRound.objects.filter(synthetic=True).exists()
        or not HonourScheme.objects.filter(code=SCHEME).exists()
    ):
        return
    on, officer, reviewer = opening_date(), cast["officer"], cast["reviewer"]
    plan = rounds.Plan(
        scheme_code=SCHEME, title="市级品牌认定（演示评选）", round=on.year - 2018 + 1, opens_on=on - timedelta(days=45),
        closes_on=on + timedelta(days=5), tiers=[("brand", 3)], least_scores=4, trimmed=1,
        criteria=[("质量管理", 30), ("品牌建设", 30), ("结果", 40)], stages=[("材料评审", 60, 4), ("现场评审", 40, 0)],
        conditions=[{"check": "region"}, {"check": "clean", "years": 3}, {"check": "not_revoked", "years": 3}],
    )  # fmt: skip
    made = rounds.open_round(plan=plan, by=officer, synthetic=True)
    experts = _experts(cast["expert"])
    for expert in experts:
        rounds.call_expert(award_round=made, username=expert.username, works_for="演示研究院", by=officer)
    for number, firm in enumerate(_firms()):
        _applied(made, firm, f"演示申报产品{number + 1:02d}", officer)
    rounds.check_candidates(award_round=made, on=on, by=reviewer)
    for one in made.candidates.filter(status=Candidate.Status.APPLIED):
        rounds.qualify(candidate=one, eligible=False, why="（演示）台账显示不符合资格条件。", by=reviewer)
    scoring.declare_interest(organisation=_firms()[0], words="（演示）担任顾问", by=experts[-1])
    scoring.start_scoring(award_round=made, by=reviewer)
    _marks(experts[1:])


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
    one = rounds.save_application(
        award_round=made, organisation=firm, statement=WORDS, object_name=product, by=agent
    )
    rounds.submit_application(candidate=one, on=opening_date(), by=agent)


def _marks(experts: list[User]) -> None:
    for place, expert in enumerate(experts):
        for number, sheet in enumerate(ScoreSheet.objects.filter(expert=expert, conflict="").order_by("pk")):
            shift = Decimal((number * 3 + place) % 7)
            scoring.score(
                sheet=sheet,
                marks=[Decimal(22) + shift, Decimal(21) + shift, Decimal(30) + shift],
                remark="（演示）",
                by=expert,
            )
