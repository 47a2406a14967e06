"""Cases, documents, seized and destroyed goods, experts of the demo city."""

from __future__ import annotations

from datetime import date, timedelta

from zhicheng.apps.demo.city.firms import enterprises, institutes
from zhicheng.apps.demo.city.ground import AS_OF, YEAR_START, Dice, dice
from zhicheng.apps.demo.city.patents import portfolio
from zhicheng.apps.demo.city.table import Table
from zhicheng.kernel.money import split

HEADER = [
    "案号",
    "案件类型",
    "权利类型",
    "案由",
    "收件日期",
    "立案日期",
    "办结日期",
    "处理结果",
    "请求人",
    "涉案权利号",
    "区划代码",
]
# matter, right, outcome, this year's count; what it counts is settled in the catalogue, not here
PLAN = (
    ("专利侵权纠纷行政裁决", "专利", "作出裁决", 61),
    ("专利违法案件", "专利", "行政处罚", 58),
    ("商标违法案件", "商标", "行政处罚", 95),
    ("无资质代理核查", "专利", "已处置", 128),
    ("海外纠纷应对指导", "商标", "已处置", 37),
    ("知识产权纠纷调解", "专利", "调解成功", 22),
    ("维权援助", "专利", "已援助", 72),
)
ADJUDICATION = PLAN[0][0]
DECISIONS = 14
DOCUMENT_HEADER = ["文书编号", "案号", "文书类型", "作出日期", "撤销日", "区划代码"]
DESTROYED = 10_980
EARLIER = {2021: 0.4, 2022: 0.55, 2023: 0.7, 2024: 0.85}


class Docket:
    """A register of cases, filled case by case."""

    def __init__(self) -> None:
        self.dice: Dice = dice("cases")
        self.rows: list[list[object]] = []
        self._patents = portfolio().counted

    def this_year(self) -> date:
        """A day of the year, before the city's pages open."""
        return self.dice.day(YEAR_START + timedelta(days=4), AS_OF - timedelta(days=1))

    def add(
        self, matter: str, right: str, outcome: str, opened: date, *, county: str = "", closed: bool = True
    ) -> str:
        """One case opened on a day and, if it is closed, closed within the same year."""
        number = f"演示〔{opened.year}〕{len(self.rows) + 1:05d}号"
        limit = min(AS_OF, date(opened.year, 12, 31))
        end = self.dice.day(opened, min(limit, opened + timedelta(days=80))) if closed else None
        subject = f"演示{matter}第{len(self.rows) + 1}件"
        party = self.dice.one(enterprises())
        object_ = (
            self.dice.one(self._patents).number
            if right == "专利"
            else str(99_000_000 + self.dice.randrange(6000))
        )
        self.rows.append(
            [
                number,
                matter,
                right,
                subject,
                opened - timedelta(days=2),
                opened,
                end,
                outcome if closed else "",
                party.name,
                object_,
                county or self.dice.county().code,
            ]
        )
        return number


def cases() -> list[Table]:
    """This year's cases, earlier years', other cities', and documents of the adjudications."""
    docket = Docket()
    documents: list[list[object]] = []
    for matter, right, outcome, count in PLAN:
        opened = [docket.add(matter, right, outcome, docket.this_year()) for _ in range(count)]
        if matter == ADJUDICATION:
            documents += _decisions(docket, opened)
        for year, share in EARLIER.items():
            for _ in range(int(count * share)):
                docket.add(matter, right, outcome, docket.dice.day(date(year, 1, 5), date(year, 11, 30)))
        for _ in range(3):
            docket.add(matter, right, outcome, date(2025, 5, 6), county="370200")
    # Not what the text counts: overseas patent disputes, failed mediations, requests never accepted.
    for _ in range(6):
        docket.add("海外纠纷应对指导", "专利", "已处置", docket.this_year())
    for _ in range(9):
        docket.add("知识产权纠纷调解", "专利", "调解未成", docket.this_year())
    for matter, right, *_ in PLAN:
        docket.add(matter, right, "", AS_OF - timedelta(days=9), closed=False)
        docket.rows[-1][5] = None
    return [
        Table("cases", "案件台账", HEADER, docket.rows),
        Table("case_documents", "案件文书台账", DOCUMENT_HEADER, documents, "utf8"),
    ]


