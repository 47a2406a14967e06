"""Registers the room of figures with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Figures computed, explained, signed."""

    name = "zhicheng.apps.figures"
    label = "figures"
    verbose_name = _("指标")

    def ready(self) -> None:
        """Put late sources and figures to sign on the home page."""
        from zhicheng.apps.figures import waiting  # noqa: PLC0415 - models exist only once Django is ready
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(40, waiting.card)
        cards.add(90, waiting.freshness_card)
