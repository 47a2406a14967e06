"""Quotes that belong together: those that say the same, that replace an earlier one, that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.apps.intelligence import queries
from zhicheng.apps.intelligence.measured import quote_of
from zhicheng.apps.intelligence.quote_models import QuotedFigure, WatchedIndicator, WatchedRegion
from zhicheng.engines.benchmarks import latest_first, relation


@dataclass(frozen=True)
class Member:
    """A quote in its group, and how it stands to the newest one: newest, duplicate, superseded, contradicts, other."""

    quote: QuotedFigure
    relation: str


@dataclass(frozen=True)
class Group:
    """Quotes of one indicator and one region, newest first."""

    indicator: str
    words: str
    region: str
    members: list[Member]

    @property
    def contradicted(self) -> bool:
        """Tell whether two of them cannot both be right."""
        return any(one.relation == "contradicts" for one in self.members)


def groups_of(rows: Sequence[QuotedFigure]) -> list[Group]:
    """Put quotes of one thing together; contradictions come first, then in the order given."""
    kept: dict[tuple[str, str, str], list[QuotedFigure]] = {}
    for row in rows:
        kept.setdefault(
            (row.indicator or row.words, row.about_code or row.about_region, row.figure_kind), []
        ).append(row)
    groups = [_group(members) for members in kept.values()]
    return sorted(groups, key=lambda group: not group.contradicted)


def _group(rows: Sequence[QuotedFigure]) -> Group:
    by_key = {row.pk: row for row in rows}
    ordered = latest_first(quote_of(row) for row in rows)
    members: list[Member] = []
    for index, one in enumerate(ordered):
        row = by_key[one.key]
        if row.status == QuotedFigure.Status.SUPERSEDED:
            members.append(Member(row, "superseded"))
            continue
        said = [
            relation(one, newer)
            for newer in ordered[:index]
            if by_key[newer.key].status == QuotedFigure.Status.STANDING
        ]
        worst = next((word for word in ("contradicts", "superseded", "duplicate") if word in said), "")
        members.append(Member(row, worst or ("newest" if index == 0 else "other")))
    first = members[0].quote
    return Group(first.indicator, first.words, first.about_region, members)


def watched_cells(
    user: Any, peers: Sequence[WatchedRegion], followed: Sequence[WatchedIndicator]
) -> list[tuple[WatchedRegion, list[tuple[WatchedIndicator, QuotedFigure | None]]]]:
    """Return the latest standing quote of each peer and indicator, None where nothing was read."""
    codes, wanted = [one.about_code for one in peers], [one.indicator for one in followed]
    rows = queries.quotes(user).filter(
        about_code__in=codes, indicator__in=wanted, status=QuotedFigure.Status.STANDING
    ).exclude(figure_kind__in=("rank", "change"))  # fmt: skip
    by_key = {row.pk: row for row in rows}
    latest: dict[tuple[str, str], QuotedFigure] = {}
    for one in latest_first(quote_of(row) for row in by_key.values()):
        row = by_key[one.key]
        latest.setdefault((row.about_code, row.indicator), row)
    return [
        (peer, [(entry, latest.get((peer.about_code, entry.indicator))) for entry in followed])
        for peer in peers
    ]
