"""Reading one's notices."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases.models import Notice


@transaction.atomic
def mark_read(*, by: User) -> int:
    """Mark all of a person's notices as read."""
    count = Notice.objects.filter(person=by, read_at=None).update(read_at=timezone.now())
    record_event(by=by, action="cases.read_notices", subject=f"user:{by.username}", after={"count": count})
    return count
