"""Registers the room of figures with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Figures computed, explained, signed."""

    name = "zhicheng.apps.figures"
    label = "figures"
    verbose_name = _("指标")

    def ready(self) -> None:
        """Put late sources and figures to sign on the home page, and on a record's page the figures that count it."""
        from zhicheng.apps.figures import counting, waiting  # noqa: PLC0415 - models exist only once Django is ready
        from zhicheng.apps.records.public import sections  # noqa: PLC0415
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(40, waiting.card)
        cards.add(90, waiting.freshness_card)
        sections.add(10, counting.section)
