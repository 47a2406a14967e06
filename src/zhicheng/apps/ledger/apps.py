"""Registers the room 台账 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """台账: regions, organisations, people, rights, honours and standards."""

    name = "zhicheng.apps.ledger"
    label = "ledger"
    verbose_name = _("台账")
