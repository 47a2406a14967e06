"""Which figures count a record, which do not and why, and what was published on the strength of it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from zhicheng.apps.figures.access import sees_rows
from zhicheng.apps.figures.boards import address
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import parameters
from zhicheng.apps.figures.snapshots import Snapshot, fact_path, latest_snapshot
from zhicheng.apps.figures.wording import columns_of, condition_words, value_words
from zhicheng.apps.records.public import RecordType
from zhicheng.apps.records.record import Record
from zhicheng.apps.web.public import Place, Section, region_name, said
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators import Indicator, Question, explain_sql, period_bounds, questions

REASONS = 2
SIGNED = 40


@dataclass(frozen=True)
class Counted:
    """What a record means to one figure.

    Args:
        id: the figure. name: in words. href: its page at the place and day asked about.
        rows: rows of the record that count; a record with parts has several.
        held: rows it has.
        how: how a row counts: itself, by an amount, or once together with others.
        why_not: the conditions that do not hold, empty when it counts.
        published: day of the published figures that count it, newest first.
    """

    id: str
    name: str
    href: str
    rows: int
    held: int
    how: str = ""
    why_not: str = ""
    published: tuple[date, ...] = ()


@dataclass(frozen=True)
class Standing:
    """All figures a record could count for.

    Args:
        counted: those that count it. others: those that do not, each with its reason.
        snapshot: on which they stand, empty when there is none.
        stale: what the snapshot does not know yet of the record, empty when it knows it as it is.
    """

    counted: tuple[Counted, ...]
    others: tuple[Counted, ...]
    snapshot: str
    stale: str = ""


def section(record_type: RecordType, record: Record, user: Any, place: Place) -> Section | None:
    """The part of a record's page that names the figures; nothing for kinds no figure stands on."""
    facts = facts_of(record_type)
    if not facts or not place.region or not sees_rows(user, place.region):
        return None
    standing = standing_of(record_type, record, facts, place)
    return Section(
        "figures/_counting.html", {"standing": standing, "place": place, "region": region_name(place.region)}
    )


def facts_of(record_type: RecordType) -> list[tuple[Fact, str]]:
    """Facts whose rows are records of a kind or parts of them, with the column that points to the record."""
    parts = {part.model._meta.db_table: f"{part.parent}_id" for part in record_type.parts}
    own = {record_type.table: "id", **parts}
    return [(one, own[one.row_table]) for one in load_catalogue().facts.values() if one.row_table in own]


def standing_of(
    record_type: RecordType, record: Record, facts: Sequence[tuple[Fact, str]], place: Place
) -> Standing:
    """Ask the latest snapshot about one record: one question for each fact, one SQL query for what was published."""
    snapshot = latest_snapshot()
    if snapshot is None:
        return Standing((), (), "", _("还没有快照；打开任一指标页即生成。"))
    published = _published([fact for fact, _parent in facts], place)
    found: list[Counted] = []
    with duckdb.connect() as base:
        stale = _stale(base, snapshot, record_type, record)
        for fact, parent in facts:
            keys = _keys(base, snapshot, fact, parent, record.pk)
            if keys:
                found += _answers(base, snapshot, fact, keys, place, published)
    counted = [one for one in found if one.rows]
    counted += _ratios({one.id: one for one in counted}, place)
    return Standing(tuple(counted), tuple(one for one in found if not one.rows), snapshot.id, stale)


def _ratios(counted: dict[str, Counted], place: Place) -> list[Counted]:
    """Ratios of which a record is counted above or below the line."""
    found = []
    for one in load_catalogue().indicators.values():
        above = counted.get(one.ratio.numerator) if one.ratio else None
        below = counted.get(one.ratio.denominator) if one.ratio else None
        if half := above or below:
            words = _("计在分子和分母") if above and below else _("计在分子") if above else _("计在分母")
            found.append(
                Counted(one.id, said(one, "name"), address(one.id, place), half.rows, half.held, words)
            )
    return found


def _stale(base: Any, snapshot: Snapshot, record_type: RecordType, record: Record) -> str:
    path = snapshot.table(record_type.table)
    row = None
    if path.exists():
        row = base.execute(
            f"select revision from read_parquet('{path}') where id = ?", [record.pk]
        ).fetchone()
    if row is None:
        return _("这份快照里还没有这条记录；打开任一指标页即重新生成。")
    if row[0] != record.revision:
        words = _(
            "这份快照早于本记录的最近一次修改（快照为第 %(old)s 版，现为第 %(new)s 版）；打开任一指标页即重新计算。"
        )
        return words % {"old": row[0], "new": record.revision}
    return ""


