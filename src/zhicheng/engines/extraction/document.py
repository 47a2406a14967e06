"""What comes out of reading one public text: repaired text, a map back to the file, and every change with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Repair:
    """One place where the text differs from the file.

    Args:
        kind: pinyin_note, shifted_run, script, width, space, entity or lost_character.
        start: first code point in the decoded file.
        end: code point after the last one, exclusive.
        before: what the file has there.
        after: what the text has instead.
        reason: why, in Chinese, for the log.
        confidence: 0 to 1; 1 when only one reading is possible.
        candidates: readings that were weighed, best first; empty when there was no choice.
    """

    kind: str
    start: int
    end: int
    before: str
    after: str
    reason: str
    confidence: Decimal
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A part of the file that is not the article.

    Args:
        kind: navigation, caption, related, advertisement, spam or other_article.
        start: first code point in the decoded file.
        end: code point after the last one, exclusive.
        reason: why it was cut, in Chinese.
    """

    kind: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Article:
    """What the text says about itself; whatever it does not say stays empty.

    Args:
        title: headline, empty when the text has none.
        publisher: who published it (来源).
        published_on: day of publication, None unless day, month and year are given.
        author: reporter or editor named.
        region: name of the region the article is about.
        region_code: its GB/T 2260 code.
        event_on: day of the event reported; None while its year is unknown.
        year: year of the event, None when the text does not give it.
        year_reason: where the year comes from, or why it is unknown or only a guess.
    """

    title: str
    publisher: str
    published_on: date | None
    author: str
    region: str
    region_code: str
    event_on: date | None
    year: int | None
    year_reason: str


@dataclass(frozen=True)
class Reading:
    """One file, read: the raw text as decoded, the repaired body, and the map between the two.

    Args:
        name: file name, for messages.
        sha256: hash of the file's bytes.
        encoding: encoding found, or the format for DOCX and PDF.
        raw: the decoded file; for HTML its source, for DOCX and PDF the text taken out of it.
        text: repaired simplified text of the article, title first.
        origin: per character of ``text`` its code point in ``raw``; ``len(raw)`` last.
        repairs: every repair, in file order, also of parts that were cut.
        cuts: every part cut, in file order.
        article: what the text says about itself.
        ends: per character of ``text`` the end of what stands for it in ``raw``; empty when each takes one.
    """

    name: str
    sha256: str
    encoding: str
    raw: str
    text: str
    origin: tuple[int, ...]
    repairs: tuple[Repair, ...]
    cuts: tuple[Cut, ...]
    article: Article
    ends: tuple[int, ...] = ()

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of ``raw`` that covers ``text[start:end]`` as it was written there.

        A note or tag after the last character is not part of it; one between two characters is.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}..{end} is outside a text of {len(self.text)} characters")
        first = self.origin[start]
        if start == end:
            return first, first
        last = end - 1
        return first, max(self.ends[last] if self.ends else self.origin[last] + 1, first + 1)
