"""Tracing a case without sign-in by its number and code; guessing is slowed down."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases.access import case_for, is_handler
from zhicheng.apps.cases.creating import digest_of, new_code
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Handling, TraceTry
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

WINDOW = timedelta(minutes=15)
MOST_PER_NUMBER = 5
MOST_PER_ADDRESS = 20


class TooManyTries(Refusal):
    """Too many wrong codes; the door opens again after a while."""

    code = "too_many_tries"
    status = 429


@dataclass(frozen=True)
class Traced:
    """What somebody sees who has number and code: where the case stands, nothing of what it is about."""

    number: str
    matter: str
    stage: str
    received_on: date
    due_on: date | None
    provisional: bool
    closed_on: date | None
    outcome: str
    steps: tuple[tuple[date, str], ...]


def trace(*, number: str, code: str, address: str, now: datetime | None = None) -> Traced:
    """Return where a case stands.

    Args:
        number: the case number.
        code: the code from the receipt.
        address: where the request comes from, kept only as a digest.
        now: the moment, by default now.

    Raises:
        TooManyTries: too many wrong codes for this number or from this address.
        NotFound: number and code do not fit; which of the two is wrong is not said.
    """
    moment = now or timezone.now()
    source = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
    since = moment - WINDOW
    recent = TraceTry.objects.filter(at__gte=since)
    if (
        recent.filter(number=number[:80]).count() >= MOST_PER_NUMBER
        or recent.filter(address=source).count() >= MOST_PER_ADDRESS
    ):
        raise TooManyTries(
            f"查询失败次数过多，{int(WINDOW.total_seconds() // 60)} 分钟后再试。",
            fix="请核对受理凭证上的案号和查询码。",
        )
    row = Handling.objects.filter(number=number.strip()[:80]).first()
    given = digest_of(row.pk if row else 0, code.strip().upper())
    if row is None or not row.trace_digest or not hmac.compare_digest(row.trace_digest, given):
        TraceTry.objects.create(number=number[:80], address=source)
        raise NotFound("案号或查询码不对。", fix="请核对受理凭证；遗失查询码可向承办单位申请重发。")
    return _told(row)


def _told(row: Handling) -> Traced:
    matter = matter_version(row.matter, row.version)
    stage = matter.stage(row.stage)
    outcome = str(matter.outcome(row.outcome).name) if row.outcome and row.closed else ""
    steps = tuple((one.on, one.words) for one in row.events.filter(told=True))
    return Traced(
        row.number, str(matter.name), stage.public or str(stage.name), row.received_on, row.due_on, row.provisional,
        row.closed_on, outcome, steps,
    )  # fmt: skip


@transaction.atomic
def new_trace_code(*, case: int, by: User, on: date) -> str:
    """Give out a new code for a case; the old one opens nothing any more."""
    handling = case_for(by, case, on)
    if by.is_officer and not is_handler(by, handling, on):
        raise NotAllowed("只有承办人和申请人可以重发查询码。", fix="请由承办人办理。")
    code = new_code()
    handling.trace_digest = digest_of(handling.pk, code)
    handling.save(update_fields=["trace_digest"])
    record_event(by=by, action="cases.trace_code", subject=f"case:{handling.number}")
    return code


def forget_old_tries(now: datetime) -> int:
    """Delete failed attempts that no longer count."""
    return TraceTry.objects.filter(at__lt=now - WINDOW * 4).delete()[0]
