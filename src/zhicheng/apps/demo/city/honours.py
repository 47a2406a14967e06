"""Honours of the demo city: awards, nominations, brands, and those that were revoked or belong elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from zhicheng.apps.demo.city.firms import Firm, enterprises, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, Dice, dice
from zhicheng.apps.demo.city.patents import portfolio
from zhicheng.apps.demo.city.table import Table

HEADER = [
    "项目代码",
    "等次",
    "届次",
    "级别",
    "获奖日期",
    "有效期至",
    "撤销日期",
    "撤销原因",
    "获奖者类别",
    "获奖单位",
    "统一社会信用代码",
    "对象编号",
    "对象名称",
    "公布文件",
    "区划代码",
]
SCHEMES = (
    ("china_quality_award", "中国质量奖", "国家级", "国家市场监督管理总局", "每两年一届"),
    ("governor_quality_award", "省长质量奖", "省级", "省人民政府", "每两年一届"),
    ("mayor_quality_award", "市长质量奖", "市级", "市人民政府", "每年一届"),
    ("china_patent_award", "中国专利奖", "国家级", "国家知识产权局", "每年一届"),
    ("haopin_shandong", "“好品山东”品牌", "省级", "省市场监督管理局", "每年一批"),
    ("standards_leader", "企业标准“领跑者”", "国家级", "市场监管总局等", "每年一批"),
    ("city_brand", "市级品牌认定", "市级", "市市场监督管理局", "每年一批"),
    ("county_quality_award", "县级政府质量奖", "县级", "县级人民政府", "每年一届"),
)
ROUND_10 = date(2025, 11, 20)


class Roll:
    """A roll of honour, filled row by row."""

    def __init__(self) -> None:
        self.dice: Dice = dice("honours")
        self.rows: list[list[object]] = []
        patents = portfolio().counted
        self._patents = iter(self.dice.sample(patents, 400))
        self._firms = iter(self.dice.sample(enterprises(), len(enterprises())))

    def firm(self) -> Firm:
        """An enterprise that has nothing on the roll yet."""
        return next(self._firms)

    def add(
        self,
        scheme: str,
        tier: str,
        day: date,
        *,
        round_: int | None = None,
        holder: Firm | None = None,
        person: str = "",
        revoked: date | None = None,
        until: date | None = None,
        patent: bool = False,
    ) -> Firm | None:
        """Put one honour on the roll and return the firm that holds it."""
        level = next(one[2] for one in SCHEMES if one[0] == scheme)
        number, subject = "", ""
        if patent:
            right = next(self._patents)
            number, subject = right.number, f"一种演示装置及方法第{right.serial:05d}号"
            holder = holder or next((one for one in right.owners if one.kind == "企业"), self.firm())
        elif not person:
            holder = holder or self.firm()
        if scheme in {"haopin_shandong", "city_brand"} and holder:
            subject = f"演示品牌{len(self.rows):04d}"
        if person:
            name, code, county, kind = person, "", "370783", "个人"
        else:
            assert holder is not None, "where no person is named a firm was found above"
            name, code, county, kind = holder.name, holder.uscc, holder.county, "企业"
        reason = "复查不合格（演示）" if revoked else ""
        self.rows.append(
            [
                scheme,
                tier,
                round_,
                level,
                day,
                until,
                revoked,
                reason,
                kind,
                name,
                code,
                number,
                subject,
                "演示公布文件",
                county,
            ]
        )
        return holder


def _quality_awards(roll: Roll) -> None:
    roll.add("china_quality_award", "奖", date(2018, 11, 2), round_=3)
    for round_, day in ((2, date(2016, 3, 29)), (4, date(2021, 9, 16)), (5, date(2024, 3, 1))):
        roll.add("china_quality_award", "提名奖", day, round_=round_)
    roll.add("china_quality_award", "提名奖", date(2021, 9, 16), round_=4, revoked=date(2023, 7, 1))
    roll.add("china_quality_award", "奖", date(2021, 9, 16), round_=4, holder=outsiders()[0])
    for index in range(19):
        round_ = 1 + index % 9
        tier = "奖" if index % 3 == 0 else "提名奖"
        roll.add("governor_quality_award", tier, date(2007 + 2 * round_, 10, 12), round_=round_)
    roll.add("governor_quality_award", "奖", ROUND_10, round_=10, person="YS-RY-0001")
    roll.add("governor_quality_award", "提名奖", ROUND_10, round_=10)
    roll.add("governor_quality_award", "提名奖", date(2019, 10, 12), round_=6, revoked=date(2022, 2, 3))
    roll.add("governor_quality_award", "奖", ROUND_10, round_=10, holder=outsiders()[1])
    for year in range(2015, 2026):
        for _ in range(5):
            roll.add("mayor_quality_award", "奖", date(year, 9, 1), round_=year - 2010)
    for year in range(2018, 2026):
        for _ in range(12):
            roll.add("county_quality_award", "奖", date(year, 8, 1), round_=year - 2015)


def _patent_awards(roll: Roll) -> None:
    def several(tier: str, rounds: Iterable[int]) -> None:
        for round_ in rounds:
            day = date(2000 + round_, 7, 21)
            roll.add("china_patent_award", tier, day, round_=round_, patent=True)

    several("金奖", (15, 18, 21, 24))
    several("银奖", (19, 22, 24))
    several("优秀奖", (11 + index % 14 for index in range(42)))
    several("优秀奖", [25] * 8)
    several("外观设计优秀奖", (20, 23))
    roll.add(
        "china_patent_award", "优秀奖", date(2022, 7, 21), round_=22, patent=True, revoked=date(2024, 1, 8)
    )
    roll.add("china_patent_award", "优秀奖", date(2025, 7, 21), round_=25, patent=True, holder=outsiders()[2])
    roll.add(
        "china_patent_award", "银奖", date(2021, 7, 21), round_=21, patent=True, revoked=date(2023, 4, 4)
    )


def _brands(roll: Roll) -> None:
    for index in range(45):
        day = date(2022 + index % 3, 3, 2 + index % 20)
        roll.add("haopin_shandong", "品牌", day, round_=day.year - 2021)
    for index in range(11):
        roll.add("haopin_shandong", "品牌", date(2025, 4, 10 + index), round_=4)
    for _ in range(3):
        roll.add("haopin_shandong", "品牌", date(2022, 3, 2), round_=1, revoked=date(2024, 12, 1))
    for _ in range(2):
        roll.add("haopin_shandong", "品牌", date(2022, 3, 2), round_=1, until=date(2025, 3, 1))
    for firm in outsiders()[3:7]:
        roll.add("haopin_shandong", "品牌", date(2025, 4, 10), round_=4, holder=firm)
    roll.add("haopin_shandong", "品牌", AS_OF + timedelta(days=4), round_=5)
    for year in range(2021, 2026):
        for _ in range(30):
            roll.add(
                "standards_leader",
                "领跑者",
                date(year, 11, 5),
                round_=year - 2018,
                until=date(year + 1, 11, 4),
            )
    for year in range(2019, 2026):
        for _ in range(25):
            roll.add("city_brand", "品牌", date(year, 6, 1), round_=year - 2018)


def brand_pool() -> Table:
    """Cultivation pools: 221 enterprises inside, 42 of them new this year, others who left."""
    chance = dice("brand-pool")
    names = iter(chance.sample(enterprises(), 700))
    rows: list[list[object]] = []

    def add(pool: str, tier: str, firm: Firm, day: date, left: date | None = None) -> None:
        rows.append([pool, tier, firm.name, firm.uscc, day, left, firm.county])

    high = "高端品牌培育企业"
    for index in range(179):
        firm = next(names)
        day = chance.day(date(2019, 1, 1), date(2023, 12, 31))
        if index % 12 == 0:  # moved up a tier in 2024: two rows, one enterprise
            add(high, "培育层", firm, day, date(2024, 6, 30))
            add(high, "提升层", firm, date(2024, 6, 30))
        else:
            add(high, "培育层", firm, day)
    for _ in range(42):
        add(high, "培育层", next(names), chance.day(date(2025, 1, 10), AS_OF))
    for _ in range(23):
        add(high, "培育层", next(names), date(2020, 5, 1), chance.day(date(2022, 1, 1), date(2025, 11, 30)))
    for _ in range(160):
        add("市级品牌培育库", "培育层", next(names), chance.day(date(2021, 1, 1), AS_OF))
    for firm in outsiders()[:6]:
        add(high, "培育层", firm, date(2025, 3, 3))
    header = ["培育库", "培育层次", "企业名称", "统一社会信用代码", "入库日期", "出库日期", "区划代码"]
    return Table("brand_pool", "品牌培育库台账", header, rows)


def tables() -> list[Table]:
    """Schemes, the roll of honour, brand pools."""
    roll = Roll()
    _quality_awards(roll)
    _patent_awards(roll)
    _brands(roll)
    schemes = Table(
        "honour_schemes",
        "荣誉项目",
        ["奖项代码", "奖项名称", "级别", "授予机关", "周期"],
        [list(one) for one in SCHEMES],
        "utf8",
    )
    return [schemes, Table("honours", "荣誉台账", HEADER, roll.rows), brand_pool()]
