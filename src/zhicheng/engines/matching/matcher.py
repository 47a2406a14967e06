"""Finds the organisation a name means: by code, by name, by former name, by normal form; else likely ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from zhicheng.engines.matching.names import normalise_name

Certainty = Literal["sure", "likely", "none"]
# Below this likeness a candidate is noise for the person who has to decide.
LIKELY = 86.0
MAX_CANDIDATES = 5


@dataclass(frozen=True)
class Known:
    """An organisation of the ledger, as far as matching needs it."""

    id: int
    uscc: str
    name: str
    region_code: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """The answer for one name.

    Args:
        organisation: id of the organisation when sure, else None.
        certainty: sure, likely (somebody has to confirm) or none.
        evidence: why, in words.
        candidates: ids with likeness in percent, best first, when not sure.
    """

    organisation: int | None
    certainty: Certainty
    evidence: str
    candidates: tuple[tuple[int, float], ...] = ()


class Matcher:
    """Matches names against a register; decisions people made come first."""

    def __init__(self, known: Iterable[Known], decided: Mapping[str, int | None] | None = None) -> None:
        self._decided = decided or {}
        self._by_code: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_former: dict[str, set[int]] = defaultdict(set)
        self._by_form: dict[str, set[int]] = defaultdict(set)
        self._blocks: dict[str, list[str]] | None = None
        for one in known:
            if one.uscc:
                self._by_code[one.uscc] = one.id
            self._by_name[one.name].add(one.id)
            self._by_form[normalise_name(one.name)].add(one.id)
            for name in one.former:
                self._by_former[name].add(one.id)
                self._by_form[normalise_name(name)].add(one.id)

    def match(self, name: str, uscc: str = "") -> Match:
        """Return the organisation a name (and code) means."""
        if uscc and uscc in self._by_code:
            return Match(self._by_code[uscc], "sure", f"统一社会信用代码 {uscc} 一致")
        if name in self._decided:
            return Match(self._decided[name], "sure", "此前已由人确认")
        for index, why in ((self._by_name, "名称完全一致"), (self._by_former, "与曾用名一致")):
            found = index.get(name)
            if found and len(found) == 1:
                return Match(next(iter(found)), "sure", why)
            if found:
                return Match(
                    None,
                    "likely",
                    f"{why}，但有 {len(found)} 个同名主体",
                    tuple((one, 100.0) for one in sorted(found)),
                )
        form = normalise_name(name)
        same = self._by_form.get(form, set())
        if len(same) == 1:
            return Match(next(iter(same)), "sure", "去掉括号、组织形式后名称一致")
        return self._likely(form, same)

    def _likely(self, form: str, same: set[int]) -> Match:
        if same:
            return Match(
                None, "likely", "规范名称相同的主体不止一个", tuple((one, 100.0) for one in sorted(same))
            )
        if len(form) < 4:
            return Match(None, "none", "没有相近的主体")
        found = process.extract(
            form, self._block(form), scorer=fuzz.ratio, limit=MAX_CANDIDATES, score_cutoff=LIKELY
        )
        candidates = [(one, score) for text, score, _ in found for one in sorted(self._by_form[text])]
        if not candidates:
            return Match(None, "none", "没有相近的主体")
        return Match(None, "likely", "名称相近，需要人来确认", tuple(candidates[:MAX_CANDIDATES]))

    def _block(self, form: str) -> list[str]:
        """Names that share a beginning or an ending with this one: comparing all with all would never end."""
        if self._blocks is None:
            self._blocks = defaultdict(list)
            for text in self._by_form:
                self._blocks["^" + text[:4]].append(text)
                self._blocks["$" + text[-6:]].append(text)
        near = [*self._blocks.get("^" + form[:4], ()), *self._blocks.get("$" + form[-6:], ())]
        return list(dict.fromkeys(near))[:2000]
