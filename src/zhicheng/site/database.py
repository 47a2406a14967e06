"""Where the city's rows live: SQLite in the data folder, or PostgreSQL by DATABASE_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhicheng.kernel.refusals import Refusal

# A large import holds the write lock of SQLite while it applies; everybody else waits this long and succeeds.
SQLITE_WAIT_SECONDS = 180
# How SQLite is opened, for a file of a few gigabytes on a machine of two cores (measured in docs/benchmarks/cases.md):
# a commit is in the log before it is answered, and survives a crash of the software; pages are read through the
# memory of the system, which all processes share, instead of being copied; the log is carried into the file every
# 16 MB, so that pages written again and again, as the last ones of every index are, go there once.
SQLITE_OPENING = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-32000",
    "PRAGMA mmap_size=2147418112",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA temp_store=MEMORY",
)


def database_settings(url: str, home: Path) -> dict[str, Any]:
    """Return Django's settings of the one database.

    Args:
        url: `postgres://user:password@host:port/name?sslmode=…`, `sqlite:////path`, or empty for the
            file in the data folder.
        home: the city's data folder.
    """
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        return _sqlite(Path(parts.path) if parts.path else home / "zhicheng.sqlite3")
    if parts.scheme not in ("postgres", "postgresql"):
        raise Refusal(
            f"DATABASE_URL 的类型“{parts.scheme}”不支持。", fix="请使用 postgres:// 或 sqlite:// 开头的地址。"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": SQLITE_WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "; ".join(SQLITE_OPENING),
        },
    }
