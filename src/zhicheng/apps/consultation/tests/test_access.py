"""Every address of the room, page and API, tried with the fixed cast; a new one fails here until it is listed."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import (
    Evidence,
    Item,
    Letter,
    Package,
    Participant,
    PolicyLink,
    Recurrence,
    Transfer,
    Verification,
)
from zhicheng.apps.consultation.urls import urlpatterns
from zhicheng.site.api import api

from .conftest import day

SECRET = "境外商标被抢注"


@pytest.fixture
def filled(road):
    """A session with one of everything that an address may name."""
    item = road.closed()
    other = Item.objects.get(kind="suggestion")
    by = road.offices.cppcc
    actions.form_group(code="two-places", name="两地", regions=["370700", "500100"], by=by)
    values = {
        "number": item.number, "session": road.session.number, "package": Package.objects.get(kind="problem").number,
        "letter": Letter.objects.filter(item=item).first().pk, "speaker": road.speakers[0].pk, "speech": road.speeches[0].pk,
        "passage": road.speeches[0].passages.first().pk, "other": other.number,
        "recurrence": Recurrence.objects.create(item=item, earlier=other, score=50).pk,
        "link": PolicyLink.objects.create(item=other, clause="x", proposed_by=by, proposed_on=day(1)).pk,
        "transfer": Transfer.objects.create(item=item, from_region="370700", to_region="500100", why="x", proposed_by=by, proposed_on=day(1)).pk,
        "sample": Verification.objects.create(item=item, round=1, drawn_on=day(50), seed="1").pk,
        "evidence": Evidence.objects.create(item=item, name="x.txt", file="consultation/x.txt", added_on=day(1)).pk,
    }  # fmt: skip
    return road, values


# Name of the page → its parts, and what is posted where it takes a POST only.
PAGES: dict[str, tuple[tuple[str, ...], dict[str, str] | None]] = {
    "index": ((), None),
    "session_new": ((), None),
    "session": (("session",), None),
    "reconcile": (("session",), None),
    "passage": (
        ("session",),
        {"step": "aside", "speech": "{speech}", "start": "0", "end": "3", "reason": "x"},
    ),
    "session_step": (("session", "=submit"), {"kind": "suggestion"}),
    "package": (("package",), None),
    "package_word": (("package",), None),
    "participant": (("speaker",), None),
    "participant_step": (("speaker",), {"step": "issue"}),
    "speech": (("speech",), None),
    "items": ((), None),
    "export": ((), None),
    "item": (("number",), None),
    "act": (("number", "=reopen"), {"on": "2025-12-01", "why": "x"}),
    "decide": (("=recurrence", "recurrence"), {"answer": "yes"}),
    "evidence": (("evidence",), None),
    "letter": (("letter",), None),
    "letter_word": (("letter",), None),
    "board": ((), None),
    "group_new": ((), None),
    "group": (("=two-places",), None),
    "notices": ((), None),
    "transfers": ((), None),
    "transfer_step": (("transfer",), {"answer": "yes"}),
    "samples": ((), None),
    "sample_step": (("sample",), {"finding": "true", "text": "x", "on": "2025-12-01"}),
    "rules": ((), None),
}
# These open for whoever holds the link or speaks for the organisation; test_pages.py and below try them.
OWN_PAGES = {"mine", "mine_step", "personal", "personal_file", "personal_step"}
API: dict[str, dict[str, object] | None] = {
    "GET /consultation/sessions": None,
    "POST /consultation/sessions": {"number": "2025-05", "topic": "x", "held_on": "2025-05-05"},
    "GET /consultation/sessions/{session}": None,
    "POST /consultation/sessions/{session}/participants": {"kind": "member", "title": "x"},
    "POST /consultation/sessions/{session}/speeches": {"speaker": "{speaker}", "text": "x"},
    "POST /consultation/sessions/{session}/passages": {"speech": "{speech}", "start": 0, "end": 2, "fate": "set_aside", "reason": "x"},
    "POST /consultation/sessions/{session}/tasks": {"kind": "task", "title": "x", "measure": "x"},
    "POST /consultation/sessions/{session}/packages": {"kind": "suggestion"},
    "POST /consultation/sessions/{session}/merges": {"item": "{number}", "into": "{other}"},
    "GET /consultation/packages/{package}": None,
    "GET /consultation/packages/{package}/word": None,
    "POST /consultation/instructions": {"items": ["{number}"], "text": "x", "leader": "x"},
    "GET /consultation/items": None,
    "GET /consultation/items/{number}": None,
    "POST /consultation/items/{number}/steps": {"step": "reopen", "fields": {"why": "x"}},
    "GET /consultation/recurrences": None,
    "POST /consultation/recurrences/{recurrence}": {"yes": True},
    "GET /consultation/policy-links": None,
    "POST /consultation/policy-links/{link}": {"yes": True},
    "GET /consultation/transfers": None,
    "POST /consultation/transfers/{transfer}": {"yes": True},
    "GET /consultation/samples": None,
    "POST /consultation/samples": {"count": 1, "since": "2025-01-01", "seed": "1"},
    "POST /consultation/samples/{sample}": {"finding": "true", "text": "x"},
    "GET /consultation/board": None,
    "GET /consultation/rules": None,
    "PUT /consultation/rules": {"judge_days": 20, "why": "x"},
    "GET /consultation/notices": None,
    "GET /consultation/groups": None,
    "GET /consultation/groups/two-places": None,
    "POST /consultation/groups": {"code": "three", "name": "x", "regions": ["370700", "370783"]},
    "GET /consultation/participants/{speaker}": None,
    "PATCH /consultation/participants/{speaker}": {"title": "x", "why": "x"},
    "POST /consultation/participants/{speaker}/roles": {"title": "x", "from_on": "2025-12-01"},
    "POST /consultation/participants/{speaker}/link": {},
    "DELETE /consultation/participants/{speaker}/link": {},
    "POST /consultation/participants/{speaker}/letters": {},
    "GET /consultation/speeches/{speech}": None,
    "PATCH /consultation/speeches/{speech}": {"text": "x", "why": "x"},
    "PUT /consultation/speeches/{speech}/reply": {"reply": "x"},
    "DELETE /consultation/passages/{passage}": {},
    "POST /consultation/passages/{passage}/look": {},
    "GET /consultation/letters": None,
    "GET /consultation/letters/{letter}": None,
    "GET /consultation/letters/{letter}/word": None,
    "GET /consultation/evidence/{evidence}": None,
    "GET /consultation/mine": None,
    "POST /consultation/mine/{speaker}/{number}/verdict": {"value": "fair"},
    "POST /consultation/mine/{speaker}/{number}/news": {"text": "x"},
}  # fmt: skip
# Nothing of another's stands there: an empty list or the caller's own rules is the right answer.
OWN_REGION = {"GET /consultation/rules", "PUT /consultation/rules", "POST /consultation/samples", "POST /consultation/groups", "POST /consultation/sessions"}  # fmt: skip


def _shape(path: str) -> str:
    """The address with every part between braces, or that stands for one, made equal."""
    return "/".join("*" if "{" in one or one == "two-places" else one for one in path.split("/"))


def test_every_page_and_endpoint_of_the_room_is_tried_here():
    assert {str(one.name) for one in urlpatterns} == set(PAGES) | OWN_PAGES
    schema = api.get_openapi_schema()["paths"]
    offered = {
        f"{method.upper()} {_shape(path.removeprefix('/api/v1'))}"
        for path, methods in schema.items() for method in methods
        if path.startswith("/api/v1/consultation")
    }  # fmt: skip
    assert offered == {_shape(one) for one in API}


def _page(browser: Client, name: str, values: dict[str, object]):
    parts, data = PAGES[name]
    args = [one[1:] if one.startswith("=") else values[one] for one in parts]
    path = reverse(f"consultation:{name}", args=args)
    if data is None:
        return browser.get(path)
    return browser.post(path, {key: str(value).format(**values) for key, value in data.items()})


def _call(browser: Client, name: str, values: dict[str, object]):
    method, path = name.split(" ")
    body = API[name]
    text = json.dumps(body or {})
    for key, value in values.items():
        text = text.replace(f'"{{{key}}}"', json.dumps(value))
    return getattr(browser, method.lower())(
        f"/api/v1{path.format(**values)}", **({} if body is None else {"data": text, "content_type": "application/json"}),
        headers={"If-Match": "*"},
    )  # fmt: skip


def _text(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def test_no_page_opens_or_changes_the_citys_loop_for_an_outsider(filled, cast):
    road, values = filled
    before = _state()
    for who in (cast.county_officer, cast.stranger, cast.enterprise, road.offices.far_unit):
        browser = signed_in(who)
        for name in PAGES:
            # The other region of the group sees the joint board and what is offered to it.
            if name in ("group", "transfers") and who == road.offices.far_unit:
                continue
            response = _page(browser, name, values)
            assert response.status_code in (200, 302, 403, 404), (who, name, response.status_code)
            assert SECRET not in _text(response), (who, name)
    assert _state() == before


def test_no_endpoint_answers_or_changes_the_citys_loop_for_an_outsider(filled, cast):
    road, values = filled
    before = _state()
    for who in (cast.county_officer, cast.stranger, cast.enterprise, road.offices.far_unit):
        browser = signed_in(who)
        for name in API:
            response = _call(browser, name, values)
            text = _text(response)
            assert SECRET not in text, (who, name)
            named = "{" in name
            own = name in OWN_REGION or (who == road.offices.far_unit and "groups" in name)
            if named and not own:
                assert response.status_code in (403, 404), (who, name, response.status_code, text)
            assert response.status_code < 500, (who, name, text)
    assert _state() == before


def test_nobody_gets_anything_without_signing_in(filled, client):
    _, values = filled
    before = _state()
    for name in PAGES:
        response = _page(client, name, values)
        assert (response.status_code, "/accounts/login/" in response.headers.get("Location", "")) == (302, True), name  # fmt: skip
    for name in API:
        response = _call(client, name, values)
        assert response.status_code in (401, 403), (name, response.status_code)
    assert _state() == before


def test_the_offices_may_read_every_page_and_endpoint(filled):
    road, values = filled
    road.offices.cppcc.refresh_from_db()
    for who in (
        road.offices.cppcc,
        road.offices.supervision,
        road.offices.leader,
        road.offices.unit,
        road.offices.bureau,
    ):
        browser = signed_in(who)
        for name, (_, data) in PAGES.items():
            if data is None and name not in ("session_new", "group_new", "evidence"):
                assert _page(browser, name, values).status_code == 200, (who, name)
        for name in API:
            if name.startswith("GET") and not name.endswith(("/mine", "/evidence/{evidence}")):
                response = _call(browser, name, values)
                assert response.status_code == 200, (who, name, _text(response))


def test_what_a_department_may_not_change_it_does_not_change_over_the_api(filled):
    road, values = filled
    before = _state()
    browser = signed_in(road.offices.unit)
    for name in API:
        if not name.startswith("GET"):
            response = _call(browser, name, values)
            assert response.status_code in (403, 404, 409), (name, response.status_code, _text(response))
    assert _state() == before


def _state() -> list[object]:
    """Everything an outsider could have changed."""
    return [
        list(Item.objects.order_by("pk").values_list("number", "state", "revision")),
        list(Participant.objects.order_by("pk").values_list("title", "link_version", "link_revoked_at", "revision")),
        list(Recurrence.objects.values_list("decision")), list(PolicyLink.objects.values_list("decision")),
        list(Transfer.objects.values_list("decision")), list(Verification.objects.values_list("finding")),
        Letter.objects.count(),
    ]  # fmt: skip
