"""The amounts of a new batch: what is due, without what stands in an earlier batch or was paid before this software."""

from __future__ import annotations

from decimal import Decimal

from zhicheng.apps.incentives.batches.held_back import Left, what_is_left
from zhicheng.apps.incentives.models import Batch, Entitlement
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.kernel.money import split


def rows_of_batch(batch: Batch, due: list[Outcome], found: Evaluation) -> tuple[list[Entitlement], list[str]]:
    """The rows of a batch, not saved yet; what is standing already is left out, what was paid in part is reduced.

    Args:
        batch: the batch they are for, not saved yet.
        due: what the evaluation says is due, in its order.
        found: the evaluation.

    Returns:
        The rows, and why anything else that is new gets nothing, each reason once.
    """
    home = found.program.policies[batch.policy].region or batch.region_code
    lefts = what_is_left(due, found, policy=batch.policy)
    reasons = [one.words for one in lefts if one.new and one.amount <= 0 and one.words]
    return [_row(batch, one, home) for one in lefts if one.amount > 0], list(dict.fromkeys(reasons))


def _row(batch: Batch, left: Left, home: str) -> Entitlement:
    """One row with what is left of its amount, and the step that says why it is less."""
    one = left.outcome
    assert one.event_date is not None
    shares, steps = shares_of(one, home), one.as_json()["steps"]
    if left.words:
        parts = split(left.amount, [Decimal(part) for _, part in shares])
        shares = [[payer, f"{part:.2f}"] for (payer, _), part in zip(shares, parts, strict=True) if part > 0]
        steps.append(
            {
                "step": "earlier",
                "text": left.words,
                "before": f"{one.amount:.2f}",
                "after": f"{left.amount:.2f}",
            }
        )
    return Entitlement(
        clause=one.clause, clause_name=left.clause.name, version=one.version, beneficiary=one.beneficiary, name=left.who.name,
        kind=one.kind, organisation_id=left.who.organisation, region_code=one.region or batch.region_code,
        fact=one.fact, object=one.object, event_date=one.event_date, amount=left.amount, shares=shares, steps=steps,
        identity=left.who.identity, fact_kind=left.clause.fact, record=left.record, matter=left.matter,
    )  # fmt: skip


def shares_of(outcome: Outcome, region: str) -> list[list[str]]:
    """Who pays how much; a clause that says nothing is paid by the policy's own level."""
    parts = outcome.steps[-1].parts if outcome.steps else ()
    if parts:
        return [[payer, f"{part:.2f}"] for payer, part in parts if part > 0]
    return [["市" if region.endswith("00") else "县", f"{outcome.amount:.2f}"]]
