"""Registers the room 保护 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    """保护: seized lots, their destruction, and the experts who help."""

    name = "zhicheng.apps.protection"
    label = "protection"
    verbose_name = _("保护")
