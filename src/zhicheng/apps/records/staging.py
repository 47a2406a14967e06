"""From a file to a staged change set: typed, compared with the ledger, nothing written to it yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from django.conf import settings

from zhicheng.apps.records.columns import header_words, import_columns, places
from zhicheng.apps.records.models import ChangeSet, ImportSource
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.engines.intake import (
    ADDED_BY_REJECTS,
    Column,
    Converted,
    HeaderMap,
    Sheet,
    batches,
    convert,
    guess_type,
    map_header,
    write_rejects,
)
from zhicheng.engines.intake.kinds import Unreadable

Progress = Callable[[str, int], None]
STAGED = "staged.parquet"
# id of the record that a page edits: its key itself may be what changes
TARGET = "__target__"


class Unrecognised(Unreadable):
    """A table that no record type explains well enough; a person can say what its columns are.

    Args:
        what: what was seen.
        header: the headers as written.
        type_id: the type that was tried, empty when none fits.
    """

    code = "unrecognised_table"

    def __init__(self, what: str, *, fix: str, header: tuple[str, ...], type_id: str = "") -> None:
        super().__init__(what, fix=fix)
        self.header, self.type_id = header, type_id


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
    head = first_rows(path)
    everywhere = places()
    if type_id is None:
        types = {one.id: import_columns(one, everywhere) for one in registry}
        ranked = guess_type([one for one in head.header if one not in ADDED_BY_REJECTS], types)
        if not ranked:
            shown = "、".join(head.header[:12])
            raise Unrecognised(
                f"看不出“{path.name}”是哪一种台账，表头是：{shown}。",
                fix="请指明台账种类（命令行用 --type），或下载导入模板。",
                header=head.header,
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
    named = [one for one in head.header if one not in ADDED_BY_REJECTS]
    mapping = map_header(named, columns, corrected or kept)
    if mapping.missing:
        raise Unrecognised(
            f"“{path.name}”缺少{record_type.label}台账必需的列：{'、'.join(mapping.missing)}。",
            fix=f"文件中的表头是：{'、'.join(head.header[:15])}。请改表头，或在页面上指定对应关系。",
            header=head.header,
            type_id=record_type.id,
        )
    return record_type, mapping, head.header


def proposed_mapping(record_type: RecordType, header: tuple[str, ...]) -> HeaderMap:
    """How the headers of a file would map to a type's columns, whether or not that is enough."""
    return map_header(header, import_columns(record_type, places()))


def first_rows(path: Path) -> Sheet:
    """The first rows of a file under their header."""
    return next(iter(batches(path, vocabulary=header_words(), size=200)))


def fingerprint(header: tuple[str, ...]) -> str:
    """Name a header row, so that a corrected mapping is found again, also for the rows that came back for mending."""
    named = [one for one in header if one not in ADDED_BY_REJECTS]
    return hashlib.sha256("\x1f".join(named).encode()).hexdigest()


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
        pl.concat([converted.problems, problems.cast(converted.problems.schema)]),
    )


def stage_frame(change_set: ChangeSet, frame: pl.DataFrame) -> None:
    """Put typed rows made on a page where rows of a file would lie."""
    typed = folder_of(change_set) / "typed"
    typed.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(typed / "00000.parquet")


def staged_hash(folder: Path) -> str:
    """Hash of the staged rows: approval is for exactly these."""
    digest = hashlib.sha256()
    with (folder / STAGED).open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def regions_of(folder: Path) -> list[str]:
    """Regions that staged rows belong to, in order of their codes."""
    rows = pl.scan_parquet(folder / STAGED)
    if "region_code" not in rows.collect_schema().names():
        return []
    found = rows.select(pl.col("region_code").cast(pl.String)).unique().collect()["region_code"]
    return sorted(code for code in found.to_list() if code)


def without_region(folder: Path) -> int:
    """How many staged new rows say no region: they count for none, and no list of a region shows them."""
    rows = pl.scan_parquet(folder / STAGED)
    if "region_code" not in rows.collect_schema().names():
        return 0
    blank = (pl.col("__action__") == "new") & (pl.col("region_code").cast(pl.String).fill_null("") == "")
    return int(rows.filter(blank).select(pl.len()).collect().item())


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def columns_of(record_type: RecordType) -> list[Column]:
    """Columns of the type's import template."""
    return import_columns(record_type, places())


def json_mapping(mapping: HeaderMap) -> dict[str, object]:
    """A mapping as the change set keeps it."""
    kept: dict[str, object] = json.loads(
        json.dumps({"matched": mapping.matched, "unmatched": mapping.unmatched, "factors": mapping.factors})
    )
    return kept
