"""What a person does with their own account: tokens, and ending sessions."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.signals import end_sessions
from zhicheng.apps.accounts.tokens import ApiToken, new_token, token_digest
from zhicheng.kernel.refusals import NotFound, Refusal


@transaction.atomic
def issue_token(*, name: str, days: int, by: User) -> str:
    """Make a token and return it; it cannot be shown again."""
    if not name.strip():
        raise Refusal("没有写明令牌的用途。", fix="请写明给什么程序使用。")
    token = new_token()
    expires = timezone.now() + timedelta(days=days)
    row = ApiToken.objects.create(user=by, name=name, digest=token_digest(token), expires_at=expires)
    record_event(by=by, action="tokens.issue", subject=f"token:{row.pk}", after={"name": name, "days": days})
    return token


@transaction.atomic
def revoke_token(*, token_id: int, by: User) -> None:
    """Make a token of one's own useless."""
    row = ApiToken.objects.filter(pk=token_id, user=by, revoked_at__isnull=True).first()
    if row is None:
        raise NotFound("没有这个在用的令牌。", fix="请刷新页面查看。")
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    record_event(by=by, action="tokens.revoke", subject=f"token:{row.pk}")


@transaction.atomic
def end_other_sessions(*, keep: str, by: User) -> int:
    """End every session of one's own but this one, and return how many."""
    keys = list(by.sessions.exclude(session_key=keep).values_list("session_key", flat=True))
    end_sessions(keys)
    record_event(
        by=by, action="accounts.end_sessions", subject=f"user:{by.username}", after={"ended": len(keys)}
    )
    return len(keys)
