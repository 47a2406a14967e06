"""Text that knows where each of its characters stands in the file, and edits that keep it so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.extraction.document import Repair

CERTAIN = Decimal(1)


@dataclass(frozen=True)
class Edit:
    """Replace ``text[start:end]`` by ``after``.

    Args:
        spans: for each character of ``after`` the positions of the old text it stands for; empty lets
            equal lengths pair one to one and spreads anything else over the whole place.
        silent: True for layout that needs no log entry.
    """

    start: int
    end: int
    after: str
    kind: str = ""
    reason: str = ""
    confidence: Decimal = CERTAIN
    candidates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    silent: bool = False


@dataclass(frozen=True)
class Mapped:
    """Characters with the start and end of each in the raw file."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def whole(cls, raw: str) -> Mapped:
        """The raw text itself, character by character."""
        return cls(raw, range(len(raw)), range(1, len(raw) + 1))

    def raw_of(self, start: int, end: int) -> tuple[int, int]:
        """The place in the raw file that a non-empty part of the text came from."""
        return self.starts[start], max(self.ends[end - 1], self.starts[start])

    def apply(self, edits: Iterable[Edit], raw: str) -> tuple[Mapped, list[Repair]]:
        """Return the edited text and the log of what changed; edits come in order and do not overlap."""
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        log: list[Repair] = []
        done = 0
        for edit in edits:
            if edit.start < done:
                continue
            words += (self.text[done : edit.start], edit.after)
            starts += self.starts[done : edit.start]
            ends += self.ends[done : edit.start]
            for first, last in edit.spans or self._spread(edit):
                starts.append(self.starts[first])
                ends.append(self.ends[last - 1])
            done = edit.end
            if not edit.silent:
                log.append(self._repair(edit, raw))
        if not done:
            return self, log
        words.append(self.text[done:])
        starts += self.starts[done:]
        ends += self.ends[done:]
        return Mapped("".join(words), starts, ends), log

    def _repair(self, edit: Edit, raw: str) -> Repair:
        start, end = self.raw_of(edit.start, edit.end)
        before = raw[start:end]
        return Repair(
            edit.kind, start, end, before, edit.after, edit.reason, edit.confidence, edit.candidates
        )

    @staticmethod
    def _spread(edit: Edit) -> Iterable[tuple[int, int]]:
        if len(edit.after) == edit.end - edit.start:
            return ((at, at + 1) for at in range(edit.start, edit.end))
        return ((edit.start, edit.end) for _ in edit.after)
