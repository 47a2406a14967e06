"""What changes the ledger: stage, submit, approve, apply, undo; each one transaction, one audit event."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, demo_loaded, one_person_mode, record_event, require
from zhicheng.apps.records.applying import write_change_set
from zhicheng.apps.records.columns import header_words
from zhicheng.apps.records.comparing import compare
from zhicheng.apps.records.freshness import compare_again
from zhicheng.apps.records.guarding import refuse_guarded_set
from zhicheng.apps.records.models import ChangeSet, ImportSource
from zhicheng.apps.records.reviewing import check_unchanged
from zhicheng.apps.records.shapes import registry
from zhicheng.apps.records.staging import (
    Progress,
    file_hash,
    fingerprint,
    folder_of,
    json_mapping,
    read_file,
    recognise,
    regions_of,
    silent,
    staged_hash,
    without_region,
)
from zhicheng.apps.records.undoing import take_back
from zhicheng.apps.records.uploads import forget
from zhicheng.apps.records.versions import ledger_version
from zhicheng.apps.records.working import LOCK, ask_to_stop, at_work, is_at_work
from zhicheng.engines.intake import HeaderMap, sheets_left_out, sniff
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

Status = ChangeSet.Status


def stage_file(
    path: Path, *, by: User, type_id: str | None = None, mapping: Mapping[str, str] | None = None,
    synthetic: bool = False, region: str = "", progress: Progress = silent,
) -> ChangeSet:  # fmt: skip
    """Read a file into a staged change set; the ledger itself is not touched.

    Args:
        path: the file.
        by: who imports it.
        type_id: record type, by default recognised from the header.
        mapping: header → column, where the person corrected it; remembered for headers like these.
        synthetic: marks every row as generated.
        region: region the import belongs to, by default the person's.
        progress: told the step and the rows done.

    Raises:
        Unreadable: the file cannot be read as a table of a known type.
        Cancelled: somebody asked to stop; nothing is left behind.
    """
    change_set = begin_reading(
        path, by=by, type_id=type_id, mapping=mapping, synthetic=synthetic, region=region
    )
    return read_into(change_set, path, by=by, progress=progress)


def begin_reading(
    path: Path, *, by: User, type_id: str | None = None, mapping: Mapping[str, str] | None = None,
    synthetic: bool = False, region: str = "", source: str = "",
) -> ChangeSet:  # fmt: skip
    """Recognise a file and open its change set; its rows are read by `read_into`, now or in the background."""
    require(by, "records.prepare")
    kind = sniff(path)
    notes = list(kind.notes)
    if left_out := sheets_left_out(path, header_words()):
        notes.append(f"这些工作表的表头不同，没有读取：{'、'.join(left_out)}。")
    record_type, header_map, header = recognise(path, type_id, mapping)
    if mapping:
        ImportSource.objects.update_or_create(
            type=record_type.id, fingerprint=fingerprint(header),
            defaults={"mapping": dict(mapping), "remembered_by": by},
        )  # fmt: skip
    return ChangeSet.objects.create(
        type=record_type.id, source=source or path.name, file_hash=file_hash(path),
        mapping={**json_mapping(header_map), "kind": kind.kind, "encoding": kind.encoding, "delimiter": kind.delimiter},
        notes=notes, region_code=region or by.region_code, synthetic=synthetic, prepared_by=by, process=os.getpid(),
        step="读取", upload=str(path) if source else "",
    )  # fmt: skip


def read_into(change_set: ChangeSet, path: Path, *, by: User, progress: Progress = silent) -> ChangeSet:
    """Read every row of a recognised file and compare it with the ledger; a stop leaves nothing behind."""
    kept = change_set.mapping
    header_map = HeaderMap(kept["matched"], tuple(kept["unmatched"]), (), kept["factors"])
    try:
        with at_work(change_set, progress) as told:
            staged = read_file(change_set, path, header_map, told)
            counts = compare(change_set, progress=told)
            told("比对", staged.read)
    except BaseException:
        shutil.rmtree(folder_of(change_set), ignore_errors=True)
        change_set.delete()
        raise
    _tell_without_region(change_set)
    try:
        return finish_staging(change_set, by=by, read=staged.read, rejected=staged.rejected, counts=counts)
    except Refusal:  # it touches what another room keeps
        shutil.rmtree(folder_of(change_set), ignore_errors=True)
        change_set.delete()
        raise


def _tell_without_region(change_set: ChangeSet) -> None:
    record_type = registry.get(change_set.type)
    if record_type.public or record_type.region_through != "region_code":
        return
    if count := without_region(folder_of(change_set)):
        change_set.notes = [
            *change_set.notes,
            f"有 {count:,} 行没有区划：入库后不计入任何区划的数据，也不在按区划查看的列表里；请补上区划列后重新导入。",
        ]


@transaction.atomic
def finish_staging(
    change_set: ChangeSet, *, by: User, read: int, rejected: int, counts: dict[str, int]
) -> ChangeSet:
    """Close the reading of a set: its counts and its hash are what will be approved."""
    refuse_guarded_set(change_set)
    change_set.read, change_set.rejected = read, rejected
    change_set.new, change_set.changed, change_set.unchanged = (
        counts["new"],
        counts["changed"],
        counts["unchanged"],
    )
    change_set.regions = regions_of(folder_of(change_set))
    change_set.staged_hash = staged_hash(folder_of(change_set))
    change_set.status = Status.STAGED
    change_set.step = ""
    change_set.save()
    record_event(
        by=by, action="records.stage", subject=f"change_set:{change_set.key}", after=summary(change_set)
    )
    return change_set


def summary(change_set: ChangeSet) -> dict[str, Any]:
    """Counts of a change set, as audit and the command line show them."""
    return {
        "type": change_set.type,
        "source": change_set.source,
        "read": change_set.read,
        "new": change_set.new,
        "changed": change_set.changed,
        "unchanged": change_set.unchanged,
        "rejected": change_set.rejected,
        "staged_hash": change_set.staged_hash,
    }


@transaction.atomic
def submit(*, change_set: ChangeSet, by: User) -> ChangeSet:
    """Send a staged set for review."""
    require(by, "records.prepare")
    row = _locked(change_set, Status.STAGED)
    row.status = Status.SUBMITTED
    row.save(update_fields=["status"])
    record_event(by=by, action="records.submit", subject=f"change_set:{row.key}")
    return row


def approve(*, change_set: ChangeSet, by: User, progress: Progress = silent) -> ChangeSet:
    """Approve a set and write it into the ledger, all or nothing; refuses as `begin_applying` does."""
    return apply_approved(begin_applying(change_set=change_set, by=by), by=by, progress=progress)


def begin_applying(*, change_set: ChangeSet, by: User) -> ChangeSet:
    """Approve a set; its rows are written by `apply_approved`, now or in the background.

    Raises:
        NotAllowed: the one who prepares is the one who approves.
        Conflict: it is not waiting for review, or is no longer what was reviewed.
    """
    require(by, "records.approve", region=change_set.region_code or None)
    if change_set.prepared_by_id == by.pk and not (
        one_person_mode() or change_set.synthetic or demo_loaded()
    ):
        raise NotAllowed("编制人不能复核自己的变更。", fix="请由同单位的另一位有复核权限的人员办理。")
    with transaction.atomic():
        row = _locked(change_set, Status.STAGED, Status.SUBMITTED)
        check_unchanged(row)
        (folder_of(row) / LOCK).unlink(missing_ok=True)
        row.status, row.process, row.step = Status.APPLYING, os.getpid(), "写入"
        row.save(update_fields=["status", "process", "step"])
    return row


def apply_approved(change_set: ChangeSet, *, by: User, progress: Progress = silent) -> ChangeSet:
    """Write an approved set into the ledger in one transaction; a failure leaves it waiting for review.

    Raises:
        Conflict: the ledger moved on since, and the set would now do something else than what was approved.
        Cancelled: somebody asked to stop; nothing was written.
    """
    try:
        with at_work(change_set, progress, writes=True) as told:
            compare_again(change_set, progress=told)
            row = _apply(change_set, by=by, progress=told)
        forget(row.upload)
        return row
    except BaseException:
        ChangeSet.objects.filter(pk=change_set.pk, status=Status.APPLYING).update(
            status=Status.SUBMITTED, step=""
        )
        raise


@transaction.atomic
def _apply(change_set: ChangeSet, *, by: User, progress: Progress) -> ChangeSet:
    write_change_set(change_set, progress=progress)
    change_set.status = Status.APPLIED
    change_set.step = ""
    change_set.approved_by = by
    change_set.applied_at = timezone.now()
    change_set.ledger_version = ledger_version()
    change_set.save()
    record_event(
        by=by,
        action="records.apply",
        subject=f"change_set:{change_set.key}",
        why=change_set.why,
        after=summary(change_set),
    )
    return change_set


@transaction.atomic
def undo(*, change_set: ChangeSet, by: User, why: str) -> ChangeSet:
    """Take an applied set back while nothing later touched its rows.

    Raises:
        Conflict: something did, or the set is not applied.
    """
    require(by, "records.approve", region=change_set.region_code or None)
    if not why.strip():
        raise Refusal("撤销须写明理由。", fix="请填写理由。")
    row = _locked(change_set, Status.APPLIED)
    take_back(row)
    row.status = Status.UNDONE
    row.save(update_fields=["status"])
    record_event(by=by, action="records.undo", subject=f"change_set:{row.key}", why=why, after=summary(row))
    return row


@transaction.atomic
def discard(*, change_set: ChangeSet, by: User, why: str = "") -> ChangeSet:
    """Throw a set away that was not applied."""
    require(by, "records.prepare")
    row = _locked(change_set, Status.STAGED, Status.SUBMITTED, Status.FAILED)
    row.status = Status.DISCARDED
    row.save(update_fields=["status"])
    shutil.rmtree(folder_of(row), ignore_errors=True)
    forget(row.upload)
    record_event(by=by, action="records.discard", subject=f"change_set:{row.key}", why=why)
    return row


@transaction.atomic
def cancel(*, change_set: ChangeSet, by: User) -> None:
    """Ask running work to stop; it leaves nothing half done."""
    require(by, "records.prepare")
    if change_set.status not in (Status.PARSING, Status.APPLYING):
        raise Conflict(f"“{change_set.source}”没有在进行的工作。", fix="请刷新页面查看最新状态。")
    ask_to_stop(change_set)
    record_event(by=by, action="records.cancel", subject=f"change_set:{change_set.key}")


@transaction.atomic
def remember_failure(change_set: ChangeSet, words: str) -> None:
    """Keep on the page why a file uploaded for reading in the background could not be read."""
    ChangeSet.objects.create(
        key=change_set.key, type=change_set.type, source=change_set.source, file_hash=change_set.file_hash,
        notes=[words], region_code=change_set.region_code, prepared_by=change_set.prepared_by, status=Status.FAILED,
    )  # fmt: skip


def recover_interrupted() -> int:
    """Set straight what a killed process left behind: reading is dropped, writing was rolled back anyway."""
    count = 0
    for row in ChangeSet.objects.filter(status__in=(Status.PARSING, Status.APPLYING)):
        begun = (folder_of(row) / LOCK).exists()
        if is_at_work(row) if begun else _alive(row.process):
            continue
        count += recover(row)
    return count


def recover(row: ChangeSet) -> bool:
    """Set one set straight whose work was killed; False when somebody did so already."""
    if row.status == Status.APPLYING:
        waiting = ChangeSet.objects.filter(pk=row.pk, status=Status.APPLYING)
        return bool(waiting.update(status=Status.SUBMITTED, step=""))
    if not ChangeSet.objects.filter(pk=row.pk, status=Status.PARSING).delete()[0]:
        return False
    shutil.rmtree(folder_of(row), ignore_errors=True)
    if row.upload:
        forget(row.upload)
        remember_failure(row, "读取被中断，没有改动任何记录。请重新上传。")
    return True


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0


def _locked(change_set: ChangeSet, *wanted: str) -> ChangeSet:
    row = ChangeSet.objects.select_for_update().filter(pk=change_set.pk).first()
    if row is None:
        raise NotFound("没有这个变更集。", fix="请刷新列表。")
    if row.status not in wanted:
        raise Conflict(
            f"变更集“{row.source}”现在是“{row.get_status_display()}”，不能这样处理。",
            fix="请刷新页面查看最新状态。",
        )
    return row
