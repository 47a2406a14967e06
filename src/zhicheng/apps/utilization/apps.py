"""Registers the room 运用 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UtilizationConfig(AppConfig):
    """运用: pools, licences, transfers, pledges, credit lines and operation centres."""

    name = "zhicheng.apps.utilization"
    label = "utilization"
    verbose_name = _("运用")
