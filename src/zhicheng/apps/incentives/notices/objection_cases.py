"""What the cases room tells this room: the outcome of an objection that was examined there."""

from __future__ import annotations

from django.utils import timezone

from zhicheng.apps.accounts.public import record_event
from zhicheng.apps.cases.public import Ended
from zhicheng.apps.incentives.days import from_cases
from zhicheng.apps.incentives.models import Objection
from zhicheng.apps.incentives.notices.objections import STANDS, conclude


def ended(told: Ended) -> None:
    """Take the outcome of an objection's case over, in the transaction that ends the case."""
    row = Objection.objects.select_for_update(of=("self",)).filter(case_number=told.number).first()
    if row is None or row.status != Objection.Status.OPEN:
        return
    if told.outcome in STANDS:
        out = told.values.get("consequence") == "take_out"
        conclude(
            row, told.outcome, told.values.get("answer_text", ""), by=told.by, on=from_cases(told.on), out=out
        )
        return
    row.status, row.answered_at = Objection.Status.WITHDRAWN, timezone.now()
    row.save(update_fields=["status", "answered_at"])
    record_event(
        by=told.by,
        action="policies.withdraw_objection",
        subject=f"objection:{row.pk}",
        after={"case": told.number},
    )
