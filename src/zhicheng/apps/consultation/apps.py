"""Registers the consultation room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationConfig(AppConfig):
    """The consultation room."""

    name = "zhicheng.apps.consultation"
    label = "consultation"
    verbose_name = _("协商")
