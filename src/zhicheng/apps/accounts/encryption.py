"""Fields stored encrypted, with keys from the environment or a key file, newest first."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from zhicheng.kernel.refusals import Refusal

MARK = "enc1:"


class KeysMissing(Refusal):
    """No key for the encrypted fields was found, or none that opens this value."""

    code = "keys_missing"
    status = 500


def key_file() -> Path:
    """Return the file the keys stand in, one a line, newest first."""
    return Path(os.environ.get("ZHICHENG_FIELD_KEY_FILE", settings.ZHICHENG_HOME / "field_keys"))


def read_keys() -> list[str]:
    """Return the keys, newest first; outside production a first one is made when there is none."""
    if named := os.environ.get("ZHICHENG_FIELD_KEYS", ""):
        return [key for key in named.split(",") if key]
    path = key_file()
    if not path.exists():
        if os.environ.get("ZHICHENG_MODE") == "production":
            raise KeysMissing(
                f"找不到加密密钥文件 {path}。",
                fix="请运行 zhicheng keys create，或设置 ZHICHENG_FIELD_KEYS。",
            )
        write_keys([new_key()])
    return path.read_text(encoding="ascii").split()


def write_keys(keys: list[str]) -> None:
    """Replace the key file at once, readable by its owner only."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    cipher.cache_clear()


def new_key() -> str:
    """Return a fresh key."""
    return Fernet.generate_key().decode("ascii")


@lru_cache(maxsize=1)
def cipher() -> MultiFernet:
    """Return the cipher: writes with the newest key, reads with any."""
    return MultiFernet([Fernet(key) for key in read_keys()])


def encrypt(text: str) -> str:
    """Return the text encrypted with the newest key; the empty text stays empty."""
    return MARK + cipher().encrypt(text.encode("utf-8")).decode("ascii") if text else ""


def decrypt(stored: str) -> str:
    """Return the plain text of a stored value."""
    if not stored.startswith(MARK):
        return stored
    try:
        return cipher().decrypt(stored.removeprefix(MARK).encode("ascii")).decode("utf-8")
    except InvalidToken as error:
        raise KeysMissing(
            "有一个加密字段无法用现有密钥解开。", fix="请把写入时使用的旧密钥放回密钥文件，再轮换。"
        ) from error


def rotated(stored: str) -> str:
    """Return the same secret under the newest key."""
    if not stored.startswith(MARK):
        return encrypt(stored)
    return MARK + cipher().rotate(stored.removeprefix(MARK).encode("ascii")).decode("ascii")


class EncryptedText(models.TextField):
    """A text that lies encrypted in the database; it can be neither searched nor sorted there."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return None if value is None else encrypt(str(value))
