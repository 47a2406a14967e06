"""The facts of policies as read from a snapshot of the ledger, from a person's folder, and from our own payments."""

from __future__ import annotations

# ruff: noqa: S608 - table and file names come from the snapshot's own folder
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from zhicheng.apps.figures.public import current_snapshot
from zhicheng.apps.incentives.runs.fact_views import VIEWS, FactView
from zhicheng.engines.incentives.rules import Program
from zhicheng.engines.incentives.tables import Source
from zhicheng.kernel.refusals import Refusal

AUXILIARY = ("payments", "negative_list", "owners", "organisations")


def names_for(program: Program) -> frozenset[str]:
    """The facts a program asks about, and the tables every program may need."""
    asked = {one.fact for one in program.clauses}
    asked.update(name for policy in program.policies.values() for name in policy.scope)
    return frozenset(asked | set(AUXILIARY))


def facts_of(folder: Path, names: Iterable[str] | None = None) -> dict[str, Source]:
    """The policy facts a snapshot holds.

    Args:
        folder: a snapshot's folder with one Parquet file per ledger table.
        names: only these facts; None reads all.

    Returns:
        Fact name → Arrow table; a fact whose tables the snapshot lacks, or whose first table nobody has ever
        filled, is left out and becomes “cannot tell”.
    """
    wanted = VIEWS.keys() if names is None else names
    found: dict[str, Source] = {}
    with duckdb.connect() as connection:
        for name in sorted(wanted):
            view = VIEWS.get(name)
            table = view and _read(connection, folder, view)
            if table is not None:
                found[name] = table
    return found


def _read(connection: duckdb.DuckDBPyConnection, folder: Path, view: FactView) -> pa.Table | None:
    files = {one: folder / f"{one}.parquet" for one in view.tables}
    if not all(one.exists() for one in files.values()):
        return None
    quoted = {one: "read_parquet('" + str(path).replace("'", "''") + "')" for one, path in files.items()}
    if not connection.execute(f"select 1 from {quoted[view.tables[0]]} limit 1").fetchall():
        return None
    sql = view.sql.format(**quoted)
    if view.once:
        # the view's own order says which of two like rows is the better one
        nth = f"row_number() over (partition by {_columns(connection, sql, view.once)} order by z_at)"
        sql = (
            f"select * exclude (z_at, z_nth) from (select *, {nth} as z_nth from"
            f" (select *, row_number() over () as z_at from ({sql}))) where z_nth = 1"
        )
    return connection.sql(sql).to_arrow_table()


def _columns(connection: duckdb.DuckDBPyConnection, sql: str, once: str) -> str:
    present = {row[0] for row in connection.execute(f"describe {sql}").fetchall()}
    return once if "person" in present else once.replace(", person)", ")")


def facts_in(folder: Path) -> dict[str, Source]:
    """Facts a person put into a folder, one Parquet or CSV file per fact, named after it.

    Raises:
        Refusal: the folder holds neither.
    """
    found: dict[str, Source] = {one.stem: one for one in sorted(folder.glob("*.parquet"))}
    for path in sorted(folder.glob("*.csv")):
        with duckdb.connect() as connection:
            found[path.stem] = connection.read_csv(str(path), all_varchar=True).to_arrow_table()
    if not found:
        raise Refusal(f"目录 {folder} 里没有事实文件。", fix="请放入 honours.csv 或 honours.parquet 等。")
    return found


def current_facts(program: Program) -> tuple[dict[str, Source], str]:
    """The facts a program needs from the city's current snapshot, and the snapshot's id."""
    snapshot = current_snapshot()
    return facts_of(Path(snapshot.path), names_for(program)), str(snapshot.id)
