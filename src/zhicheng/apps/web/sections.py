"""Parts of a page that other rooms fill: they register a maker, the page's own room knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar


@dataclass(frozen=True)
class Section:
    """One part of a page.

    Args:
        template: what shows it, a card that takes `section`. context: what the template needs.
    """

    template: str
    context: dict[str, Any]


Made = TypeVar("Made")


class Makers(Generic[Made]):
    """The makers of all rooms for one kind of page, in the order in which what they make stands."""

    def __init__(self) -> None:
        self._makers: list[tuple[int, Callable[..., Made | None]]] = []

    def add(self, order: int, maker: Callable[..., Made | None]) -> None:
        """Register a maker; a room calls this when it is ready."""
        if maker not in [one for _, one in self._makers]:
            self._makers.append((order, maker))
            self._makers.sort(key=lambda pair: pair[0])

    def of(self, *about: Any) -> list[Made]:
        """What is made for whom or what a page is about; a maker with nothing to say returns None."""
        return [made for _, maker in self._makers if (made := maker(*about)) is not None]


class Sections(Makers[Section]):
    """Parts of one kind of page."""
