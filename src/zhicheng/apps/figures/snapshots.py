"""The ledger as Parquet at one version, with counts and hashes; tables that stood still are reused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from zhicheng.apps.figures.extracting import write_table
from zhicheng.apps.records.public import ledger_version, snapshot_tables, table_versions
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.engines.facts import Fact, materialise_sql


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on disk.

    Args:
        id: version of the ledger and a short hash of all table versions.
        path: its folder.
        manifest: rows, hash and version of every table.
    """

    id: str
    path: Path
    manifest: dict[str, Any]

    def table(self, name: str) -> Path:
        """Parquet of a table."""
        return self.path / f"{name}.parquet"

    def rows(self, table: str) -> int:
        """Rows of a table."""
        return int(self.manifest["tables"].get(table, {}).get("rows", 0))


def root() -> Path:
    """Folder of all snapshots."""
    return Path(settings.ZHICHENG_HOME) / "snapshots"


def snapshot_id(versions: dict[str, int]) -> str:
    """Name of the snapshot that these table versions make."""
    text = json.dumps(sorted(versions.items())).encode()
    return f"{ledger_version()}-{hashlib.sha256(text).hexdigest()[:10]}"


def current_snapshot() -> Snapshot:
    """Return the snapshot of the ledger as it is, making it when the ledger has moved on."""
    versions = table_versions()
    name = snapshot_id(versions)
    if not (root() / name / "manifest.json").exists():
        _make(name, versions)
    return _open(name)


def _open(name: str) -> Snapshot:
    path = root() / name
    return Snapshot(name, path, json.loads((path / "manifest.json").read_text(encoding="utf-8")))


def _make(name: str, versions: dict[str, int]) -> None:
    """Write to a folder of our own and rename: a snapshot is there whole or not at all."""
    last = latest_snapshot()
    building = root() / f".{name}-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    tables: dict[str, Any] = {}
    for table in snapshot_tables():
        target = building / f"{table.db_table}.parquet"
        version = versions.get(table.db_table, 0)
        known = last.manifest["tables"].get(table.db_table) if last else None
        if last and known and known["version"] == version and last.table(table.db_table).exists():
            os.link(last.table(table.db_table), target)
            tables[table.db_table] = known
            continue
        rows = write_table(table, target)
        tables[table.db_table] = {"rows": rows, "sha256": _hash(target), "version": version}
    manifest = {"id": name, "ledger_version": ledger_version(), "tables": tables}
    (building / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    try:
        building.rename(root() / name)
    except OSError:  # another process was first; its snapshot is the same
        shutil.rmtree(building, ignore_errors=True)


def latest_snapshot() -> Snapshot | None:
    """The newest snapshot there is, however far the ledger has moved on; None before the first."""
    found = [path for path in root().glob("[0-9]*") if (path / "manifest.json").exists()]
    if not found:
        return None
    return _open(max(found, key=lambda path: path.stat().st_mtime).name)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fact_path(snapshot: Snapshot, fact: Fact) -> Path:
    """Parquet of a fact laid out by region, made on first use and kept while its definition stands."""
    sql = materialise_sql(fact)
    mark = hashlib.sha256(sql.encode()).hexdigest()[:12]
    path = snapshot.path / "facts" / f"{fact.id}-{mark}.parquet"
    if path.exists():
        return path
    path.parent.mkdir(exist_ok=True)
    building = path.with_suffix(f".{os.getpid()}")
    with raw_connection(snapshot) as base:
        base.execute(f"copy ({sql}) to '{building}' (format parquet, compression zstd)")
    building.rename(path)
    return path


def raw_connection(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    """A connection in which every snapshot table is a view of its own name."""
    base = duckdb.connect()
    base.execute("set threads=2")
    for table in snapshot.manifest["tables"]:
        base.execute(f"create view {table} as select * from read_parquet('{snapshot.table(table)}')")
    return base


def warm() -> Snapshot:
    """Make the snapshot and every fact, so that the first page waits for nothing."""
    snapshot = current_snapshot()
    for fact in load_catalogue().facts.values():
        fact_path(snapshot, fact)
    return snapshot
