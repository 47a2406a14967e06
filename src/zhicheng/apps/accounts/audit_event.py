"""One line of the audit trail; written once, never changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a line of the audit trail."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """A query set that can read and append only."""

    def update(self, **_values: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise AppendOnlyError("audit events are never changed")

    def delete(self) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise AppendOnlyError("audit events are never deleted")


class AuditEvent(models.Model):
    """Who did what to which thing, when and why; each line carries the hash of the one before."""

    number = models.BigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    by_name = models.CharField(_("操作人姓名"), max_length=160)
    action = models.CharField(_("动作"), max_length=80, db_index=True)
    subject = models.CharField(_("对象"), max_length=300, db_index=True)
    why = models.TextField(_("理由"), blank=True)
    before_json = models.TextField(blank=True)
    after_json = models.TextField(blank=True)
    request_id = models.CharField(_("请求编号"), max_length=40, blank=True, db_index=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        ordering = ("-number",)
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"

    @property
    def before(self) -> Any:
        """Return the values before, None when the event had none."""
        return json.loads(self.before_json) if self.before_json else None

    @property
    def after(self) -> Any:
        """Return the values after, None when the event had none."""
        return json.loads(self.after_json) if self.after_json else None

    def computed_hash(self) -> str:
        """Return what the hash of this line must be."""
        content = {
            "number": self.number,
            "at": self.at.isoformat(timespec="microseconds"),
            "by": self.by_id,
            "by_name": self.by_name,
            "action": self.action,
            "subject": self.subject,
            "why": self.why,
            "before": self.before_json,
            "after": self.after_json,
            "request_id": self.request_id,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{self.previous_hash}\n{text}".encode()).hexdigest()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append; a line that exists is never written again."""
        if self.pk is not None:
            raise AppendOnlyError("audit events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise AppendOnlyError("audit events are never deleted")
