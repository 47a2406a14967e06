"""Where mail goes: into a folder of the data folder, or to the SMTP server that ZHICHENG_SMTP names."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from zhicheng.kernel.refusals import Refusal

SUBMISSION = 587
SMTPS = 465


def mail_settings(url: str, home: Path) -> dict[str, Any]:
    """Return Django's settings of outgoing mail.

    Args:
        url: `smtp://user:password@host:587` (with STARTTLS), `smtps://…` (TLS from the first byte), or empty.
        home: the city's data folder; without a server each mail becomes a file in its folder `mailbox`.
    """
    if not url:
        folder = home / "mailbox"
        folder.mkdir(parents=True, exist_ok=True)
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Refusal("ZHICHENG_SMTP 的地址看不懂。", fix="请写成 smtp://用户:密码@主机:587。")
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (SMTPS if secure else SUBMISSION),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": not secure and bool(parts.username),
        "EMAIL_USE_SSL": secure,
    }
