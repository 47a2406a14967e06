"""Registers the room 质量品牌 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    """质量品牌: brand pools and speciality products."""

    name = "zhicheng.apps.quality"
    label = "quality"
    verbose_name = _("质量品牌")
