"""Registers the room 运用 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UtilizationConfig(AppConfig):
    """运用: pools, licences, transfers, pledges, credit lines and operation centres."""

    name = "zhicheng.apps.utilization"
    label = "utilization"
    verbose_name = _("运用")

    def ready(self) -> None:
        """Put a bank's pledges on its home page."""
        from zhicheng.apps.utilization import own  # noqa: PLC0415 - models exist only once Django is ready
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(30, own.bank_card)
