"""A text as lines with the role that the file's format gives each, and hard line breaks undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import add

from zhicheng.engines.extraction.mapped import Edit, Mapped
from zhicheng.engines.extraction.source_text import Zone, Zones

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCE_END = "。！？；!?;：:…"
_CLOSERS = "”’』」》）)】"
_STARTS_ANEW = re.compile(
    r"\s|[一二三四五六七八九十]{1,3}[、是要]|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[•·●■◆▲▪★※]"
)
_REMOVED_ROLES = ("navigation", "related", "advertisement", "caption")
_MOSTLY = 0.6
_WORDS = re.compile(r"[0-9\u3400-\u9fff]{2,}")


@dataclass(frozen=True)
class Line:
    """One line without the space around it.

    Args:
        start: first position in the text.
        end: position after the last one.
        text: what stands there.
        role: heading, subheading, page_title, navigation, related, advertisement, caption, cell, or empty.
        links: share of the line that is link text.
    """

    start: int
    end: int
    text: str
    role: str = ""
    links: float = 0.0


def split_lines(mapped: Mapped, zones: tuple[Zone, ...] = ()) -> list[Line]:
    """The lines that hold anything, with their roles."""
    table = Zones(zones)
    lines: list[Line] = []
    for start, end in _breaks(mapped.text):
        text = mapped.text[start:end]
        left = len(text) - len(text.lstrip())
        text = text.strip()
        if not text:
            continue
        first = start + left
        place = mapped.raw_of(first, first + len(text))
        lines.append(Line(first, first + len(text), text, _role(table, place), table.share("link", *place)))
    return lines


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for one in _BREAK.finditer(text):
        yield at, one.start()
        at = one.end()
    yield at, len(text)


def _role(zones: Zones, place: tuple[int, int]) -> str:
    for role in ("page_title", "heading", *_REMOVED_ROLES, "subheading", "cell"):
        if zones.share(role, *place) > _MOSTLY:
            return role
    return ""


def ends_sentence(text: str) -> bool:
    """Whether a line ends like a sentence, closing quotes and brackets aside."""
    return text.rstrip(_CLOSERS + " ")[-1:] in tuple(_SENTENCE_END)


def unwrapped(text: str, *, hard_wrapped: bool) -> Iterator[Edit]:
    """Edits that join lines which were only broken because the page was full."""
    places = list(_breaks(text))
    lengths = sorted(len(text[start:end].strip()) for start, end in places if text[start:end].strip())
    if len(lengths) < 3:
        return
    full = lengths[int(len(lengths) * 0.8)]
    if not hard_wrapped and not _looks_wrapped([text[start:end] for start, end in places], full):
        return
    for (start, end), (after, stop) in pairwise(places):
        line, following = text[start:end].strip(), text[after:stop]
        # two characters short of full: a mark may not begin a line
        if len(line) < max(full * 0.85, 12) or not following.strip() or ends_sentence(line):
            continue
        if _STARTS_ANEW.match(following):
            continue
        words = (
            line[-1].isascii() and line[-1].isalpha() and following[0].isascii() and following[0].isalpha()
        )
        yield Edit(end, after, " " if words else "", "space", "排版断行接回一段")


def _looks_wrapped(lines: list[str], full: int) -> bool:
    """Whether a plain text was broken at a fixed width: most lines equally long and few of them ending."""
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) < 6 or not 15 <= full <= 60 or max(map(len, filled)) > full + 6:
        return False
    equal = [line for line in filled if len(line) >= full - 3]
    ending = sum(map(ends_sentence, equal))
    return len(equal) >= 0.5 * len(filled) and ending <= 0.3 * len(equal)


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters or digits in a text."""
    pairs: set[str] = set()
    for run in _WORDS.findall(text):
        pairs.update(map(add, run, run[1:]))
    return frozenset(pairs)
