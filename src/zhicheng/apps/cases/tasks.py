"""The daily round as background work, for a scheduler that prefers a queued task to the command line."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django_tasks import task

from zhicheng.apps.cases import ticking


@task()
def tick_day(day: str = "") -> dict[str, int]:
    """Do what a day brings; safe to run again."""
    done = ticking.tick(on=date.fromisoformat(day) if day else timezone.localdate())
    return {"automatic": done.automatic, "reminders": done.reminders, "escalations": done.escalations}
