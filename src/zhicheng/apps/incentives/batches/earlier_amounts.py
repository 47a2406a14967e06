"""Money that earlier batches or other offices gave already, and what it leaves of an amount that is due now.

An evaluation knows the rules, not what was listed on an earlier day. Taken off what is new, in the order of the rules:
money received for the same clause before this software; the excess of an amount listed earlier over what the rules give
for it now, where the two share a maximum (就高不重复, 封顶): the later fact may not bring the total above it; and what
earlier batches of the year have drawn from the budget of the clause or document (`earlier_budgets`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from zhicheng.apps.incentives.batches.earlier_budgets import within_budgets
from zhicheng.apps.incentives.batches.matters import Beneficiary, alike, resolve, who_of
from zhicheng.apps.incentives.models import Entitlement, ReceivedPayment
from zhicheng.apps.incentives.runs.evaluations import Asked, Evaluation
from zhicheng.engines.incentives.answers import ENTITLED, Outcome, yuan
from zhicheng.engines.incentives.rules import Clause, Program, Version
from zhicheng.engines.incentives.stages import caps_of_version

ZERO = Decimal("0.00")
Pool = tuple[Any, ...]


@dataclass
class Excess:
    """What an amount listed earlier has over what the rules give for it now, and the maxima it counts under."""

    left: Decimal
    pools: frozenset[Pool]
    batch: str


@dataclass
class Earlier:
    """What is taken off new amounts; each 分 of it once.

    Args:
        program: the rules.
        who: beneficiaries as the engine calls them.
        received: clause, fact and beneficiary → money received before this software.
        excesses: what earlier batches listed too much.
        closed: matters listed already whose clause pays no difference → the batch.
        of_one: everything due is one organisation's.
    """

    program: Program
    who: dict[str, Beneficiary]
    received: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    excesses: list[Excess] = field(default_factory=list)
    closed: dict[Pool, str] = field(default_factory=dict)
    of_one: bool = False

    def left_of(self, due: Sequence[Outcome]) -> list[tuple[Decimal, str]]:
        """What is left of each amount, and why it is less, in words; empty where it is whole."""
        lefts = [self._left_of(one) for one in due]
        if self.of_one:
            return lefts
        pairs = [(one, left) for one, (left, _) in zip(due, lefts, strict=True)]
        drawn = within_budgets(pairs, self.program)
        return [
            (left, "；".join(one for one in (words, more) if one))
            for (_, words), (left, more) in zip(lefts, drawn, strict=True)
        ]

    def _left_of(self, one: Outcome) -> tuple[Decimal, str]:
        left, words = one.amount, []
        got = min(left, self.received.get((one.clause, one.fact, one.beneficiary), ZERO))
        if got > 0:
            left -= got
            words.append(f"系统以前已到账 {yuan(got)}")
        if left > 0 and (self.excesses or self.closed):
            pools = pools_of(self.program, one.clause, one.version, one, self.who[one.beneficiary].identity)
            shut = next((self.closed[pool] for pool in sorted(pools & self.closed.keys(), key=str)), "")
            if shut:
                return ZERO, "；".join([*words, f"批次 {shut} 已为同一事项列支，就高不重复，不补差额"])
            for excess in self.excesses:
                cut = min(left, excess.left) if excess.pools & pools else ZERO
                if cut > 0:
                    left, excess.left = left - cut, excess.left - cut
                    words.append(f"批次 {excess.batch} 已多列 {yuan(cut)}，就高或封顶合并计算")
        return left, "；".join(words)


def earlier_amounts(
    due: list[Outcome], who: dict[str, Beneficiary], found: Evaluation, *, of_one: bool = False
) -> Earlier:
    """Everything that is to be taken off what is due now.

    Args:
        due: what is due. who: whom its beneficiaries are. found: the evaluation.
        of_one: they are all one organisation's: budgets and maxima that everybody shares are left out, since whose amount
            they reduce is told only once everybody's stand in a batch.
    """
    made = Earlier(found.program, who, of_one=of_one)
    made.received = _received(due, who, found, of_one=of_one)
    _read_standing(made, due, found)
    return made


def _version(program: Program, clause: str, version: str) -> tuple[Clause, Version]:
    rule = program.clause(clause)
    assert rule is not None
    return rule, next((one for one in rule.versions if one.since.isoformat() == version), rule.versions[-1])


def pools_of(program: Program, clause: str, version: str, one: Any, identity: str) -> frozenset[Pool]:
    """The maxima an amount counts under: its same-matter group and its caps; `one` has object and event date."""
    rule, standing = _version(program, clause, version)
    found: set[Pool] = set()
    matter = standing.same_matter
    if matter is not None and matter.rule != "stack":
        found.add(("matter", matter.group, identity, alike(one.object)))
    policy = program.policies[rule.policy]
    for per, over, period in caps_of_version(standing, policy):
        whose = {"object": (identity, alike(one.object)), "beneficiary": (identity,), "all": ()}[per]
        year = one.event_date.year if period == "year" else None
        found.add(("cap", per, over, rule.id if over == "clause" else rule.policy, year, *whose))
    return frozenset(found)


def _pooled(program: Program) -> list[str]:
    return [
        one.id
        for one in program.clauses
        if any(
            v.caps or program.policies[one.policy].caps or (v.same_matter and v.same_matter.rule != "stack")
            for v in one.versions
        )
    ]


def _read_standing(made: Earlier, due: list[Outcome], found: Evaluation) -> None:
    """Amounts listed earlier: what they have over what the rules give with the facts of today, and matters that are shut."""
    clauses = _pooled(found.program)
    touched = [one for one in due if one.clause in clauses]
    if not touched:
        return
    rows = Entitlement.objects.filter(clause__in=clauses, live=True)
    if made.of_one:
        theirs = Q(organisation=None, beneficiary__in=list(made.who))
        rows = rows.filter(Q(organisation__in=_organisations(made.who)) | theirs)
    standing = list(rows.exclude(status=Entitlement.Status.RECOVERED).select_related("batch", "organisation"))
    now: dict[tuple[str, str, str], Outcome] = {}
    names = tuple(sorted({_code(one) for one in standing}))
    for clause in sorted({one.clause for one in standing}):
        for one in found.all(Asked(clause=clause, beneficiaries=names)):
            now[one.clause, one.fact, one.beneficiary] = one
    identities = {key: one.identity for key, one in made.who.items()}
    known = resolve(sorted({(_code(one), one.kind) for one in standing}))
    for row in standing:
        today = now.get((row.clause, row.fact, _code(row)))
        # a fact that is not eligible any more is a matter of 追回, not of this sum
        if today is None or not today.steps:
            continue
        identity = identities.get(_code(row), known[_code(row)].identity)
        pools = pools_of(found.program, row.clause, row.version, row, identity)
        if made.of_one:
            pools = frozenset(one for one in pools if identity in one)
        matter = _version(found.program, row.clause, row.version)[1].same_matter
        if matter is not None and matter.rule == "highest":
            made.closed |= {pool: row.batch.number for pool in pools if pool[0] == "matter"}
        if row.amount > today.amount:
            made.excesses.append(Excess(row.amount - today.amount, pools, row.batch.number))


def _organisations(who: dict[str, Beneficiary]) -> list[int]:
    return [one.organisation for one in who.values() if one.organisation is not None]


def _code(row: Entitlement) -> str:
    """The beneficiary as facts call it today."""
    if row.organisation is None:
        return row.beneficiary
    return who_of(row.organisation)


def _received(
    due: list[Outcome], who: dict[str, Beneficiary], found: Evaluation, *, of_one: bool
) -> dict[tuple[str, str, str], Decimal]:
    """What was received under a clause before this software, put to the facts it can have been for."""
    clauses = {one.clause for one in due}
    payments: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    rows = ReceivedPayment.objects.filter(matter__in=clauses, amount__gt=0).order_by("paid_on", "pk")
    if of_one:
        rows = rows.filter(Q(organisation__in=_organisations(who)) | Q(organisation=None))
    for row in rows:
        key = f"org:{row.organisation_id}" if row.organisation_id else f"words:{row.payee_name}"
        payments[row.matter, alike(key)].append([alike(row.object_number or ""), row.paid_on, row.amount])
    if not payments:
        return {}
    put: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
    for clause in sorted({matter for matter, _ in payments}):
        rule = found.program.clause(clause)
        every = sorted(
            found.all(Asked(clause=clause, status=ENTITLED, beneficiaries=tuple(who) if of_one else None)),
            key=lambda one: one.event_date or date.max,
        )
        for exact in (True, False):
            for one in every:
                whom = who.get(one.beneficiary)
                if whom is None or rule is None:
                    continue
                _put(one, whom, payments, put, exact=exact)
    return put


def _put(
    one: Outcome, whom: Beneficiary, payments: dict[tuple[str, str], list[list[Any]]], put: dict[tuple[str, str, str], Decimal],
    *, exact: bool,
) -> None:  # fmt: skip
    """Put payments to one fact: those that name its object first, then those that name none, never one from before it."""
    key, subject = (one.clause, one.fact, one.beneficiary), alike(one.object)
    for alias in sorted({alike(name) for name in whom.aliases}):
        for payment in payments.get((one.clause, alias), ()):
            named, paid_on, left = payment
            fits = named == subject if exact else not named or not subject
            early = paid_on is not None and one.event_date is not None and paid_on < one.event_date
            if not fits or early:
                continue
            part = min(left, one.amount - put[key])
            put[key] += part
            payment[2] = left - part
