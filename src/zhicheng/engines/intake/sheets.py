"""Tables of text cells out of CSV, workbooks, JSON lines and patent XML, in batches that fit into memory."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from zhicheng.engines.intake.columns import plain
from zhicheng.engines.intake.kinds import WORKBOOK_LIMIT, FileKind, Unreadable, sniff
from zhicheng.engines.intake.patent_xml import patent_rows

BATCH = 100_000
HEADER_SEARCH = 20
# Row numbers of the second sheet of a workbook begin here: twice what a sheet can hold.
SHEET_ROWS = 2_000_000
# One cell longer than this is no cell but a broken file.
csv.field_size_limit(4 * 1024**2)


@dataclass(frozen=True)
class Sheet:
    """A piece of a table.

    Args:
        name: sheet name, or the file's.
        header: headers in their order, unique.
        frame: text columns under these headers and `__row__`, the row number in the file (`row_words`).
    """

    name: str
    header: tuple[str, ...]
    frame: pl.DataFrame


Choose = Callable[[list[str]], int]


def batches(
    path: Path, *, vocabulary: frozenset[str] = frozenset(), sheet: str | None = None, size: int = BATCH
) -> Iterator[Sheet]:
    """Yield a file's rows in batches, every cell as text.

    Args:
        path: the file.
        vocabulary: plain header words; the row that holds most of them is the header.
        sheet: name of the sheet to read, by default every sheet with the header that says most.
        size: rows a batch.

    Raises:
        Unreadable: the file cannot be read as a table.
    """
    kind = sniff(path)
    readers = {"csv": _csv, "xlsx": _workbook, "xls": _workbook, "jsonl": _json, "xml": _xml}
    return readers[kind.kind](path, kind, vocabulary, sheet, size)


def _csv(
    path: Path, kind: FileKind, vocabulary: frozenset[str], sheet: str | None, size: int
) -> Iterator[Sheet]:
    del sheet
    with path.open("rb") as raw:
        text = codecs.getreader(kind.encoding)(raw, "replace")
        rows = csv.reader(_without_nulls(text), delimiter=kind.delimiter)
        yield from _from_rows(path.name, _numbered(rows, path), vocabulary, size)


def _without_nulls(lines: codecs.StreamReader) -> Iterator[str]:
    for line in io.TextIOWrapper(io.BufferedReader(_Recoded(lines)), encoding="utf-8", newline=""):  # type: ignore[type-var]
        yield line.replace("\x00", "")


class _Recoded(io.RawIOBase):
    """A stream of another encoding as bytes of UTF-8, so that lines break as a text file's do."""

    def __init__(self, source: codecs.StreamReader) -> None:
        self._source = source
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self._left:
            self._left = self._source.read(1 << 16).encode("utf-8", "replace")
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _numbered(rows: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                f"文件“{path.name}”第 {number} 行附近引号不成对或单元格过长。", fix="请检查该行后重试。"
            ) from error
        yield number, row


def _workbook(
    path: Path, kind: FileKind, vocabulary: frozenset[str], sheet: str | None, size: int
) -> Iterator[Sheet]:
    del kind
    try:
        book = fastexcel.read_excel(str(path))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise Unreadable(f"工作簿里没有“{sheet}”这张表。", fix=f"现有：{'、'.join(names)}。")
        chosen, _ = _like_each_other(book, [sheet] if sheet else names, vocabulary)
        for name in chosen:
            offset = names.index(name) * SHEET_ROWS
            frame = book.load_sheet(
                name, header_row=None, dtypes="string", n_rows=WORKBOOK_LIMIT + 1
            ).to_polars()
            if frame.height > WORKBOOK_LIMIT:
                raise Unreadable(
                    f"工作表“{name}”超过 {WORKBOOK_LIMIT:,} 行，没有读取。",
                    fix="请另存为 CSV 后导入：CSV 不限行数。",
                )
            rows = (
                (offset + number, ["" if cell is None else cell for cell in row])
                for number, row in enumerate(frame.iter_rows(), 1)
            )
            yield from _from_rows(name, rows, vocabulary, size)
        if chosen:
            return
    except fastexcel.FastExcelError as error:
        raise Unreadable(
            f"工作簿“{path.name}”打不开：可能加了密码或已损坏。", fix="请去掉密码另存，或导出为 CSV。"
        ) from error
    raise Unreadable(f"工作簿“{path.name}”没有一行数据。", fix="请核对工作表。")


