"""How many rows a sheet of a workbook holds, counted as it streams past: before the sheet is loaded into memory."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

CHUNK = 4 * 1024**2
SMALL = 8 * 1024**2  # of XML; a sheet this small cannot hold many rows


def longest_sheet(path: Path, *, enough: int) -> int:
    """Rows with content of the longest sheet, counted up to one more than `enough`.

    Args:
        path: an XLSX file.
        enough: where counting may stop.
    """
    stamp = path.stat()
    return _longest(path, enough, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=16)
def _longest(path: Path, enough: int, changed: int, size: int) -> int:
    del changed, size  # parts of the key: another file is counted anew
    most = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and entry.file_size > SMALL:
                most = max(most, _rows(archive, entry, enough))
    return most


def _rows(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, enough: int) -> int:
    count, rest = 0, b""
    with archive.open(entry) as stream:
        while count <= enough and (block := stream.read(CHUNK)):
            block = rest + block
            cut = block.rfind(b"<row")
            whole, rest = (block[:cut], block[cut:]) if cut > 0 else (b"", block)
            count += _filled(whole)
    return min(count + _filled(rest), enough + 1)


def _filled(text: bytes) -> int:
    """Rows in a piece of a sheet that hold a value; formatted blank ones do not count."""
    parts = text.split(b"<row")[1:]
    return sum(1 for part in parts if part[:1] in (b" ", b">") and (b"<v" in part or b"<is" in part))
