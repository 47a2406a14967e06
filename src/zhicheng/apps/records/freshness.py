"""Compares a waiting change set with the ledger anew when the ledger has moved on since it was reviewed."""

from __future__ import annotations

import polars as pl

from zhicheng.apps.records.comparing import compare, same_changes
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.staging import STAGED, Progress, folder_of, silent, staged_hash
from zhicheng.apps.records.versions import version_of
from zhicheng.kernel.refusals import Conflict

FRESH = "staged-anew.parquet"


def compare_again(change_set: ChangeSet, *, progress: Progress = silent) -> None:
    """Make sure that a set still does what was approved; two files that held one new row make one record.

    Raises:
        Conflict: it would now do something else; the set holds the new comparison, to be reviewed again.
    """
    record_type = registry.get(change_set.type)
    if change_set.compared_version == version_of(record_type):
        return
    folder = folder_of(change_set)
    if change_set.exact:
        _refuse_if_moved(change_set, record_type)
    if change_set.deleted:
        return
    counts = compare(change_set, progress=progress, into=FRESH)
    if same_changes(folder / STAGED, folder / FRESH):
        (folder / FRESH).unlink()
        change_set.save(update_fields=["compared_version"])
        return
    (folder / FRESH).replace(folder / STAGED)
    change_set.new, change_set.changed = counts["new"], counts["changed"]
    change_set.unchanged = counts["unchanged"]
    change_set.staged_hash = staged_hash(folder)
    change_set.save(update_fields=["compared_version", "new", "changed", "unchanged", "staged_hash"])
    raise Conflict(
        f"送审之后台账有变化，已重新比对：新增 {counts['new']}，变更 {counts['changed']}，不变 {counts['unchanged']}。",
        fix="请再看一遍变更，然后重新复核入库。",
    )


def _refuse_if_moved(change_set: ChangeSet, record_type: RecordType) -> None:
    """A page's draft holds every cell as its author saw it: nothing that others changed since may be overwritten."""
    staged = pl.read_parquet(folder_of(change_set) / STAGED, columns=["__id__", "__revision__"])
    seen = {row[0]: row[1] for row in staged.iter_rows() if row[0] is not None}
    rows = record_type.model._default_manager.filter(pk__in=list(seen))
    now = dict(rows.values_list("pk", "revision"))
    if moved := [one for one, revision in seen.items() if now.get(one) != revision]:
        raise Conflict(
            f"{record_type.label}第 {moved[0]} 号记录在送审之后被改动或删除了。",
            fix="请作废这次改动，看过现在的内容后重新提交。",
        )
