"""What banks of the demo city lend on rights and quality: pledges and credit lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhicheng.apps.demo.city.firms import Firm, banks, enterprises, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, YEAR_START, dice
from zhicheng.apps.demo.city.patents import portfolio
from zhicheng.apps.demo.city.table import Table
from zhicheng.kernel.money import split

PLEDGE_COUNT, PLEDGE_TOTAL = 267, Decimal("4207000000.00")
PLEDGED_BEFORE = {2020: 70, 2021: 98, 2022: 141, 2023: 189, 2024: 236}
CREDIT_FIRMS, CREDIT_LINES, CREDIT_TOTAL = 92, 133, Decimal("14530000000.00")
PLEDGE_HEADER = [
    "质押登记号", "出质人", "统一社会信用代码", "质权人", "登记日期", "注销日", "撤销日期", "质押金额", "专利清单", "区划代码",
]  # fmt: skip
LINE_HEADER = [
    "授信编号", "受信企业", "统一社会信用代码", "授信银行", "贷款产品", "授信日期", "取消日期", "到期日期", "授信金额", "区划代码",
]  # fmt: skip
DRAW_HEADER = ["放款编号", "授信编号", "放款日期", "放款金额", "区划代码"]


class Pledges:
    """A register of pledges, each of several patents for one amount."""

    def __init__(self) -> None:
        self.dice = dice("pledges")
        self.rows: list[list[object]] = []
        self._patents = portfolio().counted

    def add(
        self, day: date, amount: Decimal, *, firm: Firm | None = None, revoked: date | None = None
    ) -> None:
        """One pledge; those of earlier years were released after a year."""
        lot = self.dice.sample(self._patents, self.dice.randrange(1, 9))
        who = firm or self.dice.one(enterprises())
        bank = self.dice.one(banks()).name
        released = day + timedelta(days=365) if day.year < AS_OF.year else None
        number, numbers = f"YSZY{len(self.rows):06d}", ";".join(one.number for one in lot)
        self.rows.append(
            [number, who.name, who.uscc, bank, day, released, revoked, amount, numbers, who.county]
        )


def pledges() -> Table:
    """Pledges of the year with their exact total, last years' beside them, a revoked one, other cities'."""
    register = Pledges()
    chance = register.dice
    weights = [chance.randrange(300, 3000) for _ in range(PLEDGE_COUNT)]
    for amount in split(PLEDGE_TOTAL, weights):
        register.add(chance.day(YEAR_START, AS_OF), amount)
    for year, count in PLEDGED_BEFORE.items():
        for _ in range(count):
            day = chance.day(date(year, 1, 1), date(year, 12, 31))
            register.add(day, Decimal(chance.randrange(200, 3000)) * 10000)
    for _ in range(4):
        register.add(chance.day(YEAR_START, AS_OF), Decimal(8_000_000), revoked=AS_OF - timedelta(days=3))
    for firm in outsiders()[10:16]:
        register.add(date(2025, 6, 1), Decimal(5_000_000), firm=firm)
    register.add(AS_OF + timedelta(days=2), Decimal(3_000_000))
    return Table("pledges", "专利权质押登记台账", PLEDGE_HEADER, register.rows)


class CreditBook:
    """Credit lines and, apart from them, what was drawn."""

    def __init__(self) -> None:
        self.lines: list[list[object]] = []
        self.draws: list[list[object]] = []

    def grant(
        self, number: str, firm: Firm, bank: str, day: date, amount: Decimal, *, until: date, product: str = "质量贷", cancelled: date | None = None,
    ) -> None:  # fmt: skip
        """A bank grants a line."""
        self.lines.append(
            [number, firm.name, firm.uscc, bank, product, day, cancelled, until, amount, firm.county]
        )

    def draw(self, number: str, line: str, day: date, amount: Decimal, county: str) -> None:
        """The firm draws on it."""
        self.draws.append([number, line, min(AS_OF, day), amount, county])


def credit() -> list[Table]:
    """Credit lines and what was drawn of them; a cancelled line counts nowhere, nor one of another city."""
    book = CreditBook()
    chance = dice("credit")
    firms = chance.sample(enterprises(), CREDIT_FIRMS + 8)
    weights = [chance.randrange(100, 900) for _ in range(CREDIT_LINES)]
    for index, amount in enumerate(split(CREDIT_TOTAL, weights)):
        firm, number = firms[index % CREDIT_FIRMS], f"YSSX{index:05d}"
        day = chance.day(date(2023, 1, 10), AS_OF)
        product = "质量贷" if index % 3 else "知识产权质押融资"
        bank = chance.one(banks()).name
        book.grant(number, firm, bank, day, amount, until=date(day.year + 3, 1, 1), product=product)
        if index % 2:
            part = (amount / 3).quantize(Decimal("0.01"))
            book.draw(f"YSFK{index:05d}", number, day + timedelta(days=20), part, firm.county)
    end = date(2027, 1, 1)
    for index, firm in enumerate(firms[CREDIT_FIRMS:]):
        number, day, cancelled = f"YSSX9{index:04d}", date(2024, 5, 5), date(2024, 9, 9)
        book.grant(number, firm, banks()[0].name, day, Decimal(90_000_000), until=end, cancelled=cancelled)
    book.grant("YSSX99999", outsiders()[8], banks()[1].name, date(2025, 5, 5), Decimal(70_000_000), until=end)
    return [
        Table("credit_lines", "银行授信台账", LINE_HEADER, book.lines),
        Table("drawdowns", "银行放款台账", DRAW_HEADER, book.draws, "utf8"),
    ]


def tables() -> list[Table]:
    """What stands against rights and good names at the banks."""
    return [pledges(), *credit()]
