"""Writes the audit trail and checks that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from zhicheng.apps.accounts.audit_event import GENESIS, AuditEvent
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.request_id import current_request_id

_CHAIN_LOCK = 7_013_201


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found.

    Args:
        ok: every line follows from the one before.
        checked: how many lines were read.
        head: number and hash of the last good line; keep it outside to notice a cut-off tail.
        broken_at: number of the first line that does not follow, None when all do.
        why: what is wrong with it, in words.
    """

    ok: bool
    checked: int
    head: str
    broken_at: int | None = None
    why: str = ""


def inside_a_change() -> bool:
    """Tell whether a transaction is open that a change and its line in the trail share."""
    return connection.in_atomic_block


def record_event(
    *,
    by: User | None,
    action: str,
    subject: str,
    why: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    request_id: str = "",
) -> AuditEvent:
    """Append one line to the trail, inside the transaction that makes the change.

    Args:
        by: who acts; None for the software itself.
        action: `room.verb`, e.g. `records.approve`.
        subject: `type:key` of the thing changed.
        why: the reason given.
        before: values before, only those that changed.
        after: values after.
        request_id: by default the number of the request being served.
    """
    if not inside_a_change():
        raise RuntimeError("record_event belongs inside the transaction of the change it records")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    last = AuditEvent.objects.order_by("-number").values("number", "hash").first()
    event = AuditEvent(
        number=last["number"] + 1 if last else 1,
        at=timezone.now(),
        by=by,
        by_name=f"{by.display_name}（{by.username}）" if by else "系统",
        action=action,
        subject=subject[:300],
        why=why,
        before_json=_canonical(before),
        after_json=_canonical(after),
        request_id=request_id or current_request_id(),
        previous_hash=last["hash"] if last else GENESIS,
    )
    event.hash = event.computed_hash()
    event.save(force_insert=True)
    return event


def events_about(subjects: Sequence[str], *, limit: int) -> list[AuditEvent]:
    """The newest lines about any of some things, newest first; the caller has asked who may read them."""
    rows = AuditEvent.objects.filter(subject__in=[one[:300] for one in subjects])
    return list(rows.order_by("-number")[:limit])


def verify_chain(*, expected_head: str = "") -> Verdict:
    """Read the trail from its first line and tell whether it is whole.

    Args:
        expected_head: `number:hash` noted earlier; the line must still be there, unchanged.
    """
    previous, number = GENESIS, 0
    expected_number, _, expected_hash = expected_head.partition(":")
    seen_expected = expected_head in ("", f"0:{GENESIS}")
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
        if why := _fault(event, number, previous):
            return Verdict(False, number, f"{number}:{previous}", event.number, why)
        previous, number = event.hash, event.number
        if str(number) == expected_number and previous == expected_hash:
            seen_expected = True
    if not seen_expected:
        why = f"找不到先前记下的链尾 {expected_head}，其后的记录可能被整段删除或重写"
        return Verdict(False, number, f"{number}:{previous}", number + 1, why)
    return Verdict(True, number, f"{number}:{previous}")


def _fault(event: AuditEvent, number: int, previous: str) -> str:
    if event.number != number + 1:
        return f"第 {number} 条之后缺少记录，下一条是第 {event.number} 条"
    if event.previous_hash != previous:
        return f"第 {event.number} 条没有接在前一条之后"
    if event.computed_hash() != event.hash:
        return f"第 {event.number} 条的内容被改动过"
    return ""


def _canonical(values: dict[str, Any] | None) -> str:
    if values is None:
        return ""
    return json.dumps(
        values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
