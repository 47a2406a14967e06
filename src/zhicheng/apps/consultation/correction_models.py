"""What was put right in the record of a session, with the words before and after; nothing is overwritten silently."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.session_models import Participant, Session, Speech


class Correction(models.Model):
    """One correction of a speech or a participant: what stood there, what stands there now, and why."""

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="corrections", verbose_name=_("协商会"), help_text=_("哪一场")
    )
    speech = models.ForeignKey(
        Speech, models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("发言"),
        help_text=_("更正的是哪一篇发言"),
    )  # fmt: skip
    participant = models.ForeignKey(
        Participant, models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("参会人"),
        help_text=_("更正的是哪一位参会人"),
    )  # fmt: skip
    before = models.JSONField(_("更正前"), default=dict, help_text=_("改动的各栏原来的内容"))
    after = models.JSONField(_("更正后"), default=dict, help_text=_("改动的各栏现在的内容"))
    why = models.CharField(_("更正理由"), max_length=300, help_text=_("为什么更正"))
    after_freeze = models.BooleanField(
        _("呈报后更正"), default=False, help_text=_("清单冻结之后的更正；清单内容不因此改变")
    )
    # Not a relation: a mark that was taken back later leaves its number here.
    to_look_at = models.JSONField(
        _("待复核的段落"), default=list, help_text=_("原话因此变化、需要再看一次的段落编号")
    )
    on = models.DateField(_("日期"), help_text=_("更正的日子"))
    at = models.DateTimeField(_("录入时间"), auto_now_add=True, help_text=_("系统时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("更正人"),
        help_text=_("谁"),
    )

    class Meta:
        verbose_name = _("记录更正")
        ordering = ("id",)
