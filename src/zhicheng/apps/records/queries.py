"""Records read for a person: lists page by page, single records with their parts and where they came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.http import QueryDict

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.fields import Column, Entry
from zhicheng.apps.records.models import MatchQuestion, SavedView
from zhicheng.apps.records.providers import providers
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.kernel.identifiers import validate
from zhicheng.kernel.refusals import NotFound, Refusal

PAGE = 50
COUNTED = 10_000
MASK = "＊＊＊"
LONGEST_ID = 18
LINKED = 5
QUESTIONS = 20


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Args:
        rows: (id, cells) in the order of the list.
        count: rows that match, at most COUNTED.
        more: True when more than COUNTED match.
        next: cursor of the next page, empty on the last.
    """

    rows: list[tuple[int, list[str]]]
    count: int
    more: bool
    next: str


def visible(record_type: RecordType, user: Any) -> QuerySet[Record]:
    """Rows of a type that a person may see.

    Raises:
        NotAllowed: the person may not see this kind of record.
    """
    require(user, "records.view")
    rows = record_type.model._default_manager.all()
    seen = scope(user)
    if record_type.public or seen.sees_all:
        return rows
    narrowed = rows.filter(
        seen.regions_q(record_type.region_through) | _own(record_type, seen.organisation_ids)
    )
    return narrowed.distinct() if "__" in record_type.region_through else narrowed


def in_charge(record_type: RecordType, user: Any) -> QuerySet[Record]:
    """Rows a person may prepare changes of: those of their region, also where anybody may read."""
    require(user, "records.prepare")
    rows, seen = record_type.model._default_manager.all(), scope(user)
    if seen.sees_all:
        return rows
    through = record_type.region_through
    theirs = seen.regions_q(through) | Q(**{through: ""})
    if "__" in through:  # a record without any part belongs where it says itself
        part = through.split("__", 1)[0]
        theirs |= Q(**{f"{part}__isnull": True}) & (seen.regions_q("region_code") | Q(region_code=""))
    return rows.filter(pk__in=rows.filter(theirs).values("pk"))


def about(record_type: RecordType, user: Any) -> QuerySet[Record]:
    """Rows that are about the organisations a person acts for."""
    return record_type.model._default_manager.filter(_own(record_type, scope(user).organisation_ids))


def _own(record_type: RecordType, organisations: tuple[int, ...]) -> Q:
    """Rows about the organisations a person acts for: itself, its rows, and rows that have it as a part."""
    own = Q(pk__in=())
    if not organisations:
        return own
    if MatchQuestion._meta.get_field("organisation").related_model is record_type.model:
        own |= Q(pk__in=organisations)
    if record_type.organisation:
        own |= Q(organisation_id__in=organisations)
    for part in record_type.parts:
        if part.organisation:
            parents = part.model._default_manager.filter(organisation_id__in=organisations)
            own |= Q(pk__in=parents.values(f"{part.parent}_id"))
    return own


def given_of(query: str) -> dict[str, str]:
    """What the query of a list's address asks for; the ticked columns as one word."""
    asked = QueryDict(query)
    given: dict[str, str] = asked.dict()
    if ticked := asked.getlist("column"):
        given["columns"] = ",".join(str(one) for one in ticked)
    return given


def matching(record_type: RecordType, user: Any, given: Mapping[str, str]) -> QuerySet[Record]:
    """Visible rows that fit the filters, the search and the region of an address."""
    rows = visible(record_type, user)
    if (region := given.get("region", "").strip()) and not given.get("region_code"):
        rows = _within(rows, record_type, region)
    for name in filters_of(record_type, user):
        if value := _asked(given, name):
            rows = rows.filter(_filter(record_type, name, value))
    if text := given.get("q", "").strip():
        rows = rows.filter(_search(record_type, text, user))
    return rows


def hidden_columns(record_type: RecordType, user: Any) -> frozenset[str]:
    """Columns a person sees masked only, and therefore neither searches nor filters by."""
    if may(user, "personal.view"):
        return frozenset()
    return frozenset(one.name for one in model_columns(record_type) if one.personal)


