"""What an organisation reads about itself: due, had, narrowly missed, windows that close, accounts, disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.incentives.applications.queries import Shown, own_applications
from zhicheng.apps.incentives.applications.windows import Window, windows
from zhicheng.apps.incentives.batches.matters import identity_of_organisation, matter_of, who_of
from zhicheng.apps.incentives.models import (
    Confirmation,
    Entitlement,
    FactDispute,
    PayeeAccount,
    PaymentOrder,
    ReceivedPayment,
)
from zhicheng.apps.incentives.paging import Page, page_of
from zhicheng.apps.incentives.runs.evaluations import Evaluation, current_evaluation
from zhicheng.apps.incentives.runs.queries import Answer, shown
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import CANNOT_TELL, ENTITLED, NOT_ENTITLED
from zhicheng.engines.incentives.rules import Version
from zhicheng.kernel.refusals import NotAllowed, NotFound

ZERO = Decimal("0.00")
TOUCHING = 3


@dataclass(frozen=True)
class Due:
    """One amount an organisation is due, and how far it is on its way.

    Args:
        answer: what the engine says. proactive: 免申即享, only a confirmation is asked; otherwise 快申快享.
        confirmation: the yes that stands, None before. entitlement: where a batch holds it already.
        sent: True once an order for it has gone to the bank.
    """

    answer: Answer
    proactive: bool
    confirmation: Confirmation | None
    entitlement: Entitlement | None
    sent: bool


@dataclass(frozen=True)
class Firm:
    """The page of one organisation."""

    organisation: Organisation
    as_of: date
    due: list[Due]
    had: list[Entitlement]
    received: list[ReceivedPayment]
    missed: list[Answer]
    apart: list[Answer]
    lacking: list[Answer]
    windows: list[Window]
    accounts: list[PayeeAccount]
    disputes: list[FactDispute]
    applications: list[Shown]
    open_clauses: frozenset[str]

    @property
    def due_total(self) -> Decimal:
        """Money due that is not paid."""
        return sum((one.answer.outcome.amount for one in self.due), ZERO)

    @property
    def had_total(self) -> Decimal:
        """Money paid by this city."""
        return sum((one.amount for one in self.had), ZERO)

    def applied_under(self, policy: str) -> bool:
        """Whether anything was handed in under a document."""
        return any(one.row.policy == policy and not one.row.draft for one in self.applications)

    @property
    def waiting(self) -> int:
        """How many amounts wait for a confirmation."""
        return sum(1 for one in self.due if one.confirmation is None and one.proactive)


def own_organisations(user: Any) -> list[Organisation]:
    """The organisations a person acts for."""
    require(user, "policies.own")
    return list(Organisation.objects.filter(pk__in=scope(user).organisation_ids).order_by("name"))


def organisation_for(number: int, user: Any) -> Organisation:
    """An organisation a person acts for, or, for an officer, one of the scope.

    Raises:
        NotFound: there is none.
        NotAllowed: it is neither.
    """
    found = Organisation.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("没有这个主体。", fix="请核对地址。")
    seen = scope(user)
    if found.pk in seen.organisation_ids and may(user, "policies.own"):
        return found
    require(user, "policies.view")
    if not seen.covers_region(found.region_code):
        raise NotAllowed(f"“{found.name}”不在您的范围内。", fix="请由该区划或其上级的人员查看。")
    return found


def organisations(user: Any) -> QuerySet[Organisation]:
    """Organisations of an officer's regions."""
    require(user, "policies.view")
    return Organisation.objects.filter(scope(user).regions_q())


def organisations_page(user: Any, *, q: str = "", after: str = "") -> Page:
    """One page of organisations by name or code."""
    rows = organisations(user)
    if q:
        rows = rows.filter(
            Q(name__icontains=q) | Q(uscc__istartswith=q) | Q(former_names__name__icontains=q)
        ).distinct()
    return page_of(rows, after, falling=False)


