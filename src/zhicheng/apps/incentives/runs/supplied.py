"""What accepted applications have established, laid over the facts of the ledger: the ledger's own values come first."""

from __future__ import annotations

# ruff: noqa: S608 - table and column names come from the declared shapes of facts
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from zhicheng.apps.incentives.runs.fact_views import KIND, WHO
from zhicheng.engines.incentives.rules import FactShape, Program
from zhicheng.engines.incentives.tables import Source

TABLE, ORGANISATIONS = "incentives_applicationfact", "ledger_organisation"
APPLIED = "applied"  # the item that says when a clause was applied for
OWN = ("fact", "organisation", "region", "holder_kind")


@dataclass(frozen=True)
class Stated:
    """One value that an application states.

    Args:
        kind: the fact it belongs to. fact: its number. organisation: who applied, as facts call it.
        region, holder_kind: of the organisation. item: column, or `applied`. stated: the value as text.
        clause: the clause applied under. applied_on: ISO day.
    """

    kind: str
    fact: str
    organisation: str
    region: str
    holder_kind: str
    item: str
    stated: str
    clause: str
    applied_on: str


def stated_in(folder: Path) -> list[Stated]:
    """Everything accepted applications have stated as of a snapshot, the latest last."""
    files = [folder / f"{one}.parquet" for one in (TABLE, ORGANISATIONS)]
    if not all(one.exists() for one in files):
        return []
    rows, organisations = ("read_parquet('" + str(one).replace("'", "''") + "')" for one in files)
    who = WHO.format(code="uscc", name="organisation_name")
    sql = (
        f"select r.fact_kind, r.fact, {who}, coalesce(nullif(r.region_code, ''), o.region_code), {KIND}, r.item, r.stated,"
        f" r.clause, cast(r.applied_on as varchar) from {rows} r left join {organisations} o on o.id = r.organisation_id"
        " where r.applied_on is not null order by r.applied_on, r.id"
    )
    with duckdb.connect() as connection:
        return [Stated(*(str(cell or "") for cell in row)) for row in connection.execute(sql).fetchall()]


def with_stated(sources: dict[str, Source], program: Program, stated: Sequence[Stated]) -> dict[str, Source]:
    """The same facts with what applications stated filled in where the ledger says nothing.

    Args:
        sources: fact name → Arrow table; the mapping is changed and returned.
        program: declares the shapes.
        stated: what was stated, the latest last; of two values for one column the later counts.
    """
    applied = [one for one in stated if one.item == APPLIED]
    if applied:
        before = sources.get("applications")
        rows = list(before) if isinstance(before, list) else []
        sources["applications"] = [*rows, *({
            "clause": one.clause, "beneficiary": one.organisation, "subject": one.fact, "applied_on": one.applied_on,
        } for one in applied)]  # fmt: skip
    for kind, shape in program.facts.items():
        own = [one for one in stated if one.kind == kind]
        if any(one.item in shape.columns for one in own):
            sources[kind] = _laid_over(sources.get(kind), shape, own)
    return sources


def _laid_over(held: Any, shape: FactShape, stated: Iterable[Stated]) -> pa.Table:
    """A fact's table with the stated values; a fact the ledger lacks becomes a row of its own."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for one in stated:
        row = rows.setdefault((one.fact, one.organisation), {})
        row.update(
            fact=one.fact, organisation=one.organisation, region=one.region, holder_kind=one.holder_kind
        )
        if one.item in shape.columns and one.stated:
            row[one.item] = one.stated
    filled = sorted({name for row in rows.values() for name in row} - set(OWN))
    given = _table(list(rows.values()), [*OWN, *filled])
    if not isinstance(held, pa.Table):
        return given
    there = [one for one in filled if one in held.column_names]
    taken = ", ".join(f'coalesce(cast(t."{one}" as varchar), s."{one}") as "{one}"' for one in there)
    added = "".join(f', s."{one}"' for one in filled if one not in held.column_names)
    same = "s.fact = t.fact and s.organisation = t.organisation"
    with duckdb.connect() as connection:
        connection.register("held", held)
        connection.register("given", given)
        sql = (
            f"select t.*{f' replace ({taken})' if taken else ''}{added} from held t left join given s on {same}"
            f" union all by name select s.* from given s where not exists (select 1 from held t where {same})"
        )
        return connection.sql(sql).to_arrow_table()


def _table(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
