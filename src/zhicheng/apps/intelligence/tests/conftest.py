"""A city, an invented article, and short ways to what tests ask again and again."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.intelligence import actions
from zhicheng.apps.intelligence.demo_text import INVENTED, INVENTED_NAME
from zhicheng.apps.intelligence.models import FoundFigure
from zhicheng.apps.intelligence.reading import read_file


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
