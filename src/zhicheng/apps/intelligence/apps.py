"""Registers the room of public texts and bulletins with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntelligenceConfig(AppConfig):
    """Public texts in, benchmarks, bulletins out."""

    name = "zhicheng.apps.intelligence"
    label = "intelligence"
    verbose_name = _("情报·发布")
