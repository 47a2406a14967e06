"""The door of the room: stage and apply files, read records, know how far the ledger has moved on."""

from zhicheng.apps.records.actions import (
    approve,
    recover_interrupted,
    stage_file,
    submit,
    undo,
)
from zhicheng.apps.records.beginning import begin_city
from zhicheng.apps.records.editing import Draft, propose, propose_removal
from zhicheng.apps.records.guarding import guard_records
from zhicheng.apps.records.models import ChangeSet, MatchQuestion
from zhicheng.apps.records.sections import sections
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.apps.records.versions import (
    SnapshotTable,
    ledger_version,
    snapshot_tables,
    table_versions,
    tables_moved_on,
)
from zhicheng.apps.records.waiting import open_change_sets
from zhicheng.apps.records.working import being_written

__all__ = [
    "ChangeSet",
    "Draft",
    "MatchQuestion",
    "RecordType",
    "SnapshotTable",
    "approve",
    "begin_city",
    "being_written",
    "guard_records",
    "ledger_version",
    "open_change_sets",
    "propose",
    "propose_removal",
    "recover_interrupted",
    "registry",
    "sections",
    "snapshot_tables",
    "stage_file",
    "submit",
    "table_versions",
    "tables_moved_on",
    "undo",
]
