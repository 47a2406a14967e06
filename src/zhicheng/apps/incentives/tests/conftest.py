"""The small city every test of this room stands in."""

import pytest

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.rounds import calls
from zhicheng.apps.incentives.testing.city import make_world
from zhicheng.apps.incentives.testing.rounds import begun, called, close, make_town, mark_all, plan
from zhicheng.apps.ledger.models import HonourScheme


@pytest.fixture
def world(db, settings, tmp_path):
    return make_world(settings, tmp_path / "home")


@pytest.fixture
def city(world):
    """Two firms and a person with an award each, and enough money."""
    a, b = world.firm("甲公司"), world.firm("乙公司", "370702")
    world.honour(a, "china_patent_award/gold", object_number="ZL1")
    world.honour(b, "mayor_quality_award/award")
    person = {"holder_name": "YS-RY-0001", "holder_kind": "person", "region_code": "370783"}
    world.honour(None, "china_patent_award/gold", object_number="ZL9", **person)
    HonourScheme.objects.create(code="china_patent_award", name="中国专利奖", level="national")
    world.money()
    return world


@pytest.fixture
def batch(city):
    """A batch of all of it."""
    return city.freeze()


@pytest.fixture
def browser(city):
    """The officer's browser."""
    return signed_in(city.officer)


@pytest.fixture
def town(world):
    """The city with an award, firms that may apply for it, and experts."""
    return make_town(world)


@pytest.fixture
def call(town):
    """A call with its experts, open for applications."""
    return called(town, calls.open_round(plan=plan(), by=town.officer))


@pytest.fixture
def scored(town, call):
    """A round whose only stage, of blind scoring, is closed."""
    begun(town, call)
    mark_all(call)
    return close(town, call)