def _decisions(docket: Docket, opened: list[str]) -> list[list[object]]:
    """Decisions on the first cases, withdrawals of the next, and one decision that was set aside."""
    rows: list[list[object]] = []
    withdrawn = opened[DECISIONS : DECISIONS + 9]
    for word, kind, numbers in (("裁", "行政裁决书", opened[:DECISIONS]), ("撤", "撤回决定", withdrawn)):
        for index, case in enumerate(numbers, start=1):
            rows.append([f"演示{word}字〔2025〕{index}号", case, kind, _closed(docket, case), None, "370700"])
    set_aside = date(2025, 5, 1)
    rows.append(["演示裁字〔2025〕99号", opened[40], "行政裁决书", date(2025, 4, 1), set_aside, "370700"])
    return rows


def _closed(docket: Docket, number: str) -> object:
    return next(row[6] for row in docket.rows if row[0] == number)


def goods() -> list[Table]:
    """Seized lots and destructions; pieces are counted, kilograms and bottles beside them are not."""
    chance = dice("goods")
    lots: list[list[object]] = []
    gone: list[list[object]] = []

    def destroy(quantity: int, unit: str, day: date, county: str = "") -> None:
        number = f"YSKY{len(lots):05d}"
        place = county or chance.county().code
        lots.append([number, "", f"演示物品{len(lots):03d}", quantity, unit, day - timedelta(days=60), place])
        gone.append([f"YSXH{len(gone):05d}", number, f"演示物品{len(gone):03d}", quantity, unit, day, place])

    for quantity in split(DESTROYED, [chance.randrange(5, 60) for _ in range(48)], places=0):
        destroy(int(quantity), "件", chance.day(date(2025, 3, 1), AS_OF))
    for unit in ("公斤", "瓶", "箱"):
        for _ in range(6):
            destroy(chance.randrange(10, 900), unit, chance.day(date(2025, 3, 1), AS_OF))
    for year in range(2021, 2025):
        for _ in range(20):
            destroy(chance.randrange(50, 600), "件", chance.day(date(year, 3, 1), date(year, 12, 20)))
    destroy(400, "件", date(2025, 8, 8), "370200")
    for _ in range(5):  # seized but not yet destroyed
        lots.append(
            [f"YSKY{len(lots):05d}", "", "演示待处理物品", 300, "件", date(2025, 11, 1), chance.county().code]
        )
    return [
        Table(
            "seized_lots",
            "扣押物品台账",
            ["扣押批次", "案号", "物品名称", "数量", "单位", "扣押日期", "区划代码"],
            lots,
        ),
        Table(
            "destructions",
            "销毁记录",
            ["销毁编号", "扣押批次", "物品名称", "销毁数量", "单位", "销毁日期", "区划代码"],
            gone,
        ),
    ]


def experts() -> Table:
    """The panel of protection experts."""
    chance = dice("experts")
    fields = ("机械", "电学", "化学", "医药", "商标", "法律", "海外维权")
    rows = [
        [
            f"YSZJ{number:04d}",
            f"演示专家{number:03d}",
            chance.one(fields),
            one.name,
            one.uscc,
            date(2021, 4, 26),
            None,
            one.county,
        ]
        for number in range(1, 61)
        for one in [chance.one(institutes())]
    ]
    header = [
        "专家编号",
        "姓名",
        "专业领域",
        "单位名称",
        "统一社会信用代码",
        "入库日期",
        "出库日期",
        "区划代码",
    ]
    return Table("experts", "保护专家库", header, rows)


def tables() -> list[Table]:
    """Everything about the protection of rights."""
    return [*cases(), *goods(), experts()]
