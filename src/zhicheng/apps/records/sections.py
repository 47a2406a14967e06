"""What other rooms have to say about a record on its page; they register it, this room knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from zhicheng.apps.records.shapes import RecordType
from zhicheng.apps.web.public import Place


@dataclass(frozen=True)
class Section:
    """One part of a record's page.

    Args:
        template: what shows it, a card. context: what the template needs.
    """

    template: str
    context: dict[str, Any]


Maker = Callable[[RecordType, models.Model, Any, Place], Section | None]


class Sections:
    """The makers of all rooms, in the order their parts stand."""

    def __init__(self) -> None:
        self._makers: list[tuple[int, Maker]] = []

    def add(self, order: int, maker: Maker) -> None:
        """Register a maker; a room calls this when it is ready."""
        if maker not in [one for _, one in self._makers]:
            self._makers.append((order, maker))
            self._makers.sort(key=lambda pair: pair[0])

    def of(self, record_type: RecordType, record: models.Model, user: Any, place: Place) -> list[Section]:
        """Parts about a record for a person; a maker with nothing to say returns None."""
        made = (maker(record_type, record, user, place) for _, maker in self._makers)
        return [one for one in made if one is not None]


sections = Sections()
