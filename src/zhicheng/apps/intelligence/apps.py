"""Registers the room of public texts and bulletins with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntelligenceConfig(AppConfig):
    """Public texts in, benchmarks, bulletins out."""

    name = "zhicheng.apps.intelligence"
    label = "intelligence"
    verbose_name = _("情报·发布")

    def ready(self) -> None:
        """Put bulletins to approve and the latest published one on the home page, and peers on a figure's page."""
        from zhicheng.apps.figures.public import sections  # noqa: PLC0415
        from zhicheng.apps.intelligence import bulletin_card, peers  # noqa: PLC0415 - models exist only once Django is ready
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(80, bulletin_card.card)
        sections.add(10, peers.section)
