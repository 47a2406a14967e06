"""Tokens open the API in a person's name; a retried POST happens once."""

import json

import pytest
from django.http import JsonResponse
from django.test import RequestFactory

from zhicheng.apps.accounts import own_account
from zhicheng.apps.accounts.answers import check_if_match, etag
from zhicheng.apps.accounts.models import ApiToken, City, RememberedAnswer
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.accounts.tokens import token_user
from zhicheng.kernel.refusals import Refusal
from zhicheng.site.idempotency import IdempotencyMiddleware

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_only_its_hash_is_kept(cast):
    token = own_account.issue_token(name="脚本", days=30, by=cast.city_officer)
    row = ApiToken.objects.get()
    assert token not in json.dumps([row.digest, row.name])
    assert token_user(token) == cast.city_officer
    own_account.revoke_token(token_id=row.pk, by=cast.city_officer)
    assert token_user(token) is None


def test_a_wrong_token_is_a_problem_in_words_and_never_a_public_reader(client):
    response = client.get("/api/v1/me", headers={"Authorization": "Bearer zc_wrong"})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:zhicheng:problem:not_signed_in"


def test_the_api_knows_its_caller_by_token_by_session_and_as_the_public(cast, client):
    token = own_account.issue_token(name="脚本", days=30, by=cast.county_officer)
    by_token = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (by_token["username"], by_token["regions"]) == ("shouguang", ["370783"])
    assert signed_in(cast.city_officer).get("/api/v1/me").json()["regions"] == ["3707"]
    assert client.get("/api/v1/me").json()["role"] == ""


def test_the_api_describes_itself_in_openapi_3_1(client):
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


@pytest.fixture
def endpoint(cast):
    """A POST that makes one row each time it runs."""
    calls = []
    token = own_account.issue_token(name="脚本", days=30, by=cast.city_officer)

    def view(request):
        body = json.loads(request.body)
        calls.append(body)
        City.objects.all().delete()
        City.objects.create(pk=1, region_code=body["code"], name="城")
        return JsonResponse({"made": len(calls)}, status=body.get("answer", 201))

    def post(key, **body):
        request = RequestFactory().post(
            "/api/v1/things",
            data=json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key, "Authorization": f"Bearer {token}"},
        )
        return IdempotencyMiddleware(view)(request)

    return post, calls


def test_the_same_post_twice_happens_once_and_gets_the_same_answer(endpoint):
    post, calls = endpoint
    first, second = post("k1", code="370700"), post("k1", code="370700")
    assert len(calls) == 1
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second["Idempotency-Replayed"] == "true"


def test_a_key_used_for_another_request_is_refused(endpoint):
    post, calls = endpoint
    post("k1", code="370700")
    assert post("k1", code="330200").status_code == 422
    assert len(calls) == 1


def test_a_failure_leaves_nothing_and_may_be_sent_again(endpoint):
    post, calls = endpoint
    assert post("k1", code="370700", answer=500).status_code == 500
    assert not City.objects.exists()
    assert not RememberedAnswer.objects.exists()
    post("k1", code="370700", answer=500)
    assert len(calls) == 2


def test_a_write_must_name_the_version_it_was_made_from():
    current = etag("patents", 42, 3)
    check_if_match(RequestFactory().put("/", headers={"If-Match": current}), current)
    for sent, status in (({}, 428), ({"If-Match": etag("patents", 42, 2)}, 412)):
        with pytest.raises(Refusal) as caught:
            check_if_match(RequestFactory().put("/", headers=sent), current)
        assert caught.value.status == status
