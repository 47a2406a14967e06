"""Long work of imports, done by the background process while the page shows how far it is."""

from __future__ import annotations

import os
from pathlib import Path

from django_tasks import task

from zhicheng.apps.accounts.public import User
from zhicheng.apps.records import actions
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.uploads import forget
from zhicheng.kernel.refusals import Refusal


@task()
def read_upload(change_set: int, user: int) -> None:
    """Read an uploaded file into its change set; a refusal stays on the set for the page to show."""
    row = ChangeSet.objects.filter(pk=change_set, status=ChangeSet.Status.PARSING).first()
    if row is None:
        return
    _take_over(row)
    path = Path(row.upload)
    try:
        actions.read_into(row, path, by=User.objects.get(pk=user))
    except Refusal as refusal:
        forget(path)
        actions.remember_failure(row, str(refusal))


@task()
def apply_approved(change_set: int, user: int) -> None:
    """Write an approved set into the ledger."""
    row = ChangeSet.objects.filter(pk=change_set, status=ChangeSet.Status.APPLYING).first()
    if row is not None:
        _take_over(row)
        actions.apply_approved(row, by=User.objects.get(pk=user))


def _take_over(row: ChangeSet) -> None:
    row.process = os.getpid()
    row.save(update_fields=["process"])
