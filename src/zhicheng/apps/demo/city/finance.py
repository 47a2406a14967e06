"""Pools, licences, transfers, pledges, credit lines and operation centres of the demo city."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhicheng.apps.demo.city.firms import banks, enterprises, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, YEAR_START, dice
from zhicheng.apps.demo.city.patents import portfolio
from zhicheng.apps.demo.city.table import Table
from zhicheng.kernel.money import split

PLEDGE_COUNT, PLEDGE_TOTAL = 267, Decimal("4207000000.00")
CREDIT_FIRMS, CREDIT_TOTAL = 92, Decimal("14530000000.00")
POOLS = (
    ("演示磁悬浮专利池", "磁悬浮", 1900),
    ("演示高端装备专利池", "高端装备", 2600),
    ("演示医药化工专利池", "医药化工", 1700),
)
POOL_MEMBERS = (20, 27, 18)
TRANSFERRED = 3112


def pools() -> list[Table]:
    """Three pools that run and one that was dissolved, members who left, patents that were taken out."""
    chance = dice("pools")
    firms = iter(chance.sample(enterprises(), 120))
    patents = iter(portfolio().counted[:27_000:4])
    heads: list[list[object]] = []
    members: list[list[object]] = []
    inside: list[list[object]] = []

    def join(pool: str, day: date, left: date | None = None) -> None:
        firm = next(firms)
        members.append([pool, firm.name, firm.uscc, day, left, firm.county])

    for (pool, field, size), count in zip(POOLS, POOL_MEMBERS, strict=True):
        heads.append([pool, field, "演示运营机构", date(2023, 6, 1), None, "370705"])
        for _ in range(count):
            join(pool, chance.day(date(2023, 6, 1), AS_OF))
        for _ in range(3):
            join(pool, date(2023, 6, 1), chance.day(date(2024, 1, 1), date(2025, 10, 1)))
        for _ in range(size):
            patent = next(patents)
            inside.append(
                [pool, patent.number, max(date(2023, 6, 1), patent.granted or AS_OF), None, "370705"]
            )
        for _ in range(60):
            inside.append([pool, next(patents).number, date(2023, 6, 1), date(2025, 2, 2), "370705"])
    heads.append(["演示已解散专利池", "纺织", "演示运营机构", date(2021, 1, 1), date(2024, 1, 1), "370785"])
    # Two enterprises sit in two pools each: members are enterprises, so they count once.
    for row in members[:2]:
        members.append([POOLS[1][0], *row[1:]])
    return [
        Table(
            "patent_pools",
            "专利池台账",
            ["专利池名称", "技术领域", "运营机构", "建成日期", "解散日期", "区划代码"],
            heads,
        ),
        Table(
            "pool_members",
            "专利池成员台账",
            ["专利池", "成员单位", "统一社会信用代码", "入池日期", "退出日期", "区划代码"],
            members,
        ),
        Table(
            "pool_patents",
            "专利池专利清单",
            ["专利池", "专利号", "入池日期", "出池日期", "区划代码"],
            inside,
            "utf8",
        ),
    ]


def transfers() -> list[Table]:
    """Transfers and licences; a patent both licensed and sold counts once, changes inside a group do not."""
    chance = dice("transfers")
    city = portfolio().counted
    patents = iter(city[3:27_000:5])
    sales: list[list[object]] = []
    licences: list[list[object]] = []
    given = 0
    while given < TRANSFERRED:
        size = min(chance.randrange(1, 7), TRANSFERRED - given)
        lot = [next(patents) for _ in range(size)]
        given += size
        seller = lot[0].owners[0]
        buyer = chance.one(enterprises())
        day = chance.day(date(2020, 1, 6), AS_OF)
        numbers = ";".join(one.number for one in lot)
        price = Decimal(chance.randrange(2, 90)) * 10000
        if chance.random() < 0.6:
            sales.append(
                [
                    f"YSZR{len(sales):05d}",
                    "有偿转让",
                    seller.name,
                    seller.uscc,
                    buyer.name,
                    day,
                    price,
                    numbers,
                    seller.county,
                ]
            )
            if chance.random() < 0.1:  # licensed first, sold later: still one patent
                licences.append(
                    _licence(len(licences), seller, buyer, day - timedelta(days=200), price, lot[0].number)
                )
        else:
            licences.append(_licence(len(licences), seller, buyer, day, price, numbers))
    for _ in range(120):
        patent = next(patents)
        seller = patent.owners[0]
        day = chance.day(date(2021, 1, 6), AS_OF)
        sales.append(
            [
                f"YSZR{len(sales):05d}",
                "关联方变更",
                seller.name,
                seller.uscc,
                f"{seller.name}（关联方）",
                day,
                None,
                patent.number,
                seller.county,
            ]
        )
    for patent in list(portfolio().uncounted)[-40:]:
        seller = outsiders()[5]
        sales.append(
            [
                f"YSZR{len(sales):05d}",
                "有偿转让",
                seller.name,
                seller.uscc,
                "演示外市受让人",
                date(2025, 4, 4),
                Decimal(50000),
                patent.number,
                seller.county,
            ]
        )
    return [
        Table(
            "transfers",
            "专利转让登记台账",
            [
                "登记号",
                "转让类型",
                "转让人",
                "统一社会信用代码",
                "受让人",
                "生效日",
                "合同金额",
                "专利清单",
                "区划代码",
            ],
            sales,
        ),
        Table(
            "licences",
            "专利许可备案台账",
            [
                "备案号",
                "许可方式",
                "许可人",
                "统一社会信用代码",
                "被许可人",
                "签订日期",
                "备案日期",
                "许可费",
                "专利清单",
                "区划代码",
            ],
            licences,
        ),
    ]


def _licence(
    serial: int, seller: object, buyer: object, day: date, price: Decimal, numbers: str
) -> list[object]:
    name, code, county = seller.name, seller.uscc, seller.county  # type: ignore[attr-defined]
    return [f"YSXK{serial:05d}", "普通许可", name, code, buyer.name, day, day, price, numbers, county]  # type: ignore[attr-defined]


def pledges() -> Table:
    """Pledges of the year with their exact total, last years' beside them, a revoked one, other cities'."""
    chance = dice("pledges")
    patents = portfolio().counted
    rows: list[list[object]] = []

    def add(day: date, amount: Decimal, *, firm: object = None, revoked: date | None = None) -> None:
        lot = chance.sample(patents, chance.randrange(1, 9))
        who = firm or chance.one(enterprises())
        released = day + timedelta(days=365) if day.year < 2025 else None
        rows.append(
            [
                f"YSZY{len(rows):06d}",
                who.name,
                who.uscc,
                chance.one(banks()).name,
                day,
                released,
                revoked,
                amount,  # type: ignore[attr-defined]
                ";".join(one.number for one in lot),
                who.county,  # type: ignore[attr-defined]
            ]
        )

    weights = [chance.randrange(300, 3000) for _ in range(PLEDGE_COUNT)]
    for amount in split(PLEDGE_TOTAL, weights):
        add(chance.day(YEAR_START, AS_OF), amount)
    for year, count in {2020: 70, 2021: 98, 2022: 141, 2023: 189, 2024: 236}.items():
        for _ in range(count):
            add(
                chance.day(date(year, 1, 1), date(year, 12, 31)), Decimal(chance.randrange(200, 3000)) * 10000
            )
    for _ in range(4):
        add(chance.day(YEAR_START, AS_OF), Decimal(8_000_000), revoked=AS_OF - timedelta(days=3))
    for firm in outsiders()[10:16]:
        add(date(2025, 6, 1), Decimal(5_000_000), firm=firm)
    add(AS_OF + timedelta(days=2), Decimal(3_000_000))
    header = [
        "质押登记号",
        "出质人",
        "统一社会信用代码",
        "质权人",
        "登记日期",
        "注销日",
        "撤销日期",
        "质押金额",
        "专利清单",
        "区划代码",
    ]
    return Table("pledges", "专利权质押登记台账", header, rows)


def credit() -> list[Table]:
    """Credit lines and, apart from them, what was drawn; a cancelled line counts nowhere."""
    chance = dice("credit")
    firms = chance.sample(enterprises(), CREDIT_FIRMS + 8)
    lines: list[list[object]] = []
    draws: list[list[object]] = []
    count = CREDIT_FIRMS + 41
    weights = [chance.randrange(100, 900) for _ in range(count)]
    for index, amount in enumerate(split(CREDIT_TOTAL, weights)):
        firm = firms[index % CREDIT_FIRMS]
        day = chance.day(date(2023, 1, 10), AS_OF)
        number = f"YSSX{index:05d}"
        product = "质量贷" if index % 3 else "知识产权质押融资"
        lines.append(
            [
                number,
                firm.name,
                firm.uscc,
                chance.one(banks()).name,
                product,
                day,
                None,
                date(day.year + 3, 1, 1),
                amount,
                firm.county,
            ]
        )
        if index % 2:
            part = (amount / 3).quantize(Decimal("0.01"))
            draws.append(
                [f"YSFK{index:05d}", number, min(AS_OF, day + timedelta(days=20)), part, firm.county]
            )
    for index, firm in enumerate(firms[CREDIT_FIRMS:]):
        lines.append(
            [
                f"YSSX9{index:04d}",
                firm.name,
                firm.uscc,
                banks()[0].name,
                "质量贷",
                date(2024, 5, 5),
                date(2024, 9, 9),
                date(2027, 1, 1),
                Decimal(90_000_000),
                firm.county,
            ]
        )
    other = outsiders()[8]
    lines.append(
        [
            "YSSX99999",
            other.name,
            other.uscc,
            banks()[1].name,
            "质量贷",
            date(2025, 5, 5),
            None,
            date(2027, 1, 1),
            Decimal(70_000_000),
            other.county,
        ]
    )
    return [
        Table(
            "credit_lines",
            "银行授信台账",
            [
                "授信编号",
                "受信企业",
                "统一社会信用代码",
                "授信银行",
                "贷款产品",
                "授信日期",
                "取消日期",
                "到期日期",
                "授信金额",
                "区划代码",
            ],
            lines,
        ),
        Table(
            "drawdowns",
            "银行放款台账",
            ["放款编号", "授信编号", "放款日期", "放款金额", "区划代码"],
            draws,
            "utf8",
        ),
    ]


def centres() -> Table:
    """Two industry centres that run, a branch of the provincial one, and an industry centre that closed."""
    rows = [
        [
            "演示医药化工产业知识产权运营中心",
            "产业知识产权运营中心",
            "医药化工",
            date(2024, 4, 26),
            None,
            "370705",
        ],
        [
            "演示磁悬浮产业知识产权运营中心",
            "产业知识产权运营中心",
            "磁悬浮",
            date(2023, 9, 8),
            None,
            "370705",
        ],
        ["演示省级运营中心分中心", "省级中心分中心", "综合", date(2022, 11, 1), None, "370705"],
        [
            "演示纺织产业知识产权运营中心",
            "产业知识产权运营中心",
            "纺织",
            date(2020, 1, 1),
            date(2023, 12, 31),
            "370785",
        ],
        ["演示外市产业知识产权运营中心", "产业知识产权运营中心", "信息", date(2022, 1, 1), None, "370200"],
    ]
    return Table(
        "operation_centres",
        "运营中心台账",
        ["中心名称", "中心类型", "产业", "成立日期", "撤销日期", "区划代码"],
        list(map(list, rows)),
    )


def tables() -> list[Table]:
    """Everything that turns rights into money."""
    return [*pools(), *transfers(), pledges(), *credit(), centres()]
