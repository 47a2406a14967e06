"""What a record type is: its model, key, list, filters and parts, registered by the room that owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from zhicheng.apps.records.record import Record
from zhicheng.kernel.refusals import NotFound

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Part:
    """Rows that belong to a record and come out of its cells or out of files of their own.

    Args:
        model: the model of the part; its foreign key to the record is `parent`.
        parent: name of that foreign key.
        explode: turns the record's typed rows (with `__row__`) into part rows (with the same `__row__`),
            or None when the part is only ever imported through a record type of its own.
        organisation: pair (name column, USCC column) of the part that is matched to an organisation.
        identity: columns that say which part row is which; imports compare these.
        additive: True when a later file adds rows and never takes any away, as with legal events.
    """

    model: type[models.Model]
    parent: str
    explode: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    organisation: tuple[str, str] | None = None
    identity: tuple[str, ...] = ("name",)
    additive: bool = False


@dataclass(frozen=True)
class Related:
    """Records of another kind that hang together with a record by what they hold, shown on its page.

    Args:
        type: id of the other kind.
        lookup: column of the other kind, or `part__column`.
        own: column of this kind with the same value.
        names: column of the other kind that pages show in place of that value; exports keep the value.
    """

    type: str
    lookup: str
    own: str
    names: str = ""


@dataclass(frozen=True)
class RecordType:
    """One kind of record, described once.

    Args:
        id: the word used in commands, addresses and the API, plural: `patents`.
        model: its Django model; labels, help, units and synonyms live on the columns.
        room: the link of the chain under which pages list it.
        key: columns that name one record; two rows with equal keys are the same record.
        list_columns: columns a list shows first.
        filters: columns offered as filters.
        search: columns a search looks into.
        date: the column lists are read by (newest first); the id breaks ties.
        parts: rows that hang on the record.
        organisation: pair (name column, USCC column) matched to an organisation.
        region_through: how a county finds its own rows: a column, or `part__column`.
        virtual: import columns that only feed a part: name → (label, synonyms, kind).
        derive: completes typed rows with what follows from them (the kind of a patent from its number).
        public: True when anybody may read it without signing in.
        related: other kinds of records that its page shows.
    """

    id: str
    model: type[Record]
    room: str
    key: tuple[str, ...]
    list_columns: tuple[str, ...]
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    date: str = ""
    parts: tuple[Part, ...] = ()
    organisation: tuple[str, str] | None = None
    region_through: str = "region_code"
    virtual: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    derive: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    public: bool = False
    related: tuple[Related, ...] = ()

    @property
    def label(self) -> str:
        """Name of the type as pages show it."""
        return str(self.model._meta.verbose_name)

    @property
    def table(self) -> str:
        """Database table of the type."""
        return self.model._meta.db_table


class Registry:
    """The record types of all rooms, in the order they were registered."""

    def __init__(self) -> None:
        self._types: dict[str, RecordType] = {}

    def add(self, record_type: RecordType) -> None:
        """Register a type; a second one under the same id is a programming error."""
        if record_type.id in self._types:
            raise ValueError(f"record type {record_type.id!r} is registered twice")
        self._types[record_type.id] = record_type

    def get(self, type_id: str) -> RecordType:
        """Return one type.

        Raises:
            NotFound: no type has this id; the message lists those that exist.
        """
        try:
            return self._types[type_id]
        except KeyError:
            known = "、".join(sorted(self._types))
            raise NotFound(f"没有“{type_id}”这种台账。", fix=f"现有：{known}。") from None

    def all(self) -> list[RecordType]:
        """Return every type."""
        return list(self._types.values())

    def of_room(self, room: str) -> list[RecordType]:
        """Return the types of one room."""
        return [one for one in self._types.values() if one.room == room]

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._types.values())


registry = Registry()

ModelT = TypeVar("ModelT", bound=type[Record])


def record_type(id: str, **shape: Any) -> Callable[[ModelT], ModelT]:  # noqa: A002 - reads as the type's id
    """Register the decorated model as a record type."""

    def register(model: ModelT) -> ModelT:
        registry.add(RecordType(id=id, model=model, **shape))
        return model

    return register
