"""PDF files with text to lines; files without text, encrypted or broken ones are refused in words."""

from __future__ import annotations

import logging
import time
from io import BytesIO

from zhicheng.engines.extraction.mapped import Mapped
from zhicheng.engines.extraction.source_text import SourceText
from zhicheng.kernel.refusals import Refusal

LARGEST = 20 * 1024 * 1024
MOST_PAGES = 300
LONGEST = 300_000
MOST_SECONDS = 20.0
_FIX_BROKEN = "请重新下载，或用阅读软件另存一份再试。"
_FIX_OCR = "请先做文字识别（OCR），或交文本、Word 文件。"


def read_pdf(data: bytes, *, name: str) -> SourceText:
    """Return the text of a PDF; offsets are those of the text taken out, page after page.

    Raises:
        Refusal: too large, too many pages, encrypted, broken, without text, or slower than the limit.
    """
    if len(data) > LARGEST:
        raise Refusal(f"PDF“{name}”超过 {LARGEST} 字节。", fix="请只交有关的页。")
    # pypdf reports every oddity of a file as a warning; our reader sees the refusal instead
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        text = _pages(data, name)
    except Refusal:
        raise
    # a parser fed with hostile bytes fails in ways its authors did not list
    except (Exception, RecursionError) as error:
        raise Refusal(f"PDF“{name}”已损坏，读不出来（{type(error).__name__}）。", fix=_FIX_BROKEN) from error
    if sum(char.isalnum() for char in text) < 10:
        raise Refusal(f"PDF“{name}”里没有文字，可能是扫描件。", fix=_FIX_OCR)
    return SourceText(text, "PDF", Mapped.whole(text), hard_wrapped=True)


def _pages(data: bytes, name: str) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - 0.3 s that only a PDF pays for

    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refusal(f"PDF“{name}”已加密。", fix="请去掉密码后再试。")
    if len(reader.pages) > MOST_PAGES:
        raise Refusal(f"PDF“{name}”有 {len(reader.pages)} 页，超过 {MOST_PAGES} 页。", fix="请只交有关的页。")
    texts: list[str] = []
    size = 0
    # the clock here only bounds the work, it never enters a result
    deadline = time.monotonic() + MOST_SECONDS
    for page in reader.pages:
        texts.append(page.extract_text().rstrip("\n") + "\n")
        size += len(texts[-1])
        if size > LONGEST or time.monotonic() > deadline:
            raise Refusal(f"PDF“{name}”内容过多，读到第 {len(texts)} 页已超过上限。", fix="请只交有关的页。")
    # a lone surrogate cannot be written out again
    return "".join(texts).encode("utf-8", "replace").decode("utf-8")
