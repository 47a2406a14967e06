"""HTML cut into tags and stretches of text with their offsets, in time linear in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
# Attributes without the possibility of trying twice: every repetition is possessive and short.
_REST = re.compile(r"(?:[^<>\"']++|\"[^\"]{0,4000}+\"|'[^']{0,4000}+')*+>")
_FAR = 16_000
_RAW_END = {
    name: re.compile(rf"</{name}\b", re.I) for name in ("script", "style", "textarea", "noscript", "xmp")
}


@dataclass(frozen=True)
class Tag:
    """One tag: its name in lower case, its place, and the text of its attributes."""

    name: str
    start: int
    end: int
    closing: bool
    inside: str

    @property
    def self_closing(self) -> bool:
        """Whether it ends itself, as in ``<div/>``."""
        return self.inside.endswith("/")

    def attribute(self, name: str) -> str:
        """The value of an attribute, empty without one."""
        found = re.search(
            rf"(?:^|[\s\"'/]){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", self.inside, re.I
        )
        return next((value for value in found.groups() if value), "") if found else ""


def tokens(source: str) -> Iterator[Tag | tuple[int, int]]:
    """Yield tags, and stretches of text as (start, end)."""
    at = 0
    seen = _Seen(source)
    while at < len(source):
        opened = source.find("<", at)
        if opened < 0:
            yield at, len(source)
            return
        if opened > at:
            yield at, opened
        tag = _tag(source, opened, seen)
        if tag is None:
            at = seen.after_markup(opened)
            if at == opened:  # a bare sign: 3 < 5
                yield opened, opened + 1
                at = opened + 1
            continue
        yield tag
        at = tag.end
        if tag.name in _RAW_END and not tag.closing and not tag.self_closing:
            close = seen.next_raw_end(tag.name, at)
            at = close


class _Seen:
    """Searches that never walk the same stretch twice in vain."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._next: dict[str, int] = {}

    def find(self, word: str, at: int) -> int:
        """Like ``str.find``; a result further on, or that there is none, is remembered."""
        known = self._next.get(word, -2)
        if known == -1 or known >= at:
            return known
        self._next[word] = self._source.find(word, at)
        return self._next[word]

    def after_markup(self, at: int) -> int:
        """The place after a comment or declaration that begins here, or ``at`` when none does."""
        source = self._source
        if source.startswith("<!--", at):
            end = self.find("-->", at + 4)
            return len(source) if end < 0 else end + 3
        if source.startswith(("<!", "<?", "</"), at):
            end = self.find(">", at)
            return len(source) if end < 0 else end + 1
        return at

    def next_raw_end(self, name: str, at: int) -> int:
        """Where the end tag of a script or style stands; the end of the page when it is missing."""
        found = _RAW_END[name].search(self._source, at)
        return found.start() if found else len(self._source)


def _tag(source: str, at: int, seen: _Seen) -> Tag | None:
    head = _NAME.match(source, at)
    if head is None:
        return None
    rest = _REST.match(source, head.end(), min(len(source), head.end() + _FAR))
    if rest is not None:
        end = rest.end()
    else:
        # an unclosed quote or an attribute of many thousand characters: up to the next sign
        closed = seen.find(">", head.end())
        if closed < 0:
            return Tag(head[2].lower(), at, len(source), bool(head[1]), "")
        end = closed + 1
    inside = source[head.end() : end - 1] if end - head.end() <= _FAR else ""
    return Tag(head[2].lower(), at, end, bool(head[1]), inside)
