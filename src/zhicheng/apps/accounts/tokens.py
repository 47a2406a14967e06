"""Tokens with which a program signs in to the API in a person's name, and remembered answers."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.people import User

USED_NOTED_EVERY = timedelta(minutes=5)


class ApiToken(models.Model):
    """A token of one person; only its hash is kept, the token itself is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=80, help_text=_("如：统计分析脚本"))
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def usable(self, at: datetime) -> bool:
        """Tell whether the token opens the door at this moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


def token_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return a fresh token; its prefix lets a leaked one be recognised."""
    return f"zc_{secrets.token_urlsafe(32)}"


class RememberedAnswer(models.Model):
    """The answer to a POST with an Idempotency-Key, given again when the same POST is retried."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=b"")
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["caller", "key"], name="remembered_answer_key"),)

    def __str__(self) -> str:
        return self.key


def token_user(token: str) -> User | None:
    """Return the active person behind a token, None when it opens nothing."""
    now = timezone.now()
    row = ApiToken.objects.select_related("user").filter(digest=token_digest(token)).first()
    if row is None or not row.usable(now) or not row.user.is_active:
        return None
    if row.user.ends_on and row.user.ends_on < timezone.localdate():
        return None
    if row.used_at is None or now - row.used_at > USED_NOTED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    return row.user
