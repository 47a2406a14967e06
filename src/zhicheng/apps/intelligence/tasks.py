"""Long reading of folders, done by the background process while the page shows how far it is."""

from __future__ import annotations

from django_tasks import task

from zhicheng.apps.accounts.public import User
from zhicheng.apps.intelligence import batches
from zhicheng.apps.intelligence.article_models import NewsBatch


@task()
def read_batch(batch: int, user: int) -> None:
    """Read the files of a batch that still wait."""
    row = NewsBatch.objects.filter(pk=batch, status=NewsBatch.Status.READING).first()
    if row is not None:
        batches.read_waiting(row, by=User.objects.get(pk=user))
