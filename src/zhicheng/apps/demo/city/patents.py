"""Patents of the demo city, and beside those that count all those that must not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from zhicheng.apps.demo.city.firms import Firm, enterprises, institutes, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, Applications, Dice, dice
from zhicheng.apps.demo.city.table import Table

IN_FORCE = 27_650
# Grants by year of the inventions that are still in force; earlier years have mostly lapsed.
GRANTED = {
    2009: 150,
    2010: 260,
    2011: 340,
    2012: 480,
    2013: 590,
    2014: 730,
    2015: 940,
    2016: 1130,
    2017: 1350,
    2018: 1660,
    2019: 1990,
    2020: 2330,
    2021: 2780,
    2022: 3160,
    2023: 3320,
    2024: 3290,
}
SYMBOLS = {
    "2614": "C07D 213/61",
    "3829": "H02K 7/09",
    "6513": "G06F 17/30",
    "3252": "C22C 21/08",
    "2651": "C08L 23/06",
    "0143": "A01G 9/14",
    "3660": "B62D 21/15",
    "0511": "A01H 1/02",
    "1499": "A23L 19/20",
    "1711": "D01H 5/72",
    "1713": "D06P 1/38",
    "2720": "A61K 31/4709",
    "8341": "G01N 33/50",
    "3499": "F16C 32/04",
}
STRATEGIC = {
    "H02K 7/09": "2.1",
    "G06F 17/30": "1.3",
    "A61K 31/4709": "4.1",
    "C08L 23/06": "3.3",
    "A01H 1/02": "4.3",
}
HEADER = [
    "申请（专利）号",
    "专利类型",
    "专利名称",
    "申请日",
    "公开（公告）号",
    "公开（公告）日",
    "授权公告日",
    "主分类号",
    "申请（专利权）人",
    "权利人信用代码",
    "权利人区划",
    "区划代码",
    "战略新兴产业分类",
    "海外同族授权数",
    "PCT申请日",
    "终止日",
    "恢复日",
    "届满日",
    "无效日",
    "专利代理机构",
]
KIND_WORDS = {"invention": "发明", "utility_model": "实用新型", "design": "外观设计"}
KIND_LETTERS = {"invention": ("1", "B"), "utility_model": ("2", "U"), "design": ("3", "S")}


@dataclass
class DemoPatent:
    """One application with everything its row in a file needs."""

    number: str
    kind: str
    filed: date
    granted: date | None
    owners: tuple[Firm, ...]
    symbol: str
    serial: int
    lapsed: date | None = None
    restored: date | None = None
    expired: date | None = None
    invalidated: date | None = None
    overseas: int = 0
    tags: set[str] = field(default_factory=set)

    @property
    def pct_filed(self) -> date | None:
        """Day of the international application that every sixtieth invention has within its year of priority."""
        day = self.filed + timedelta(days=330)
        return day if self.kind == "invention" and self.serial % 60 == 7 and day <= AS_OF else None

    def row(self) -> list[object]:
        """Cells under HEADER."""
        digit, letter = KIND_LETTERS[self.kind]
        published = self.granted or self.filed + timedelta(days=540)
        letter = letter if self.granted else "A"
        open_now = published <= AS_OF or self.granted is not None
        title = (
            f"一种演示装置及方法第{self.serial:05d}号"
            if self.kind != "design"
            else f"演示产品第{self.serial:05d}号"
        )
        return [
            self.number,
            KIND_WORDS[self.kind],
            title,
            self.filed,
            f"CN{digit}99{self.serial:06d}{letter}" if open_now else "",
            published if open_now else None,
            self.granted,
            self.symbol,
            ";".join(one.name for one in self.owners),
            ";".join(one.uscc for one in self.owners),
            ";".join(one.county for one in self.owners),
            self.owners[0].county,
            STRATEGIC.get(self.symbol, ""),
            self.overseas,
            self.pct_filed,
            self.lapsed,
            self.restored,
            self.expired,
            self.invalidated,
            "演示专利代理事务所",
        ]


class PatentMill:
    """Makes patents one after the other."""

    def __init__(self) -> None:
        self.dice: Dice = dice("patents")
        self.numbers = Applications()
        self.serial = 0
        local = enterprises()
        # A few firms hold most patents, as in every city.
        self._weights = [1 / (1 + index % 700) ** 0.6 for index in range(len(local))]
        self._local = local

    def owner(self) -> Firm:
        """A local owner; one in twelve is an institute."""
        if self.dice.random() < 1 / 12:
            return self.dice.one(institutes())
        return self.dice.choices(self._local, weights=self._weights)[0]

    def make(
        self, kind: str, granted: date | None, *, filed: date | None = None, owners: int = 1
    ) -> DemoPatent:
        """One patent granted on a day, or an application that is still pending."""
        if filed is None:
            wait = self.dice.randrange(420, 1100) if kind == "invention" else self.dice.randrange(120, 300)
            if granted is None and kind == "invention":
                wait = 9 + (wait - 420) * 8 // 5  # the youngest were filed a few days ago
            filed = (granted or AS_OF) - timedelta(days=wait)
        holders = tuple(dict.fromkeys(self.owner() for _ in range(owners)))
        self.serial += 1
        symbol = "21-01" if kind == "design" else SYMBOLS.get(holders[0].industry, "B25J 9/16")
        overseas = self.dice.randrange(1, 5) if kind == "invention" and self.dice.random() < 0.06 else 0
        number = self.numbers.take(filed.year, kind)
        return DemoPatent(number, kind, filed, granted, holders, symbol, self.serial, overseas=overseas)

    def granted_in(self, year: int, kind: str = "invention", owners: int = 1) -> DemoPatent:
        """One patent granted on some day of a year."""
        last = AS_OF if year == AS_OF.year else date(year, 12, 31)
        return self.make(kind, self.dice.day(date(year, 1, 1), last), owners=owners)


def _counted(mill: PatentMill) -> tuple[DemoPatent, ...]:
    """The inventions in force on the demo's day: plain, co-owned, and lapsed but restored."""
    plan = [year for year, count in GRANTED.items() for _ in range(count)]
    plan += [AS_OF.year] * (IN_FORCE - len(plan))
    made = []
    for index, year in enumerate(plan):
        # one in forty is held by two or three owners, often of two counties: it still counts once
        patent = mill.granted_in(year, owners=3 if index % 40 == 0 else 1)
        if index % 460 == 7 and year < AS_OF.year:
            patent.lapsed, patent.restored = date(2025, 3, 1 + index % 28), date(2025, 5, 1 + index % 28)
        if index % 35 == 11:  # shared with somebody of another city
            patent.owners = (*patent.owners, mill.dice.one(outsiders()))
        made.append(patent)
    return tuple(made)


