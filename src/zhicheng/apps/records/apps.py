"""Registers the machinery of records with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Records: described once, imported, reviewed, listed, exported."""

    name = "zhicheng.apps.records"
    label = "records"
    verbose_name = _("台账机制")
