"""Registers the demo city with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demo city."""

    name = "zhicheng.apps.demo"
    label = "demo"
    verbose_name = _("演示城市")
