"""Every address of the site and of the API: public by a list that is read here, or closed to strangers.

A new room needs no test of its own for this: its addresses are found in the URL table. Whoever adds a public page
adds it to `PUBLIC` and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.models import OrganisationAgent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import Case
from zhicheng.apps.ledger.models import Organisation
from zhicheng.apps.records.models import ChangeSet, Dispute, MatchQuestion
from zhicheng.apps.records.public import begin_city

pytestmark = pytest.mark.django_db

SECRET = "演示机密标记甲"
KEY = UUID("00000000-0000-4000-8000-000000000001")

# Address as the URL table writes it → why it needs no sign-in.
PUBLIC = {
    "healthz": "tells a watchdog that the server answers",
    "i18n/setlang/": "changes a cookie of the browser",
    "": "the home page: what is published",
    "search/": "finds what is published",
    "chain/<slug:link>/": "explains the chain of creation, use, protection; shows only what is published",
    "figures/": "published figures",
    "figures/<slug:identity>/": "a published figure",
    "api/v1/openapi.json": "the description of the API",
    "api/v1/": "the root of the API",
    "api/v1/me": "says that nobody is signed in",
    "api/v1/published": "published figures",
    "api/v1/published-bulletins": "published bulletins",
    "api/v1/published-bulletins/<number>": "a published bulletin",
    "api/v1/policies/notices": "notices of what is about to be paid",
    "api/v1/policies/round-notices": "rankings of award rounds on public notice",
    "cases/public/": "guide to matters for the public",
    "cases/trace/": "tracing one's own case by its number and code",
    "cases/trace/papers/<int:version>/": "opens an answer with number and code only",
    "cases/public/receipt/": "the receipt, in the browser that filed only",
    "cases/public/<slug:matter>/": "the guide to one matter",
    "cases/public/<slug:matter>/file/": "filing what everybody may file; the rest asks for sign-in",
    "cases/matters/<slug:code>/": "leads to the guide of the matter",
    "intelligence/bulletins/": "without sign-in the published bulletins",
    "intelligence/bulletins/published/": "published bulletins",
    "intelligence/bulletins/published/<int:number>/": "a published bulletin",
    "intelligence/bulletins/published/<int:number>/figures.<slug:form>": "its numbers as open data",
    "intelligence/bulletins/published/<int:number>/file.<slug:form>": "its files",
    "accounts/login/": "signing in",
    "accounts/logout/": "leads back to the home page",
    "accounts/inactive/": "a sentence",
    "accounts/signup/": "says that accounts are opened by the administrator",
    "accounts/confirm-email/": "a sentence",
    "accounts/^confirm-email/(?P<key>[-:\\w]+)/$": "opens nothing without a key",
    "accounts/password/reset/": "asks for an address",
    "accounts/password/reset/done/": "a sentence",
    "accounts/password/reset/key/done/": "a sentence",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "opens nothing without a key",
    "accounts/login/code/confirm/": "leads to signing in",
    "accounts/2fa/authenticate/": "the second step of signing in",
    "accounts/3rdparty/login/cancelled/": "a sentence",
    "accounts/3rdparty/login/error/": "a sentence",
    "accounts/3rdparty/signup/": "leads to signing in",
    "accounts/social/login/cancelled/": "a sentence",
    "accounts/social/login/error/": "a sentence",
    "accounts/social/signup/": "leads to signing in",
    "accounts/social/connections/": "leads to the page of connections, which asks who is there",
    "incentives/": "leads each to their own part; the public to the notices",
    "incentives/notices/": "notices of what is about to be paid",
    "incentives/notices/objection/": "where an objection stands, for whoever has its number and code",
    "incentives/notices/<slug:number>/": "a notice, without personal data; takes objections while it stands",
    "incentives/notices/<slug:number>/export.<str:form>": "the same notice as a file",
    "incentives/notices/rounds/<slug:number>/": "the result of an award round; takes objections while it stands",
    "components/": "the gallery of components for builders; not there in production",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/": "begins single sign-on",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": "ends single sign-on",
}
# What stands for each part of an address; a name that is not here gets "1".
SAMPLES = {
    "type_id": "cases",
    "identity": "valid_invention_patents",
    "username": "qiye",
    "key": str(KEY),
    "provider_id": "city",
    "link": "create",
    "uidb36": "1",
    "slug": "x",
    "form": "csv",
    "kind": "disputes",
}
REFUSED = (401, 403, 404, 405)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        written = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, written)
        else:
            yield written


EVERY = sorted(dict.fromkeys(addresses(get_resolver().url_patterns)))


def filled(written: str) -> str:
    """Put a sample into every place of an address."""
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: SAMPLES.get(found[1], "1"), written)
    text = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES.get(found[1], "1"), text)
    return "/" + text.replace("^", "").replace("$", "").replace("\\", "")


@pytest.fixture
def city(cast, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    begin_city(region_code="370700", one_person=False)
    firm = Organisation.objects.create(
        pk=1, uscc="91110000600037341L", name="演示甲公司", name_key="", region_code="370783"
    )
    Case.objects.create(pk=1, number=SECRET, matter="mediation", region_code="370783")
    ChangeSet.objects.create(
        pk=1, key=KEY, type="cases", source=SECRET, status="staged", region_code="370783", prepared_by=cast.county_officer
    )  # fmt: skip
    MatchQuestion.objects.create(pk=1, name=SECRET, region_code="370783")
    Dispute.objects.create(
        pk=1, type="cases", record_id=1, label=SECRET, region_code="370783", text=SECRET, raised_by=cast.enterprise
    )  # fmt: skip
    OrganisationAgent.objects.create(
        pk=1, user=cast.enterprise, uscc=firm.uscc, organisation=firm, letter="letters/x.pdf", reason=SECRET
    )
    with transaction.atomic():
        record_event(by=None, action="test.made", subject="thing:1", why=SECRET)
    return cast


def words_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def closed(response) -> bool:
    if response.status_code == 302:
        return (
            "/accounts/login/" in response["Location"] or "/accounts/reauthenticate/" in response["Location"]
        )
    return response.status_code in REFUSED


def test_the_list_of_public_addresses_holds_no_address_that_is_gone():
    rooms = {one.split("/")[0] for one in EVERY}
    gone = [one for one in PUBLIC if one not in EVERY and one.split("/")[0] in rooms - {"cases"}]
    assert gone == []


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_who_is_not_signed_in_is_refused_at_every_address_that_is_not_public(city, method):
    browser = Client(raise_request_exception=False)
    open_doors = [
        f"{method.upper()} {filled(one)} → {response.status_code}"
        for one in EVERY
        if one not in PUBLIC and not closed(response := getattr(browser, method)(filled(one)))
    ]
    assert open_doors == []


def test_what_is_public_shows_nothing_of_the_ledger(city):
    browser = Client(raise_request_exception=False)
    for one in PUBLIC:
        if one in EVERY:
            response = browser.get(filled(one))
            assert response.status_code < 500, one
            assert SECRET not in words_of(response), one


def test_an_officer_of_another_city_reads_nothing_of_this_one_at_any_address(city):
    browser = signed_in(city.stranger)
    browser.raise_request_exception = False
    told = []
    for one in EVERY:
        response = browser.get(filled(one))
        if response.status_code >= 500 or SECRET in words_of(response):
            told.append(f"{filled(one)} → {response.status_code}")
    assert told == []


def test_an_officer_of_another_city_changes_nothing_of_this_one_at_any_address(city):
    browser = signed_in(city.stranger)
    browser.raise_request_exception = False
    kept = [Organisation, Case, ChangeSet, MatchQuestion, Dispute, OrganisationAgent]
    before = [list(model.objects.order_by("pk").values()) for model in kept]
    broken = []
    for one in EVERY:
        if "logout" in one:
            continue
        body = {"why": "试探", "reason": "试探", "step": "approve", "state": "accepted", "answer": "x"}
        for send in (browser.post, browser.put, browser.delete):
            form = send == browser.post and not one.startswith("api/")
            response = send(filled(one), body, **({} if form else {"content_type": "application/json"}))
            if response.status_code >= 500:
                broken.append(f"{filled(one)} → {response.status_code}")
    assert broken == []
    assert [list(model.objects.order_by("pk").values()) for model in kept] == before


def test_every_operation_of_the_api_asks_who_calls(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["paths"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation.get("security"), f"{method} {path}"
