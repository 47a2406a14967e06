"""The columns every record has, whatever it is a record of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Column, Region

CALLED = (
    "name",
    "title",
    "subject",
    "number",
    "application_number",
    "organisation_name",
    "holder_name",
    "indicator",
)


class Record(models.Model):
    """Base of every record: where it belongs, whether it is synthetic, and which revision this is."""

    region_code = Region(
        _("所属区划"),
        help=_("县市区或功能区的区划代码"),
        synonyms="区划 区划代码 行政区划 县（市、区） 县市区 所属县市区 所属区县 县区 地区 当前申请(专利权)人地市",
    )
    synthetic = models.BooleanField(_("演示数据"), default=False, editable=False)
    revision = models.PositiveIntegerField(_("版次"), default=1, editable=False)
    created_at = models.DateTimeField(_("入库时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """What a record is called where one word has to do: its name or number, never a personal column."""
        columns = {one.name: one for one in self._meta.get_fields() if isinstance(one, Column)}
        for name in CALLED:
            if name in columns and not columns[name].personal and (text := str(getattr(self, name) or "")):
                return text
        return f"{self._meta.verbose_name} {self.pk}"


class RecordPart(models.Model):
    """Base of rows that hang on a record."""

    class Meta:
        abstract = True
