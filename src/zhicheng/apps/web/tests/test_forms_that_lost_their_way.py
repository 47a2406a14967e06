"""A form sent after signing out, or reloaded by its address: the way back is to a page, never to an empty answer."""

from __future__ import annotations

import pytest
from django.test import Client

from zhicheng.apps.accounts.testing import signed_in

pytestmark = pytest.mark.django_db
STEP = "/incentives/simulation/run/"


def test_an_address_that_only_takes_forms_says_so_where_a_person_opens_it(cast):
    answer = signed_in(cast.city_officer).get(STEP, headers={"Accept": "text/html"})
    assert answer.status_code == 405
    assert "只收页面上提交的表单" in answer.content.decode()


def test_who_was_signed_out_goes_on_at_the_page_the_form_stood_on(cast):
    page = "http://testserver/incentives/simulation/new/?examples=1"
    answer = Client().post(STEP, {}, headers={"Referer": page})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("next=/incentives/simulation/new/%3Fexamples%3D1")


def test_a_foreign_page_is_no_way_back(cast):
    answer = Client().post(STEP, {}, headers={"Referer": "https://elsewhere.example/x"})
    assert answer.headers["Location"].endswith("next=/")
