"""Registers the room 服务 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicServiceConfig(AppConfig):
    """服务: visits, problems solved, trainings, briefings, consultations, material, fairs, handbooks."""

    name = "zhicheng.apps.public_service"
    label = "public_service"
    verbose_name = _("服务")
