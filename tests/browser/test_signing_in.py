"""Signing in as a person does it: by the form, with a wrong password first, on a desk and on a telephone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.accounts.testing import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def fill_in(page, name, password):
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_an_officer_signs_in_after_a_wrong_password_and_sees_the_own_home(town, open_as):
    page = open_as(None, "/accounts/login/")
    fill_in(page, "shi", "not-this-one-9")
    page.wait_for_load_state()
    assert "/accounts/login/" in page.url
    assert page.locator("text=密码").count() > 0
    fill_in(page, "shi", PASSWORD)
    page.wait_for_url("**/")
    assert page.locator("nav >> text=台账").first.is_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_before_signing_in_fit_the_window(town, open_as, width):
    for path in ("/", "/accounts/login/", "/figures/"):
        assert fits(open_as(None, path, width=width)), path


def test_nobody_is_shown_a_door_that_is_closed_to_them(town, open_as):
    page = open_as(None, "/")
    assert page.locator("nav >> text=台账").count() == 0
    page.goto("/records/")
    assert "/accounts/login/" in page.url
