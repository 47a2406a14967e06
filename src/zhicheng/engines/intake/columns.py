"""Which column of a file is which column of a record, by header words, and which record type a file holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# What a header may carry beside its name: a unit in brackets, marks of obligation, order numbers.
_UNIT = re.compile(r"[(（\[【]\s*(万元|亿元|元|万|亿|件|个|家|%|人|人次)\s*[)）\]】]")
_NOISE = re.compile(r"[\s*＊:：_\-—·.、/\\]+|^\d+[.、]")
_WIDE = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
# A type that explains fewer of the headers than this is a chance likeness.
EXPLAINED = 0.6
# … unless it explains this many: exports of patent databases carry dozens of columns that no ledger keeps.
ENOUGH = 7
UNIT_FACTORS = {"万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Column:
    """A column that a record type takes from files.

    Args:
        name: name in the typed frame.
        label: header of the import template.
        kind: text, choice, region, identifier, list, date, integer, decimal, money, boolean.
        synonyms: further header words.
        identifier: rule of an identifier column.
        choices: accepted word → stored word, for choices and regions.
        readings: part of a word → stored word, where registers write what the ledger keeps coarser; a reading is
            told as a warning, never taken in silence.
        required: a row without it is rejected.
        max_length: longest text the ledger keeps.
        help: one sentence for the template.
    """

    name: str
    label: str
    kind: str = "text"
    synonyms: tuple[str, ...] = ()
    identifier: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    max_length: int = 0
    help: str = ""


@dataclass(frozen=True)
class HeaderMap:
    """How the headers of a file map to columns.

    Args:
        matched: header as written → column name.
        unmatched: headers nobody claims; their cells are left out and shown.
        missing: labels of required columns that the file lacks.
        factors: column name → multiplier from a unit in the header (万元 → 10000).
    """

    matched: dict[str, str]
    unmatched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    factors: dict[str, int] = field(default_factory=dict)


def plain(header: str) -> str:
    """Reduce a header to what can be compared: half-width, no unit, no marks, lower case."""
    return _NOISE.sub(
        "", _UNIT.sub("", header.translate(_WIDE).replace("（", "(").replace("）", ")"))
    ).lower()


def map_header(
    header: Sequence[str], columns: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> HeaderMap:
    """Map headers to columns: what was remembered first, then labels and names, then synonyms in order.

    Args:
        header: the headers as written.
        columns: what the record type takes.
        remembered: header → column name as a person decided; an empty name leaves that column of the file out.
    """
    known = {column.name for column in columns}
    matched: dict[str, str] = {}
    for written in header:
        target = (remembered or {}).get(written, "")
        if target in known and target not in matched.values():
            matched[written] = target
    ignored = {written for written, target in (remembered or {}).items() if target == ""}
    words = [
        (plain(word), column.name, rank) for column in columns for rank, word in enumerate(_words(column))
    ]
    ranked: dict[str, list[tuple[int, str]]] = {}
    for word, name, rank in words:
        ranked.setdefault(word, []).append((rank, name))
    for written in header:
        if written in matched or written in ignored:
            continue
        for _rank, name in sorted(ranked.get(plain(written), [])):
            if name not in matched.values():
                matched[written] = name
                break
    taken = set(matched.values())
    factors = {
        name: UNIT_FACTORS[unit.group(1)]
        for written, name in matched.items()
        if (unit := _UNIT.search(written)) and unit.group(1) in UNIT_FACTORS
    }
    return HeaderMap(
        matched,
        tuple(one for one in header if one not in matched and one.strip()),
        tuple(column.label for column in columns if column.required and column.name not in taken),
        factors,
    )


def _words(column: Column) -> tuple[str, ...]:
    return (column.label, column.name, *column.synonyms)


def guess_type(header: Sequence[str], types: Mapping[str, Sequence[Column]]) -> list[tuple[str, float]]:
    """Rank the record types that explain most of the headers and miss no required column, best first."""
    ranked = []
    for name, columns in types.items():
        mapping = map_header(header, columns)
        if mapping.missing or not mapping.matched:
            continue
        explained = len(mapping.matched) / max(1, len([one for one in header if one.strip()]))
        labels = {plain(column.label) for column in columns}
        if explained < EXPLAINED and len(mapping.matched) < ENOUGH:
            continue
        exact = sum(plain(one) in labels for one in mapping.matched) / max(1, len(header))
        ranked.append((name, round(explained + exact / 10 + len(mapping.matched) / 1000, 4)))
    return sorted(ranked, key=lambda pair: -pair[1])
