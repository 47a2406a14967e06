"""Which reader a file goes to: by its first bytes, never by its name."""

from __future__ import annotations

import re

from zhicheng.engines.extraction.decoding import decode
from zhicheng.engines.extraction.docx_reader import read_docx
from zhicheng.engines.extraction.html_reader import read_html
from zhicheng.engines.extraction.mapped import Mapped
from zhicheng.engines.extraction.pdf_reader import read_pdf
from zhicheng.engines.extraction.source_text import SourceText
from zhicheng.kernel.refusals import Refusal

_HTML_HEAD = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?<(?:!doctype\s+html|html|head|body)\b", re.I
)
_HTML_TAG = re.compile(r"</?(?:p|div|br|span|table|td|h[1-6]|a|strong|section)\b[^<>]{0,500}>", re.I)
# So many tags per thousand characters are a fragment of a page, not a text that mentions one.
_TAGGED = 4
_SNIFFED = 20_000
LONGEST = 2_000_000
# as much running text as a book has
LONGEST_TEXT = 300_000
# no paragraph of an article comes near; a line like this is data, or made to keep the reader busy
LONGEST_LINE = 50_000


def read_source(data: bytes, *, name: str) -> SourceText:
    """Return what a file holds.

    Raises:
        Refusal: empty, too large, broken, encrypted, or without text.
    """
    if not data.strip():
        raise Refusal(f"文件“{name}”是空的。", fix="请检查文件是否下载完整。")
    if data.startswith(b"PK\x03\x04"):
        return read_docx(data, name=name)
    if b"%PDF-" in data[:1024]:
        return read_pdf(data, name=name)
    text, encoding = decode(data, name=name)
    return read_characters(text, encoding, name=name)


def read_characters(text: str, encoding: str, *, name: str) -> SourceText:
    """Return decoded text as a source: a page if it is one, otherwise plain text."""
    if len(text) > LONGEST:
        raise Refusal(
            f"文件“{name}”有 {len(text)} 个字符，超过 {LONGEST} 个的上限。", fix="请只交一篇文章的文件。"
        )
    if not text.strip():
        raise Refusal(f"文件“{name}”只有空白。", fix="请检查文件是否下载完整。")
    page = is_html(text)
    source = read_html(text, encoding, name=name) if page else SourceText(text, encoding, Mapped.whole(text))
    if len(source.mapped.text) > LONGEST_TEXT:
        raise Refusal(
            f"文件“{name}”有 {len(source.mapped.text)} 个字符的文字，超过 {LONGEST_TEXT} 个的上限。",
            fix="请只交一篇文章的文件。",
        )
    longest = max(map(len, source.mapped.text.splitlines()), default=0)
    if longest > LONGEST_LINE:
        raise Refusal(
            f"文件“{name}”有一行长达 {longest} 个字符，超过 {LONGEST_LINE} 个的上限，不像文章的段落。",
            fix="请只交一篇文章的文件，段落分行。",
        )
    return source


def is_html(text: str) -> bool:
    """Whether a text is HTML or a fragment of it."""
    if _HTML_HEAD.match(text):
        return True
    head = text[:_SNIFFED]
    if "<" not in head:
        return False
    tags = sum(1 for _ in _HTML_TAG.finditer(head))
    return tags >= 2 and tags * 1000 >= _TAGGED * len(head)
