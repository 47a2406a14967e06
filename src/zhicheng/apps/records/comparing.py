"""Holds typed rows against the ledger: what is new, what changes field by field, what is the same."""
# ruff: noqa: S608 - table and column names come from models, never from a request

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import polars as pl

from zhicheng.apps.records.columns import stored_columns
from zhicheng.apps.records.existing import PART_MARK, existing_rows, existing_signatures
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.shapes import Part, RecordType, registry
from zhicheng.apps.records.staging import STAGED, TARGET, Progress, folder_of, silent
from zhicheng.apps.records.versions import version_of

MEMORY_LIMIT = "700MB"
KEY_MARK = "\x1f"


def compare(change_set: ChangeSet, *, progress: Progress = silent, into: str = STAGED) -> dict[str, int]:
    """Compare typed rows with the ledger and write the staged change set; returns its counts."""
    record_type = registry.get(change_set.type)
    folder = folder_of(change_set)
    change_set.compared_version = version_of(record_type)
    base = duckdb.connect()
    try:
        base.execute(f"set memory_limit='{MEMORY_LIMIT}'; set threads=2; set preserve_insertion_order=false")
        base.execute(f"set temp_directory='{folder / 'spill'}'")
        typed = f"read_parquet('{folder}/typed/*.parquet')"
        key = _key_sql(record_type)
        base.execute(
            f"create table typed as select *, {key} as __key__, "
            f"row_number() over (partition by {key} order by __row__ desc) as __turn__ from {typed}"
        )
        progress("比对", 0)
        _load_existing(base, record_type, folder)
        _write_staged(base, record_type, folder, into, exact=change_set.exact)
        counts = _counts(base, folder / into)
    finally:
        base.close()
        shutil.rmtree(folder / "spill", ignore_errors=True)
        (folder / "existing.parquet").unlink(missing_ok=True)
    return counts


def _key_sql(record_type: RecordType, alias: str = "") -> str:
    parts = [f"coalesce(cast({alias}\"{name}\" as varchar), '')" for name in record_type.key]
    return f" || '{KEY_MARK}' || ".join(parts)


def _load_existing(base: duckdb.DuckDBPyConnection, record_type: RecordType, folder: Path) -> None:
    count = base.execute("select count(*) from typed where __turn__ = 1").fetchall()[0][0]
    first = record_type.key[0]
    keys = None
    if count <= 20_000:
        rows = base.execute(f'select distinct "{first}" from typed').fetchall()
        keys = [row[0] for row in rows] + _held_keys(base, record_type)
    frame = existing_rows(record_type, keys)
    frame.write_parquet(folder / "existing.parquet")
    base.execute(
        f"create table existing as select *, {_key_sql(record_type)} as __key__ "
        f"from read_parquet('{folder / 'existing.parquet'}')"
    )
    for part in exploding(record_type):
        signatures = existing_signatures(part, record_type, keys)
        base.register("incoming", signatures.to_arrow())
        base.execute(f"create table had_{part.model._meta.model_name} as select * from incoming")
        base.unregister("incoming")


def _held_keys(base: duckdb.DuckDBPyConnection, record_type: RecordType) -> list[object]:
    """First keys, as the ledger holds them, of records that a page names by their id."""
    if not _names_targets(base):
        return []
    targets = [
        row[0] for row in base.execute(f"select {TARGET} from typed where {TARGET} is not null").fetchall()
    ]
    rows = record_type.model._default_manager.filter(pk__in=targets)
    return list(rows.values_list(record_type.key[0], flat=True))


def _names_targets(base: duckdb.DuckDBPyConnection) -> bool:
    names = base.execute("select column_name from (describe typed)").fetchall()
    return (TARGET,) in names


def exploding(record_type: RecordType) -> list[Part]:
    """Parts whose rows come out of the record's own cells."""
    return [part for part in record_type.parts if part.explode is not None]


