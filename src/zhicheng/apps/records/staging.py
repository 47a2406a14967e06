"""From a file to a staged change set: typed, compared with the ledger, nothing written to it yet."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl
from django.conf import settings

from zhicheng.apps.records.columns import header_words, import_columns, places, stored_columns
from zhicheng.apps.records.existing import existing_rows, existing_signatures
from zhicheng.apps.records.models import ChangeSet, ImportSource
from zhicheng.apps.records.shapes import Part, RecordType, registry
from zhicheng.engines.intake import (
    Column,
    Converted,
    HeaderMap,
    batches,
    convert,
    guess_type,
    map_header,
    row_words,
    write_rejects,
)
from zhicheng.engines.intake.kinds import Unreadable
from zhicheng.kernel.refusals import Conflict

Progress = Callable[[str, int], None]
MEMORY_LIMIT = "700MB"
KEY_MARK = "\x1f"
# id of the record that a page edits: its key itself may be what changes
TARGET = "__target__"


def silent(step: str, rows: int) -> None:
    """Report progress to nobody."""


@dataclass
class Staged:
    """What reading a file gave, before it becomes counts on a change set."""

    folder: Path
    read: int = 0
    rejected: int = 0
    notes: list[str] = field(default_factory=list)


def folder_of(change_set: ChangeSet) -> Path:
    """Folder that holds a change set's rows."""
    return Path(settings.ZHICHENG_HOME) / "changesets" / str(change_set.key)


def recognise(
    path: Path, type_id: str | None, corrected: Mapping[str, str] | None = None
) -> tuple[RecordType, HeaderMap, tuple[str, ...]]:
    """Tell which record type a file holds and how its headers map; `corrected` is what a person decided.

    Raises:
        Unreadable: no type explains the headers, or the named type misses a required column.
    """
    head = next(iter(batches(path, vocabulary=header_words(), size=200)))
    everywhere = places()
    if type_id is None:
        types = {one.id: import_columns(one, everywhere) for one in registry}
        ranked = guess_type(head.header, types)
        if not ranked:
            shown = "、".join(head.header[:12])
            raise Unreadable(
                f"看不出“{path.name}”是哪一种台账，表头是：{shown}。",
                fix="请用 --type 指明台账种类，或下载导入模板。",
            )
        type_id = ranked[0][0]
    record_type = registry.get(type_id)
    columns = import_columns(record_type, everywhere)
    print_ = fingerprint(head.header)
    kept = (
        ImportSource.objects.filter(type=type_id, fingerprint=print_)
        .values_list("mapping", flat=True)
        .first()
    )
    mapping = map_header(head.header, columns, corrected or kept)
    if mapping.missing:
        raise Unreadable(
            f"“{path.name}”缺少{record_type.label}台账必需的列：{'、'.join(mapping.missing)}。",
            fix=f"文件中的表头是：{'、'.join(head.header[:15])}。请改表头，或在页面上指定对应关系。",
        )
    return record_type, mapping, head.header


