"""How far a long evaluation is: clauses done of all, told to whoever waits, who may end it by raising."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Told: TypeAlias = Callable[[int, int], None]


def nobody(done: int, of: int) -> None:
    """Tell nobody."""


class Passes:
    """Several evaluations one after the other, told as one count of clauses.

    Args:
        told: is told how many clauses are done, of all passes together.
        clauses: how many a pass counts for, however few of them it has to ask.
        passes: how many there will be.
    """

    def __init__(self, told: Told, *, clauses: int, passes: int) -> None:
        self.told, self.clauses, self.all = told, clauses, clauses * passes
        self.begun = 0

    def next(self) -> Told:
        """Who is told about the next pass."""
        before = self.clauses * self.begun
        self.begun += 1

        def told(done: int, of: int) -> None:
            self.told(before + (self.clauses * done // of if of else self.clauses), self.all)

        return told
