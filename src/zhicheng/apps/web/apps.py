"""Registers the shell of all pages with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Layout, components and static files."""

    name = "zhicheng.apps.web"
    label = "web"
    verbose_name = _("页面")