def fingerprint(header: tuple[str, ...]) -> str:
    """Name a header row, so that a corrected mapping is found again."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def read_file(change_set: ChangeSet, path: Path, mapping: HeaderMap, progress: Progress) -> Staged:
    """Read a file batch by batch into typed Parquet, writing rejected rows to a file of their own."""
    record_type = registry.get(change_set.type)
    folder = folder_of(change_set)
    (folder / "typed").mkdir(parents=True, exist_ok=True)
    columns = import_columns(record_type, places())
    staged = Staged(folder)
    for number, sheet in enumerate(batches(path, vocabulary=header_words())):
        converted = _within_scope(convert(sheet.frame, mapping, columns), change_set)
        staged.read += sheet.frame.height
        errors = converted.problems.filter(pl.col("level") == "error")
        if errors.height:
            write_rejects(sheet.frame, errors, folder / "rejects.csv", append=staged.rejected > 0)
            staged.rejected += errors["row"].n_unique()
        if converted.problems.height:
            converted.problems.write_parquet(folder / f"problems-{number:05d}.parquet")
        frame = record_type.derive(converted.frame) if record_type.derive else converted.frame
        frame.write_parquet(folder / "typed" / f"{number:05d}.parquet")
        progress("读取", staged.read)
    return staged


def _within_scope(converted: Converted, change_set: ChangeSet) -> Converted:
    """Reject rows of other counties when the one who imports works for a county; a city takes rows of anywhere."""
    home = change_set.prepared_by.region_code if change_set.prepared_by else ""
    if not home or home.endswith("00"):
        return converted
    frame = converted.frame
    outside = frame.filter((pl.col("region_code").fill_null("") != "") & (pl.col("region_code") != home))
    if not outside.height:
        return converted
    problems = outside.select(
        pl.col("__row__").alias("row"), pl.lit("所属区划").alias("column"), pl.col("region_code").alias("value"),
        pl.lit("error").alias("level"), pl.lit(f"不在您的区划（{home}）之内，请由该区划或市级导入。").alias("message"),
    )  # fmt: skip
    return Converted(
        frame.filter(~pl.col("__row__").is_in(outside["__row__"].implode())),
        pl.concat([converted.problems, problems.cast(dict(converted.problems.schema))]),
    )


def stage_frame(change_set: ChangeSet, frame: pl.DataFrame) -> None:
    """Put typed rows made on a page where rows of a file would lie."""
    typed = folder_of(change_set) / "typed"
    typed.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(typed / "00000.parquet")


def compare(change_set: ChangeSet, *, progress: Progress = silent) -> dict[str, int]:
    """Compare typed rows with the ledger and write the staged change set; returns its counts."""
    record_type = registry.get(change_set.type)
    folder = folder_of(change_set)
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
        _write_staged(base, record_type, folder, exact=change_set.exact)
        counts = _counts(base, folder)
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
    base: duckdb.DuckDBPyConnection, record_type: RecordType, folder: Path, *, exact: bool
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
        ) to '{folder / "staged.parquet"}' (format parquet, compression zstd, row_group_size 50000)
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
    if part.additive:
        changed = f"({new} is not null and not list_has_all(coalesce({old}, []), {new}))"
    else:
        changed = f"({new} is not null and {new} is distinct from {old})"
    return joined, changed, [f'{new} as "p_{name}"', f'{old} as "q_{name}"', f'{changed} as "d_{name}"']


def _signature(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    said = pl.concat_str([pl.col(one).cast(pl.String).fill_null("") for one in part.identity], separator=" ")
    return (
        rows.select("__row__", said.alias("said"))
        .group_by("__row__")
        .agg(pl.col("said").unique().sort().alias("signature"))
    )


def _counts(base: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    rows = base.execute(
        f"select __action__, count(*) from read_parquet('{folder / 'staged.parquet'}') group by 1"
    ).fetchall()
    found = dict(rows)
    return {
        "new": found.get("new", 0),
        "changed": found.get("changed", 0),
        "unchanged": found.get("unchanged", 0) + found.get("repeated", 0),
    }


def staged_hash(folder: Path) -> str:
    """Hash of the staged rows: approval is for exactly these."""
    digest = hashlib.sha256()
    with (folder / "staged.parquet").open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def problems_of(change_set: ChangeSet, limit: int = 200) -> list[dict[str, object]]:
    """The first problems of a change set, as the review page shows them."""
    frames = [pl.read_parquet(path) for path in sorted(folder_of(change_set).glob("problems-*.parquet"))]
    found = pl.concat(frames).head(limit).to_dicts() if frames else []
    return [{**one, "row": row_words(one["row"])} for one in found]


def preview(change_set: ChangeSet, action: str, limit: int = 50, offset: int = 0) -> list[dict[str, object]]:
    """Staged rows of one action, old and new values side by side."""
    path = folder_of(change_set) / "staged.parquet"
    if not path.exists():
        return []
    rows = (
        pl.scan_parquet(path)
        .filter(pl.col("__action__") == action)
        .sort("__row__")
        .slice(offset, limit)
        .collect()
    )
    return rows.to_dicts()


def check_unchanged(change_set: ChangeSet) -> None:
    """Make sure that what is applied is what was approved.

    Raises:
        Conflict: the staged rows are gone or are not the ones that were reviewed.
    """
    folder = folder_of(change_set)
    if not (folder / "staged.parquet").exists() or staged_hash(folder) != change_set.staged_hash:
        raise Conflict("待入库的数据与复核时不一致。", fix="请重新导入该文件。")


def columns_of(record_type: RecordType) -> list[Column]:
    """Columns of the type's import template."""
    return import_columns(record_type, places())


def json_mapping(mapping: HeaderMap) -> dict[str, object]:
    """A mapping as the change set keeps it."""
    return json.loads(
        json.dumps({"matched": mapping.matched, "unmatched": mapping.unmatched, "factors": mapping.factors})
    )


def staged_batches(
    change_set: ChangeSet, actions: tuple[str, ...], size: int = 50_000
) -> Iterator[pl.DataFrame]:
    """Staged rows in batches that fit into memory."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only an apply reads row groups

    with pq.ParquetFile(folder_of(change_set) / "staged.parquet") as file:
        for batch in file.iter_batches(batch_size=size):
            frame = pl.DataFrame(pl.from_arrow(batch))
            chosen = frame.filter(pl.col("__action__").is_in(list(actions)))
            if chosen.height:
                yield chosen
