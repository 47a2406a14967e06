"""Registers the room 创造 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreationConfig(AppConfig):
    """创造: the pages of the chain's first link; its records live in the ledger."""

    name = "zhicheng.apps.creation"
    label = "creation"
    verbose_name = _("创造")
