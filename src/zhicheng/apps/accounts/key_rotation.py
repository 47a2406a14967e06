"""Brings every encrypted value under the newest key."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.encryption import (
    MARK,
    EncryptedText,
    cipher,
    new_key,
    read_keys,
    rotated,
    write_keys,
)
from zhicheng.apps.accounts.people import User


def add_key() -> None:
    """Put a fresh key at the head of the key file; the old ones still open what they closed."""
    write_keys([new_key(), *read_keys()])


def encrypted_fields() -> list[tuple[type[models.Model], str]]:
    """Return every encrypted column of every table."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedText)
    ]


@transaction.atomic
def rotate(*, by: User | None = None) -> int:
    """Write every encrypted value again with the newest key, and return how many there were."""
    cipher.cache_clear()
    count = 0
    for model, name in encrypted_fields():
        rows = model._base_manager.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True})
        for row in rows.values("pk", name).iterator():
            model._base_manager.filter(pk=row["pk"]).update(**{name: row[name]})
            count += 1
    for authenticator in Authenticator.objects.all():
        authenticator.data = _rotated_values(authenticator.data)
        authenticator.save(update_fields=["data"])
        count += 1
    record_event(by=by, action="keys.rotate", subject="keys:fields", after={"values": count})
    return count


def drop_old_keys() -> int:
    """Forget every key but the newest, and return how many were dropped.

    A backup made before the rotation can then be read only with the old key: keep it with that backup.
    """
    keys = read_keys()
    write_keys(keys[:1])
    return len(keys) - 1


def _rotated_values(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _rotated_values(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_rotated_values(value) for value in data]
    return rotated(data) if isinstance(data, str) and data.startswith(MARK) else data
