"""Bytes to text: the encoding is found, shown, and refused where no reading makes sense."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from zhicheng.engines.extraction.commonness import commonness
from zhicheng.kernel.refusals import Refusal

LARGEST = 20 * 1024 * 1024
_SAMPLE = 4000
# Below this mean commonness a decoded text is noise: real articles score above 0.7.
_READABLE = 0.35
_FEW_BROKEN = 0.02
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_BINARY = (
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.doc、.xls）"),
    (b"\x7fELF", "程序"),
    (b"MZ\x90", "程序"),
    (b"\x1f\x8b", "压缩文件"),
    (b"Rar!", "压缩文件"),
    (b"7z\xbc\xaf", "压缩文件"),
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{3,20})")
_FIX = "请另存为 UTF-8 文本、HTML、DOCX 或带文字的 PDF 后再试。"


def decode(data: bytes, *, name: str = "") -> tuple[str, str]:
    """Return the text of some bytes and the name of its encoding.

    A byte order mark decides; then UTF-8 if it fits; then the reading among UTF-8 with few broken bytes,
    GB18030, Big5 and UTF-16 that looks most like a published Chinese text.

    Raises:
        Refusal: too large, a known binary format, or no reading makes sense.
    """
    if len(data) > LARGEST:
        raise Refusal(
            f"文件“{name}”有 {len(data)} 字节，超过 {LARGEST} 字节的上限。", fix="请只交一篇文章的文件。"
        )
    for mark, kind in _BINARY:
        if data.startswith(mark):
            raise Refusal(f"文件“{name}”是{kind}，不是文章文本。", fix=_FIX)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _sensible(data[len(mark) :].decode(encoding, "replace"), name), encoding
    if b"\x00" not in data:
        try:
            return _sensible(data.decode("utf-8"), name), "utf-8"
        except UnicodeDecodeError:
            pass
    return _best(data, name)


def _best(data: bytes, name: str) -> tuple[str, str]:
    """The most plausible of the encodings that Chinese public texts come in."""
    declared = _DECLARED.search(data, 0, 4096)
    hint = _known(declared[1].decode("ascii")) if declared else ""
    wide = b"\x00" in data or b"\n\x00" in data or _looks_wide(data)
    encodings = ("utf-16-le", "utf-16-be") if b"\x00" in data else ("utf-8", "gb18030", "big5hkscs")
    if wide and b"\x00" not in data:
        encodings = (*encodings, "utf-16-le", "utf-16-be")
    scored: list[tuple[float, str, str]] = []
    for encoding in encodings:
        text = data.decode(encoding, "replace")
        broken = text.count("\ufffd") / max(len(text), 1)
        if broken <= _FEW_BROKEN or (broken < 0.2 and len(text) < 60):
            bonus = 0.1 if encoding == hint else 0.0
            scored.append((_score(text) - 10 * broken + bonus, encoding, text))
    if not scored:
        raise _unreadable(name)
    score, encoding, text = max(scored)
    if score < _READABLE:
        raise _unreadable(name)
    return text, encoding


def _known(label: str) -> str:
    label = label.lower()
    if label in ("gb2312", "gbk", "gb18030", "gb_2312-80"):
        return "gb18030"
    return "big5hkscs" if label.startswith("big5") else label


def _looks_wide(data: bytes) -> bool:
    """UTF-16 of Chinese has its high bytes, 4E to 9F and the marks' 30 and FF, at every second place."""
    head = data[:_SAMPLE]
    return any(
        sum(0x4E <= byte <= 0x9F or byte in (0x30, 0xFF) for byte in head[side::2]) * 2 > len(head) * 0.8
        for side in (0, 1)
    )


def _score(text: str) -> float:
    """Mean commonness over the start and a sprinkling of the rest; spaces do not count."""
    step = max(1, (len(text) - _SAMPLE) // _SAMPLE)
    sample = [char for char in (*text[:_SAMPLE], *islice(text, _SAMPLE, None, step)) if not char.isspace()]
    return sum(map(commonness, sample)) / len(sample) if sample else 0.5


def _sensible(text: str, name: str) -> str:
    """UTF-8 or marked text is taken at its word unless it is full of control characters."""
    controls = sum(char < " " and char not in "\t\n\r\f\v" for char in text[:_SAMPLE])
    if controls > 0.05 * len(text[:_SAMPLE]):
        raise _unreadable(name)
    return text


def _unreadable(name: str) -> Refusal:
    return Refusal(
        f"文件“{name}”按 UTF-8、GB18030、Big5、UTF-16 都读不出通顺的文字，可能不是文本或已经损坏。",
        fix=_FIX,
    )
