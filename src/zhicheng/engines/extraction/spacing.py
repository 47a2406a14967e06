"""Small repairs of writing: entities, odd spaces, full-width letters and digits, look-alike radicals."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from zhicheng.engines.extraction.mapped import Edit

# A name of at most 31 letters is the longest that HTML knows.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_BARE_SPACE = re.compile(r"&nbsp(?!;)")
_ODD_SPACE = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]+")
_WIDE = re.compile(
    r"(?:[０-９Ａ-Ｚａ-ｚ％＋]|(?<=[0-9０-９])．(?=[0-9０-９])|(?<=[０-９])，(?=[０-９]{3}(?![０-９])))+"
)
_LOOKALIKE = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]+")
_WIDE_SHIFT = 0xFEE0


def entities(text: str) -> Iterator[Edit]:
    """Character references that the crawl or the page left in the text."""
    if "&" not in text:
        return
    found = sorted((*_ENTITY.finditer(text), *_BARE_SPACE.finditer(text)), key=lambda one: one.start())
    for one in found:
        plain = html.unescape(one[0])
        if plain != one[0] and len(plain) <= 2:
            yield Edit(one.start(), one.end(), plain, "entity", "字符实体还原为字符")


def spaces(text: str) -> Iterator[Edit]:
    """Non-breaking and ideographic spaces become one plain space; unseen characters go."""
    found = sorted((*_ODD_SPACE.finditer(text), *_UNSEEN.finditer(text)), key=lambda one: one.start())
    for one in found:
        unseen = _UNSEEN.match(one[0]) is not None
        reason = "去掉看不见的控制字符" if unseen else "不间断空格、全角空格改为普通空格"
        yield Edit(one.start(), one.end(), "" if unseen else " ", "space", reason)


def widths(text: str) -> Iterator[Edit]:
    """Full-width letters, digits and percent signs become half-width ones."""
    for one in _WIDE.finditer(text):
        plain = "".join(chr(ord(char) - _WIDE_SHIFT) for char in one[0])
        yield Edit(one.start(), one.end(), plain, "width", "全角字母、数字改为半角")


def lookalikes(text: str) -> Iterator[Edit]:
    """Radicals and compatibility forms that PDF fonts hand out become the characters they look like."""
    for one in _LOOKALIKE.finditer(text):
        plain = "".join(
            form if len(form := unicodedata.normalize("NFKC", char)) == 1 else char for char in one[0]
        )
        if plain != one[0]:
            yield Edit(one.start(), one.end(), plain, "script", "部首、兼容字形改为通用汉字")
