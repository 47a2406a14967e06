"""The search finds what the person may see and nothing else."""

import pytest
from django.apps import apps

from zhicheng.apps.accounts.testing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person_of_the_city(db):
    return apps.get_model("ledger", "Person").objects.create(
        number="R-0001", name="测试甲", region_code="370783"
    )


def test_people_are_found_by_officers_of_their_region_only(cast, person_of_the_city):
    for user, found in (
        (cast.county_officer, True),
        (cast.city_officer, True),
        (cast.stranger, False),
        (None, False),
    ):
        html = signed_in(user).get("/search/?q=测试甲").content.decode()
        assert ("R-0001" in html) is found


def test_names_of_people_are_neither_shown_nor_searched_for_who_may_not_see_them(cast, person_of_the_city):
    html = signed_in(cast.department).get("/search/?q=R-0001").content.decode()
    assert "R-0001" in html
    assert "测试甲" not in html
    assert (
        "R-0001" not in signed_in(cast.department).get("/search/?q=测试甲").content.decode().split("</h1>")[1]
    )


def test_public_records_are_found_without_signing_in(client):
    apps.get_model("ledger", "Organisation").objects.create(
        name="样例精密制造", kind="enterprise", region_code="370783"
    )
    assert "样例精密制造" in client.get("/search/?q=精密").content.decode()


def test_one_character_is_too_short_and_nothing_found_says_what_to_try(client):
    assert "至少输入两个字" in client.get("/search/?q=精").content.decode()
    assert "换一个说法" in client.get("/search/?q=没有这样的").content.decode()
