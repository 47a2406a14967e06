"""The facts of policies as read from a snapshot of the ledger: the only place that knows its tables."""

from __future__ import annotations

# ruff: noqa: S608 - table and file names come from the snapshot's own folder
from pathlib import Path
from typing import Any

import duckdb

from zhicheng.engines.incentives.tables import Source
from zhicheng.kernel.refusals import Refusal

# who an organisation is, whatever it was called: its code, else its ledger id, else the words of the record
WHO = "coalesce(nullif(o.uscc, ''), 'id:' || o.id, nullif(r.uscc, ''), nullif(r.{name}, ''))"

HONOURS = f"""
select cast(r.id as varchar) as fact, r.region_code as region, nullif(r.holder_kind, '') as holder_kind,
  case when r.holder_kind = 'person' then null else {WHO.format(name="holder_name")} end as organisation,
  case when r.holder_kind = 'person' then nullif(r.holder_name, '') end as person,
  r.scheme_code || '/' || r.tier as honour, r.granted_on, r.revoked_on,
  coalesce(nullif(r.object_number, ''), nullif(r.object_name, '')) as object, r.round, r.level
from {{ledger_honourgrant}} r left join {{ledger_organisation}} o on o.id = r.organisation_id
"""
NEGATIVE_LIST = f"""
select {WHO.format(name="organisation_name")} as beneficiary, r.role as kind, r.from_on, r.until_on
from {{ledger_organisationrole}} r left join {{ledger_organisation}} o on o.id = r.organisation_id
where r.role = 'dishonest'
"""
ORGANISATIONS = """
select coalesce(nullif(uscc, ''), 'id:' || id) as organisation, region_code as region, name, industry_code, size
from {ledger_organisation}
"""
VIEWS: dict[str, tuple[tuple[str, ...], str]] = {
    "honours": (("ledger_honourgrant", "ledger_organisation"), HONOURS),
    "negative_list": (("ledger_organisationrole", "ledger_organisation"), NEGATIVE_LIST),
    "organisations": (("ledger_organisation",), ORGANISATIONS),
}


def facts_of(folder: Path) -> dict[str, Source]:
    """The policy facts a snapshot holds.

    Args:
        folder: a snapshot's folder with one Parquet file per ledger table.

    Returns:
        Fact name → Arrow table; a fact whose tables the snapshot lacks is left out and becomes “cannot tell”.
    """
    found: dict[str, Source] = {}
    for name, (tables, sql) in VIEWS.items():
        files = {one: folder / f"{one}.parquet" for one in tables}
        if not all(one.exists() for one in files.values()):
            continue
        quoted = {one: "read_parquet('" + str(path).replace("'", "''") + "')" for one, path in files.items()}
        with duckdb.connect() as connection:
            found[name] = connection.sql(sql.format(**quoted)).to_arrow_table()
    return found


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


def current_facts() -> tuple[dict[str, Source], str]:
    """The facts of the city's current snapshot, and the snapshot's id."""
    from zhicheng.apps.figures import public as figures  # noqa: PLC0415

    snapshot: Any = figures.current_snapshot()
    return facts_of(Path(snapshot.path)), str(snapshot.id)