def _uncounted(mill: PatentMill) -> tuple[DemoPatent, ...]:
    """Inventions that must not count: lapsed, expired, invalidated, pending, later, or of other cities."""
    chance = mill.dice
    made = []
    for _ in range(2300):
        patent = mill.granted_in(chance.randrange(2008, 2023))
        assert patent.granted is not None, "granted_in makes granted ones"
        patent.lapsed = chance.day(patent.granted + timedelta(days=380), AS_OF)
        made.append(patent)
    for _ in range(260):
        filed = chance.day(date(2000, 1, 1), date(2005, 12, 1))
        patent = mill.make("invention", filed + timedelta(days=1000), filed=filed)
        patent.expired = date(filed.year + 20, filed.month, min(filed.day, 28))
        made.append(patent)
    for _ in range(30):
        patent = mill.granted_in(2020)
        patent.invalidated = chance.day(date(2022, 1, 1), AS_OF)
        made.append(patent)
    made += [mill.make("invention", None) for _ in range(3000)]
    made += [mill.make("invention", AS_OF + timedelta(days=chance.randrange(1, 14))) for _ in range(40)]
    for _ in range(250):
        patent = mill.granted_in(chance.randrange(2015, 2026))
        patent.owners = (chance.one(outsiders()),)
        made.append(patent)
    return tuple(made)


def _sold(mill: PatentMill) -> tuple[tuple[DemoPatent, Firm, Firm, date], ...]:
    """Patents that left the city or came into it: (patent, seller, buyer, day)."""
    moves = []
    for _ in range(80):
        patent = mill.granted_in(mill.dice.randrange(2016, 2024))
        day = mill.dice.day(date(2025, 1, 5), date(2025, 11, 30))
        moves.append((patent, patent.owners[0], mill.dice.one(outsiders()), day))
    return tuple(moves)


def _others(mill: PatentMill) -> tuple[DemoPatent, ...]:
    """Utility models and designs: never part of an invention count."""
    made = []
    for kind, count in (("utility_model", 6000), ("design", 2200)):
        for _ in range(count):
            patent = mill.granted_in(mill.dice.randrange(2016, 2026), kind)
            assert patent.granted is not None, "granted_in makes granted ones"
            if mill.dice.random() < 0.2 and patent.granted.year < 2024:
                patent.lapsed = mill.dice.day(date(2024, 1, 1), AS_OF)
            made.append(patent)
    return tuple(made)


@dataclass(frozen=True)
class Portfolio:
    """Every patent of the demo city, made in one order so that chance falls the same way each time."""

    counted: tuple[DemoPatent, ...]
    uncounted: tuple[DemoPatent, ...]
    sold: tuple[tuple[DemoPatent, Firm, Firm, date], ...]
    others: tuple[DemoPatent, ...]


@cache
def portfolio() -> Portfolio:
    """Make the patents of the city once."""
    mill = PatentMill()
    return Portfolio(_counted(mill), _uncounted(mill), _sold(mill), _others(mill))


def broken_rows(good: DemoPatent) -> list[list[object]]:
    """Rows an import must send back: a wrong check digit, no number at all, a day that does not exist."""
    wrong = good.row()
    digit = str(wrong[0])[-1]
    wrong[0] = f"{str(wrong[0])[:-1]}{'1' if digit != '1' else '2'}"
    empty = good.row()
    empty[0] = ""
    impossible = good.row()
    impossible[0], impossible[3] = "20241990009", "2024-02-30"
    return [wrong, empty, impossible]


def tables() -> list[Table]:
    """Files of the patent office's exports, one of them partly the same rows as another."""
    city = portfolio()
    main = [*city.counted, *city.uncounted]
    moved = city.sold
    recent = [one for one in main if one.granted and one.granted.year == AS_OF.year][:1500]
    rows = [one.row() for one in main] + [one.row() for one, *_ in moved]
    changes: list[list[object]] = []
    for patent, seller, buyer, day in moved:
        changes.append([patent.number, seller.name, seller.uscc, None, day, seller.county])
        changes.append([patent.number, buyer.name, buyer.uscc, day, None, buyer.county])
    return [
        Table("patents", "发明专利台账（检索库导出）", HEADER, rows, "csv"),
        Table(
            "patents",
            "2025年授权发明专利（月报汇总）",
            HEADER,
            [one.row() for one in recent] + broken_rows(main[0]),
        ),
        Table("patents", "实用新型与外观设计台账", HEADER, [one.row() for one in city.others], "utf8"),
        Table(
            "patent_owner_changes",
            "专利权人变更登记",
            ["申请号", "权利人", "统一社会信用代码", "起始日", "终止日", "区划代码"],
            changes,
            "utf8",
        ),
    ]
