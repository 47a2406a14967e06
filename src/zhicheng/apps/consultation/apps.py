"""Registers the consultation room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationConfig(AppConfig):
    """The consultation room."""

    name = "zhicheng.apps.consultation"
    label = "consultation"
    verbose_name = _("协商")

    def ready(self) -> None:
        """Put the room's card on the home page."""
        from zhicheng.apps.consultation import waiting  # noqa: PLC0415 - models are there only now
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(15, waiting.card)
