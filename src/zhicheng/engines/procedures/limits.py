"""Time limits as data: what starts and ends them, what stops them, who may add to them, how open rules are read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from zhicheng.engines.procedures.parts import Words
from zhicheng.kernel.clock import Limit, Order, Unit
from zhicheng.kernel.extensions import ExtensionRule
from zhicheng.kernel.lights import YELLOW_SHARE, Escalation
from zhicheng.kernel.refusals import Source

About = Literal["order", "roll", "count_start", "resume_day"]


@dataclass(frozen=True, slots=True)
class StopGround:
    """A ground on which a limit does not run: 补正, 中止, 鉴定, 公告, 听证 …

    Args:
        id: its name.
        name: as printed in a derivation.
        source: the article that allows it.
    """

    id: str
    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a rule that is open."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Open:
    """A point the rule leaves open: the question, each reading by name, and the one chosen here.

    Args:
        about: what of the clock it decides: `order` (limits_first, extensions_last), `roll` (roll, stay),
            `count_start` (count, exclude), `resume_day` (counts, excluded).
        question: in a sentence.
        readings: each value with its words.
        chosen: the value in force; a city may choose another in its overlay.
        source: the rule that is open.
    """

    about: About
    question: str
    readings: tuple[Reading, ...]
    chosen: str
    source: Source


@dataclass(frozen=True, slots=True)
class Expiry:
    """What the law or the rule says happens when a limit runs out.

    Args:
        action: action of the software.
        counts_from: the day that action counts from: the start of the limit (视为受理 on receipt) or its end.
        source: the article.
    """

    action: str
    counts_from: Literal["start", "expiry"]
    source: Source


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit of a matter.

    Args:
        id: its name.
        name: as shown.
        amount: the statutory amount; 0 where the day itself is given (`day_field`).
        unit: working days, calendar days or months.
        source: the article, or for a centre's own limit the document that sets it.
        whose: who must act in it: the authority or a party.
        roll: whether a last day on a rest day moves to the next working day.
        count_start: True where the start day itself counts.
        promised: the limit the city promises, None for none.
        stops: grounds on which it does not run.
        extensions: who may add, how much and how often.
        opens: points the rule leaves open.
        expiry: what happens when it runs out; None for lights and reminders only.
        day_field: field that gives the last day itself, an instant with its time zone (foreign deadlines).
        after_end: True where it runs on after the case has ended (公布裁决书, 起诉期).
        configuration: True where the limit is the centre's own and not law.
        reminders: offsets in the unit, before (negative), at and after the due day.
        escalation: roles told when overdue.
        yellow_share: share of the limit from which the light is yellow.
    """

    id: str
    name: Words
    amount: int
    unit: Unit
    source: Source
    whose: Literal["authority", "party"] = "authority"
    roll: bool = True
    count_start: bool = False
    promised: Limit | None = None
    stops: tuple[StopGround, ...] = ()
    extensions: tuple[ExtensionRule, ...] = ()
    opens: tuple[Open, ...] = ()
    expiry: Expiry | None = None
    day_field: str = ""
    after_end: bool = False
    configuration: bool = False
    reminders: tuple[int, ...] = (-5, -1, 0, 1, 5)
    escalation: tuple[Escalation, ...] = ()
    yellow_share: Decimal = YELLOW_SHARE

    def chosen(self, about: About) -> str:
        """The reading in force on a point; empty when the point is not open."""
        return next((one.chosen for one in self.opens if one.about == about), "")

    @property
    def rolls(self) -> bool:
        """Whether a last day on a rest day moves, after the reading chosen."""
        return self.chosen("roll") == "roll" if self.chosen("roll") else self.roll

    @property
    def order(self) -> Order:
        """Whether extensions are counted before or after stopped days are given back."""
        return "extensions_last" if self.chosen("order") == "extensions_last" else "limits_first"

    @property
    def statutory(self) -> Limit:
        """The limit as the kernel's clock counts it."""
        counts = self.chosen("count_start") == "count" if self.chosen("count_start") else self.count_start
        return Limit(self.amount, self.unit, self.rolls, counts)

    def ground(self, identity: str) -> StopGround | None:
        """The stop ground of a name, None when this limit does not know it."""
        return next((one for one in self.stops if one.id == identity), None)
