"""Reads the server's signing key, and makes one where that is allowed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from zhicheng.kernel.refusals import Refusal


def secret_key(path: Path, *, create: bool) -> str:
    """Return the key kept in a file only its owner may read; make it when allowed."""
    if not path.exists():
        if not create:
            raise Refusal(
                f"找不到签名密钥文件 {path}。",
                fix="请设置 ZHICHENG_SECRET_KEY，或用 openssl rand -base64 48 生成该文件。",
            )
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="utf-8").strip()
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
