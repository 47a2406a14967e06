"""Who reads, writes and publishes bulletins on pages and over the API; how many queries a list takes."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.intelligence import bulletin_actions as actions
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.ledger.models import LedgerRegion
from zhicheng.apps.records.public import begin_city

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 16)
TEXT = "# {{区划}}简报机密稿\n\n共{{gi_products_total}}。\n"
WHO = ["city_officer", "county_officer", "department", "enterprise", "stranger"]


@pytest.fixture
def row(cast, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    begin_city(region_code="370700", one_person=False, opens_on=DAY)
    return actions.begin(template="", text=TEXT, region="370700", as_of=DAY, by=cast.city_officer)


@pytest.fixture
def shown(row, cast):
    """A published bulletin beside the draft."""
    return Bulletin.objects.create(
        title="潍坊市简报公开稿", template="# 题", region_code="370700", as_of=DAY, prepared_by=cast.city_officer,
        status="published", published_at=timezone.now(), html="<h1>潍坊市简报公开稿</h1>", markdown="# 潍坊市简报公开稿\n",
    )  # fmt: skip


@pytest.mark.parametrize("who", [*WHO, None])
@pytest.mark.parametrize("tail", ["", "versions/1/", "file.md"])
def test_a_draft_is_open_to_those_who_work_on_it_only(row, cast, who, tail):
    answer = signed_in(getattr(cast, who) if who else None).get(f"/intelligence/bulletins/{row.pk}/{tail}")
    if who == "city_officer":
        assert answer.status_code == (422 if tail == "file.md" else 200)  # its number is not signed
    else:
        assert answer.status_code in {302, 403, 404}
        assert "机密" not in answer.content.decode()


@pytest.mark.parametrize("who", [*WHO, None])
def test_what_is_published_is_open_to_everybody(row, shown, cast, who):
    browser = signed_in(getattr(cast, who) if who else None)
    for address in (
        "published/",
        f"published/{shown.pk}/",
        f"published/{shown.pk}/figures.json",
        f"published/{shown.pk}/file.md",
    ):
        answer = browser.get(f"/intelligence/bulletins/{address}")
        assert answer.status_code == 200
        assert "潍坊市简报" in answer.content.decode()
        assert "机密" not in answer.content.decode()
    assert browser.get(f"/intelligence/bulletins/published/{row.pk}/").status_code == 404


@pytest.mark.parametrize("who", [*WHO, None])
def test_the_list_shows_drafts_to_those_who_work_on_them(row, shown, cast, who):
    page = signed_in(getattr(cast, who) if who else None).get("/intelligence/bulletins/").content.decode()
    assert ("机密" in page) is (who == "city_officer")
    assert ("公开稿" in page) is (who in {"city_officer", "department", "enterprise", None})


@pytest.mark.parametrize("who", [*WHO, None])
def test_beginning_and_checking_are_for_those_who_prepare_bulletins(row, cast, who):
    browser = signed_in(getattr(cast, who) if who else None)
    for address in ("new/", "check/", "find/?find=地理"):
        allowed = browser.get(f"/intelligence/bulletins/{address}").status_code == 200
        assert allowed is (who in {"city_officer", "county_officer", "stranger"})


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("step", ["save", "submit", "approve", "publish", "withdraw", "discard", "ask"])
def test_no_step_is_taken_by_others(row, cast, who, step):
    if who == "city_officer":
        return
    answer = signed_in(getattr(cast, who)).post(
        f"/intelligence/bulletins/{row.pk}/step/", {"step": step, "template": "# 改", "why": "试"}
    )
    assert answer.status_code in {403, 404}
    row.refresh_from_db()
    assert (row.template, row.status) == (TEXT, "draft")


def test_the_editor_says_what_is_not_signed_and_keeps_what_was_typed(row, cast):
    browser = signed_in(cast.city_officer)
    page = browser.get(f"/intelligence/bulletins/{row.pk}/").content.decode()
    assert "缺数据" in page
    assert "【gi_products_total】" in page
    answer = browser.post(
        f"/intelligence/bulletins/{row.pk}/step/",
        {"step": "save", "template": "# 我写的 {{坏", "revision": "1"},
    )
    assert answer.status_code == 422
    assert "我写的" in answer.content.decode()
    assert "没有闭合" in answer.content.decode()


def test_the_preview_answers_without_saving(row, cast):
    answer = signed_in(cast.city_officer).post(
        f"/intelligence/bulletins/{row.pk}/preview/",
        {"template": "# 试读\n{{no_such_one}}", "as_of": "2025-12-01"},
    )
    assert "试读" in answer.content.decode()
    assert "没有指标“no_such_one”" in answer.content.decode()
    row.refresh_from_db()
    assert row.revision == 1


def test_a_leader_approves_but_does_not_write(row, cast):
    leader = make_user("lingdao", "leader", "370700")
    page = signed_in(leader).get(f"/intelligence/bulletins/{row.pk}/")
    assert page.status_code == 200
    assert "readonly" in page.content.decode()
    assert signed_in(leader).post(
        f"/intelligence/bulletins/{row.pk}/step/", {"step": "save", "template": "# 改"}
    ).status_code == 403  # fmt: skip


def test_lists_take_the_same_number_of_queries_with_more_rows(row, shown, cast):
    counts = []
    browser = signed_in(cast.city_officer)
    browser.get("/intelligence/bulletins/")  # what is asked once a session is asked now
    for more in (0, 80):
        Bulletin.objects.bulk_create(
            Bulletin(
                title=f"第 {n} 篇", template="# 题", region_code="370700", as_of=DAY, prepared_by=cast.city_officer,
                status="published", published_at=timezone.now(),
            )
            for n in range(more)
        )  # fmt: skip
        for address in (
            "/intelligence/bulletins/",
            "/intelligence/bulletins/published/",
            "/api/v1/published-bulletins",
        ):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert browser.get(address).status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    page = browser.get("/intelligence/bulletins/").content.decode()
    assert page.count("第 ") >= 50
    assert 'rel="next"' in page


def test_a_preview_asks_the_same_number_of_queries_for_more_counties(row, cast):
    browser = signed_in(cast.city_officer)
    counts = []
    for counties in (2, 12):
        LedgerRegion.objects.filter(parent_code="370700").delete()
        LedgerRegion.objects.bulk_create(
            LedgerRegion(code=f"3707{n:02d}", name=f"演示{n}", parent_code="370700", level="county")
            for n in range(1, counties + 1)
        )
        text = "# 题\n{{表 gi_products_total valid_designs 按=区划}}"
        for _ in range(2):  # the first asks for a snapshot of the ledger as it is now
            with CaptureQueriesContext(connection) as seen:
                answer = browser.post(f"/intelligence/bulletins/{row.pk}/preview/", {"template": text})
        assert f"演示{counties}" in answer.content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1]


def api(user, method, path, body=None, **headers):
    browser = signed_in(user)
    return getattr(browser, method)(
        f"/api/v1/{path}", json.dumps(body) if body is not None else None, content_type="application/json", headers=headers
    )  # fmt: skip


def test_the_api_begins_saves_and_submits_as_the_pages_do(row, cast):
    made = api(
        cast.city_officer,
        "post",
        "bulletins",
        {"template": "leaders_brief", "region": "370700", "as_of": "2025-12-16"},
    )
    assert made.status_code == 201
    number, mark = made.json()["number"], made["ETag"]
    body = {"text": "# 题\n没有数", "as_of": "2025-12-16"}
    assert api(cast.city_officer, "put", f"bulletins/{number}", body).status_code == 428
    assert (
        api(cast.city_officer, "put", f"bulletins/{number}", body, **{"If-Match": '"old"'}).status_code == 412
    )
    saved = api(cast.city_officer, "put", f"bulletins/{number}", body, **{"If-Match": mark})
    assert saved.json()["revision"] == 2
    submitted = api(cast.city_officer, "post", f"bulletins/{number}/steps", {"step": "submit"})
    assert submitted.json()["status"] == "submitted"
    refused = api(cast.city_officer, "post", f"bulletins/{number}/steps", {"step": "approve"})
    assert refused.status_code == 403
    assert "编写人不能审定" in refused.json()["title"]
    found = api(cast.city_officer, "get", f"bulletins/{row.pk}/preview").json()
    assert found["problems"][0]["about"] == "gi_products_total"


@pytest.mark.parametrize("who", [*WHO, None])
def test_the_api_opens_drafts_as_the_pages_do_and_published_ones_to_all(row, shown, cast, who):
    user = getattr(cast, who) if who else None
    assert (api(user, "get", f"bulletins/{row.pk}").status_code == 200) is (who == "city_officer")
    assert api(user, "get", f"published-bulletins/{shown.pk}").json()["licence"]["name"] == "CC BY 4.0"
    assert [one["number"] for one in api(user, "get", "published-bulletins").json()["items"]] == [shown.pk]


def test_a_file_is_checked_over_the_api(row, cast):
    file = SimpleUploadedFile(
        "稿.txt", "潍坊市简报\n2025年12月16日，全市地理标志保护产品总数为9件。".encode()
    )
    answer = signed_in(cast.city_officer).post("/api/v1/bulletins/check", {"file": file})
    assert answer.status_code == 200
    assert answer.json()["wrong"] == 1
    assert answer.json()["numbers"][0]["state"] == "unsigned"


def test_the_form_begins_with_the_day_of_the_city_as_a_browser_reads_it(row, cast):
    page = signed_in(cast.city_officer).get("/intelligence/bulletins/new/").content.decode()
    assert 'value="2025-12-16"' in page.split("<main", 1)[1]
