"""The ground the demo city stands on: its counties, its days, its dice, and numbers that are never issued."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, TypeVar

from zhicheng.kernel.identifiers import patent_application, uscc

CITY = "370700"
AS_OF = date(2025, 12, 16)
# Counted by the census as a unit of the city, not in GB/T 2260.
ZONE = "370772"
YEAR_START = date(2025, 1, 1)
# Other cities of the province; what belongs to them must never be counted here.
ELSEWHERE = ("370200", "370100")
# Never issued: this region code does not exist, and serials this high were never reached.
NO_SUCH_REGION = "379999"
FIRST_SERIAL = 9_900_000


@dataclass(frozen=True)
class County:
    """A county of the city and how much of the city's work happens there."""

    code: str
    name: str
    weight: int
    trade: str


# Names and codes: GB/T 2260; weights and trades are made up.
COUNTIES = (
    County("370702", "潍城区", 8, "机械"),
    County("370703", "寒亭区", 6, "化工"),
    County("370704", "坊子区", 7, "装备"),
    County("370705", "奎文区", 17, "信息"),
    County("370724", "临朐县", 5, "铝材"),
    County("370725", "昌乐县", 6, "材料"),
    County("370781", "青州市", 9, "花卉"),
    County("370782", "诸城市", 12, "汽车"),
    County("370783", "寿光市", 13, "种业"),
    County("370784", "安丘市", 5, "食品"),
    County("370785", "高密市", 7, "纺织"),
    County("370786", "昌邑市", 5, "印染"),
)

T = TypeVar("T")


class Dice(random.Random):
    """Chance that falls the same way every time."""

    def day(self, first: date, last: date) -> date:
        """A day between two days, both included."""
        return first + timedelta(days=self.randrange((last - first).days + 1))

    def county(self) -> County:
        """A county, by its weight."""
        return self.choices(COUNTIES, weights=[one.weight for one in COUNTIES])[0]

    def one(self, items: Sequence[T]) -> T:
        """One of several."""
        return items[self.randrange(len(items))]


def dice(name: str) -> Dice:
    """Dice of one table, so that a change in one table moves no other."""
    return Dice(f"zhicheng-demo-{name}")


def demo_uscc(serial: int) -> str:
    """A USCC that passes its check but names a region that does not exist.

    The organisation code inside carries its own check digit, as GB 11714 asks.
    """
    body = f"D{serial:07d}"
    return uscc.with_check(f"91{NO_SUCH_REGION}{body}{_org_check(body)}")


def _org_check(body: str) -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(char, 36) * weight for char, weight in zip(body, weights, strict=True))
    return "0X987654321"[total % 11]


class Applications:
    """Application numbers in a range that is never issued, one after the other per year and kind."""

    KINDS: ClassVar = {"invention": 1, "utility_model": 2, "design": 3}

    def __init__(self) -> None:
        self._next: dict[tuple[int, int], int] = {}

    def take(self, year: int, kind: str) -> str:
        """The next number of a year and kind, with its check digit."""
        slot = (year, self.KINDS[kind])
        serial = self._next.get(slot, FIRST_SERIAL)
        self._next[slot] = serial + 1
        return patent_application.with_check(f"{year}{slot[1]}{serial}")


def split_over_years(total_by_year: dict[int, int]) -> list[tuple[int, date, date]]:
    """For each year its count with its first and last day, the present year ending on the demo's day."""
    return [
        (count, date(year, 1, 1), AS_OF if year == AS_OF.year else date(year, 12, 31))
        for year, count in sorted(total_by_year.items())
    ]
