"""Registers the machinery of records with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Records: described once, imported, reviewed, listed, exported."""

    name = "zhicheng.apps.records"
    label = "records"
    verbose_name = _("台账机制")

    def ready(self) -> None:
        """Put what waits for review on the home page."""
        from zhicheng.apps.records import waiting  # noqa: PLC0415 - models exist only once Django is ready
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(10, waiting.card)
