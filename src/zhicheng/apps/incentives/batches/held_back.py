"""What is left of amounts the rules give: without what stands already, what is the same award twice, what came from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhicheng.apps.incentives.batches.earlier_amounts import earlier_amounts
from zhicheng.apps.incentives.batches.matters import Beneficiary, alike, claimed, matter_of, resolve, thing_of
from zhicheng.apps.incentives.models import Entitlement
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.engines.incentives.rules import Clause

ZERO = Decimal("0.00")
Records = dict[tuple[str, str, str], int]


@dataclass(frozen=True)
class Left:
    """What a batch would list of one amount.

    Args:
        outcome: what the rules give. clause: under which. who: to whom, as the ledger knows it today.
        matter: digest of what is paid once. record: the ledger row of the fact.
        amount: what a new batch would list, in 元. words: why that is less; empty where it is the whole.
        holder: what stands for the matter already. twin: the outcome of this list that is the same award.
    """

    outcome: Outcome
    clause: Clause
    who: Beneficiary
    matter: str
    record: int | None
    amount: Decimal
    words: str = ""
    holder: Entitlement | None = None
    twin: Outcome | None = None

    @property
    def new(self) -> bool:
        """Whether nothing stands for it yet, so that only what was received or listed elsewhere reduces it."""
        return self.holder is None and self.twin is None


def what_is_left(
    due: Sequence[Outcome], found: Evaluation, *, policy: str = "", of_one: bool = False
) -> list[Left]:
    """What a batch would list of amounts that are due, in their order; nothing is left out, also not what comes to zero.

    Args:
        due: entitled outcomes. found: the evaluation they come from.
        policy: only its clauses are asked for what stands already; empty asks the clauses of `due`.
        of_one: they are all of one organisation, so that only its own earlier amounts are read.
    """
    who = resolve(sorted({(one.beneficiary, one.kind) for one in due}))
    names = {one.clause for one in due}
    clauses = [
        one for one in found.program.clauses if one.policy == policy or (not policy and one.id in names)
    ]
    whose = [one.organisation for one in who.values() if one.organisation] if of_one else None
    taken, records = claimed(clauses, whose=whose), _records(due, found)
    earlier = earlier_amounts(list(due), who, found, of_one=of_one)
    named: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for one in due:
        named[one.clause, _record(one, records)].add(one.beneficiary)
    seen: dict[tuple[Any, ...], Outcome] = {}
    made: list[Left] = []
    for one in due:
        clause = found.program.clause(one.clause)
        assert clause is not None
        beneficiary, record = who[one.beneficiary], _record(one, records)
        matter = matter_of(clause, one.version, subject=one.object, fact=one.fact)
        thing = thing_of(clause, one.version, subject=one.object, fact=one.fact)
        key = (thing, alike(beneficiary.identity))
        holder = taken.holder(
            matter, beneficiary, one, record, thing=thing, named=frozenset(named[one.clause, record])
        )
        if holder is not None:
            made.append(Left(one, clause, beneficiary, matter, record, ZERO, words_of_holder(holder), holder))
        elif (twin := seen.get(key)) is not None:
            words = _("与“%(fact)s”是同一事项，只兑付一次") % {"fact": twin.fact}
            made.append(Left(one, clause, beneficiary, matter, record, ZERO, words, twin=twin))
        else:
            seen[key] = one
            made.append(Left(one, clause, beneficiary, matter, record, one.amount))
    lefts = iter(earlier.left_of([one.outcome for one in made if one.new]))
    return [_reduced(one, *next(lefts)) if one.new else one for one in made]


def _reduced(one: Left, amount: Decimal, words: str) -> Left:
    return replace(one, amount=amount, words=words)


def shown_with(lefts: list[Left]) -> dict[int, Entitlement]:
    """Which amount of a batch belongs to which of a list, by `id`: each once, to the fact it names before one spelled otherwise."""
    found: dict[int, Entitlement] = {}
    taken: set[int] = set()
    for exact in (True, False):
        for left in lefts:
            holder = left.holder
            if holder is None or holder.pk in taken or (exact and holder.fact != left.outcome.fact):
                continue
            taken.add(holder.pk)
            found[id(left)] = holder
    return found


def words_of_holder(holder: Entitlement) -> str:
    """Why nothing is listed anew: where the same matter stands already."""
    named = {"batch": holder.batch.number, "fact": holder.fact}
    if holder.status == Entitlement.Status.PAID:
        return _("批次 %(batch)s 已兑付的“%(fact)s”是同一事项，只兑付一次") % named
    if holder.status == Entitlement.Status.RECOVERED:
        return _("批次 %(batch)s 的“%(fact)s”是同一事项，已经追回") % named
    return _("批次 %(batch)s 已列入的“%(fact)s”是同一事项，只兑付一次") % named


def _records(due: Sequence[Outcome], found: Evaluation) -> Records:
    """Clause, fact and holder → ledger row; under an empty holder any row of the fact."""
    records: Records = {}
    facts: dict[str, set[str]] = defaultdict(set)
    for one in due:
        facts[one.clause].add(one.fact)
    for name in sorted(facts):
        clause = found.program.clause(name)
        assert clause is not None
        columns = ("fact", "organisation", "person", "record")
        for fact, organisation, person, record in found.rows_of(clause.fact, columns, facts=facts[name]):
            records[name, fact, organisation or person or ""] = record
            records[name, fact, ""] = record
    return records


def _record(one: Outcome, records: Records) -> int | None:
    return records.get((one.clause, one.fact, one.beneficiary), records.get((one.clause, one.fact, "")))
