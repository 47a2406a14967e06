"""Registers the shell of all pages with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Layout, components and static files."""

    name = "zhicheng.apps.web"
    label = "web"
    verbose_name = _("页面")

    def ready(self) -> None:
        """Let sources and the catalogue speak the language of whoever asks."""
        from django.utils.translation import gettext  # noqa: PLC0415 - languages are ready only now

        from zhicheng.kernel.saying import translate_by  # noqa: PLC0415

        translate_by(gettext)