def firm(
    organisation: Organisation, *, as_of: date, on: date | None = None, evaluation: Evaluation | None = None
) -> Firm:
    """Everything about one organisation, in a fixed number of queries.

    Args:
        organisation: whose page it is. as_of: the day the facts are asked for.
        on: today, for windows and terms; by default the same day. evaluation: to be read, by default the current one.
    """
    found = evaluation or current_evaluation(as_of)
    answers = [shown(one, found, persons=False) for one in found.explain(who_of(organisation))]
    standing = list(
        Entitlement.objects.filter(organisation=organisation)
        .select_related("batch")
        .order_by("-event_date", "-pk")
    )
    due, missed, apart, lacking = _sorted(answers, organisation, standing, found)
    shown_windows = windows(found.program, on or as_of)
    return Firm(
        organisation=organisation, as_of=as_of, due=due,
        had=[one for one in standing if one.status in {Entitlement.Status.PAID, Entitlement.Status.RECOVERED}],
        received=list(ReceivedPayment.objects.filter(organisation=organisation).order_by("-paid_on")[:50]),
        missed=missed, apart=apart, lacking=lacking, windows=shown_windows, applications=own_applications(organisation, on or as_of),
        open_clauses=frozenset(clause for one in shown_windows if one.open for clause, _ in one.clauses),
        accounts=_accounts(organisation),
        disputes=list(FactDispute.objects.filter(organisation=organisation).select_related("answered_by")[:50]),
    )  # fmt: skip


def _sorted(
    answers: list[Answer], organisation: Organisation, standing: list[Entitlement], found: Evaluation
) -> tuple[list[Due], list[Answer], list[Answer], list[Answer]]:
    live = {(one.matter): one for one in standing if one.live}
    said = {
        one.matter: one
        for one in Confirmation.objects.filter(
            Q(identity=identity_of_organisation(organisation.pk)) | Q(organisation=organisation),
            withdrawn_at__isnull=True,
        ).select_related("account")
    }
    gone = set(
        PaymentOrder.objects.filter(
            entitlement__organisation=organisation,
            status__in=(PaymentOrder.Status.SENT, PaymentOrder.Status.PAID),
        ).values_list("entitlement_id", flat=True)
    )
    due, missed, apart, lacking = [], [], [], []
    for one in answers:
        outcome = one.outcome
        if outcome.status == NOT_ENTITLED and outcome.fact:
            missed.append(one)  # a fact reached the clause, a condition kept it out
        elif outcome.status == NOT_ENTITLED and not all(one.code == "no_fact" for one in outcome.reasons):
            apart.append(one)
        elif outcome.status == CANNOT_TELL:
            lacking.append(one)
        if outcome.status != ENTITLED:
            continue
        clause = found.program.clause(outcome.clause)
        assert clause is not None
        matter = matter_of(clause, outcome.version, subject=outcome.object, fact=outcome.fact)
        held = live.get(matter)
        if held is not None and held.status in {Entitlement.Status.PAID, Entitlement.Status.RECOVERED}:
            continue
        version = next(v for v in clause.versions if v.since.isoformat() == outcome.version)
        due.append(Due(one, proactive(version), said.get(matter), held, held is not None and held.pk in gone))
    missed.sort(key=lambda one: (len(one.outcome.reasons), -(one.outcome.event_date or date.min).toordinal()))
    return due, missed, apart, lacking


def proactive(version: Version) -> bool:
    """免申即享: nothing is applied for, the facts are all with the city."""
    return not version.application


def _accounts(organisation: Organisation) -> list[PayeeAccount]:
    """Accounts given earlier, each number once, the latest first."""
    rows = PayeeAccount.objects.filter(organisation=organisation, withdrawn_at__isnull=True).order_by("-pk")[
        :20
    ]
    found: dict[tuple[str, str], PayeeAccount] = {}
    for one in rows:
        found.setdefault((one.bank, one.account), one)
    return list(found.values())[:TOUCHING]


@dataclass(frozen=True)
class ForAccount:
    """What the form of an account needs: the organisation and the accounts it gave earlier."""

    organisation: Organisation
    accounts: list[PayeeAccount]


def for_account(organisation: Organisation) -> ForAccount:
    """What the form of an account needs."""
    return ForAccount(organisation, _accounts(organisation))


def account_for(number: int, organisation: Organisation) -> PayeeAccount:
    """One account an organisation gave earlier."""
    found = PayeeAccount.objects.filter(
        pk=number, organisation=organisation, withdrawn_at__isnull=True
    ).first()
    if found is None:
        raise NotFound("没有这个账户，或已撤回。", fix="请重新填写收款账户。")
    return found


def confirmation_for(number: int, user: Any) -> Confirmation:
    """One confirmation of an organisation the person acts for."""
    require(user, "policies.own")
    found = Confirmation.objects.filter(pk=number, organisation__in=scope(user).organisation_ids).first()
    if found is None:
        raise NotFound("没有这一确认。", fix="请刷新页面。")
    return found
