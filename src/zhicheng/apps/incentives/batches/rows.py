"""The amounts of a new batch: what is due, without what stands in an earlier batch or was paid before this software."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhicheng.apps.incentives.batches.earlier_amounts import earlier_amounts
from zhicheng.apps.incentives.batches.matters import Beneficiary, alike, claimed, matter_of, resolve, thing_of
from zhicheng.apps.incentives.models import Batch, Entitlement
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.engines.incentives.rules import Clause
from zhicheng.kernel.money import split

Records = dict[tuple[str, str, str], int]


@dataclass(frozen=True)
class Picked:
    """What is due and stands nowhere yet: the outcome, whom and which ledger row it is for, and the matter."""

    outcome: Outcome
    clause: Clause
    beneficiary: Beneficiary
    record: int | None
    matter: str


def rows_of_batch(batch: Batch, due: list[Outcome], found: Evaluation) -> tuple[list[Entitlement], list[str]]:
    """The rows of a batch, not saved yet; what is standing already is left out, what was paid in part is reduced.

    Args:
        batch: the batch they are for, not saved yet.
        due: what the evaluation says is due, in its order.
        found: the evaluation.

    Returns:
        The rows, and why anything else that is new gets nothing, each reason once.
    """
    who = resolve(sorted({(one.beneficiary, one.kind) for one in due}))
    clauses = [one for one in found.program.clauses if one.policy == batch.policy]
    taken, records = claimed(clauses), _records(due, found)
    home = found.program.policies[batch.policy].region or batch.region_code
    earlier = earlier_amounts(due, who, found)
    named: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for one in due:
        named[one.clause, _record(one, records)].add(one.beneficiary)
    picked: list[Picked] = []
    seen: set[tuple[Any, ...]] = set()
    for one in due:
        clause = found.program.clause(one.clause)
        assert clause is not None
        beneficiary, record = who[one.beneficiary], _record(one, records)
        matter = matter_of(clause, one.version, subject=one.object, fact=one.fact)
        thing = thing_of(clause, one.version, subject=one.object, fact=one.fact)
        names = frozenset(named[one.clause, record])
        if (thing, alike(beneficiary.identity)) in seen:
            continue
        if taken.holder(matter, beneficiary, one, record, thing=thing, named=names):
            continue
        seen.add((thing, alike(beneficiary.identity)))
        picked.append(Picked(one, clause, beneficiary, record, matter))
    lefts = earlier.left_of([one.outcome for one in picked])
    rows = [
        _row(batch, one, left, words, home)
        for one, (left, words) in zip(picked, lefts, strict=True)
        if left > 0
    ]
    return rows, list(dict.fromkeys(words for left, words in lefts if left <= 0 and words))


def _row(batch: Batch, picked: Picked, amount: Decimal, words: str, home: str) -> Entitlement:
    """One row with what is left of its amount, and the step that says why it is less."""
    one, beneficiary = picked.outcome, picked.beneficiary
    assert one.event_date is not None
    shares, steps = shares_of(one, home), one.as_json()["steps"]
    if words:
        parts = split(amount, [Decimal(part) for _, part in shares])
        shares = [[payer, f"{part:.2f}"] for (payer, _), part in zip(shares, parts, strict=True) if part > 0]
        steps.append(
            {"step": "earlier", "text": words, "before": f"{one.amount:.2f}", "after": f"{amount:.2f}"}
        )
    return Entitlement(
        clause=one.clause, clause_name=picked.clause.name, version=one.version, beneficiary=one.beneficiary,
        name=beneficiary.name, kind=one.kind, organisation_id=beneficiary.organisation,
        region_code=one.region or batch.region_code, fact=one.fact, object=one.object, event_date=one.event_date,
        amount=amount, shares=shares, steps=steps, identity=beneficiary.identity, fact_kind=picked.clause.fact,
        record=picked.record, matter=picked.matter,
    )  # fmt: skip


def shares_of(outcome: Outcome, region: str) -> list[list[str]]:
    """Who pays how much; a clause that says nothing is paid by the policy's own level."""
    parts = outcome.steps[-1].parts if outcome.steps else ()
    if parts:
        return [[payer, f"{part:.2f}"] for payer, part in parts if part > 0]
    return [["市" if region.endswith("00") else "县", f"{outcome.amount:.2f}"]]


def _records(due: list[Outcome], found: Evaluation) -> Records:
    """Clause, fact and holder → ledger row; under an empty holder any row of the fact."""
    records: Records = {}
    for name in sorted({one.clause for one in due}):
        clause = found.program.clause(name)
        assert clause is not None
        columns = ("fact", "organisation", "person", "record")
        for fact, organisation, person, record in found.rows_of(clause.fact, columns):
            records[name, fact, organisation or person or ""] = record
            records[name, fact, ""] = record
    return records


def _record(one: Outcome, records: Records) -> int | None:
    return records.get((one.clause, one.fact, one.beneficiary), records.get((one.clause, one.fact, "")))
