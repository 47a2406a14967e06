"""Who may see and do what, tried with the fixed cast."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from zhicheng.apps.accounts import public
from zhicheng.apps.accounts.public import Role, may, record_event, require, scope
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.kernel.refusals import NotAllowed

pytestmark = pytest.mark.django_db

ADMIN_PAGES = {
    "/accounts/users/": {"system_admin", "security_admin", "auditor"},
    "/accounts/users/new/": {"system_admin"},
    "/accounts/audit/": {"auditor"},
}


@pytest.mark.parametrize("path", ADMIN_PAGES)
@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_only_the_administrator_whose_business_it_is_opens_the_page(path, role):
    response = signed_in(make_user("somebody", role, "370700")).get(path)
    assert response.status_code == (200 if role in ADMIN_PAGES[path] else 403)


@pytest.mark.parametrize("path", [*ADMIN_PAGES, "/accounts/me/", "/accounts/agents/"])
def test_who_is_not_signed_in_is_asked_to_sign_in_and_brought_back(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


def test_a_refused_page_says_what_is_missing_and_who_could(cast):
    html = signed_in(cast.enterprise).get("/accounts/audit/").content.decode()
    assert "没有权限" in html
    assert "审计管理员" in html


def test_the_city_sees_its_counties_and_a_county_only_itself(cast):
    assert scope(cast.city_officer).covers_region("370783")
    assert not scope(cast.city_officer).covers_region("330203")
    assert scope(cast.county_officer).covers_region("370783")
    assert not scope(cast.county_officer).covers_region("370700")
    assert not scope(cast.stranger).covers_region("370783")
    assert scope(None).public_only
    assert scope(cast.enterprise).public_only


def test_a_county_officer_cannot_act_for_the_next_county(cast):
    require(cast.county_officer, "records.approve", region="370783")
    with pytest.raises(NotAllowed, match="370784"):
        require(cast.county_officer, "records.approve", region="370784")


def test_only_somebody_who_signed_in_is_recorded_as_having_done_a_thing(cast):
    assert public.signed_in(cast.county_officer) == cast.county_officer
    for nobody in (AnonymousUser(), None):
        with pytest.raises(NotAllowed, match="没有登录"):
            public.signed_in(nobody)


def test_the_three_administrators_are_separated():
    rights = {"system_admin": "users.manage", "security_admin": "security.manage", "auditor": "audit.view"}
    for role in rights:
        person = make_user(role, role)
        held = {owner for owner, permission in rights.items() if may(person, permission)}
        assert held == {role}
        assert not may(person, "records.prepare")
        assert not may(person, "figures.sign")


def test_a_disabled_account_may_nothing_at_once(cast):
    browser = signed_in(cast.city_officer)
    cast.city_officer.is_active = False
    cast.city_officer.save()
    assert browser.get("/accounts/me/").status_code == 302
    assert not may(cast.city_officer, "records.view")


@transaction.atomic
def noted(events):
    for number in range(events):
        record_event(by=None, action="test.step", subject=f"thing:{number}")


def test_the_trail_is_listed_newest_first_and_filtered(django_user_model):
    noted(60)
    browser = signed_in(make_user("shenji", Role.AUDITOR))
    page = browser.get("/accounts/audit/?action=test.").content.decode()
    assert "thing:59" in page
    assert "thing:3<" not in page
    assert "下一页" in page
    one = browser.get("/accounts/audit/?subject=thing:3").content.decode()
    assert "thing:3<" in one
    assert "thing:59" not in one


def test_the_trail_takes_the_same_number_of_queries_however_long_it_is(django_assert_max_num_queries):
    noted(30)
    browser = signed_in(make_user("shenji", Role.AUDITOR))
    browser.get("/accounts/audit/")
    with django_assert_max_num_queries(12):
        browser.get("/accounts/audit/")
