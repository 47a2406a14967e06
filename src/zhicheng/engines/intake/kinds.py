"""What a file is, judged by its content and never by its name; dangerous ones are not opened."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from zhicheng.engines.intake.long_sheets import longest_sheet
from zhicheng.kernel.refusals import Refusal

SAMPLE = 256 * 1024
MAX_BYTES = 2 * 1024**3
# A workbook is XML in a zip: one that swells more than this is a bomb or far beyond what Excel itself opens.
MAX_WORKBOOK_BYTES = 1_500 * 1024**2
MAX_SWELL = 200
# A workbook is read sheet by sheet as a whole: beyond this many rows its memory passes 1.5 GB.
WORKBOOK_LIMIT = 300_000
DELIMITERS = (",", "\t", ";", "|", "，")


class Unreadable(Refusal):
    """The file cannot be read as a table at all; nothing was changed."""

    code = "unreadable_file"


@dataclass(frozen=True)
class FileKind:
    """What a file turned out to be.

    Args:
        kind: `csv`, `xlsx`, `xls`, `jsonl` or `xml`.
        encoding: of a text file, empty for the others.
        delimiter: of a CSV, empty for the others.
        notes: things the person should know, such as a name that does not fit the content.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = ()


def sniff(path: Path) -> FileKind:
    """Tell what a file is.

    Raises:
        Unreadable: it is missing, empty, too large, a zip bomb, encrypted, or no kind we know.
    """
    if not path.is_file():
        raise Unreadable(f"找不到文件“{path.name}”。", fix="请核对路径。")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(f"文件“{path.name}”是空的。", fix="请重新导出后再试。")
    if size > MAX_BYTES:
        raise Unreadable(
            f"文件“{path.name}”有 {size / 1024**3:.1f} GB，超过 2 GB 上限。", fix="请按年度拆成几个文件。"
        )
    with path.open("rb") as stream:
        head = stream.read(SAMPLE)
    kind = _by_content(path, head)
    expected = {"csv": (".csv", ".txt", ".tsv"), "jsonl": (".jsonl", ".json", ".ndjson")}.get(
        kind.kind, (f".{kind.kind}",)
    )
    if path.suffix.lower() in expected:
        return kind
    note = f"文件名以“{path.suffix}”结尾，内容却是 {kind.kind.upper()}，按内容读取。"
    return FileKind(kind.kind, kind.encoding, kind.delimiter, (*kind.notes, note))


def _by_content(path: Path, head: bytes) -> FileKind:
    if head.startswith(b"PK\x03\x04"):
        _check_workbook(path)
        return FileKind("xlsx", notes=(f"XLSX 每张表最多读取 {WORKBOOK_LIMIT:,} 行；更多请用 CSV。",))
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return FileKind("xls", notes=("XLS 每张表最多 65,536 行；更多请用 CSV。",))
    if head.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z", b"Rar!", b"\x7fELF", b"MZ")
    ):
        raise Unreadable(
            f"文件“{path.name}”不是表格。", fix="请提供 CSV、XLSX、XLS、JSON Lines 或专利 XML 文件。"
        )
    encoding = encoding_of(head)
    text = head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    if encoding != "utf-16" and head.count(b"\x00") > len(head) // 100:
        raise Unreadable(
            f"文件“{path.name}”不是文本，也不是认识的表格格式。", fix="请重新导出为 CSV 或 XLSX。"
        )
    if text.startswith("<"):
        return FileKind("xml", encoding)
    if text.startswith(("{", "[")):
        return FileKind("jsonl", encoding)
    if text.count("\ufffd") > max(20, len(text) // 50):
        raise Unreadable(f"文件“{path.name}”的文字编码无法识别。", fix="请用 UTF-8 或 GB18030 重新导出。")
    return FileKind("csv", encoding, _delimiter(text))


def encoding_of(head: bytes) -> str:
    """Name the encoding of a sample: a byte-order mark decides, then UTF-8, then GB18030, then a guess."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        try:
            head.decode(name)
        except UnicodeDecodeError as error:
            if len(head) - error.start <= 4:  # a character cut by the end of the sample
                return name
        else:
            return name
    best = from_bytes(head[:65536]).best()
    return best.encoding if best else "gb18030"


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable(f"文件“{path.name}”不完整，打不开。", fix="请重新导出或重新传输。") from error
    swollen = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if swollen > MAX_WORKBOOK_BYTES or (swollen > 50 * 1024**2 and swollen / packed > MAX_SWELL):
        raise Unreadable(
            f"文件“{path.name}”展开后有 {swollen / 1024**2:,.0f} MB，疑似压缩炸弹。",
            fix="请另存为 CSV 后再导入。",
        )
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise Unreadable(
            f"文件“{path.name}”是压缩包，但不是 Excel 工作簿。", fix="请解压后分别导入其中的表格。"
        )
    if longest_sheet(path, enough=WORKBOOK_LIMIT) > WORKBOOK_LIMIT:
        raise Unreadable(
            f"工作簿“{path.name}”有一张表超过 {WORKBOOK_LIMIT:,} 行，没有读取。",
            fix="请另存为 CSV 后导入：CSV 不限行数。",
        )


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if not lines:
        return ","
    steady = {
        mark: min(line.count(mark) for line in lines[: max(1, len(lines) - 1)]) * 1000 + lines[0].count(mark)
        for mark in DELIMITERS
    }
    best = max(steady, key=lambda mark: steady[mark])
    return best if steady[best] > 0 else ","
