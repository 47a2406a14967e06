"""Keeps the rows of a release's small city, and puts them back into a database of that release's migrations.

`python scripts/release_rows.py keep FILE.jsonl.gz` writes the database of ZHICHENG_HOME (or DATABASE_URL);
`… fill FILE.jsonl.gz` migrates an empty database to the migrations named in the file and inserts the rows.
Line 1 holds the migrations, every further line one table: its columns and its rows, as SQLite stores them.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

LEFT_OUT = (
    "django_migrations",
    "django_content_type",
    "django_session",
    "auth_permission",
    "sqlite_sequence",
)


def keep(path: Path) -> None:
    """Write all rows of the present database."""
    last = dict(MigrationRecorder.Migration.objects.order_by("id").values_list("app", "name"))
    with gzip.open(path, "wt", encoding="utf-8") as out, connection.cursor() as cursor:
        out.write(json.dumps(last) + "\n")
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in LEFT_OUT:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = [list(row) for row in cursor.fetchall()]
            if rows:
                columns = [one[0] for one in cursor.description]
                line = {"table": table, "columns": columns, "rows": rows}
                out.write(json.dumps(line, ensure_ascii=False, default=_as_json) + "\n")


def _as_json(cell: Any) -> Any:
    """What JSON has no word for: bytes as base64 under a key of their own, the rest as text."""
    return {"base64": base64.b64encode(cell).decode()} if isinstance(cell, bytes | memoryview) else str(cell)


def fill(path: Path) -> None:
    """Bring an empty database to the release's migrations and insert its rows."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for app, name in json.loads(next(lines)).items():
            call_command("migrate", app, name, verbosity=0, interactive=False)
        _insert([json.loads(line) for line in lines])


def _insert(tables: list[dict[str, Any]]) -> None:
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for one in tables:
            kinds = _kinds(cursor, one["table"])
            if one["table"].startswith("django_"):  # filled by the migrations themselves
                cursor.execute(f'DELETE FROM "{one["table"]}"')
            names = ", ".join(f'"{name}"' for name in one["columns"])
            places = ", ".join(["%s"] * len(one["columns"]))
            cursor.executemany(
                f'INSERT INTO "{one["table"]}" ({names}) VALUES ({places})',
                [
                    [_cell(cell, kinds.get(name, "")) for name, cell in zip(one["columns"], row, strict=True)]
                    for row in one["rows"]
                ],
            )
        if connection.vendor == "postgresql":
            for one in tables:
                _next_number(cursor, one["table"])


def _kinds(cursor: Any, table: str) -> dict[str, str]:
    if connection.vendor != "postgresql":
        return {}
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table]
    )
    return dict(cursor.fetchall())


def _cell(cell: Any, kind: str) -> Any:
    if isinstance(cell, dict) and set(cell) == {"base64"}:
        return base64.b64decode(cell["base64"])
    if cell is not None and kind == "boolean":
        return bool(cell)
    if kind.startswith("timestamp") and cell is not None:
        return f"{cell}+00:00" if "+" not in str(cell)[10:] else cell
    return cell


def _next_number(cursor: Any, table: str) -> None:
    cursor.execute("SELECT pg_get_serial_sequence(%s, column_name) FROM information_schema.columns "
                   "WHERE table_name = %s AND is_identity = 'YES'", [f'"{table}"', table])  # fmt: skip
    for (sequence,) in cursor.fetchall():
        cursor.execute(f'SELECT setval(%s, (SELECT coalesce(max(id), 1) FROM "{table}"))', [sequence])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    django.setup()
    {"keep": keep, "fill": fill}[sys.argv[1]](Path(sys.argv[2]))
