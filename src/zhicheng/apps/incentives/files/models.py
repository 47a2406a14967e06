"""What is kept of every file that is handed in, whatever it lies beside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HandedFile(models.Model):
    """A file handed in: its content as it came, the name it came with, and who brought it."""

    file = models.FileField(_("文件"), upload_to="drafts/%Y/%m/", help_text=_("原样保存"))
    name = models.CharField(_("文件名"), max_length=200, help_text=_("上传时的名称"))
    size = models.PositiveIntegerField(_("大小"), help_text=_("字节"))
    sha256 = models.CharField(_("摘要"), max_length=64, help_text=_("SHA-256"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人"), help_text=_("谁上传的")
    )  # fmt: skip
    at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
