"""A person's request to act for an organisation, and its life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AgentState(models.TextChoices):
    """Where a request stands."""

    REQUESTED = "requested", _("待审核")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("单位已撤回授权")
    LEFT = "left", _("本人已离任")


class OrganisationAgent(models.Model):
    """A person acting for an organisation on the strength of its code and a letter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agencies")
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, help_text=_("以营业执照为准"))
    organisation = models.ForeignKey(
        "ledger.Organisation", models.PROTECT, null=True, related_name="agents", verbose_name=_("主体")
    )
    letter = models.FileField(_("授权书"), upload_to="letters/%Y/%m/", help_text=_("盖章扫描件"))
    letter_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=AgentState.choices, default=AgentState.REQUESTED, db_index=True
    )
    valid_until = models.DateField(_("授权至"), null=True, blank=True, help_text=_("授权书写明的截止日"))
    requested_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    reason = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = _("主体代办授权")
        ordering = ("-requested_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "uscc"],
                condition=models.Q(state__in=("requested", "approved")),
                name="one_live_agency",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} → {self.uscc}"
