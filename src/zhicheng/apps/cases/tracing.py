"""Tracing a case without sign-in by its number and code; guessing is slowed down."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases.access import case_for, first_party, is_handler
from zhicheng.apps.cases.creating import digest_of, digest_of_address, new_code
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Channel, Handling, Level, PaperVersion, TraceTry
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
    """What somebody sees who has number and code: where the case stands, nothing of what it is about.

    Args:
        papers: answers to whoever filed without an account, who has no other way to read them.
        words: what the office said to the parties, for the same.
    """

    number: str
    matter: str
    stage: str
    received_on: date
    due_on: date | None
    provisional: bool
    closed_on: date | None
    outcome: str
    steps: tuple[tuple[date, str], ...]
    papers: tuple[PaperVersion, ...] = ()
    words: tuple[tuple[date, str], ...] = ()


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
    return _told(case_of(number=number, code=code, address=address, now=now))


def case_of(*, number: str, code: str, address: str, now: datetime | None = None) -> Handling:
    """Return the case that number and code open; refuses as `trace` does."""
    moment = now or timezone.now()
    source = digest_of_address(address)
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
    return row


def _told(row: Handling) -> Traced:
    matter = matter_version(row.matter, row.version)
    stage = matter.stage(row.stage)
    outcome = str(matter.outcome(row.outcome).name) if row.outcome and row.closed else ""
    steps = tuple((one.on, one.words) for one in row.events.filter(told=True))
    return Traced(
        row.number, str(matter.name), stage.public or str(stage.name), row.received_on, row.due_on, row.provisional,
        row.closed_on, outcome, steps, answers(row), _said(row),
    )  # fmt: skip


def answers(row: Handling) -> tuple[PaperVersion, ...]:
    """Return the newest version of each document made out to somebody who filed without an account."""
    if row.channel != Channel.PUBLIC:
        return ()
    matter = matter_version(row.matter, row.version)
    own = [one.id for one in matter.templates if first_party(matter) in one.to]
    papers = row.papers.filter(kind__in=own, level=Level.PARTIES, served_on__isnull=False)
    newest = (one.versions.order_by("-version").select_related("paper").first() for one in papers)
    return tuple(one for one in newest if one is not None)


@transaction.atomic
def read_answer(row: Handling, version: int) -> PaperVersion:
    """Return one of the answers to be read, and record that it was opened.

    Raises:
        NotFound: it is not among what was answered to the filer.
    """
    found = next((one for one in answers(row) if one.pk == version), None)
    if found is None:
        raise NotFound(f"没有找到文书 {version}。", fix="请从“办件查询”打开。")
    record_event(by=None, action="cases.open_paper", subject=f"paper_version:{found.pk}")
    return found


def _said(row: Handling) -> tuple[tuple[date, str], ...]:
    if row.channel != Channel.PUBLIC:
        return ()
    said = row.comments.filter(to_party=True).order_by("pk")
    return tuple((timezone.localdate(one.at), one.text) for one in said)


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
