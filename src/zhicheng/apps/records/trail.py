"""The audit trail of one record: who did what to it, when and why, and which cells moved from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import AuditEvent, events_about, may
from zhicheng.apps.records.models import Dispute, Provenance
from zhicheng.apps.records.reviewing import FieldChange, changes_of_record
from zhicheng.apps.records.shapes import RecordType

SHOWN = 100
OPENED = 10  # change sets whose staged rows are read for one page
ACTIONS: dict[str, Promise] = {
    "records.stage": _("编制变更"),
    "records.submit": _("送审"),
    "records.apply": _("复核入库"),
    "records.undo": _("撤销"),
    "records.discard": _("作废"),
    "records.cancel": _("取消"),
    "records.dispute": _("提出异议"),
    "records.answer_dispute": _("答复异议"),
}


@dataclass(frozen=True)
class Entry:
    """One line of a record's trail.

    Args:
        number: of the audit event, by which an auditor finds it. at: when. by: who.
        what: in words. why: the reason given.
        fields: cells it moved, where a change set did.
    """

    number: int
    at: datetime
    by: str
    what: str
    why: str = ""
    fields: tuple[FieldChange, ...] = ()


def sees_trail(record: models.Model, user: Any) -> bool:
    """Tell whether a person reads the trail of a record: who keeps the records of its region, and auditors."""
    region = getattr(record, "region_code", "") or None
    return may(user, "records.prepare", region=region) or may(user, "audit.view")


def trail_of(
    record_type: RecordType,
    record: models.Model,
    sources: Sequence[Provenance],
    disputes: Sequence[Dispute],
    user: Any,
) -> list[Entry]:
    """The trail of a record, newest first: one query, whatever happened to it.

    Args:
        record_type: its kind. record: it.
        sources: the change sets it came from, newest first. disputes: what was said against it.
        user: who reads; personal cells are masked for those who may not see them.
    """
    sets = {f"change_set:{one.change_set.key}": one for one in sources}
    subjects = [f"{record_type.id}:{record.pk}", *sets, *(f"dispute:{one.pk}" for one in disputes)]
    masked = not may(user, "personal.view")
    changed = [one for one in sources if one.action == "changed"][:OPENED]
    fields = {
        f"change_set:{one.change_set.key}": changes_of_record(one.change_set, record.pk, masked=masked)
        for one in changed
    }
    return [_entry(one, fields) for one in events_about(subjects, limit=SHOWN)]


def _entry(event: AuditEvent, fields: dict[str, tuple[FieldChange, ...]]) -> Entry:
    moved = fields.get(event.subject, ()) if event.action == "records.apply" else ()
    what = str(ACTIONS.get(event.action, event.action))
    return Entry(event.number, event.at, event.by_name, what, event.why, moved)
