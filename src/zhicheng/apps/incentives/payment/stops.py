"""What keeps an approved amount from going to a bank: it no longer stands, or it is being asked back already."""

from __future__ import annotations

from datetime import date

from zhicheng.apps.accounts.public import opening_date
from zhicheng.apps.incentives.batches.grounds import grounds_of
from zhicheng.apps.incentives.models import Clawback, Entitlement
from zhicheng.apps.incentives.runs.evaluations import current_evaluation

STANDING = (Clawback.Status.OPEN, Clawback.Status.NOTIFIED, Clawback.Status.RECOVERED)


def stops_of(entitlements: set[int], *, on: date | None = None) -> dict[int, str]:
    """Entitlement → why nothing of it may be paid now; those that may be paid are not in it.

    Args:
        entitlements: ids of amounts with an order that has not gone out.
        on: the day asked about, by default the city's own.
    """
    if not entitlements:
        return {}
    day = on or opening_date()
    rows = list(Entitlement.objects.filter(pk__in=entitlements).select_related("batch", "organisation"))
    found = {key: one.words for key, one in grounds_of(rows, current_evaluation(day), day).items()}
    asked_back = Clawback.objects.filter(entitlement__in=entitlements, status__in=STANDING)
    return {**found, **{one.entitlement_id: f"正在追回：{one.words}" for one in asked_back}}
