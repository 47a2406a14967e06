"""Registers the room 办件 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """办件: every matter in progress, and the cases imported before the software."""

    name = "zhicheng.apps.cases"
    label = "cases"
    verbose_name = _("办件")

    def ready(self) -> None:
        """Register the card of the home page, and keep cases handled here from being edited as rows."""
        from zhicheng.apps.cases.guarding import documents_handled_here, handled_here  # noqa: PLC0415 - models are loaded only now
        from zhicheng.apps.cases.homecard import card  # noqa: PLC0415 - models are loaded only now
        from zhicheng.apps.records.public import guard_records  # noqa: PLC0415
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(20, card)
        guard_records("cases", handled_here)
        guard_records("case_documents", documents_handled_here)
