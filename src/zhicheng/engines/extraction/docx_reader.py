"""Word files to text, paragraph by paragraph and cell by cell; guarded against packed bombs."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from zhicheng.engines.extraction.mapped import Mapped
from zhicheng.engines.extraction.source_text import SourceText, Zone
from zhicheng.kernel.refusals import Refusal

LARGEST = 20 * 1024 * 1024
LARGEST_XML = 30 * 1024 * 1024
DEEPEST = 400
_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FIX = "请用 Word 打开后另存为 .docx，或复制正文为文本后再试。"


def read_docx(data: bytes, *, name: str) -> SourceText:
    """Return the text of a Word file; offsets are those of the text taken out, not of the packed file.

    Raises:
        Refusal: not a Word file, broken, encrypted, too large unpacked, nested too deeply, or without text.
    """
    xml = _document(data, name)
    try:
        text, zones = _paragraphs(xml, name)
    except DefusedXmlException as error:
        raise Refusal(f"Word 文件“{name}”里有外部实体，出于安全不读。", fix=_FIX) from error
    except ParseError as error:
        raise Refusal(f"Word 文件“{name}”的内容已损坏：{error}。", fix=_FIX) from error
    if not text.strip():
        raise Refusal(f"Word 文件“{name}”里没有文字，可能只有图片。", fix="请先做文字识别（OCR）后再试。")
    return SourceText(text, "DOCX", Mapped.whole(text), tuple(zones))


def _document(data: bytes, name: str) -> bytes:
    """The main part, unpacked no further than the limit whatever the archive claims."""
    if len(data) > LARGEST:
        raise Refusal(f"Word 文件“{name}”超过 {LARGEST} 字节。", fix="请去掉图片后另存再试。")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if _PART not in archive.namelist():
                raise Refusal(f"压缩文件“{name}”不是 Word 文件：缺 {_PART}。", fix=_FIX)
            if archive.getinfo(_PART).flag_bits & 1:
                raise Refusal(f"Word 文件“{name}”已加密。", fix="请去掉密码后再试。")
            with archive.open(_PART) as part:
                xml = part.read(LARGEST_XML + 1)
    # a hostile archive makes zipfile raise any of these
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError,
    ) as error:  # fmt: skip
        raise Refusal(f"Word 文件“{name}”打不开，可能已截断或损坏（{error}）。", fix=_FIX) from error
    if len(xml) > LARGEST_XML:
        raise Refusal(f"Word 文件“{name}”解开后超过 {LARGEST_XML} 字节，疑为压缩炸弹。", fix=_FIX)
    return xml


def _paragraphs(xml: bytes, name: str) -> tuple[str, list[Zone]]:
    """The text, a line per paragraph, with headings and table cells as zones."""
    lines: list[str] = []
    zones: list[Zone] = []
    open_paragraphs: list[list[str]] = []
    styles: list[str] = []
    size = depth = cells = fallbacks = 0
    for event, element in iterparse(BytesIO(xml), events=("start", "end")):
        tag = element.tag.replace(_STRICT, _W)
        if event == "start":
            depth += 1
            if depth > DEEPEST:
                raise Refusal(f"Word 文件“{name}”嵌套超过 {DEEPEST} 层。", fix=_FIX)
            cells += tag == f"{_W}tc"
            fallbacks += tag == _FALLBACK
            if tag == f"{_W}p":
                open_paragraphs.append([])
                styles.append("")
            continue
        depth -= 1
        cells -= tag == f"{_W}tc"
        fallbacks -= tag == _FALLBACK
        if open_paragraphs and not fallbacks:
            open_paragraphs[-1].append(_characters(tag, element))
            styles[-1] = _style(tag, element) or styles[-1]
        if tag == f"{_W}p" and open_paragraphs:
            line, style = "".join(open_paragraphs.pop()), styles.pop()
            if line.strip():
                lines.append(line + "\n")
                role = _role(style, cells)
                if role:
                    zones.append(Zone(size, size + len(line), role))
                size += len(line) + 1
        element.clear()
    return "".join(lines), zones


def _characters(tag: str, element: Any) -> str:
    if tag == f"{_W}t":
        return element.text or ""
    if tag in (f"{_W}br", f"{_W}cr"):
        return "\n"
    return "\t" if tag == f"{_W}tab" and not len(element) and not element.attrib else ""


def _style(tag: str, element: Any) -> str:
    if tag != f"{_W}pStyle":
        return ""
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}val")), "")


def _role(style: str, cells: int) -> str:
    if cells:
        return "cell"
    return "heading" if style.lower() in ("title", "标题", "a3", "heading1", "1") else ""
