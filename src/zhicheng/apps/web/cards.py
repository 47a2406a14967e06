"""Cards of the home page: each room says what waits there for a person, the shell only sets them out."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

from zhicheng.apps.web.sections import Makers

Words = str | Promise


@dataclass(frozen=True)
class Line:
    """One line of a card.

    Args:
        text: what it is. href: where it leads. note: a word on it. tag: a short state before it.
        tone: good, warm or bad; never the only sign of what it says.
    """

    text: Words
    href: str = ""
    note: Words = ""
    tag: Words = ""
    tone: str = ""


@dataclass(frozen=True)
class Step:
    """One stage of a loop on a card.

    Args:
        name: the stage. count: how many stand there. late: how many of them are overdue.
    """

    name: Words
    count: int
    late: int = 0


@dataclass(frozen=True)
class Card:
    """What one room has to say to a person.

    Args:
        title: heading. lines: what it lists.
        empty: one sentence on what would stand here. href: page with all of it.
        steps: stages of a loop with their counts, drawn above the lines.
        wall: True when the wall screen may show it: it names no person and needs no click.
    """

    title: Words
    lines: tuple[Line, ...] = field(default=())
    empty: Words = ""
    href: str = ""
    steps: tuple[Step, ...] = ()
    wall: bool = False


class Cards(Makers[Card]):
    """Cards of the home page, asked for a person and a `Place`."""


cards = Cards()
