"""Records that another room keeps: it registers who they are, and no list, edit or removal touches them here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from zhicheng.apps.records.bulk_sql import slices
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.reviewing import staged_batches
from zhicheng.kernel.refusals import Refusal

TOUCHING = ("changed", "deleted")
Guard = Callable[[Sequence[int]], Refusal | None]

_guards: dict[str, Guard] = {}


def guard_records(type_id: str, guard: Guard) -> None:
    """Let the room that keeps some records of a type answer with a refusal when one of them would be touched."""
    _guards[type_id] = guard


def refuse_guarded(type_id: str, frame: pl.DataFrame) -> None:
    """Refuse staged rows that would change, remove or take in a record another room keeps."""
    guard = _guards.get(type_id)
    if guard is None:
        return
    columns = [name for name in ("__id__", "__into__") if name in frame.columns]
    touched = frame.filter(pl.col("__action__").is_in(list(TOUCHING)))
    found = {int(one) for name in columns for one in touched[name].drop_nulls()}
    for some in slices(sorted(found)):
        if refusal := guard(some):
            raise refusal


def refuse_guarded_set(change_set: ChangeSet) -> None:
    """Refuse a staged set that would touch a record another room keeps."""
    if change_set.type in _guards:
        for frame in staged_batches(change_set, TOUCHING):
            refuse_guarded(change_set.type, frame)
