"""Work that follows the ledger: whenever a change set is in, what was paid is held against it again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from zhicheng.apps.accounts.public import demo_loaded, opening_date
from zhicheng.apps.incentives.models import PaymentOrder
from zhicheng.apps.incentives.payment import clawbacks
from zhicheng.apps.records.public import ChangeSet


@task()
def check_paid() -> None:
    """Open the clawbacks that the ledger as it is now calls for; a second look opens no more."""
    clawbacks.check_paid(on=opening_date() if demo_loaded() else timezone.localdate())


def after_change(sender: Any, instance: ChangeSet, **_kept: Any) -> None:
    """Look at what was paid once a change set stands in the ledger, or was taken out of it again."""
    if instance.status not in {ChangeSet.Status.APPLIED, ChangeSet.Status.UNDONE}:
        return
    if PaymentOrder.objects.filter(status=PaymentOrder.Status.PAID).exists():
        transaction.on_commit(check_paid.enqueue)
