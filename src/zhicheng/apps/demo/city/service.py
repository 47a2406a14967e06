"""Visits, problems, trainings, briefings, consultations, material, fairs and speciality products."""

from __future__ import annotations

from datetime import date, timedelta

from zhicheng.apps.demo.city.firms import Firm, enterprises, institutes, outsiders
from zhicheng.apps.demo.city.ground import AS_OF, YEAR_START, dice
from zhicheng.apps.demo.city.table import Table
from zhicheng.kernel.money import split

PRODUCTS = 1343
CONSULTATIONS = 4386
LEAFLETS = 20_000
PEOPLE = 1019
LAST_YEAR = (date(2024, 1, 10), date(2024, 12, 20))


class Visits:
    """A visit book."""

    def __init__(self) -> None:
        self.dice = dice("visits")
        self.rows: list[list[object]] = []

    def add(
        self,
        programme: str,
        firm: Firm | None,
        kind: str,
        day: date,
        *,
        people: str = "",
        cancelled: date | None = None,
    ) -> None:
        """One visit; without a firm it is a meeting with people only."""
        name, code = (firm.name, firm.uscc) if firm else ("", "")
        county = firm.county if firm else self.dice.county().code
        number = f"YSZF{len(self.rows):05d}"
        self.rows.append([number, programme, name, code, kind, day, cancelled, people, county])


def visits() -> Table:
    """On-site assistance and the service tour; second visits and cancelled ones add nobody."""
    book = Visits()
    chance = book.dice
    firms = chance.sample(enterprises(), 400)
    assisted, toured, later = firms[:82], firms[82:184], firms[184:]

    def some_day() -> date:
        return chance.day(YEAR_START + timedelta(days=20), AS_OF)

    for index, firm in enumerate(assisted):
        book.add("现场帮扶", firm, "企业", some_day())
        if index % 3 == 0:
            book.add("现场帮扶", firm, "企业", some_day())
    tour = "“十院百企千人”服务行"
    people = [f"YSRC{number:05d}" for number in range(1, PEOPLE + 1)]
    shares = split(PEOPLE, [1] * 112, places=0)
    start = 0
    for index, firm in enumerate([*toured, *institutes()[:10]]):
        end = start + int(shares[index])
        kind = "高校院所" if index >= len(toured) else "企业"
        book.add(tour, firm, kind, some_day(), people=";".join(people[start:end]))
        if index % 4 == 0:  # seen again, with people met before
            book.add(tour, firm, kind, some_day(), people=";".join(people[max(0, start - 3) : end]))
        start = end
    for firm in later[:20]:
        book.add(
            tour,
            firm,
            "企业",
            some_day(),
            people=f"YSRC9{len(book.rows):04d}",
            cancelled=AS_OF - timedelta(days=40),
        )
    for firm in later[20:140]:
        programme = chance.one(("现场帮扶", tour))
        book.add(programme, firm, "企业", chance.day(*LAST_YEAR), people=f"YSRC8{len(book.rows):04d}")
    for firm in outsiders()[:5]:
        book.add(tour, firm, "企业", some_day(), people=f"YSRC7{len(book.rows):04d}")
    header = [
        "走访编号",
        "活动名称",
        "单位名称",
        "统一社会信用代码",
        "单位类别",
        "走访日期",
        "取消日期",
        "走访人员编号",
        "区划代码",
    ]
    return Table("visits", "走访服务台账", header, book.rows)


def problems() -> Table:
    """Problems solved this year, those still open, and last year's."""
    chance = dice("problems")
    rows: list[list[object]] = []

    def add(raised: date, solved: date | None) -> None:
        firm = chance.one(enterprises())
        number = f"YSWT{len(rows):05d}"
        rows.append(
            [number, f"演示问题第{len(rows):03d}项", firm.name, firm.uscc, raised, solved, firm.county]
        )

    for _ in range(83):
        raised = chance.day(date(2024, 11, 1), AS_OF - timedelta(days=10))
        add(raised, chance.day(max(raised, YEAR_START), AS_OF))
    for _ in range(19):
        add(chance.day(YEAR_START, AS_OF), None)
    for _ in range(60):
        raised = chance.day(date(2024, 1, 10), date(2024, 10, 1))
        add(raised, raised + timedelta(days=40))
    header = ["问题编号", "问题描述", "单位名称", "统一社会信用代码", "提出日期", "解决日期", "区划代码"]
    return Table("problems", "疑难问题台账", header, rows)


def handbooks() -> Table:
    """Handbooks for one enterprise each; one was withdrawn and general ones are another thing."""
    chance = dice("handbooks")
    firms = chance.sample(enterprises(), 40)
    rows: list[list[object]] = []

    def add(kind: str, firm: Firm, day: date, withdrawn: date | None = None) -> None:
        rows.append([f"YSSC{len(rows):04d}", kind, firm.name, firm.uscc, day, withdrawn, firm.county])

    for firm in firms[:11]:
        add("“一企一策”培育手册", firm, chance.day(YEAR_START, AS_OF))
    add("“一企一策”培育手册", firms[11], date(2025, 2, 2), date(2025, 3, 3))
    for firm in firms[12:18]:
        add("“一企一策”培育手册", firm, chance.day(*LAST_YEAR))
    for firm in firms[18:30]:
        add("通用手册", firm, chance.day(YEAR_START, AS_OF))
    header = ["手册编号", "手册种类", "企业名称", "统一社会信用代码", "出具日期", "作废日期", "区划代码"]
    return Table("handbooks", "培育手册台账", header, rows)