def _keys(base: Any, snapshot: Snapshot, fact: Fact, parent: str, number: int) -> list[int]:
    """Keys of a record's rows in a fact."""
    if parent == "id":
        return [number]
    path = snapshot.table(fact.row_table)
    if not path.exists():
        return []
    rows = base.execute(f"select id from read_parquet('{path}') where {parent} = ?", [number]).fetchall()
    return [row[0] for row in rows]


def _answers(
    base: Any,
    snapshot: Snapshot,
    fact: Fact,
    keys: list[int],
    place: Place,
    published: list[tuple[SignedFigure, set[str]]],
) -> list[Counted]:
    entries = [one.at(place.as_of) for one in load_catalogue().indicators.values() if one.fact == fact.id]
    asked = questions(fact, [one for one in entries if not one.unavailable])
    if not asked:
        return []
    start, _end = period_bounds(place.period, place.as_of)
    text = explain_sql(fact, asked, f"read_parquet('{fact_path(snapshot, fact)}')")
    given = {"regions": [place.region], "start": start, "as_of": place.as_of, "keys": keys}
    cursor = base.execute(text, parameters(text, given))
    values = dict(zip([one[0] for one in cursor.description], cursor.fetchone(), strict=True))
    days = {"as_of": place.as_of, "start": start}
    names = {str(key) for key in keys}
    found = []
    for number, one in enumerate(asked):
        rows = values[f"n{number}"] if _adds(one.indicator, values) else 0
        signed = [row.as_of for row, held in published if row.indicator == one.indicator.id and held & names]
        found.append(
            Counted(
                one.indicator.id, said(one.indicator, "name"), address(one.indicator.id, place), rows, len(keys),
                _how(one.indicator, fact, values) if rows else "",
                "" if rows else _why_not(number, one, fact, values, days), tuple(sorted(set(signed), reverse=True)),
            )
        )  # fmt: skip
    return found


def _adds(one: Indicator, values: dict[str, Any]) -> bool:
    """A single row that adds nothing to a sum does not count for it."""
    column = one.value.partition("(")[2].rstrip(")")
    return not one.value.startswith("sum") or values["held"] != 1 or bool(values.get(column))


def _how(one: Indicator, fact: Fact, values: dict[str, Any]) -> str:
    if one.value == "count":
        return ""
    column = one.value.partition("(")[2].rstrip(")")
    word = value_words(values.get(column), fact, column)
    if one.value.startswith("sum"):
        return (
            _("计入 %(value)s %(unit)s") % {"value": word, "unit": said(one, "unit")}
            if values["held"] == 1
            else ""
        )
    return _("同一“%(value)s”只计一次") % {"value": word} if values["held"] == 1 else _("同一对象只计一次")


def _why_not(number: int, one: Question, fact: Fact, values: dict[str, Any], days: dict[str, date]) -> str:
    """The first conditions that no row of the record meets, with what the record says instead."""
    if not values["held"]:
        return _("不归本区划")
    failing = [part for place, part in enumerate(one.parts) if not values[f"p{number}_{place}"]]
    if not failing and not _adds(one.indicator, values):
        return _("本行没有数量")
    if not failing:
        return _("所看的日子不归本区划") if values["held"] == 1 else _("没有一行同时满足全部条件")
    said = []
    for part in failing[:REASONS]:
        words = condition_words(part, fact, days)
        columns = columns_of(part)
        if values["held"] == 1 and len(columns) == 1:
            words = _("%(condition)s（现为%(value)s）") % {
                "condition": words, "value": value_words(values.get(columns[0]), fact, columns[0]),
            }  # fmt: skip
        said.append(words)
    return _("不满足：%(conditions)s") % {"conditions": "；".join(said)}


def _published(facts: Sequence[Fact], place: Place) -> list[tuple[SignedFigure, set[str]]]:
    """Standing published figures on these facts with the keys of their rows, the newest."""
    names = {fact.id for fact in facts}
    ids = [one.id for one in load_catalogue().indicators.values() if one.fact in names]
    rows = SignedFigure.objects.filter(
        indicator__in=ids, region_code=place.region, status=SignedFigure.Status.SIGNED
    ).order_by("-as_of", "-pk")[:SIGNED]
    return [
        (row, set(zlib.decompress(bytes(row.row_keys)).decode().split("\n"))) for row in rows if row.row_keys
    ]
