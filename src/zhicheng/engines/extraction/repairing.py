"""One public text from bytes to a reading: decoded, repaired, cut to the article, described, with its map."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

from zhicheng.engines.extraction.article import describe
from zhicheng.engines.extraction.boilerplate import Layout, lay_out
from zhicheng.engines.extraction.commonness import LOST
from zhicheng.engines.extraction.decoding import LARGEST
from zhicheng.engines.extraction.document import Cut, Reading, Repair
from zhicheng.engines.extraction.lines import split_lines, unwrapped
from zhicheng.engines.extraction.mapped import Edit, Mapped
from zhicheng.engines.extraction.pinyin_notes import notes
from zhicheng.engines.extraction.readers import read_characters, read_source
from zhicheng.engines.extraction.script import simplified
from zhicheng.engines.extraction.shifted import shifted_runs
from zhicheng.engines.extraction.source_text import SourceText
from zhicheng.engines.extraction.spacing import entities, lookalikes, spaces, widths
from zhicheng.kernel.refusals import Refusal

# The order matters: shifted bytes are found before widths are folded, notes before the script changes.
# Entities come twice because crawls escape them twice.
_STEPS: tuple[Callable[[str], Iterable[Edit]], ...] = (
    entities, entities, shifted_runs, notes, spaces, widths, lookalikes, simplified,
)  # fmt: skip


def read_file(path: Path | str) -> Reading:
    """Read a file.

    Raises:
        Refusal: it is not there, or see ``read_bytes``.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(
            f"文件“{path}”打不开：{error.strerror or error}。", fix="请核对文件名和读取权限。"
        ) from error
    return read_bytes(data, name=path.name)


def read_bytes(data: bytes, *, name: str) -> Reading:
    """Read the bytes of a text, HTML, DOCX or PDF file.

    Args:
        data: the file.
        name: its name, for messages only; the format is told by the bytes.

    Raises:
        Refusal: empty, too large, unreadable, encrypted, broken, or without text.
    """
    return _read(read_source(data, name=name), data, name)


def read_text(text: str, *, name: str = "") -> Reading:
    """Read text that is decoded already; the hash is that of its UTF-8 form."""
    data = text.encode("utf-8", "surrogatepass")
    return _read(read_characters(text, "unicode", name=name), data, name)


def _read(source: SourceText, data: bytes, name: str) -> Reading:
    raw = source.raw
    mapped = source.mapped
    repairs: list[Repair] = []
    for step in _STEPS:
        mapped, log = mapped.apply(step(mapped.text), raw)
        repairs += log
    mapped, log = mapped.apply(unwrapped(mapped.text, hard_wrapped=source.hard_wrapped), raw)
    repairs += log
    repairs += _broken(mapped, raw)
    layout = lay_out(split_lines(mapped, source.zones))
    body, title = _body(mapped, layout)
    paragraphs = [line for line in body.text.split("\n") if line][1 if title else 0 :]
    return Reading(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=source.encoding,
        raw=raw,
        text=body.text,
        origin=(*body.starts, len(raw)),
        repairs=tuple(sorted(repairs, key=lambda one: (one.start, one.end))),
        cuts=tuple(_cuts(mapped, layout)),
        article=describe(title, layout.imprint(), paragraphs, source.declared),
        ends=tuple(body.ends),
    )


def _broken(mapped: Mapped, raw: str) -> Iterable[Repair]:
    """Places where the bytes made no character and nothing could be restored: they keep their mark."""
    for one in re.finditer(f"{LOST}+", mapped.text):
        start, end = mapped.raw_of(one.start(), one.end())
        if LOST in raw[start:end]:
            reason = "此处字节不成字，没有依据可以复原，留作标记"
            yield Repair("lost_character", start, end, raw[start:end], one[0], reason, Decimal(0))


def _body(mapped: Mapped, layout: Layout) -> tuple[Mapped, str]:
    """The lines of the article joined, headline first, and the headline."""
    order = layout.kept()
    if layout.title is not None:
        order.sort(key=lambda at: at != layout.title)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    title = ""
    for at in order:
        line = layout.lines[at]
        end = line.end
        if at == layout.title:
            end = line.start + (layout.title_end or len(line.text))
            title = mapped.text[line.start : end]
        if words:
            # the break stands for whatever lay between the lines
            words.append("\n")
            starts.append(ends[-1])
            ends.append(max(ends[-1], mapped.starts[line.start]))
        words.append(mapped.text[line.start : end])
        starts += mapped.starts[line.start : end]
        ends += mapped.ends[line.start : end]
    return Mapped("".join(words), starts, ends), title


def _cuts(mapped: Mapped, layout: Layout) -> Iterable[Cut]:
    for at, (kind, reason) in sorted(layout.cuts.items()):
        line = layout.lines[at]
        start, end = mapped.raw_of(line.start, line.end)
        yield Cut(kind, start, end, reason)
    if layout.title is not None and layout.title_end:
        line = layout.lines[layout.title]
        if line.start + layout.title_end < line.end:
            start, end = mapped.raw_of(line.start + layout.title_end, line.end)
            yield Cut("navigation", start, end, "网页标题中的站点名")
