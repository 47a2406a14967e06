"""The one row that says whose city this is and how it is run; and who is signed in where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class City(models.Model):
    """The deployment: one row, made by `zhicheng init`."""

    region_code = models.CharField(_("区划代码"), max_length=6)
    name = models.CharField(_("名称"), max_length=60)
    one_person = models.BooleanField(_("单人模式"), default=False, help_text=_("一人可以既编制又审核"))
    demo = models.BooleanField(_("演示数据"), default=False, help_text=_("库中是程序生成的记录"))
    opens_on = models.DateField(
        _("页面起始日期"), null=True, blank=True, help_text=_("未选日期时页面所用的截至日期；空为当天")
    )

    class Meta:
        verbose_name = _("城市")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_city"),)

    def __str__(self) -> str:
        return self.name


class SignedInSession(models.Model):
    """A session of a person, so that their number can be limited and all ended at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-began_at",)

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%Y-%m-%d %H:%M}"
