"""Links names in rows to organisations while a change set is written; doubts become questions."""

from __future__ import annotations

from collections import Counter

import polars as pl

from zhicheng.apps.records.models import ChangeSet, MatchQuestion
from zhicheng.apps.records.providers import providers
from zhicheng.engines.matching import Known, Match, Matcher


class Linker:
    """Matches each distinct name once and remembers what was doubtful."""

    def __init__(self, change_set: ChangeSet) -> None:
        self._change_set = change_set
        self._matcher: Matcher | None = None
        self._regions: dict[int, str] = {}
        self._split: dict[str, dict[str, int | None]] | None = None
        self._answers: dict[tuple[str, str], Match] = {}
        self._doubts: Counter[str] = Counter()

    def link(self, rows: pl.DataFrame, columns: tuple[str, str] | None) -> list[int | None] | None:
        """Return the organisation of each row, or None when the rows name none."""
        if columns is None:
            return None
        cells = [
            rows[one].fill_null("").to_list() if one in rows.columns else [""] * rows.height
            for one in (*columns, "region_code")
        ]
        return [self._one(name, code, region) for name, code, region in zip(*cells, strict=True)]

    def regions(self, organisations: list[int | None]) -> list[str]:
        """Return the region of each organisation, empty when unknown."""
        self._ready()
        return [self._regions.get(one, "") if one else "" for one in organisations]

    def sure(self, name: str, code: str) -> int | None:
        """Return the organisation a name means when that is certain; doubts are not written down."""
        return self._ready().match(name, code).organisation

    def keep_questions(self) -> None:
        """Write down every doubt that nobody has decided yet."""
        for name, rows in self._doubts.items():
            match = self._answers[name, ""] if (name, "") in self._answers else self._find(name)
            question, made = MatchQuestion.objects.get_or_create(
                name=name,
                defaults={
                    "evidence": match.evidence,
                    "candidates": [[one, round(score)] for one, score in match.candidates],
                    "rows": rows,
                    "region_code": self._change_set.region_code,
                },
            )
            if not made and not question.decided:
                question.rows += rows
                question.save(update_fields=["rows"])

    def _find(self, name: str) -> Match:
        return next(match for (known, _), match in self._answers.items() if known == name)

    def _one(self, name: str, code: str, region: str) -> int | None:
        if not name and not code:
            return None
        if not code and name in self._split_names():
            return self._split_names()[name].get(region)
        match = self._answers.get((name, code))
        if match is None:
            match = self._answers[name, code] = self._ready().match(name, code)
        if match.certainty == "likely":
            self._doubts[name] += 1
        return match.organisation

    def _ready(self) -> Matcher:
        if self._matcher is None:
            known = [Known(*row) for row in providers.organisations()]
            self._regions = {one.id: one.region_code for one in known}
            decided = dict(MatchQuestion.objects.filter(decided=True).values_list("name", "organisation_id"))
            self._matcher = Matcher(known, decided)
        return self._matcher

    def _split_names(self) -> dict[str, dict[str, int | None]]:
        """Names that people said mean different organisations in different regions."""
        if self._split is None:
            rows = MatchQuestion.objects.filter(decided=True).exclude(by_region={})
            self._split = dict(rows.values_list("name", "by_region"))
        return self._split
