"""Registers the room of figures with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Figures computed, explained, signed."""

    name = "zhicheng.apps.figures"
    label = "figures"
    verbose_name = _("指标")
