"""Columns of a record: Django fields that also know their unit, source words and identifier rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.expressions import Combinable


class Column(models.Field):
    """What every column of a record carries beside its Django field.

    Args:
        label: the column's name as an officer says it.
        help: one sentence on what belongs in it.
        synonyms: header words under which exports carry it, separated by blanks.
        unit: unit of the value, empty where it has none.
        identifier: name of the kernel identifier rule its values obey.
        source: law or standard that defines the column.
        personal: True when the value is personal data and is masked by role.
        says: gives what a coded value means to a reader, from the values of its row by column; empty where nobody knows.
    """

    kind = "text"

    def __init__(
        self,
        label: Any = "",
        *,
        help: Any = "",  # noqa: A002 - the word an author of a record type expects
        synonyms: str = "",
        unit: str = "",
        identifier: str = "",
        source: str = "",
        personal: bool = False,
        says: Callable[[Mapping[str, Any]], str] | None = None,
        **options: Any,
    ) -> None:
        self.synonyms = tuple(synonyms.split())
        self.unit = unit
        self.identifier = identifier
        self.source = source
        self.personal = personal
        self.says = says
        options.setdefault("verbose_name", label)
        options.setdefault("help_text", help)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Write plain Django fields into migrations, so that a label never makes one."""
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name", None)
        kwargs.pop("help_text", None)
        kwargs.pop("choices", None)
        plain = next(
            base for base in type(self).__mro__ if base.__module__.startswith("django.db.models.fields")
        )
        return name, f"django.db.models.{plain.__name__}", list(args), kwargs


def column_name(field: models.Field[Any, Any]) -> str:
    """The name of a field's column in its table."""
    assert field.column is not None, f"{field.name} lies in a table of its own"
    return field.column


class Text(Column, models.CharField):
    """A word or a line; empty when unknown."""

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_length", 200)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(label, **options)


class LongText(Column, models.TextField):
    """Several lines; empty when unknown."""

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(label, **options)


class Choice(Text):
    """One word of a closed list; imports accept the stored word and its Chinese label.

    Args:
        readings: part of a word as registers write it → stored word; the first that fits is taken and told.
    """

    kind = "choice"

    def __init__(self, label: Any = "", *, readings: dict[str, str] | None = None, **options: Any) -> None:
        self.readings = readings or {}
        options.setdefault("max_length", 40)
        super().__init__(label, **options)


class Entry(Text):
    """The id of an entry that lies elsewhere, in the catalogue or in a register of this house; files may also name it.

    Args:
        among: gives id → name of every entry there is; asked when a file is read or a page is shown.
    """

    kind = "entry"

    def __init__(
        self, label: Any = "", *, among: Callable[[], Mapping[str, str]] = dict, **options: Any
    ) -> None:
        self.among = among
        options.setdefault("max_length", 80)
        super().__init__(label, **options)

    def named(self) -> dict[str, str]:
        """Id → name; an id whose name another one bears too keeps its id."""
        found = dict(self.among())
        often = Counter(found.values())
        return {one: name if often[name] == 1 else one for one, name in found.items()}


class Identifier(Text):
    """A number with a rule of its own, kept in its normal form."""

    kind = "identifier"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_length", 60)
        super().__init__(label, **options)


class Region(Text):
    """A GB/T 2260 code, or a zone the city has entered itself."""

    kind = "region"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_length", 6)
        options.setdefault("db_index", True)
        super().__init__(label, **options)


class Names(Text):
    """Several names in one cell, kept as written; its parts become rows of their own."""

    kind = "list"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_length", 1000)
        super().__init__(label, **options)


# `_pyi_private_*` tell the type checker that a column below is null when unknown, though its call does not say so.
class Day(Column, models.DateField):
    """A Beijing calendar day; null when unknown."""

    _pyi_private_set_type: str | date | Combinable | None  # type: ignore[assignment]
    _pyi_private_get_type: date | None  # type: ignore[assignment]
    kind = "date"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(label, **options)


class Money(Column, models.DecimalField):
    """Exact money in 元 with two places; null when unknown.

    Fifteen digits: as many as SQLite keeps exactly in a numeric column, and ten trillion 元 at that.
    """

    _pyi_private_set_type: str | float | Decimal | Combinable | None  # type: ignore[assignment]
    _pyi_private_get_type: Decimal | None  # type: ignore[assignment]
    kind = "money"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_digits", 15)
        options.setdefault("decimal_places", 2)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        options.setdefault("unit", "元")
        super().__init__(label, **options)


class Amount(Column, models.DecimalField):
    """An exact quantity other than money; null when unknown."""

    _pyi_private_set_type: str | float | Decimal | Combinable | None  # type: ignore[assignment]
    _pyi_private_get_type: Decimal | None  # type: ignore[assignment]
    kind = "decimal"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("max_digits", 15)
        options.setdefault("decimal_places", 4)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(label, **options)


class Count(Column, models.BigIntegerField):
    """A whole number; null when unknown."""

    _pyi_private_set_type: float | int | str | Combinable | None  # type: ignore[assignment]
    _pyi_private_get_type: int | None  # type: ignore[assignment]
    kind = "integer"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(label, **options)


class Flag(Column, models.BooleanField):
    """Yes, no, or null when nobody has said."""

    _pyi_private_set_type: bool | Combinable | None  # type: ignore[assignment]
    _pyi_private_get_type: bool | None  # type: ignore[assignment]
    kind = "boolean"

    def __init__(self, label: Any = "", **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(label, **options)
