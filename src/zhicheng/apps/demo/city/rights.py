"""Trademarks, geographical indications and standards of the demo city."""

from __future__ import annotations

from datetime import date, timedelta

from zhicheng.apps.demo.city.firms import enterprises, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, ELSEWHERE, YEAR_START, dice
from zhicheng.apps.demo.city.table import Table

GI_HEADER = [
    "产品名称",
    "地理标志种类",
    "公告号",
    "批准日期",
    "撤销日期",
    "申请人",
    "产地范围",
    "区划代码",
    "用标企业",
]
GI_OLD, GI_NEW = 11, 28
GI_WORDS = ("萝卜", "蜜桃", "大葱", "姜", "西瓜", "樱桃", "山楂", "粉条", "绿茶", "银瓜")


def geographical_indications() -> Table:
    """Protected products counted, and the two other kinds, revoked ones and other cities' beside them."""
    chance = dice("gi")
    rows: list[list[object]] = []

    def add(kind: str, day: date, county: str, revoked: date | None = None) -> None:
        number = len(rows) + 1
        name = f"演示{chance.one(GI_WORDS)}{number:03d}"
        users = ";".join(firm.name for firm in chance.sample(enterprises(), 3))
        where = f"演示产地第{number:03d}号"
        rows.append(
            [name, kind, f"演示公告{number:03d}号", day, revoked, "演示产业协会", where, county, users]
        )

    for _ in range(GI_OLD):
        add("地理标志保护产品", chance.day(date(2008, 1, 1), date(2024, 11, 30)), chance.county().code)
    for _ in range(GI_NEW):
        add("地理标志保护产品", chance.day(YEAR_START, AS_OF), chance.county().code)
    for _ in range(2):
        add(
            "地理标志保护产品",
            chance.day(date(2010, 1, 1), date(2015, 1, 1)),
            chance.county().code,
            date(2024, 5, 6),
        )
    add("地理标志保护产品", AS_OF + timedelta(days=8), chance.county().code)
    for place in ELSEWHERE * 3:
        add("地理标志保护产品", chance.day(YEAR_START, AS_OF), place)
    for kind, count in (("地理标志集体、证明商标", 61), ("农产品地理标志", 33)):
        for _ in range(count):
            add(kind, chance.day(date(2008, 1, 1), AS_OF), chance.county().code)
    return Table("geographical_indications", "地理标志台账", GI_HEADER, rows)


def trademarks() -> Table:
    """Trademarks in several classes each; some lapsed, some of other cities."""
    chance = dice("trademarks")
    rows: list[list[object]] = []
    for serial in range(1, 6001):
        firm = chance.one(enterprises()) if serial % 60 else chance.one(outsiders())
        applied = chance.day(date(2010, 1, 1), date(2025, 1, 31))
        registered: date | None = applied + timedelta(days=chance.randrange(270, 420))
        if registered and registered > AS_OF:
            registered = None
        until = date(registered.year + 10, registered.month, min(registered.day, 28)) if registered else None
        ended = AS_OF - timedelta(days=chance.randrange(900)) if serial % 45 == 0 else None
        madrid = f"G{9000000 + serial}" if serial % 90 == 0 else ""
        for nice in sorted(chance.sample(range(1, 46), chance.choice((1, 1, 1, 2, 3)))):
            rows.append(
                [
                    str(99_000_000 + serial),
                    nice,
                    f"演示商标{serial:05d}",
                    "普通商标",
                    firm.name,
                    firm.uscc,
                    applied,
                    registered,
                    until,
                    ended,
                    madrid,
                    registered if madrid else None,
                    firm.county,
                ]
            )
    header = [
        "注册号",
        "国际分类",
        "商标名称",
        "商标种类",
        "申请人名称",
        "统一社会信用代码",
        "申请日期",
        "注册公告日期",
        "专用权期限至",
        "撤销日期",
        "国际注册号",
        "国际注册日期",
        "区划代码",
    ]
    return Table("trademarks", "商标台账", header, rows, "csv")


def standards() -> Table:
    """Standards with local drafters at every level."""
    chance = dice("standards")
    patterns = (
        ("GB/T {n}-{y}", "国家标准", 60),
        ("JB/T {n}-{y}", "行业标准", 90),
        ("DB37/T {n}-{y}", "地方标准", 140),
        ("T/YSBZ {n}-{y}", "团体标准", 220),
        ("Q/YS{n} 001-{y}", "企业标准", 900),
    )
    rows: list[list[object]] = []
    for pattern, level, count in patterns:
        for index in range(count):
            day = chance.day(date(2015, 1, 1), AS_OF)
            firms = chance.sample(enterprises(), chance.randrange(1, 5))
            number = pattern.format(n=900000 + index if "GB" in pattern else 9000 + index, y=day.year)
            abolished = day + timedelta(days=1500) if index % 19 == 0 and day.year < 2021 else None
            names = ";".join(firm.name for firm in firms)
            rows.append(
                [number, f"演示标准{level}{index:04d}", level, day, day, abolished, names, firms[0].county]
            )
    header = ["标准号", "标准名称", "标准级别", "发布日期", "实施日期", "废止日期", "起草单位", "区划代码"]
    return Table("standards", "标准台账", header, rows, "utf8")


def tables() -> list[Table]:
    """Trademarks, geographical indications, standards."""
    return [trademarks(), geographical_indications(), standards()]
