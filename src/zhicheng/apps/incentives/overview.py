"""What waits in the room: batches by stage, money of the year, clawbacks, disputes, objections."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, scope
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.applications import queries as application_queries
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.models import AwardRound, Batch, Clawback, EvaluationRun, FactDispute, Objection
from zhicheng.apps.incentives.paging import Some, some_of
from zhicheng.apps.incentives.payment import budgets
from zhicheng.apps.incentives.rounds.card import waiting_lines
from zhicheng.apps.web.public import Card, Line, Place

STAGES = (
    Batch.Status.DRAFT, Batch.Status.REVIEW, Batch.Status.REVIEWED, Batch.Status.NOTICE, Batch.Status.APPROVED,
    Batch.Status.CLOSED,
)  # fmt: skip
SHOWN = 8


@dataclass(frozen=True)
class Board:
    """The overview of an officer.

    Args:
        stages: status, its words, how many batches and how much money of them.
        batches: the latest that are not closed.
        lines: pots of the budget with money in them.
        appropriated, committed, paid, left: sums of all pots in 元; None where the person sees no budget.
        clawbacks, disputes, objections: how many wait. run: the latest kept run.
        rounds: award rounds that are not over. applications: of firms that wait for an officer, or were not paid in time.
    """

    stages: list[tuple[str, str, int, Decimal]]
    batches: Some
    pots: list[budgets.Line]
    clawbacks: int
    to_recover: Decimal
    disputes: int
    objections: int
    run: EvaluationRun | None
    rounds: Some
    applications: list[Line]

    def of(self, name: str) -> Decimal:
        """One column of the budget summed."""
        return sum((getattr(one, name) for one in self.pots), Decimal("0.00"))

    @property
    def appropriated(self) -> Decimal:
        """Money appropriated."""
        return self.of("appropriated")

    @property
    def committed(self) -> Decimal:
        """Money committed and not yet paid."""
        return self.of("committed")

    @property
    def paid(self) -> Decimal:
        """Money paid."""
        return self.of("paid")

    @property
    def left(self) -> Decimal:
        """Money that may still be committed."""
        return self.of("left")


def board(user: Any) -> Board:
    """What an officer sees first."""
    rows = seen.batches(user)
    waiting_firms = _applications(user) if may(user, "policies.review") else []
    live = Q(entitlements__live=True)
    by_status: dict[str, Any] = {
        one["status"]: one
        for one in Batch.objects.filter(pk__in=rows.values("pk")).order_by().values("status").annotate(
            batches=Count("pk", distinct=True), money=Sum("entitlements__amount", filter=live)
        )
    }  # fmt: skip
    zero = Decimal("0.00")
    stages = [
        (
            str(one), str(one.label), by_status.get(one, {}).get("batches", 0), by_status.get(one, {}).get("money") or zero
        )
        for one in STAGES
    ]  # fmt: skip
    inside = scope(user)
    standing = clawbacks_of(user).filter(status__in=("open", "notified"))
    owed = standing.aggregate(due=Sum("amount"), back=Sum("recovered"))
    waiting = rows.exclude(status__in=(Batch.Status.CLOSED, Batch.Status.CANCELLED)).order_by("-pk")
    return Board(
        stages=stages,
        batches=some_of(waiting, first=SHOWN),
        pots=budgets.lines() if may(user, "policies.budget", region=seen.city_region()) else [],
        clawbacks=standing.count(),
        to_recover=(owed["due"] or zero) - (owed["back"] or zero),
        disputes=FactDispute.objects.filter(inside.regions_q(), status=FactDispute.Status.OPEN).count(),
        objections=Objection.objects.filter(
            batch__in=rows.values("pk"), status=Objection.Status.OPEN
        ).count(),
        run=seen.runs(user).defer("catalogue", "payments", "barred").order_by("-pk").first(),
        rounds=some_of(
            AwardRound.objects.filter(inside.regions_q()).exclude(
                status__in=(AwardRound.Status.GRANTED, AwardRound.Status.CANCELLED)
            ),
            first=SHOWN,
        ),
        applications=waiting_firms,
    )


def clawbacks_of(user: Any) -> Any:
    """Clawbacks of an officer's regions."""
    return Clawback.objects.filter(scope(user).regions_q("entitlement__region_code"))


def officer_card(user: Any, place: Place) -> Card | None:
    """What waits on the home page for those who prepare or review batches."""
    if not may(user, "policies.prepare") and not may(user, "policies.review"):
        return None
    waiting = (
        Batch.Status.DRAFT,
        Batch.Status.REVIEW,
        Batch.Status.REVIEWED,
        Batch.Status.NOTICE,
        Batch.Status.APPROVED,
    )
    latest = some_of(seen.batches(user).filter(status__in=waiting), first=SHOWN)
    lines = [
        Line(
            f"{one.title} {one.year}",
            f"/incentives/batches/{one.number}/",
            one.number,
            one.get_status_display(),
            "warm",
        )
        for one in latest.rows
    ]
    if latest.more:
        words = _("全部在办批次")
        lines.append(Line(words, "/incentives/batches/", str(latest.count), _("批次"), ""))
    if may(user, "policies.review"):
        lines += _applications(user)
    lines += waiting_lines(user, today())
    if count := clawbacks_of(user).filter(status__in=("open", "notified")).count():
        lines.append(Line(_("待追回"), "/incentives/clawbacks/", str(count), _("追回"), "bad"))
    disputes = FactDispute.objects.filter(scope(user).regions_q(), status=FactDispute.Status.OPEN).count()
    if disputes:
        lines.append(Line(_("单位提出的事实异议"), "/incentives/disputes/", str(disputes), _("异议"), "warm"))
    return Card(_("政策兑现"), tuple(lines), _("没有在办的兑付批次。"), "/incentives/")


def _applications(user: Any) -> list[Line]:
    """Applications that wait for an officer, and those whose term to pay is over."""
    on, found = today(), []
    for state, left, label, word, tone in (
        ("received", "", _("待审核的政策申报"), _("申报"), "warm"),
        ("open", "late", _("兑付已逾期的政策申报"), _("逾期"), "bad"),
    ):
        given = {"state": state, "left": left}
        if count := application_queries.filtered(user, given, on).count():
            query = f"state={state}&left={left}"
            found.append(Line(label, f"/incentives/applications/?{query}", str(count), word, tone))
    return found
