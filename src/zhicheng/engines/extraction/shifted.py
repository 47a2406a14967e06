"""Runs of GB18030 text that were read one byte off because a byte was lost: found, shifted back, decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, product

from zhicheng.engines.extraction.commonness import LOST, commonness, is_han, is_private
from zhicheng.engines.extraction.lost_characters import Choice, Gap, choose
from zhicheng.engines.extraction.mapped import Edit
from zhicheng.engines.extraction.pinyin_notes import SYLLABLE, is_toned
from zhicheng.engines.extraction.simplifying import simplify, simplify_character

_MARKS = f"?？{LOST}"
_SUSPECT = re.compile(rf"[{_MARKS}\ue000-\uf8ff]")
_LONGEST = 120
_LOOK_BACK = 40
_CONTEXT = 6
# far enough back to find where a quotation opened
_BEFORE = 400
_MOST_RUNS = 500
# How much better, per character, the shifted reading must be: normal text shifted scores far below itself.
_GAIN = 0.5
_READABLE = 0.6
_SILENT_PENALTY = 2.0
_EATEN_NOTE = re.compile(rf"({SYLLABLE})[)）]")
_WHOLE_NOTE = re.compile(rf"[(（]({SYLLABLE})[)）]")
_WIDE_SHIFT = 0xFEE0
_ROUND = Decimal("0.01")
_REASON = "丢失一个字节后按 GB18030 错位读出；重新编码、移位、解码"


@dataclass(frozen=True)
class Run:
    """A stretch that reads well once shifted.

    Args:
        start, end: place in the text, the mark of the lost byte and a swallowed note included.
        gap: the character before the shift, of which one byte is left.
        chars: the characters read whole, in order.
        spans: for each of ``chars`` the place in the text.
        tail: the last character when its second byte was lost too.
        gain: how much better it reads.
    """

    start: int
    end: int
    gap: Gap
    chars: str
    spans: tuple[tuple[int, int], ...]
    tail: Gap | None
    gain: float


def shifted_runs(text: str) -> Iterator[Edit]:
    """Edits that put shifted runs right; a lost character that nothing decides becomes a mark."""
    runs = _found(text)
    if not runs:
        return
    around = _plain(_without(text, runs))
    traditional = _notes_follow_traditional(text)
    for run in runs:
        edit = _edit(run, text, around, traditional)
        around += "\n" + _plain(text[max(0, run.start - _CONTEXT) : run.start]) + edit.after
        yield edit


def _found(text: str) -> list[Run]:
    runs: list[Run] = []
    done = 0
    for at in _suspects(text):
        if at < done or len(runs) >= _MOST_RUNS:
            continue
        run = _marked(text, at) if text[at] in _MARKS else _unmarked(text, at, done)
        if run is not None:
            runs.append(run)
            done = run.end
    return runs


def _suspects(text: str) -> Iterator[int]:
    """Marks right before something that can be half a character, and characters of the private area."""
    for one in _SUSPECT.finditer(text):
        at = one.start()
        following = text[at + 1 : at + 2]
        if (
            one[0] not in _MARKS
            or (following and (not following.isascii() or _units(following)))
            or (following and _EATEN_NOTE.match(text, at + 1))
        ):
            yield at


def _units(char: str) -> bytes:
    """The two bytes a character takes in a shifted run; nothing for one that cannot be part of it."""
    if char.isascii():
        # half-width marks were full-width ones before the crawl folded them
        folded = char.isprintable() and not char.isalnum() and char not in " ?@[\\]^_`{|}~"
        return chr(ord(char) + _WIDE_SHIFT).encode("gb18030") if folded else b""
    code = char.encode("gb18030", "ignore")
    return code if len(code) == 2 else b""


def _marked(text: str, at: int) -> Run | None:
    """The run after a mark that stands for the lost first byte."""
    eaten = _EATEN_NOTE.match(text, at + 1)
    if eaten and is_toned(eaten[1]):
        gap = Gap(None, None, eaten[1])
        return Run(at, eaten.end(), gap, "", (), None, 0.0) if is_han(text[at - 1 : at] or " ") else None
    return _best_run(text, at, at + 1, penalty=0.0)


def _unmarked(text: str, at: int, done: int) -> Run | None:
    """The run around a private character where a byte went without a trace."""
    first = max(done, at - _LOOK_BACK)
    starts = range(at, first - 1, -1)
    runs = [run for start in starts if (run := _best_run(text, start, start, penalty=_SILENT_PENALTY))]
    return max((run for run in runs if run.end > at), key=lambda run: run.gain, default=None)


def _best_run(text: str, start: int, first: int, *, penalty: float) -> Run | None:
    """The most convincing run whose shifted bytes begin at ``first``."""
    data = bytearray()
    at = first
    while at < min(len(text), first + _LONGEST) and (unit := _units(text[at])):
        if at > first and _WHOLE_NOTE.match(text, at):
            break
        data += unit
        at += 1
    if len(data) < 4:
        return None
    chars = _shifted(bytes(data[1:-1]))
    count = at - first
    # the score of reading the first characters shifted and the rest as they stand, for every length
    normal = [commonness(char) for char in text[first:at]]
    better = [new - old for new, old in zip(map(commonness, chars), normal, strict=False)]
    full = len(chars) == count - 1
    best: tuple[float, int] | None = None
    total = 0.0
    for length, gain in enumerate(better, 1):
        total += gain
        ends_here = length == count - 1 and full
        # the last unit gives its second byte to a character that ends beyond it
        score = (
            total - penalty - (0.0 if ends_here else _SILENT_PENALTY) - (normal[length] if ends_here else 0)
        )
        if best is None or score > best[0]:
            best = (score, length)
    if best is None:
        return None
    score, length = best
    return _accepted(text, start, first, chars[:length], data, score, count if full else -1)


def _accepted(
    text: str, start: int, first: int, chars: str, data: bytearray, score: float, count: int
) -> Run | None:
    """The run, if it reads well and clearly better than what stands there."""
    length = len(chars)
    quality = sum(map(commonness, chars)) / length
    if score < _GAIN * length or quality < _READABLE or any(map(is_private, chars)):
        return None
    spans = tuple((first + at, first + at + 2) for at in range(length))
    gap = Gap(None, data[0])
    run = Run(start, first + length + 1, gap, chars, spans, Gap(data[2 * length + 1], None), score)
    if length != count - 1:
        return run
    return _with_end(text, run)


def _with_end(text: str, run: Run) -> Run:
    """Read the last character, whose first byte is known, from what follows the run."""
    assert run.tail is not None
    lead = run.tail.lead or 0
    following = text[run.end : run.end + 1]
    if "@" <= following <= "~":
        whole = bytes((lead, ord(following))).decode("gb18030", "ignore")
        if len(whole) == 1 and commonness(whole) > 0:
            spans = (*run.spans, (run.end - 1, run.end + 1))
            return replace(run, end=run.end + 1, chars=run.chars + whole, spans=spans, tail=None)
    if following and following in _MARKS:
        eaten = _EATEN_NOTE.match(text, run.end + 1)
        if eaten and is_toned(eaten[1]):
            return replace(run, end=eaten.end(), tail=Gap(lead, None, eaten[1]))
        run = replace(run, end=run.end + 1)
    whole_note = _WHOLE_NOTE.match(text, run.end)
    note = whole_note[1] if whole_note and is_toned(whole_note[1]) else ""
    return replace(run, tail=Gap(lead, None, note))


def _shifted(data: bytes) -> str:
    """Decode pair by pair, up to the first pair that is no character."""
    chars = []
    for at in range(0, len(data) - 1, 2):
        char = data[at : at + 2].decode("gb18030", "ignore")
        if len(char) != 1 or not data[at] >= 0x81:
            break
        chars.append(char)
    return "".join(chars)


def _edit(run: Run, text: str, around: str, traditional: bool) -> Edit:
    """Choose the lost characters and write the log entry."""
    chars = simplify(run.chars)
    left = _plain(text[max(0, run.start - _BEFORE) : run.start])
    right = _plain(text[run.end : run.end + 8 * _CONTEXT])[:_CONTEXT]
    first = choose(
        run.gap,
        left=left,
        right=(chars + right)[:_CONTEXT],
        around=around,
        note_follows_traditional=traditional,
    )
    last = None
    if run.tail is not None:
        before = left + first.char + chars
        last = choose(run.tail, left=before, right=right, around=around, note_follows_traditional=traditional)
    after = first.char + chars + (last.char if last else "")
    confidence = first.confidence * (last.confidence if last else 1)
    spans = ((run.start, run.spans[0][0] + 1 if run.spans else run.end), *run.spans)
    if run.tail is not None:
        spans = (*spans, (max(run.spans[-1][1] - 1, run.start), run.end))
    return Edit(
        run.start,
        run.end,
        after,
        "lost_character" if LOST in after else "shifted_run",
        _reason(first, last),
        confidence.quantize(_ROUND),
        _whole_readings(first, chars, last),
        spans=spans,
    )


def _reason(first: Choice, last: Choice | None) -> str:
    chosen = [one.char for one in (first, last) if one is not None and one.char != LOST]
    lost = sum(one is not None and one.char == LOST for one in (first, last))
    words = [_REASON]
    if chosen:
        words.append(f"残缺的字按上下文取“{'”“'.join(chosen)}”")
    if lost:
        words.append(f"{lost} 个字没有依据可定，留作标记")
    return "；".join(words)


def _whole_readings(first: Choice, chars: str, last: Choice | None) -> tuple[str, ...]:
    """The readings of the whole run, best first."""
    tails = last.candidates or (LOST,) if last else ("",)
    heads = first.candidates or (LOST,)
    every = [head + chars + tail for tail, head in product(tails, heads)]
    return tuple(every[:5]) if len(every) > 1 else ()


def _plain(text: str) -> str:
    """Simplified text without notes and spaces, for looking at what surrounds a gap."""
    return simplify(re.sub(r"[ \t\xa0\u3000]", "", _WHOLE_NOTE.sub("", text)))


def _without(text: str, runs: list[Run]) -> str:
    cuts = [0, *(at for run in runs for at in (run.start, run.end)), len(text)]
    return "\n".join(text[start:end] for start, end in list(pairwise(cuts))[::2])


def _notes_follow_traditional(text: str) -> bool:
    """Whether the notes explain traditional characters: nearly all of them follow one."""
    noted = [text[one.start() - 1] for one in _WHOLE_NOTE.finditer(text) if one.start()]
    changed = sum(simplify_character(char) != char for char in noted)
    return len(noted) >= 5 and changed > 0.9 * len(noted)