def _like_each_other(
    book: fastexcel.ExcelReader, names: Sequence[str], vocabulary: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Sheets that hold the same kind of rows, in order, and those left out: cover pages, notes, sums."""
    known: dict[str, frozenset[str]] = {}
    for name in names:
        frame = book.load_sheet(name, header_row=None, n_rows=HEADER_SEARCH, dtypes="string").to_polars()
        if frame.height == 0:
            continue
        rows = [
            (number, ["" if cell is None else cell for cell in row])
            for number, row in enumerate(frame.iter_rows(), 1)
        ]
        _, header = _find_header(rows, vocabulary)
        known[name] = frozenset(plain(cell) for cell in header) & vocabulary
    best = max(known.values(), key=len, default=frozenset())
    first = next((name for name, words in known.items() if words == best), "")
    chosen = [name for name, words in known.items() if words == best] if best else [first] if first else []
    return chosen, [name for name in known if name not in chosen]


def sheets_left_out(path: Path, vocabulary: frozenset[str]) -> list[str]:
    """Names of a workbook's sheets that are not read because they hold something else; empty for other files."""
    if sniff(path).kind not in {"xlsx", "xls"}:
        return []
    try:
        book = fastexcel.read_excel(str(path))
        return _like_each_other(book, book.sheet_names, vocabulary)[1]
    except fastexcel.FastExcelError:
        return []


def row_words(row: int) -> str:
    """A row number as a person finds it: the row, and which sheet when it is not the first."""
    sheet, number = divmod(row, SHEET_ROWS)
    return f"第{sheet + 1}张表 {number}" if sheet else str(number)


def _json(
    path: Path, kind: FileKind, vocabulary: frozenset[str], sheet: str | None, size: int
) -> Iterator[Sheet]:
    del sheet, vocabulary
    records: list[dict[str, str]] = []
    start = 1
    with path.open(encoding=kind.encoding, errors="replace") as stream:
        for number, record in _json_records(stream, path):
            records.append({str(key): _cell(value) for key, value in record.items()})
            if len(records) == size:
                yield _from_records(path.name, records, start)
                start, records = number + 1, []
    if records:
        yield _from_records(path.name, records, start)


def _json_records(stream: io.TextIOBase, path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    first = stream.read(1)
    stream.seek(0)
    if first == "[":
        try:
            loaded = json.load(stream)
        except (json.JSONDecodeError, RecursionError) as error:
            raise Unreadable(
                f"文件“{path.name}”不是完整的 JSON。", fix="请重新导出，或改用一行一条的 JSON Lines。"
            ) from error
        yield from ((number, one) for number, one in enumerate(loaded, 1) if isinstance(one, dict))
        return
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise Unreadable(
                f"文件“{path.name}”第 {number} 行不是 JSON。", fix="请每行放一条记录。"
            ) from error
        if isinstance(record, dict):
            yield number, record


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(_cell(one) for one in value)
    return str(value)


def _xml(
    path: Path, kind: FileKind, vocabulary: frozenset[str], sheet: str | None, size: int
) -> Iterator[Sheet]:
    del kind, vocabulary, sheet
    records: list[dict[str, str]] = []
    start = 1
    for record in patent_rows(path):
        records.append(record)
        if len(records) == size:
            yield _from_records(path.name, records, start)
            start, records = start + size, []
    if records:
        yield _from_records(path.name, records, start)


def _from_records(name: str, records: Sequence[dict[str, str]], start: int) -> Sheet:
    header = tuple(dict.fromkeys(key for record in records for key in record))
    columns = {key: [record.get(key, "") for record in records] for key in header}
    frame = pl.DataFrame({"__row__": range(start, start + len(records)), **columns}, strict=False)
    return Sheet(name, header, frame)


def _from_rows(
    name: str, rows: Iterator[tuple[int, list[str]]], vocabulary: frozenset[str], size: int
) -> Iterator[Sheet]:
    first = [row for _, row in zip(range(HEADER_SEARCH), rows, strict=False)]
    if not any(any(cell.strip() for cell in cells) for _, cells in first):
        raise Unreadable(f"“{name}”里没有表头。", fix="请确认第一张表有表头和数据。")
    at, header = _find_header(first, vocabulary)
    waiting = [row for row in first[at + 1 :] if any(row[1])]
    produced = False
    while True:
        waiting += [row for _, row in zip(range(size - len(waiting)), rows, strict=False)]
        filled = [(number, cells) for number, cells in waiting if any(cell.strip() for cell in cells)]
        if (waiting and filled) or not produced:
            produced = True
            yield Sheet(name, header, _frame(header, filled))
        if len(waiting) < size:
            return
        waiting = []


def _find_header(
    rows: list[tuple[int, list[str]]], vocabulary: frozenset[str]
) -> tuple[int, tuple[str, ...]]:
    def known(cells: Sequence[str]) -> tuple[int, int]:
        return sum(plain(cell) in vocabulary for cell in cells), sum(bool(cell.strip()) for cell in cells)

    best, header = 0, rows[0][1]
    score = (-1, -1)
    for index, (_, cells) in enumerate(rows):
        candidates = [(index, cells)]
        if index + 1 < len(
            rows
        ):  # a merged header in two rows: what the upper one leaves blank the lower one says
            candidates.append((index + 1, _joined(cells, rows[index + 1][1])))
        for last, joined in candidates:
            found = known(joined)
            if found[0] > score[0] or (score[0] <= 0 and found > score):
                best, header, score = last, joined, found
    return best, _unique(header)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    top = [*upper, *[""] * (width - len(upper))]
    bottom = [*lower, *[""] * (width - len(lower))]
    return [low.strip() or high.strip() for high, low in zip(top, bottom, strict=True)]


def _unique(header: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for position, written in enumerate(header, 1):
        name = written.strip().replace("\n", "") or f"第{position}列"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(names)


def _frame(header: tuple[str, ...], rows: list[tuple[int, list[str]]]) -> pl.DataFrame:
    width = len(header)
    numbers = [number for number, _ in rows]
    padded = [
        cells if len(cells) == width else [*cells[:width], *[""] * (width - len(cells))] for _, cells in rows
    ]
    columns = zip(*padded, strict=True) if padded else [[] for _ in header]
    data = {name: list(cells) for name, cells in zip(header, columns, strict=True)}
    return pl.DataFrame(
        {"__row__": numbers, **data},
        schema={"__row__": pl.Int64, **dict.fromkeys(header, pl.String)},
        strict=False,
    )
