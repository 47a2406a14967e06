"""Patent pools and operation centres of the demo city."""

from __future__ import annotations

from datetime import date

from zhicheng.apps.demo.city.firms import enterprises
from zhicheng.apps.demo.city.ground import AS_OF, dice
from zhicheng.apps.demo.city.patents import portfolio
from zhicheng.apps.demo.city.table import Table

FOUNDED = date(2023, 6, 1)
SEAT = "370705"
# pool, field, enterprises in it today, patents in it today
POOLS = (
    ("演示磁悬浮专利池", "磁悬浮", 20, 1900),
    ("演示高端装备专利池", "高端装备", 27, 2600),
    ("演示医药化工专利池", "医药化工", 18, 1700),
)
POOL_HEADER = ["专利池名称", "技术领域", "运营机构", "建成日期", "解散日期", "区划代码"]
MEMBER_HEADER = ["专利池", "成员单位", "统一社会信用代码", "入池日期", "退出日期", "区划代码"]
PATENT_HEADER = ["专利池", "专利号", "入池日期", "出池日期", "区划代码"]
CENTRE_HEADER = ["中心名称", "中心类型", "产业", "成立日期", "撤销日期", "区划代码"]
INDUSTRY_CENTRE = "产业知识产权运营中心"


def pools() -> Table:
    """Three pools that run and one that was dissolved."""
    rows: list[list[object]] = [
        [pool, field, "演示运营机构", FOUNDED, None, SEAT] for pool, field, *_ in POOLS
    ]
    rows.append(["演示已解散专利池", "纺织", "演示运营机构", date(2021, 1, 1), date(2024, 1, 1), "370785"])
    return Table("patent_pools", "专利池台账", POOL_HEADER, rows)


def members() -> Table:
    """Enterprises in the pools, and three of each pool that left; two sit in two pools and count once."""
    chance = dice("pools")
    firms = iter(chance.sample(enterprises(), 120))
    rows: list[list[object]] = []

    def join(pool: str, day: date, left: date | None = None) -> None:
        firm = next(firms)
        rows.append([pool, firm.name, firm.uscc, day, left, firm.county])

    for pool, _, count, _ in POOLS:
        for _ in range(count):
            join(pool, chance.day(FOUNDED, AS_OF))
        for _ in range(3):
            join(pool, FOUNDED, chance.day(date(2024, 1, 1), date(2025, 10, 1)))
    rows += [[POOLS[1][0], *row[1:]] for row in rows[:2]]
    return Table("pool_members", "专利池成员台账", MEMBER_HEADER, rows)


def pooled_patents() -> Table:
    """Patents in the pools, and sixty of each pool that were taken out."""
    patents = iter(portfolio().counted[:27_000:4])
    rows: list[list[object]] = []
    for pool, _, _, size in POOLS:
        for _ in range(size):
            patent = next(patents)
            rows.append([pool, patent.number, max(FOUNDED, patent.granted or AS_OF), None, SEAT])
        rows += [[pool, next(patents).number, FOUNDED, date(2025, 2, 2), SEAT] for _ in range(60)]
    return Table("pool_patents", "专利池专利清单", PATENT_HEADER, rows, "utf8")


def centres() -> Table:
    """Two industry centres that run, a branch of the provincial one, one that closed, one of another city."""
    rows: list[list[object]] = [
        ["演示医药化工产业知识产权运营中心", INDUSTRY_CENTRE, "医药化工", date(2024, 4, 26), None, SEAT],
        ["演示磁悬浮产业知识产权运营中心", INDUSTRY_CENTRE, "磁悬浮", date(2023, 9, 8), None, SEAT],
        ["演示省级运营中心分中心", "省级中心分中心", "综合", date(2022, 11, 1), None, SEAT],
        ["演示纺织产业知识产权运营中心", INDUSTRY_CENTRE, "纺织", date(2020, 1, 1), date(2023, 12, 31), "370785"],
        ["演示外市产业知识产权运营中心", INDUSTRY_CENTRE, "信息", date(2022, 1, 1), None, "370200"],
    ]  # fmt: skip
    return Table("operation_centres", "运营中心台账", CENTRE_HEADER, rows)


def tables() -> list[Table]:
    """Where rights are gathered and run."""
    return [pools(), members(), pooled_patents(), centres()]
