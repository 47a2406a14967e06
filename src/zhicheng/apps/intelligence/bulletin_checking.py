"""The numeric lock over a finished file: its numbers read back and held against what is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from zhicheng.apps.accounts.public import city, opening_date
from zhicheng.apps.figures.public import SignedFigure, catalogue, children_of
from zhicheng.apps.intelligence.bulletin_facts import region_names, signed_value
from zhicheng.catalogue.alias_loader import load_aliases
from zhicheng.engines.bulletins import FigureKey, SignedValue
from zhicheng.engines.bulletins.checking import Control, Found, Signed, Verdict, check
from zhicheng.engines.bulletins.document import SOURCES_TITLE
from zhicheng.engines.bulletins.formats import SCALES
from zhicheng.engines.bulletins.needs import same_day_last_year
from zhicheng.engines.bulletins.word_controls import read_controls
from zhicheng.kernel.refusals import Refusal

if TYPE_CHECKING:
    from zhicheng.engines.extraction.document import Reading
    from zhicheng.engines.extraction.figure import Figure as FoundFigure

LARGEST = 20 * 1024 * 1024
CHECKED = {"metric", "count", "change"}


@dataclass(frozen=True)
class Report:
    """What came of a check.

    Args:
        region: the file is about; ``as_of``: its numbers are held against the figures signed for this day.
        skipped: dates, time limits, reward amounts and ranks, which no figure stands behind.
    """

    name: str
    sha256: str
    region: str
    as_of: date
    verdicts: tuple[Verdict, ...]
    skipped: int

    @property
    def wrong(self) -> list[Verdict]:
        """Numbers that do not match a signed figure."""
        return [one for one in self.verdicts if one.state != "matches"]


def check_file(path: Path, *, region: str = "", as_of: date | None = None) -> Report:
    """Check a Word, PDF, HTML or text file.

    Args:
        region: six-digit code; by default what the file says of itself, else the city.
        as_of: by default what the file says of itself, else the day the pages open on.

    Raises:
        Refusal: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(
            f"文件“{path}”打不开：{error.strerror or error}。", fix="请核对文件名和读取权限。"
        ) from error
    return check_bytes(data, name=path.name, region=region, as_of=as_of)


def check_bytes(data: bytes, *, name: str, region: str = "", as_of: date | None = None) -> Report:
    """Check the bytes of a file; see ``check_file``."""
    from zhicheng.engines.extraction.extracting import extract  # noqa: PLC0415 - loads opencc and pypinyin
    from zhicheng.engines.extraction.repairing import read_bytes  # noqa: PLC0415

    if len(data) > LARGEST:
        raise Refusal(f"文件“{name}”超过 {LARGEST} 字节。", fix="请去掉图片后另存再试。")
    reading = read_bytes(data, name=name)
    controls, said_region, said_day = (
        read_controls(data) if data.startswith(b"PK\x03\x04") else ((), "", None)
    )
    here = city()
    place = region or said_region or reading.article.region_code or (here.region_code if here else "")
    day = as_of or said_day or reading.article.event_on or opening_date()
    end = reading.raw.rfind(SOURCES_TITLE)
    figures = [one for one in extract(reading, aliases=load_aliases()).figures if end < 0 or one.start < end]
    found = [_found(one, reading) for one in figures if one.kind in CHECKED]
    verdicts = check(found, controls, _signed(place, day, controls), region=place)
    return Report(name, reading.sha256, place, day, verdicts, len(figures) - len(found))


def _found(one: FoundFigure, reading: Reading) -> Found:
    written = reading.raw[one.start : one.end]
    digits = written.replace(",", "").rstrip("多余万亿千百 ")
    scale = next((size for mark, size in SCALES.items() if mark and mark in one.unit), 1)
    return Found(
        written=f"{written}{one.base_unit}", value=Decimal(one.base_value), unit=one.base_unit, scale=scale,
        places=len(digits.partition(".")[2]), approx=one.approx, kind=one.kind, id=one.indicator_id,
        region=one.region_code, sentence=one.sentence, start=one.start,
    )  # fmt: skip


def _signed(region: str, day: date, controls: tuple[Control, ...]) -> Signed:
    """Everything signed for the day in the region and its parts, and what the controls of the file name."""
    days = {day, same_day_last_year(day), *(one.key.as_of for one in controls)}
    regions = {region, *children_of(region), *(one.key.region for one in controls)}
    rows = SignedFigure.objects.filter(
        region_code__in=regions, as_of__in=days, status=SignedFigure.Status.SIGNED
    ).defer("row_keys", "statement")
    entries = catalogue()
    names = region_names({row.region_code for row in rows})
    now: dict[FigureKey, SignedValue] = {}
    before: dict[FigureKey, SignedValue] = {}
    for row in rows:
        value = signed_value(row, entries.get(row.indicator), names[row.region_code])
        key = FigureKey(row.indicator, row.region_code, row.as_of, row.period)
        (now if row.as_of == day else before)[key] = value
    return Signed(now, before)
