"""Registers the room 台账 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """台账: regions, organisations, people, rights, honours and standards."""

    name = "zhicheng.apps.ledger"
    label = "ledger"
    verbose_name = _("台账")

    def ready(self) -> None:
        """Tell the machinery of records where organisations and regions come from."""
        from zhicheng.apps.ledger import public  # noqa: PLC0415 - models exist only once Django is ready
        from zhicheng.apps.records.providers import providers  # noqa: PLC0415

        providers.register(organisations=public.known_organisations, regions=public.local_regions)
        from zhicheng.apps.ledger import own  # noqa: PLC0415
        from zhicheng.apps.web.public import cards  # noqa: PLC0415

        cards.add(20, own.rights_card)
        cards.add(25, own.honours_card)