def filters_of(record_type: RecordType, user: Any) -> list[str]:
    """Columns a person may filter a list by: never one whose values are masked for them."""
    hidden = hidden_columns(record_type, user)
    return [name for name in record_type.filters if name not in hidden]


def _search(record_type: RecordType, text: str, user: Any) -> Q:
    """A whole number in any spelling is looked up by itself; other words are looked for inside the columns."""
    if not record_type.search:
        return Q()
    found, hidden = Q(pk__in=()), hidden_columns(record_type, user)
    for name in record_type.search:
        if name in hidden:
            continue
        column = record_type.model._meta.get_field(name)
        if isinstance(column, Column) and column.identifier and "|" not in column.identifier:
            verdict = validate(column.identifier, text)
            if verdict.level != "error" and any(one.isdigit() for one in text):
                return Q(**{name: verdict.normal})
        found |= Q(**{f"{name}__icontains": text})
    return found


def _within(rows: QuerySet[Record], record_type: RecordType, region: str) -> QuerySet[Record]:
    """Rows of the region that the page looks at: a county its own, a city or province all below it."""
    through, prefix = record_type.region_through, region.rstrip("0")
    condition = {through: region} if len(prefix) > 4 else {f"{through}__startswith": prefix}
    if "__" not in through:
        return rows.filter(**condition)
    return rows.filter(pk__in=record_type.model._default_manager.filter(**condition).values("pk"))


def _asked(given: Mapping[str, str], name: str) -> str:
    """What is asked of a column: its own parameter, or the two ends of a range of days."""
    first, last = given.get(f"{name}.from", "").strip(), given.get(f"{name}.to", "").strip()
    return given.get(name, "").strip() or (f"{first}..{last}" if first or last else "")


def _filter(record_type: RecordType, name: str, value: str) -> Q:
    column = record_type.model._meta.get_field(name)
    if isinstance(column, models.DateField):
        first, _, last = value.partition("..")
        try:
            condition = Q(**{f"{name}__gte": date.fromisoformat(first)}) if first else Q()
            return condition & (Q(**{f"{name}__lte": date.fromisoformat(last)}) if last else Q())
        except ValueError as error:
            raise Refusal(f"日期范围“{value}”看不懂。", fix="请写成 2025-01-01..2025-12-31。") from error
    if name == "region_code" and value.endswith("00"):
        return Q(region_code__startswith=value.rstrip("0"))
    return Q(**{name: value})


def page(record_type: RecordType, user: Any, given: Mapping[str, str]) -> Page:
    """One page by keyset: newest first, the id breaks ties, rows without a date last; a fixed number of queries at any size."""
    count = matching(record_type, user, given).order_by().values("pk")[: COUNTED + 1].count()
    found, following = page_of_records(record_type, user, given)
    columns = list_columns(record_type, given)
    masked = not may(user, "personal.view")
    words = words_of(record_type, columns, found)
    cells = [
        (one.pk, [shown(one, column, masked=masked, words=words) for column in columns]) for one in found
    ]
    return Page(cells, min(count, COUNTED), count > COUNTED, following)


def page_of_records(record_type: RecordType, user: Any, given: Mapping[str, str]) -> tuple[list[Record], str]:
    """The records of one page and the cursor of the next, empty on the last."""
    rows = matching(record_type, user, given)
    order = record_type.date
    found = _undated(rows, given.get("after", "")) if not order else _newest_first(rows, order, given)
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    day = getattr(last, order) if order else None
    return found[:PAGE], f"{day.isoformat() if isinstance(day, date) else ''}_{last.pk}"


