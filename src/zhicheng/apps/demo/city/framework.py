"""Population, targets, quoted ranks, policy documents and assessments the demo city is measured against."""

from __future__ import annotations

from datetime import date

from zhicheng.apps.demo.city.ground import AS_OF, CITY, COUNTIES, ZONE, dice
from zhicheng.apps.demo.city.table import Table

CENSUS = "第七次全国人口普查分县资料"
# 2020 census, permanent residents; the 13 units sum to 9,386,705. 370772 is not in GB/T 2260.
POPULATION = {
    "370702": 521368,
    "370703": 356148,
    "370704": 521025,
    "370705": 976466,
    "370724": 806314,
    "370725": 583799,
    "370772": 136714,
    "370781": 960882,
    "370782": 1078178,
    "370783": 1163364,
    "370784": 840553,
    "370785": 877393,
    "370786": 564501,
}
PRESS = "半岛网《全市质量品牌建设工作情况新闻发布会》"
RANKS = (
    ("valid_invention_patents", 3, "全省第三位"),
    ("haopin_shandong_brands_new", 2, "全省第二"),
    ("high_end_brand_enterprises_new", 3, "全省第三"),
    ("gi_products_total", 2, "全省第二位"),
    ("patents_transferred", 3, "全省第3位"),
    ("china_quality_award_and_nominations", None, "全省前列"),
    ("governor_quality_award_and_nominations", None, "全省前列"),
)
TARGETS = {
    "valid_invention_patents": {2021: 15000, 2022: 18000, 2023: 21000, 2024: 24500, 2025: 27500},
    "patents_transferred": {2024: 2600, 2025: 3000},
    "patent_pledge_amount": {2024: 3_500_000_000, 2025: 4_000_000_000},
    "haopin_shandong_brands_total": {2025: 55},
    "gi_products_total": {2025: 36},
    "admin_adjudication_cases": {2025: 60},
}


def regions() -> Table:
    """The zone that the census counts and GB/T 2260 does not know; everything else may lie in it."""
    zone = [[ZONE, "潍坊滨海经济技术开发区", "滨海", "功能区", "370700"]]
    return Table(
        "regions", "功能区代码（不在国标内）", ["区划代码", "名称", "简称", "级别", "上级代码"], zone, "utf8"
    )


def tables() -> list[Table]:
    """What figures are held against."""
    return [people(), targets(), ranks(), assessments(), schedules()]


def people() -> Table:
    """Residents by the census, of the counties and of the city."""
    told = date(2021, 5, 11)
    counted = {**POPULATION, CITY: sum(POPULATION.values())}
    header = ["区划代码", "年度", "口径", "常住人口", "来源", "发布日期"]
    rows: list[list[object]] = [
        [code, 2020, "人口普查", number, CENSUS, told] for code, number in counted.items()
    ]
    return Table("region_years", "区划年度统计", header, rows)


def targets() -> Table:
    """What the city means to reach, year by year."""
    header = ["指标编号", "区划代码", "年度", "目标值", "依据文件", "印发日期"]
    rows: list[list[object]] = [
        [indicator, CITY, year, value, "演示目标文件", date(year, 2, 1)]
        for indicator, by_year in TARGETS.items()
        for year, value in by_year.items()
    ]
    return Table("targets", "年度目标", header, rows)


def ranks() -> Table:
    """Where others put the city, as quoted."""
    header = ["指标编号", "区划代码", "截至日期", "位次", "原文说法", "排名范围", "来源"]
    rows: list[list[object]] = [
        [indicator, CITY, AS_OF, rank, text, "全省", PRESS] for indicator, rank, text in RANKS
    ]
    return Table("quoted_ranks", "引用位次", header, rows)


def assessments() -> Table:
    """How the counties did in the yearly assessment of quality work."""
    chance = dice("framework")
    rows: list[list[object]] = []
    for year in range(2021, 2025):
        scored = [(90 + chance.randrange(-80, 80) / 10, one) for one in COUNTIES]
        for rank, (score, county) in enumerate(sorted(scored, key=lambda pair: -pair[0]), start=1):
            grade, told = "A" if score >= 90 else "B", date(year + 1, 4, 1)
            rows.append(
                [year, "演示质量工作考核", "演示市考核办", county.name, score, grade, rank, told, county.code]
            )
    header = ["考核年度", "考核名称", "考核机关", "考核对象", "得分", "等级", "排名", "公布日期", "区划代码"]
    return Table("assessments", "考核结果台账", header, rows)


def schedules() -> Table:
    """Who reports when: what the city pulls itself is in, what three counties report themselves is not."""
    pulled = {"patents": "每月", "cases": "每月", "pledges": "每月", "honours": "每季"}
    rows: list[list[object]] = [[kind, CITY, often, 5, "演示市市场监管局"] for kind, often in pulled.items()]
    rows += [["visits", county.code, "每月", 5, f"{county.name}市场监管局"] for county in COUNTIES[7:10]]
    header = ["台账编号", "区划代码", "频次", "报送日", "责任单位"]
    return Table("source_schedules", "报送日历", header, rows)
