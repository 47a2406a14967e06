"""What waits for somebody to decide."""

from __future__ import annotations

from zhicheng.apps.records.models import ChangeSet


def open_change_sets(limit: int = 8) -> list[ChangeSet]:
    """Change sets that are staged or wait for review, oldest first."""
    waiting = (ChangeSet.Status.STAGED, ChangeSet.Status.SUBMITTED)
    return list(ChangeSet.objects.filter(status__in=waiting).order_by("created_at")[:limit])