def _newest_first(rows: QuerySet[Record], order: str, given: Mapping[str, str]) -> list[Record]:
    """Rows with a day, newest first, then, where they do not fill the page, those without: along an index, however deep."""
    day, number = _cursor(given.get("after", ""))
    found: list[Record] = []
    if day or not number:
        dated = rows.filter(**{f"{order}__isnull": False})
        if day:
            dated = dated.filter(**{f"{order}__lte": day}).exclude(**{order: day, "pk__gte": number})
        found = list(dated.order_by(f"-{order}", "-pk")[: PAGE + 1])
    if len(found) > PAGE:
        return found
    undated = rows.filter(**{f"{order}__isnull": True})
    if number and not day:
        undated = undated.filter(pk__lt=number)
    return (found + list(undated.order_by("-pk")[: PAGE + 1]))[: PAGE + 1]


def _undated(rows: QuerySet[Record], cursor: str) -> list[Record]:
    _day, number = _cursor(cursor)
    return list((rows.filter(pk__lt=number) if number else rows).order_by("-pk")[: PAGE + 1])


def _cursor(text: str) -> tuple[str, int]:
    """Day and id of the last row seen; nothing and 0 on the first page."""
    if not text:
        return "", 0
    day, _, number = text.rpartition("_")
    if not number.isdigit() or not _is_day(day) or len(number) > LONGEST_ID:
        raise Refusal(f"页码“{text[:60]}”看不懂。", fix="请从第一页重新开始。")
    return day, int(number)


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def list_columns(record_type: RecordType, given: Mapping[str, str]) -> list[Column[Any, Any]]:
    """Columns of a list: those the address names, else the type's own."""
    names = [name for name in given.get("columns", "").split(",") if name] or list(record_type.list_columns)
    known = {one.name: one for one in model_columns(record_type)}
    return [known[name] for name in names if name in known]


def region_names() -> dict[str, str]:
    """Short names of the regions of the city's tree, by code."""
    return {code: short or name for code, name, short in providers.regions()}


def words_of(
    record_type: RecordType, columns: Sequence[Column[Any, Any]], found: Sequence[Record]
) -> dict[str, Mapping[str, str]]:
    """What pages call the values of columns that hold a code, by column; one query for each other kind asked."""
    words = region_words(columns)
    asked = {one.name for one in columns}
    for link in record_type.related:
        if link.names and link.own in asked:
            keys = {getattr(one, link.own) for one in found}
            others = registry.get(link.type).model._default_manager.filter(**{f"{link.lookup}__in": keys})
            words[link.own] = dict(others.values_list(link.lookup, link.names))
    return words


def region_words(columns: Sequence[Column[Any, Any]]) -> dict[str, Mapping[str, str]]:
    """Names of regions for the columns that hold their codes."""
    coded = [one.name for one in columns if one.kind == "region"]
    return dict.fromkeys(coded, region_names()) if coded else {}


def shown(
    record: models.Model,
    column: Column[Any, Any],
    *,
    masked: bool,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """A cell as a page shows it; personal data only to those who may see it, codes by name where `words` knows it."""
    value = getattr(record, column.name)
    if value is None or value == "":
        return ""
    if column.personal and masked:
        return MASK
    if column.choices:
        return str(getattr(record, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    said = column.says(vars(record)) if column.says else ""
    named = column.named() if isinstance(column, Entry) else (words or {}).get(column.name)
    if said or named:
        return said or (named or {}).get(value) or str(value)
    return f"{value:,}" if column.kind == "money" else str(value)


def record(
    type_id: str, number: int, user: Any, rows: Callable[..., QuerySet[Record]] | None = None
) -> tuple[RecordType, Record]:
    """One record a person may see, or of the narrower `rows` (`in_charge`, `about`).

    Raises:
        NotFound: there is none, or it lies outside the person's scope.
    """
    record_type = registry.get(type_id)
    found = (rows or visible)(record_type, user).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这条记录，或不在您的查看范围内。", fix="请核对编号，或联系所属区划的经办人。")
    return record_type, found


def saved_views(record_type: RecordType, user: Any) -> list[SavedView]:
    """Views of a list that a person keeps."""
    return list(SavedView.objects.filter(user=user, type=record_type.id)) if user.is_authenticated else []
