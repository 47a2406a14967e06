"""Who changed what in the payout settings, when, from what to what: read from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import AuditEvent, require
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.forms import SettingsForm
from zhicheng.apps.incentives.models import PayoutSettings
from zhicheng.apps.incentives.paging import Page, page_of

SUBJECT = "payout_settings:1"


@dataclass(frozen=True)
class Changed:
    """One setting that was changed.

    Args:
        label: its name as the form shows it. before, after: its values in words; a dash where the trail does not say.
    """

    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True)
class Saved:
    """One saving of the settings: the line of the audit trail and what it changed."""

    event: AuditEvent
    changes: tuple[Changed, ...]


def history_page(user: Any, after: str) -> Page:
    """One page of the settings' history, the latest first; read by whoever may set them."""
    require(user, "policies.approve", region=seen.city_region())
    page = page_of(AuditEvent.objects.filter(subject=SUBJECT), after)
    return Page([Saved(one, _changes(one)) for one in page.rows], page.count, page.next, page.back)


def _changes(event: AuditEvent) -> tuple[Changed, ...]:
    before, after = event.before or {}, event.after or {}
    return tuple(
        Changed(
            SettingsForm.base_fields[name].label or name, _said(name, before.get(name)), _said(name, value)
        )
        for name, value in after.items()
        if name in SettingsForm.base_fields and before.get(name) != value
    )


def _said(name: str, value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    field = PayoutSettings._meta.get_field(name)
    assert isinstance(field, Field), f"{name} is a column of the settings"
    return str(dict(field.flatchoices).get(value, value))
