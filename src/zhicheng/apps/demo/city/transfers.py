"""Patents of the demo city that were sold or licensed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhicheng.apps.demo.city.firms import Firm, enterprises, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, dice
from zhicheng.apps.demo.city.patents import portfolio
from zhicheng.apps.demo.city.table import Table

TRANSFERRED = 3112
SALE_HEADER = [
    "登记号", "转让类型", "转让人", "统一社会信用代码", "受让人", "生效日", "合同金额", "专利清单", "区划代码",
]  # fmt: skip
LICENCE_HEADER = [
    "备案号", "许可方式", "许可人", "统一社会信用代码", "被许可人", "签订日期", "备案日期", "许可费", "专利清单", "区划代码",
]  # fmt: skip


class Register:
    """Sales and licences, numbered in the order in which they come in."""

    def __init__(self) -> None:
        self.sales: list[list[object]] = []
        self.licences: list[list[object]] = []

    def sell(
        self,
        seller: Firm,
        buyer: str,
        day: date,
        price: Decimal | None,
        numbers: str,
        *,
        kind: str = "有偿转让",
    ) -> None:
        """Patents change hands."""
        number = f"YSZR{len(self.sales):05d}"
        self.sales.append([number, kind, seller.name, seller.uscc, buyer, day, price, numbers, seller.county])

    def license(self, owner: Firm, user: str, day: date, price: Decimal, numbers: str) -> None:
        """Patents are licensed, not exclusively."""
        number = f"YSXK{len(self.licences):05d}"
        self.licences.append(
            [number, "普通许可", owner.name, owner.uscc, user, day, day, price, numbers, owner.county]
        )


def tables() -> list[Table]:
    """Transfers and licences; a patent both licensed and sold counts once, changes inside a group do not."""
    register = Register()
    chance = dice("transfers")
    patents = iter(portfolio().counted[3:27_000:5])
    given = 0
    while given < TRANSFERRED:
        lot = [next(patents) for _ in range(min(chance.randrange(1, 7), TRANSFERRED - given))]
        given += len(lot)
        seller, buyer = lot[0].owners[0], chance.one(enterprises()).name
        day = chance.day(date(2020, 1, 6), AS_OF)
        numbers = ";".join(one.number for one in lot)
        price = Decimal(chance.randrange(2, 90)) * 10000
        if chance.random() < 0.6:
            register.sell(seller, buyer, day, price, numbers)
            if chance.random() < 0.1:  # licensed first, sold later: still one patent
                register.license(seller, buyer, day - timedelta(days=200), price, lot[0].number)
        else:
            register.license(seller, buyer, day, price, numbers)
    for _ in range(120):
        patent = next(patents)
        seller = patent.owners[0]
        day = chance.day(date(2021, 1, 6), AS_OF)
        register.sell(seller, f"{seller.name}（关联方）", day, None, patent.number, kind="关联方变更")
    for patent in list(portfolio().uncounted)[-40:]:
        register.sell(outsiders()[5], "演示外市受让人", date(2025, 4, 4), Decimal(50000), patent.number)
    return [
        Table("transfers", "专利转让登记台账", SALE_HEADER, register.sales),
        Table("licences", "专利许可备案台账", LICENCE_HEADER, register.licences),
    ]
