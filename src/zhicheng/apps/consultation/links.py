"""Personal links of speakers: signed, not stored; they expire, can be taken back, and open one page only."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.models import Participant
from zhicheng.apps.consultation.rules import rules_for
from zhicheng.kernel.refusals import NotFound, Refusal

SALT = "zhicheng.consultation.link"
GUESSES_A_MINUTE = 10
WRITES_A_MINUTE = 10


class TooMany(Refusal):
    """Somebody tries too often."""

    code = "too_many"
    status = 429


def token_of(speaker: Participant) -> str:
    """Return the token of a speaker's present link."""
    return signing.Signer(salt=SALT).sign(f"{speaker.pk}.{speaker.link_version}").replace(":", "~")


def link_address(speaker: Participant) -> str:
    """Return the whole address of a speaker's page, for letters."""
    root = getattr(settings, "ZHICHENG_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
    return f"{root}{reverse('consultation:personal', args=[token_of(speaker)])}"


def speaker_of(token: str, *, address: str = "") -> Participant:
    """Return the speaker a link belongs to and note that it was opened.

    Args:
        token: last part of the link. address: of the caller, so that guessing is slowed down.

    Raises:
        NotFound: the link is not ours, was replaced, was taken back or has expired; it says the same each time.
        TooMany: too many wrong links came from this address within a minute.
    """
    slow_down(f"guess:{address}", GUESSES_A_MINUTE, count=False)
    row = _of(token)
    today = timezone.localdate()
    if row is None or row.link_revoked_at or row.link_expires_on is None or row.link_expires_on < today:
        slow_down(f"guess:{address}", GUESSES_A_MINUTE)
        raise NotFound("这个链接已失效。", fix="链接可能已到期、被收回或换发；请联系政协办公室重新发送。")
    Participant.objects.filter(pk=row.pk).update(link_opened_at=timezone.now())
    return row


def _of(token: str) -> Participant | None:
    try:
        number, version = signing.Signer(salt=SALT).unsign(token.replace("~", ":")).split(".")
    except (signing.BadSignature, ValueError):
        return None
    return Participant.objects.select_related("session").filter(pk=number, link_version=version).first()


def slow_down(what: str, limit: int, *, count: bool = True) -> None:
    """Count a try within this minute and refuse when there were too many.

    Raises:
        TooMany: the limit is passed.
    """
    key = f"consultation.{what}"
    tried = cache.get_or_set(key, 0, timeout=60) or 0
    if tried >= limit:
        raise TooMany("操作过于频繁，请稍候。", fix="请一分钟后再试。")
    if count:
        try:
            cache.incr(key)
        except ValueError:  # ran out between the two calls
            cache.set(key, 1, timeout=60)


@transaction.atomic
def issue_link(*, speaker: Participant, by: User) -> str:
    """Give a speaker a fresh link; the one before stops working. Returns the new token."""
    require(by, "consultation.feedback", region=speaker.session.region_code)
    row = Participant.objects.select_for_update().get(pk=speaker.pk)
    days = rules_for(speaker.session.region_code).link_days
    row.link_version += 1
    row.link_revoked_at = None
    row.link_expires_on = timezone.localdate() + timedelta(days=days)
    row.save(update_fields=["link_version", "link_revoked_at", "link_expires_on"])
    record_event(
        by=by, action="consultation.issue_link", subject=f"participant:{row.pk}",
        after={"version": row.link_version, "expires_on": row.link_expires_on},
    )  # fmt: skip
    return token_of(row)


@transaction.atomic
def revoke_link(*, speaker: Participant, why: str, by: User) -> Participant:
    """Take a speaker's link back at once; repeated, it changes nothing."""
    require(by, "consultation.feedback", region=speaker.session.region_code)
    row = Participant.objects.select_for_update().get(pk=speaker.pk)
    if row.link_revoked_at is None:
        row.link_revoked_at = timezone.now()
        row.save(update_fields=["link_revoked_at"])
        record_event(by=by, action="consultation.revoke_link", subject=f"participant:{row.pk}", why=why)
    return row
