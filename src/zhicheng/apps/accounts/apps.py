"""Registers the room of people, roles and the audit trail with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, roles, region scope, sign-in, audit."""

    name = "zhicheng.apps.accounts"
    label = "accounts"
    verbose_name = _("用户与审计")

    def ready(self) -> None:
        """Connect what happens at sign-in and sign-out."""
        from zhicheng.apps.accounts import signals  # noqa: F401, PLC0415  # Django asks for it here
