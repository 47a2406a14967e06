"""Signing in: lock-out, second factor, idle and surplus sessions, first passwords."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db


def sign_in(username, password=PASSWORD):
    browser = Client()
    return browser, browser.post("/accounts/login/", {"login": username, "password": password})


def test_the_right_password_opens_the_home_page_and_is_recorded(cast):
    _browser, response = sign_in("shi")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert AuditEvent.objects.filter(action="accounts.sign_in", subject="user:shi").exists()


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(cast):
    for _attempt in range(5):
        _browser, response = sign_in("shi", "wrong")
    assert response.status_code == 429
    assert "账号已锁定" in response.content.decode()
    _browser, response = sign_in("shi")
    assert response.status_code == 429
    assert sign_in("shouguang")[1].status_code == 302


def test_the_security_administrator_lifts_the_lock_with_a_reason(cast):
    for _attempt in range(5):
        sign_in("shi", "wrong")
    browser = signed_in(make_user("anquan", "security_admin"))
    browser.post("/accounts/users/shi/unlock/", {"why": "本人来电核实"})
    assert sign_in("shi")[1].status_code == 302


def test_an_officer_without_second_factor_is_led_to_set_one_up_where_it_is_required(cast, settings):
    settings.ZHICHENG_MFA_REQUIRED = True
    response = signed_in(cast.city_officer).get("/")
    assert response["Location"] == "/accounts/2fa/totp/activate/"
    assert signed_in(cast.enterprise).get("/").status_code == 200


def test_an_officer_sets_up_a_second_factor_and_is_asked_for_it_next_time(cast):
    browser, _response = sign_in("shi")
    again = browser.get("/accounts/2fa/totp/activate/")["Location"]
    assert "再次输入密码" in browser.get(again).content.decode()
    browser.post(again, {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    page = browser.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, yield_hotp_counters_from_time().__next__()))
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert secret not in str(Authenticator.objects.get(user=cast.city_officer, type="totp").data)
    _browser, response = sign_in("shi")
    assert response["Location"].startswith("/accounts/2fa/authenticate/")


def test_an_idle_session_ends(cast, settings):
    browser = signed_in(cast.city_officer)
    browser.get("/")
    session = browser.session
    session["active_at"] = int(time.time()) - settings.ZHICHENG_IDLE_SECONDS - 5
    session.save()
    assert browser.get("/accounts/me/")["Location"] == "/accounts/login/?ended=1"


def test_the_oldest_session_ends_when_a_person_signs_in_too_often(cast, settings):
    settings.ZHICHENG_SESSIONS_PER_PERSON = 2
    browsers = [sign_in("shi")[0] for _turn in range(3)]
    assert [browser.get("/accounts/me/").status_code for browser in browsers] == [302, 200, 200]


def test_an_account_past_its_last_day_or_dormant_cannot_sign_in(cast, settings):
    cast.city_officer.ends_on = timezone.localdate() - timedelta(days=1)
    cast.city_officer.save()
    assert sign_in("shi")[1].status_code == 200
    settings.ZHICHENG_DORMANT_DAYS = 30
    cast.county_officer.date_joined = timezone.now() - timedelta(days=31)
    cast.county_officer.save()
    assert sign_in("shouguang")[1].status_code == 200


def test_an_account_is_opened_by_one_administrator_and_given_its_role_by_another():
    opener, granter = signed_in(make_user("xt", "system_admin")), signed_in(make_user("aq", "security_admin"))
    page = opener.post(
        "/accounts/users/new/", {"username": "xin", "display_name": "新人", "region_code": "370700"}
    )
    password = page.context["password"]
    browser, response = sign_in("xin", password)
    assert response.status_code == 302
    assert browser.get("/")["Location"] == "/accounts/password/change/"
    fields = {"role": "city_officer", "region_code": "370700", "why": "任命〔2025〕1号"}
    assert opener.post("/accounts/users/xin/role/", fields).status_code == 403
    assert granter.post("/accounts/users/xin/role/", fields).status_code == 302
    event = AuditEvent.objects.get(action="users.grant_role")
    assert event.why == "任命〔2025〕1号"
    assert event.after["role"] == "city_officer"
    changed = {"old_password": password, "new_password1": "a-fresh-one-77", "new_password2": "a-fresh-one-77"}
    browser, _response = sign_in("xin", password)
    assert browser.post("/accounts/password/change/", changed).status_code == 302
    assert browser.get("/").status_code == 200


def test_nobody_grants_a_role_to_themselves():
    security = make_user("aq", "security_admin")
    response = signed_in(security).post("/accounts/users/aq/role/", {"role": "auditor", "why": "x"})
    assert response.status_code == 422
    security.refresh_from_db()
    assert security.role == "security_admin"
