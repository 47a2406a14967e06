"""Organisations of the demo city, with plainly artificial names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from zhicheng.apps.demo.city.ground import COUNTIES, ELSEWHERE, ZONE, demo_uscc, dice
from zhicheng.apps.demo.city.table import Table

WORDS = ("云杉", "青禾", "白鹭", "长堤", "石榴", "柏舟", "晴川", "松果", "麦垄", "星槎", "竹溪", "海棠")
INDUSTRIES = {
    "机械": "3499",
    "化工": "2614",
    "装备": "3829",
    "信息": "6513",
    "铝材": "3252",
    "材料": "2651",
    "花卉": "0143",
    "汽车": "3660",
    "种业": "0511",
    "食品": "1499",
    "纺织": "1711",
    "印染": "1713",
    "医药": "2720",
}
SIZES = (("大型", 1), ("中型", 4), ("小型", 12), ("微型", 9))
LOCAL = 1400
OUTSIDE = 60


@dataclass(frozen=True)
class Firm:
    """An organisation as the other tables refer to it."""

    name: str
    uscc: str
    county: str
    kind: str
    industry: str
    size: str
    established: date
    former: str = ""


@cache
def firms() -> tuple[Firm, ...]:
    """All organisations: local enterprises first, then institutes, banks, and those of other cities."""
    chance = dice("firms")
    made: list[Firm] = []
    for serial in range(1, LOCAL + 1):
        county = chance.county()
        trade = county.trade if chance.random() < 0.6 else chance.one(tuple(INDUSTRIES))
        word = chance.one(WORDS)
        size = chance.choices([one for one, _ in SIZES], weights=[weight for _, weight in SIZES])[0]
        former = f"演示{word}{trade}厂{serial:04d}" if serial % 37 == 0 else ""
        made.append(
            Firm(
                f"演示{word}{trade}{serial:04d}有限公司",
                demo_uscc(serial),
                ZONE if county.code == "370703" and serial % 3 == 0 else county.code,
                "企业",
                INDUSTRIES[trade],
                size,
                chance.day(date(1995, 1, 1), date(2023, 12, 31)),
                former,
            )
        )
    made += [_institute(number) for number in range(1, 25)]
    made += [_bank(number) for number in range(1, 13)]
    for serial in range(1, OUTSIDE + 1):
        name = f"演示外市{chance.one(WORDS)}科技{serial:03d}有限公司"
        made.append(
            Firm(
                name,
                demo_uscc(8000 + serial),
                chance.one(ELSEWHERE),
                "企业",
                "6513",
                "中型",
                date(2010, 5, 4),
            )
        )
    return tuple(made)


def _institute(number: int) -> Firm:
    kind, word = ("高等院校", "学院") if number <= 10 else ("科研院所", "研究院")
    county = COUNTIES[number % len(COUNTIES)].code
    return Firm(
        f"演示{word}第{number:02d}号", demo_uscc(7000 + number), county, kind, "8341", "", date(1985, 9, 1)
    )


def _bank(number: int) -> Firm:
    county = COUNTIES[(number * 5) % len(COUNTIES)].code
    return Firm(
        f"演示银行第{number:02d}支行", demo_uscc(7500 + number), county, "银行", "6621", "", date(1998, 3, 1)
    )


@cache
def enterprises() -> tuple[Firm, ...]:
    """Local enterprises."""
    return firms()[:LOCAL]


@cache
def institutes() -> tuple[Firm, ...]:
    """Universities and research institutes of the city."""
    return tuple(firm for firm in firms() if firm.kind in {"高等院校", "科研院所"})


@cache
def banks() -> tuple[Firm, ...]:
    """Banks."""
    return tuple(firm for firm in firms() if firm.kind == "银行")


@cache
def outsiders() -> tuple[Firm, ...]:
    """Enterprises of other cities."""
    return tuple(firm for firm in firms() if firm.county in ELSEWHERE)


def tables() -> list[Table]:
    """The register of organisations and the roles some of them bear."""
    register = Table(
        "organisations",
        "主体台账",
        [
            "统一社会信用代码",
            "企业名称",
            "主体类型",
            "区划代码",
            "行业代码",
            "企业规模",
            "成立日期",
            "曾用名",
        ],
        [
            [one.uscc, one.name, one.kind, one.county, one.industry, one.size, one.established, one.former]
            for one in firms()
        ],
    )
    chance = dice("roles")
    words = (
        ("链主企业", 14),
        ("制造业单项冠军", 24),
        ("专精特新“小巨人”", 60),
        ("高新技术企业", 420),
        ("知识产权示范企业", 18),
    )
    roles = []
    for word, count in words:
        for firm in chance.sample(enterprises(), count):
            from_on = chance.day(date(2018, 1, 1), date(2025, 6, 30))
            until = date(from_on.year + 3, from_on.month, min(from_on.day, 28))
            roles.append([firm.name, firm.uscc, word, from_on, until, firm.county, "演示认定文件"])
    return [
        register,
        Table(
            "organisation_roles",
            "主体身份台账",
            ["单位名称", "统一社会信用代码", "身份", "起始日", "终止日", "区划代码", "依据文件"],
            roles,
            "utf8",
        ),
    ]
