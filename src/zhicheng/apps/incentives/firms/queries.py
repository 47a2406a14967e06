"""What an organisation reads about itself: due, had, narrowly missed, windows that close, accounts, disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.cases.public import numbers_where
from zhicheng.apps.incentives.applications.checks import MATTER
from zhicheng.apps.incentives.applications.queries import Shown, with_standings
from zhicheng.apps.incentives.applications.windows import Window, windows
from zhicheng.apps.incentives.batches.held_back import shown_with, what_is_left
from zhicheng.apps.incentives.batches.matters import identity_of_organisation, who_of
from zhicheng.apps.incentives.firms import lists as firm_lists
from zhicheng.apps.incentives.models import (
    Confirmation,
    Entitlement,
    PayeeAccount,
    PaymentOrder,
)
from zhicheng.apps.incentives.paging import FIRST, Page, Some, page_of, some_of, some_values
from zhicheng.apps.incentives.runs.evaluations import Evaluation, current_evaluation
from zhicheng.apps.incentives.runs.queries import Answer, shown
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import CANNOT_TELL, ENTITLED, NOT_ENTITLED
from zhicheng.engines.incentives.rules import Version
from zhicheng.kernel.refusals import NotAllowed, NotFound

ZERO = Decimal("0.00")
RECENT = 50  # every confirmation keeps its own encrypted copy; older ones are typed anew


@dataclass(frozen=True)
class Due:
    """One amount an organisation is due, and how far it is on its way.

    Args:
        answer: what the engine says. proactive: 免申即享, only a confirmation is asked; otherwise 快申快享.
        confirmation: the yes that stands, None before. entitlement: where a batch holds it already.
        sent: True once an order for it has gone to the bank.
        amount: what is still to come, in 元: as its batch lists it, or as a new batch would.
        words: why that is less than the rule gives; empty where it is the whole.
    """

    answer: Answer
    proactive: bool
    confirmation: Confirmation | None
    entitlement: Entitlement | None
    sent: bool
    amount: Decimal
    words: str


@dataclass(frozen=True)
class HeldBack:
    """An amount the rules give of which nothing is to come, and why: had from elsewhere, or the same award twice."""

    answer: Answer
    words: str


@dataclass(frozen=True)
class Firm:
    """The page of one organisation; its longer lists begin here and are whole in `firm_lists`.

    Args:
        organisation: whose. as_of: the day the facts are asked for. due, held_back: what is to come, and what is not.
        had, received: the latest money from this city and from elsewhere. had_total: all of the former, in 元.
        missed, apart, lacking: answers without money: narrowly, further off, and what cannot be told.
        windows: to apply in. accounts: given earlier. disputes, applications: the latest.
        open_clauses: clauses that can be applied for now.
    """

    organisation: Organisation
    as_of: date
    due: list[Due]
    held_back: list[HeldBack]
    had: Some
    had_total: Decimal
    received: Some
    missed: list[Answer]
    apart: list[Answer]
    lacking: list[Answer]
    windows: list[Window]
    accounts: list[PayeeAccount]
    disputes: Some
    applications: Some
    open_clauses: frozenset[str]

    @property
    def due_total(self) -> Decimal:
        """Money due that is not paid."""
        return sum((one.amount for one in self.due), ZERO)

    @property
    def narrowly(self) -> Some:
        """The nearest of what was narrowly missed."""
        return some_values(self.missed)

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
    organisation: Organisation, *, as_of: date, on: date | None = None, evaluation: Evaluation | None = None, first: int = FIRST
) -> Firm:  # fmt: skip
    """Everything about one organisation, in a fixed number of queries.

    Args:
        organisation: whose page it is. as_of: the day the facts are asked for.
        on: today, for windows and terms; by default the same day. evaluation: to be read, by default the current one.
        first: how many rows its longer lists begin with.
    """
    found = evaluation or current_evaluation(as_of)
    answers = [shown(one, found, persons=False) for one in found.explain(who_of(organisation))]
    due, held_back = _due(answers, organisation, found)
    missed, apart, lacking = _not_due(answers)
    shown_windows = windows(found.program, on or as_of)
    had, latest = firm_lists.had(organisation), some_of(firm_lists.applications(organisation), first=first)
    paid = had.aggregate(count=Count("pk"), money=Sum("amount"))
    return Firm(
        organisation=organisation, as_of=as_of, due=due, held_back=held_back,
        had=Some(list(had.order_by("-pk")[:first]), paid["count"]), had_total=paid["money"] or ZERO,
        received=some_of(firm_lists.received(organisation), first=first), missed=missed, apart=apart, lacking=lacking, windows=shown_windows,
        applications=Some(with_standings(latest.rows, on or as_of), latest.count),
        open_clauses=frozenset(clause for one in shown_windows if one.open for clause, _ in one.clauses),
        accounts=_accounts(organisation), disputes=some_of(firm_lists.disputes(organisation), first=first),
    )  # fmt: skip


def correcting(organisation: Organisation, on: date) -> list[Shown]:
    """Every application of an organisation that waits for a correction."""
    numbers = numbers_where(MATTER, stages=["correcting"])
    return with_standings(list(firm_lists.applications(organisation).filter(case_number__in=numbers)), on)


def applied_under(organisation: Organisation) -> frozenset[str]:
    """Documents under which an organisation has handed anything in."""
    rows = firm_lists.applications(organisation).exclude(case_number="").order_by()
    return frozenset(rows.values_list("policy", flat=True).distinct())


def _not_due(answers: list[Answer]) -> tuple[list[Answer], list[Answer], list[Answer]]:
    """Narrowly missed, the fewest conditions first; further off; and what cannot be told."""
    apart, lacking = [], []
    for one in answers:
        outcome = one.outcome
        reasons = {one.code for one in outcome.reasons}
        if outcome.status == NOT_ENTITLED and not outcome.fact and reasons - {"no_fact"}:
            apart.append(one)
        elif outcome.status == CANNOT_TELL:
            lacking.append(one)
    return firm_lists.narrowly_missed(answers), apart, lacking


def _due(
    answers: list[Answer], organisation: Organisation, found: Evaluation
) -> tuple[list[Due], list[HeldBack]]:
    """What is to come, and what is held back, by the grounds a batch holds amounts back on."""
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
    entitled = [one for one in answers if one.outcome.status == ENTITLED]
    lefts = what_is_left([one.outcome for one in entitled], found, of_one=True)
    holding = shown_with(lefts)
    due, held_back = [], []
    for answer, left in zip(entitled, lefts, strict=True):
        held = holding.get(id(left))
        if held is not None and held.status in firm_lists.SETTLED:
            continue  # stands under what was had
        if held is None and left.amount <= 0:
            held_back.append(HeldBack(answer, left.words))
            continue
        version = next(v for v in left.clause.versions if v.since.isoformat() == left.outcome.version)
        amount, words = (held.amount, "") if held is not None else (left.amount, left.words)
        sent = held is not None and held.pk in gone
        yes = said.get(held.matter if held is not None else left.matter)
        due.append(Due(answer, proactive(version), yes, held, sent, amount, words))
    return due, held_back


def proactive(version: Version) -> bool:
    """免申即享: nothing is applied for, the facts are all with the city."""
    return not version.application


def _accounts(organisation: Organisation) -> list[PayeeAccount]:
    """The accounts of the latest confirmations, each number once: what a form offers beside a new one."""
    rows = PayeeAccount.objects.filter(organisation=organisation, withdrawn_at__isnull=True).order_by("-pk")[
        :RECENT
    ]
    found: dict[tuple[str, str], PayeeAccount] = {}
    for one in rows:
        found.setdefault((one.bank, one.account), one)
    return list(found.values())


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
