"""One archive of a city: its database, its files, and a manifest that proves both."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from zhicheng.apps.accounts.audit import verify_chain
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

FORMAT = "zhicheng-backup-1"
DATABASE = "database"
MANIFEST = "manifest.json"
# Signing key and field keys stay out: whoever finds the archive must not find its keys in it.
FOLDERS = ("files", "changesets", "snapshots", "catalogue")


def back_up(target: Path) -> dict[str, Any]:
    """Write the archive while the city is in use, and return its manifest.

    The database is copied first and as of one moment; every file its rows name was written before those
    rows and is never changed, so that copying files afterwards misses none.
    """
    if target.exists():
        raise Conflict(f"{target} 已经存在。", fix="请换一个文件名；备份不覆盖旧的。")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        database = Path(work) / DATABASE
        _dump(database)
        members = {DATABASE: database, **_files(settings.ZHICHENG_HOME)}
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "vendor": connection.vendor,
            "audit_head": verify_chain().head,
            "migrations": sorted(
                f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
            ),
            "members": {
                name: {"sha256": sha256(path), "bytes": path.stat().st_size} for name, path in members.items()
            },
        }
        unfinished = Path(work) / "archive"
        _write(unfinished, manifest, members)
        unfinished.replace(target)
    return manifest


def restore(archive: Path, *, replace: bool = False) -> dict[str, Any]:
    """Bring a city back from an archive after checking every member, and return its manifest.

    Args:
        replace: move what stands in the data folder aside (never deleted) instead of refusing.
    """
    if not archive.exists():
        raise NotFound(f"找不到备份文件 {archive}。", fix="请核对路径。")
    home = Path(settings.ZHICHENG_HOME)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        work = Path(folder)
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
        manifest = _checked(work, archive)
        if manifest["vendor"] != connection.vendor:
            raise Refusal(
                f"备份来自 {manifest['vendor']}，现在的数据库是 {connection.vendor}。",
                fix="请把 DATABASE_URL 指向同类数据库再恢复。",
            )
        _make_room(home, replace=replace)
        connection.close()
        _load(work / DATABASE)
        for name in FOLDERS:
            if (work / name).exists():
                shutil.move(work / name, home / name)
    return manifest


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(home: Path) -> dict[str, Path]:
    found = (path for folder in FOLDERS for path in sorted((home / folder).rglob("*")) if path.is_file())
    return {path.relative_to(home).as_posix(): path for path in found}


def _write(path: Path, manifest: dict[str, Any], members: dict[str, Path]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
        notes = path.with_name(MANIFEST)
        notes.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        tar.add(notes, MANIFEST)
        for name, member in members.items():
            tar.add(member, name)
        tar.close()
        raw.flush()
        os.fsync(raw.fileno())


def _checked(work: Path, archive: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((work / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(f"{archive} 不是知城的备份：没有可读的清单。", fix="请核对文件。") from error
    if manifest.get("format") != FORMAT:
        raise Refusal(f"备份格式“{manifest.get('format')}”不认识。", fix="请用制作它的版本恢复。")
    for name, noted in manifest["members"].items():
        member = work / name
        if not member.is_file() or sha256(member) != noted["sha256"]:
            raise Refusal(f"备份中的 {name} 缺失或与清单不符，什么也没有改动。", fix="请换一份备份。")
    return manifest


def _make_room(home: Path, *, replace: bool) -> None:
    standing = [name for name in FOLDERS if (home / name).exists()]
    if _has_rows() or standing:
        if not replace:
            raise Conflict(
                "数据文件夹里已经有一座城市。",
                fix="请在空的 ZHICHENG_HOME 中恢复，或加 --replace（旧的会移到一旁）。",
            )
        aside = home / f"before-restore-{datetime.now(tz=timezone.get_current_timezone()):%Y%m%d-%H%M%S}"
        aside.mkdir()
        _dump(aside / DATABASE)
        for name in standing:
            shutil.move(home / name, aside / name)


def _has_rows() -> bool:
    return "accounts_user" in connection.introspection.table_names()


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
        finally:
            copy.close()
        return
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", "--dbname", _dsn()])


def _load(source: Path) -> None:
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(source, path.with_name(path.name + ".restored"))
        path.with_name(path.name + ".restored").replace(path)
        return
    _run(
        [
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "--dbname",
            _dsn(),
            str(source),
        ]
    )


def _dsn() -> str:
    given = connection.settings_dict
    parts = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    return " ".join(f"{name}={given[key]}" for name, key in parts.items() if given[key])


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise Refusal(
            f"没有安装 {command[0]}。", fix="请安装 PostgreSQL 客户端（Debian：postgresql-client）。"
        )
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict.get("PASSWORD") or "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refusal(
            f"{command[0]} 没有成功：{done.stderr.strip()[:400]}", fix="请按提示处理后重试；原有数据未动。"
        )
