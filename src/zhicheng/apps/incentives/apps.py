"""The Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncentivesConfig(AppConfig):
    """政策兑现."""

    name = "zhicheng.apps.incentives"
    verbose_name = _("政策兑现")
