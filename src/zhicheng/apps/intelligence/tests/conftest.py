"""A city, an invented article, and short ways to what tests ask again and again."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.intelligence import actions, bulletin_actions
from zhicheng.apps.intelligence.bulletin_building import draft
from zhicheng.apps.intelligence.bulletin_signing import ask, lacking, sign_waiting
from zhicheng.apps.intelligence.demo_text import INVENTED, INVENTED_NAME
from zhicheng.apps.intelligence.models import FoundFigure
from zhicheng.apps.intelligence.reading import read_file
from zhicheng.apps.records.public import Draft, approve, begin_city, propose

DAY = date(2025, 12, 16)
BULLETIN = "# {{区划}}简报\n\n截至{{截至}}，全市地理标志保护产品总数为{{gi_products_total}}，另有{{haopin_shandong_brands_total}}。\n"


@pytest.fixture
def city_row(db):
    return set_city(region_code="370700", name="潍坊市", opens_on=date(2025, 12, 16))


@pytest.fixture
def article(city_row, cast):
    """The invented article, read by the city officer."""
    return read_file(INVENTED.encode(), INVENTED_NAME, by=cast.city_officer, synthetic=True).article


@pytest.fixture
def figure_of(article):
    """A figure of the article by the number as written."""

    def find(value, kind=None) -> FoundFigure:
        rows = article.figures.filter(value=value)
        return (rows.filter(kind=kind) if kind else rows).get()

    return find


@pytest.fixture
def quoted(cast, figure_of):
    """Accept the figure written so, mapped to an indicator."""

    def accept(written, indicator="", **values):
        found = figure_of(written)
        if indicator:
            actions.map_phrase(figure=found.pk, indicator=indicator, by=cast.city_officer)
        return actions.accept(figure=found.pk, by=cast.city_officer, values=values)

    return accept


@pytest.fixture
def second_officer(db):
    return make_user("fuhe", "city_officer", "370700")


@pytest.fixture
def world(cast, settings, tmp_path):
    """A city with one geographical indication and one brand; an officer, another one, and short ways to act."""
    settings.ZHICHENG_HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    begin_city(region_code="370700", one_person=False, opens_on=DAY)
    officer, other = cast.city_officer, make_user("shending", "city_officer", "370700")

    def enter(type_id, **values):
        row = propose(draft=Draft(type_id, {"region_code": "370783", **values}), by=officer, why="登记")
        approve(change_set=row, by=other)

    def gi(number):
        enter("geographical_indications", name=f"演示产品{number}", kind="product", number=f"演示{number}", approved_on="2025-03-01")  # fmt: skip

    def sign(text=BULLETIN, region="370700"):
        keys = lacking(draft(text, region=region, as_of=DAY), "unsigned", "prepared")
        ask(keys, by=officer)
        return sign_waiting(keys, by=other)

    def published(text=BULLETIN):
        row = bulletin_actions.begin(template="", text=text, region="370700", as_of=DAY, by=officer)
        bulletin_actions.submit(bulletin=row.pk, by=officer)
        bulletin_actions.approve(bulletin=row.pk, by=other)
        return bulletin_actions.publish(bulletin=row.pk, by=other, forms=("docx",))

    gi(1)
    enter("honours", scheme_code="haopin_shandong", holder_name="演示甲公司", granted_on="2025-03-01", round="1",
          tier="brand", level="provincial", holder_kind="enterprise")  # fmt: skip
    return SimpleNamespace(
        cast=cast, officer=officer, other=other, gi=gi, sign=sign, published=published, enter=enter
    )