def _write_staged(
    base: duckdb.DuckDBPyConnection, record_type: RecordType, folder: Path, into: str, *, exact: bool
) -> None:
    """Write what each row would do. A blank of a file keeps what is there; a blank of a page empties it (`exact`)."""
    names = [one.name for one in stored_columns(record_type)]
    given = {row[0] for row in base.execute("select column_name from (describe typed)").fetchall()}
    select, differs = [], []
    for name in names:
        new = f't."{name}"' if name in given else "null"
        blank = "false" if exact and name in given else f"{new} is null or cast({new} as varchar) = ''"
        select += [
            f'case when {blank} then e."{name}" else {new} end as "{name}"',
            f'e."{name}" as "b_{name}"',
        ]
        old = f'e."{name}"'
        differs.append(
            f"{_plain_sql(new)} is distinct from {_plain_sql(old)}"
            if exact and name in given
            else f"(not ({blank}) and {new} is distinct from {old})"
        )
    met = (
        f"coalesce(e.id = t.{TARGET}, e.__key__ = t.__key__)"
        if _names_targets(base)
        else "e.__key__ = t.__key__"
    )
    joins = ""
    for part in exploding(record_type):
        joined, changed, columns = _part_sql(base, part, folder)
        joins += joined
        differs.append(changed)
        select += columns
    lists = [f't."{name}"' for name in record_type.virtual if name in given]
    fields_changed = ", ".join(
        f"case when {test} then '{name}' end" for name, test in zip(names, differs, strict=False)
    )
    base.execute(
        f"""
        copy (
          select t.__row__, t.__key__, e.id as __id__, e.revision as __revision__,
            case when t.__turn__ > 1 then 'repeated'
                 when e.id is null then 'new'
                 when {" or ".join(differs)} then 'changed' else 'unchanged' end as __action__,
            list_filter([{fields_changed}], lambda x: x is not null) as __fields__,
            {", ".join([*select, *lists])}
          from typed t left join existing e on {met} {joins}
        ) to '{folder / into}' (format parquet, compression zstd, row_group_size 50000)
        """
    )


def _plain_sql(value: str) -> str:
    """Nothing and an empty text are the same value."""
    return f"nullif(cast({value} as varchar), '')"


def _part_sql(base: duckdb.DuckDBPyConnection, part: Part, folder: Path) -> tuple[str, str, list[str]]:
    """Explode the part of the typed rows, and say in SQL when it differs from what the ledger holds."""
    name = part.model._meta.model_name
    assert part.explode is not None
    frames = [
        _signature(part.explode(pl.read_parquet(path)), part)
        for path in sorted((folder / "typed").glob("*.parquet"))
    ]
    base.register("incoming", pl.concat(frames).to_arrow())
    base.execute(f"create table has_{name} as select * from incoming")
    base.unregister("incoming")
    joined = f" left join has_{name} on has_{name}.__row__ = t.__row__ left join had_{name} on had_{name}.parent = e.id"
    new, old = f"has_{name}.signature", f"had_{name}.signature"
    if len(part.identity) > 1:
        new = _completed_sql(new, old, len(part.identity))
    if part.additive:
        changed = f"({new} is not null and not list_has_all(coalesce({old}, []), {new}))"
    else:
        changed = f"({new} is not null and list_sort(list_distinct({new})) is distinct from {old})"
    return joined, changed, [f'{new} as "p_{name}"', f'{old} as "q_{name}"', f'{changed} as "d_{name}"']


def _completed_sql(new: str, old: str, width: int) -> str:
    """Take what the ledger holds for an entry of which a file gives the name alone: thinner data erases nothing."""
    thin = f"split_part(x, '{PART_MARK}', 1) || repeat('{PART_MARK}', {width - 1})"
    held = (
        f"list_filter({old}, lambda y: starts_with(y, split_part(x, '{PART_MARK}', 1) || '{PART_MARK}'))[1]"
    )
    return (
        f"case when {old} is null then {new} else"
        f" list_transform({new}, lambda x: case when x = {thin} then coalesce({held}, x) else x end) end"
    )


def _signature(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    said = pl.concat_str(
        [pl.col(one).cast(pl.String).fill_null("") for one in part.identity], separator=PART_MARK
    )
    return (
        rows.select("__row__", said.alias("said"))
        .group_by("__row__")
        .agg(pl.col("said").unique().sort().alias("signature"))
    )


def _counts(base: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
    rows = base.execute(f"select __action__, count(*) from read_parquet('{path}') group by 1").fetchall()
    found = dict(rows)
    return {
        "new": found.get("new", 0),
        "changed": found.get("changed", 0),
        "unchanged": found.get("unchanged", 0) + found.get("repeated", 0),
    }


def same_changes(one: Path, other: Path) -> bool:
    """Tell whether two staged files would do the same, whatever the order of their rows."""
    base = duckdb.connect()
    try:
        said = [
            base.execute(f"select count(*), bit_xor(hash(t)) from read_parquet('{path}') t").fetchall()
            for path in (one, other)
        ]
    finally:
        base.close()
    return said[0] == said[1]