def gatherings() -> list[Table]:
    """Trainings, briefings and fairs: this year's, last year's, called-off ones."""
    chance = dice("gatherings")

    def days(count: int) -> list[tuple[date, date | None]]:
        held = [(chance.day(YEAR_START + timedelta(days=30), AS_OF), None) for _ in range(count)]
        earlier = [(chance.day(*LAST_YEAR), None) for _ in range(max(2, count // 2))]
        return [*held, *earlier, (date(2025, 7, 7), date(2025, 7, 1)), (AS_OF + timedelta(days=5), None)]

    def people() -> int:
        return chance.randrange(30, 260)

    trainings = [
        [f"YSPX{index:04d}", kind, f"演示培训第{index:03d}期", day, cancelled, people(), chance.county().code]
        for index, (kind, day, cancelled) in enumerate(
            [("知识产权保护", *one) for one in days(4)] + [("创造运用", *one) for one in days(7)]
        )
    ]
    briefings = [
        [f"YSXG{index:04d}", f"演示政策宣贯第{index:03d}次", day, cancelled, people(), chance.county().code]
        for index, (day, cancelled) in enumerate(days(20))
    ]
    fairs = [
        [f"YSZH{index:04d}", kind, f"演示展会第{index:03d}场", day, cancelled, chance.county().code]
        for index, (kind, day, cancelled) in enumerate(
            [("特色产品展", *one) for one in days(20)] + [("经贸展会", *one) for one in days(5)]
        )
    ]
    return [
        Table(
            "trainings",
            "培训台账",
            ["培训编号", "培训主题", "培训名称", "举办日期", "取消日期", "参加人次", "区划代码"],
            trainings,
        ),
        Table(
            "briefings",
            "政策宣贯台账",
            ["宣贯编号", "宣贯主题", "举办日期", "取消日期", "参加人次", "区划代码"],
            briefings,
        ),
        Table(
            "fairs",
            "展会台账",
            ["展会编号", "展会种类", "展会名称", "举办日期", "取消日期", "区划代码"],
            fairs,
        ),
    ]


def counters() -> list[Table]:
    """Consultations and leaflets: sums over many small rows."""
    chance = dice("counters")
    consultations: list[list[object]] = []
    channels = ("窗口", "电话", "现场活动", "网上")
    for times in split(CONSULTATIONS, [chance.randrange(1, 9) for _ in range(310)], places=0):
        number = f"YSZX{len(consultations):05d}"
        consultations.append(
            [number, chance.one(channels), chance.day(YEAR_START, AS_OF), int(times), chance.county().code]
        )
    for _ in range(200):
        number = f"YSZX{len(consultations):05d}"
        consultations.append(
            [
                number,
                chance.one(channels),
                chance.day(*LAST_YEAR),
                chance.randrange(5, 25),
                chance.county().code,
            ]
        )
    consultations.append(["YSZX99999", "现场活动", date(2025, 4, 26), 900, "370200"])
    leaflets: list[list[object]] = []
    for copies in split(LEAFLETS, [chance.randrange(1, 9) for _ in range(44)], places=0):
        number = f"YSZL{len(leaflets):05d}"
        leaflets.append(
            [number, "演示宣传资料", chance.day(YEAR_START, AS_OF), int(copies), chance.county().code]
        )
    for _ in range(25):
        leaflets.append(
            [f"YSZL{len(leaflets):05d}", "演示宣传资料", chance.day(*LAST_YEAR), 500, chance.county().code]
        )
    for _ in range(6):  # printed, never handed out
        leaflets.append([f"YSZL{len(leaflets):05d}", "演示待发资料", None, 1000, chance.county().code])
    return [
        Table(
            "consultations",
            "咨询服务登记",
            ["咨询编号", "咨询渠道", "咨询日期", "咨询人次", "区划代码"],
            consultations,
            "utf8",
        ),
        Table(
            "materials",
            "宣传资料发放登记",
            ["发放编号", "资料名称", "发放日期", "份数", "区划代码"],
            leaflets,
        ),
    ]


def products() -> Table:
    """Speciality products found and improved since 2021; some were withdrawn again."""
    chance = dice("products")
    kinds = ("地理标志", "手造", "非遗", "文创", "农产品", "老字号")
    rows: list[list[object]] = []

    def add(day: date, withdrawn: date | None = None, firm: Firm | None = None) -> None:
        who = firm or chance.one(enterprises())
        number = f"YSCP{len(rows):05d}"
        rows.append(
            [
                number,
                f"演示特色产品{len(rows):04d}",
                chance.one(kinds),
                "外观与品质提升",
                who.name,
                who.uscc,
                day,
                withdrawn,
                who.county,
            ]
        )

    for _ in range(PRODUCTS):
        add(chance.day(date(2021, 5, 1), AS_OF))
    for _ in range(37):
        add(chance.day(date(2021, 5, 1), date(2023, 5, 1)), date(2024, 8, 1))
    for firm in outsiders()[:9]:
        add(date(2025, 3, 3), None, firm)
    for _ in range(12):
        add(AS_OF + timedelta(days=6))
    header = [
        "产品编号",
        "产品名称",
        "产品类别",
        "提升措施",
        "企业名称",
        "统一社会信用代码",
        "入选日期",
        "退出日期",
        "区划代码",
    ]
    return Table("speciality_products", "特色产品台账", header, rows)


def tables() -> list[Table]:
    """Everything about services to the public."""
    return [visits(), problems(), handbooks(), *gatherings(), *counters(), products()]
