"""Registers the room 管理 with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """管理: policy documents, programme designations and assessment results."""

    name = "zhicheng.apps.administration"
    label = "administration"
    verbose_name = _("管理")
