"""The person who signs in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.encryption import EncryptedText
from zhicheng.apps.accounts.roles import FOR_ORGANISATION, OFFICERS, Role

region_code = RegexValidator(r"^\d{6}$", _("区划代码为六位数字"))


class User(AbstractUser):
    """A person with one role in one region; acts for organisations that approved it."""

    # Names in China are not split in two; email is not how people are reached here.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("姓名"), max_length=60, help_text=_("显示在页面和审计记录中"))
    role = models.CharField(
        _("角色"), max_length=20, choices=Role.choices, blank=True, help_text=_("由安全管理员授予")
    )
    region_code = models.CharField(
        _("区划代码"), max_length=6, blank=True, validators=[region_code], help_text=_("可见本区划及下级")
    )
    department = models.CharField(_("单位部门"), max_length=80, blank=True, help_text=_("如：市科技局"))
    phone = EncryptedText(_("联系电话"), blank=True, default="", help_text=_("加密保存，按角色脱敏显示"))
    ends_on = models.DateField(_("账号有效期至"), null=True, blank=True, help_text=_("到期后不能登录"))
    seen_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("用户")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Return the name people know."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the same name: Chinese names have no short form."""
        return str(self)

    @property
    def is_officer(self) -> bool:
        """Tell whether the person works for the administration."""
        return self.role in OFFICERS

    @property
    def acts_for_organisation(self) -> bool:
        """Tell whether the role only makes sense together with an organisation."""
        return self.role in FOR_ORGANISATION
