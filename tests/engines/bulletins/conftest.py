"""Figures as a city might have signed them, all invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhicheng.engines.bulletins import Facts, FigureKey, Known, Place, QuotedPlace, SignedValue

DAY = date(2025, 12, 16)
CITY = Place("370700", "潍坊市")
COUNTIES = (Place("370783", "寿光市"), Place("370784", "安丘市"))


def key(identity: str, *, region: str = "370700", day: date = DAY, period: str = "ytd") -> FigureKey:
    return FigureKey(identity, region, day, period)


def signed(identity: str, value: str, *, name: str = "", unit: str = "件", kind: str = "stock", region: str = "370700",
           place: str = "潍坊市", day: date = DAY) -> SignedValue:  # fmt: skip
    return SignedValue(
        identity, name or identity, Decimal(value), unit, kind, region, place, day, "ytd" if kind == "flow" else "", 1,
        "某种口径", "《某文件》", "57-abc", 12, DAY,
    )  # fmt: skip


def known(one: SignedValue, now: str | None = None) -> Known:
    return Known(one.name, one, False, one.value if now is None else Decimal(now), "", 1)


@pytest.fixture
def facts() -> Facts:
    return city_facts()


def city_facts() -> Facts:
    ones = [
        signed("patents", "27650", name="有效发明专利拥有量"),
        signed("patents", "26000", name="有效发明专利拥有量", day=date(2024, 12, 16)),
        signed("credit", "14530000000.00", name="授信金额", unit="元", kind="cumulative"),
        signed("products", "1343", name="特色产品", unit="个", kind="cumulative"),
        signed("destroyed", "10980", name="销毁", kind="flow"),
        signed("awards", "2", name="获奖企业", unit="家", kind="flow"),
        signed("none", "0", name="没有的", kind="flow"),
        signed("patents", "9000", name="有效发明专利拥有量", region="370783", place="寿光市"),
        signed("patents", "12000", name="有效发明专利拥有量", region="370784", place="安丘市"),
    ]
    figures = {FigureKey(one.id, one.region, one.as_of, "ytd"): known(one) for one in ones}
    figures[key("unsigned")] = Known("未签发的", None, False, Decimal(7), "", 1)
    figures[key("waiting")] = Known("待签发的", None, True, Decimal(8), "", 1)
    figures[key("missing")] = Known("缺数据的", None, False, None, "没有导入过数据", 1)
    figures[key("changed")] = known(signed("changed", "5", name="变了的"), "6")
    figures[key("gone")] = Known("撤回的", None, False, Decimal(3), "", 1, "重复统计")
    figures[key("wrong_name")] = Known("", near=("patents",))
    return Facts(
        figures,
        {key("patents"): QuotedPlace("第三位", "全省", "某报", 3)},
        {(key("awards"), "holder_name"): ("演示甲公司", "演示乙公司")},
        {"370700": COUNTIES},
    )
