"""HTML to lines of text whose characters keep their place in the source; tolerant, linear, bounded."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date

from zhicheng.engines.extraction.dates import full_date
from zhicheng.engines.extraction.html_roles import BLOCKS, RAW_TEXT, SKIPPED, role_of
from zhicheng.engines.extraction.html_tokens import Tag, tokens
from zhicheng.engines.extraction.mapped import Mapped
from zhicheng.engines.extraction.source_text import Declared, SourceText, Zone
from zhicheng.kernel.refusals import Refusal

DEEPEST = 1000
_SELF_ENDING = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "option", "a"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
_META_KEYS = {
    "publisher": ("source", "contentsource", "og:site_name", "article:publisher", "sitename"),
    "author": ("author", "article:author", "og:article:author"),
    "published": (
        "pubdate",
        "publishdate",
        "article:published_time",
        "og:release_date",
        "publish_time",
        "date",
    ),
}


@dataclass
class _Open:
    name: str
    role: str
    start: int
    skipped: bool


@dataclass
class _Page:
    """What has been read so far."""

    source: str
    name: str
    text: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    open_names: dict[str, int] = field(default_factory=dict)
    skipping: int = 0
    meta: dict[str, str] = field(default_factory=dict)

    def add_text(self, start: int, end: int) -> None:
        """Take a stretch of text; line breaks and indents of the source are one space."""
        if self.skipping:
            return
        at = start
        for gap in _SPACE.finditer(self.source, start, end):
            self._add(at, gap.start())
            if self.text and self.text[-1] not in (" ", "\n"):
                self._put(" ", gap.start(), gap.end())
            at = gap.end()
        self._add(at, end)

    def _add(self, start: int, end: int) -> None:
        self.text += self.source[start:end]
        self.starts += range(start, end)
        self.ends += range(start + 1, end + 1)

    def _put(self, char: str, start: int, end: int) -> None:
        self.text.append(char)
        self.starts.append(start)
        self.ends.append(end)

    def break_line(self, start: int, end: int) -> None:
        """End the line, once."""
        if self.text and self.text[-1] != "\n" and not self.skipping:
            self._put("\n", start, end)

    def open(self, tag: Tag) -> None:
        """Enter an element."""
        if len(self.stack) >= DEEPEST:
            raise Refusal(
                f"网页“{self.name}”的标记嵌套超过 {DEEPEST} 层，不是正常的文章页面。",
                fix="请把文章正文另存为文本后再试。",
            )
        skipped = tag.name in SKIPPED
        self.stack.append(_Open(tag.name, role_of(tag), tag.start, skipped))
        self.open_names[tag.name] = self.open_names.get(tag.name, 0) + 1
        self.skipping += skipped

    def close(self, name: str, end: int) -> None:
        """Leave an element and whatever was left open inside it; a stray end tag means nothing."""
        if not self.open_names.get(name):
            return
        while self.stack:
            one = self.stack.pop()
            self.open_names[one.name] -= 1
            self.skipping -= one.skipped
            if one.role:
                self.zones.append(Zone(one.start, end, one.role))
            if one.name == name:
                return


def read_html(source: str, encoding: str, *, name: str) -> SourceText:
    """Return the text of a page, one line per block, with the zones its tags and class names tell.

    Raises:
        Refusal: nested too deeply, or no text at all.
    """
    page = _Page(source, name)
    for token in tokens(source):
        if isinstance(token, Tag):
            _take(page, token)
        else:
            page.add_text(*token)
    while page.stack:
        page.close(page.stack[-1].name, len(source))
    if not "".join(page.text).strip():
        raise Refusal(f"网页“{name}”里没有文字。", fix="页面可能靠脚本生成，请把文章正文另存为文本后再试。")
    return SourceText(
        source,
        encoding,
        Mapped("".join(page.text), page.starts, page.ends),
        tuple(_trusted(page)),
        _declared(page.meta),
    )


def _take(page: _Page, tag: Tag) -> None:
    if tag.name == "meta":
        key = (tag.attribute("name") or tag.attribute("property")).lower()
        if key:
            page.meta.setdefault(key, html.unescape(tag.attribute("content")).strip())
        return
    if tag.name == "br" or tag.name in BLOCKS or tag.name == "title":
        page.break_line(tag.start, tag.end)
    if tag.closing:
        page.close(tag.name, tag.end)
    elif tag.name in BLOCKS or tag.name in SKIPPED or tag.name in RAW_TEXT or tag.name in ("a", "title"):
        # these end where the next of their kind begins
        if tag.name in _SELF_ENDING and page.stack and page.stack[-1].name == tag.name:
            page.close(tag.name, tag.start)
        if not tag.self_closing:
            page.open(tag)


def _trusted(page: _Page) -> list[Zone]:
    """The zones, without those whose class name must be wrong because most of the page stands in them."""
    size = max(len(page.text), 1)
    places = page.starts

    def held(zone: Zone) -> int:
        return bisect_left(places, zone.end) - bisect_left(places, zone.start)

    removing = ("navigation", "related", "advertisement", "caption")
    return [zone for zone in page.zones if zone.role not in removing or held(zone) < 0.5 * size or size < 200]


def _declared(meta: dict[str, str]) -> Declared:
    def first(kind: str) -> str:
        return next((meta[key] for key in _META_KEYS[kind] if meta.get(key)), "")

    day: date | None = full_date(first("published"))
    return Declared(first("publisher")[:60], first("author")[:60], day)
