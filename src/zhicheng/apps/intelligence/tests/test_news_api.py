"""Texts, figures and quotes over the API: the same decisions and the same borders as on the pages."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.intelligence.demo_text import INVENTED, INVENTED_NAME
from zhicheng.apps.intelligence.models import Article, FoundFigure, QuotedFigure
from zhicheng.apps.intelligence.reading import read_file

pytestmark = pytest.mark.django_db
NEWS = "/api/v1/news"


def post(user, path, body, **headers):
    return signed_in(user).post(
        f"{NEWS}/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def upload(user, text=INVENTED):
    return signed_in(user).post(
        f"{NEWS}/articles", {"file": SimpleUploadedFile(INVENTED_NAME, text.encode())}
    )


def test_a_text_is_read_once_and_comes_back_with_its_spans(city_row, cast):
    first, second = upload(cast.city_officer), upload(cast.city_officer)
    assert (first.status_code, second.status_code) == (201, 200)
    whole = first.json()
    assert whole["region_code"] == "370600"
    figure = next(one for one in whole["figures"] if one["value"] == "31208")
    assert INVENTED[figure["start"] : figure["end"]] == "31208"
    assert figure["indicator_id"] == "valid_invention_patents"
    assert Article.objects.count() == 1


def test_a_figure_is_accepted_corrected_rejected_and_reopened(cast, figure_of):
    key = figure_of("31208").pk
    assert post(cast.city_officer, f"figures/{key}/decision", {"step": "accept"}).json()["value"] == "31208"
    fixed = post(
        cast.city_officer, f"figures/{key}/decision", {"step": "accept", "values": {"value": "31209"}}
    )
    assert fixed.json()["value"] == "31209"
    assert (
        post(cast.city_officer, f"figures/{key}/decision", {"step": "reject"}).json()["decision"]
        == "rejected"
    )
    assert post(cast.city_officer, f"figures/{key}/decision", {"step": "reopen"}).json()["decision"] == "open"
    assert QuotedFigure.objects.get().status == "withdrawn"


def test_a_phrase_is_mapped(cast, figure_of):
    key = figure_of("9860").pk
    body = {"step": "map", "indicator": "high_value_invention_patents"}
    assert (
        post(cast.city_officer, f"figures/{key}/decision", body).json()["indicator_id"] == body["indicator"]
    )
    wrong = post(cast.city_officer, f"figures/{key}/decision", {"step": "map", "indicator": "no_such"})
    assert wrong.status_code == 422
    assert "no_such" in wrong.json()["detail"]


def test_quotes_and_the_benchmark_are_read(cast, quoted):
    quoted("31208", "valid_invention_patents")
    browser = signed_in(cast.city_officer)
    (quote,) = browser.get(f"{NEWS}/quotes?indicator=valid_invention_patents").json()["items"]
    assert (quote["value"], quote["region_code"], quote["publisher"]) == ("31208", "370600", "虚构通讯社")
    found = browser.get(f"{NEWS}/benchmark/valid_invention_patents?as_of=2025-12-16").json()
    assert set(found) == {"rows", "refused", "bounds"}
    assert any(row["region_code"] == "370600" for row in [*found["rows"], *found["refused"]])


@pytest.mark.parametrize(
    ("who", "reads", "decides"),
    [("city_officer", 200, 200), ("county_officer", 200, 403), ("department", 200, 403), ("enterprise", 403, 403), ("stranger", 404, 404), (None, 403, 401)],
)  # fmt: skip
def test_everybody_meets_the_same_border_as_on_the_pages(article, figure_of, cast, who, reads, decides):
    user = getattr(cast, who) if who else None
    assert signed_in(user).get(f"{NEWS}/articles/{article.pk}").status_code == reads
    key = figure_of("31208").pk
    assert post(user, f"figures/{key}/decision", {"step": "accept"}).status_code == decides
    accepted = FoundFigure.objects.get(pk=key).decision == "accepted"
    assert accepted == (decides == 200)


def test_a_list_asks_a_fixed_number_of_questions(article, cast, django_assert_max_num_queries):
    browser = signed_in(cast.city_officer)
    browser.get(f"{NEWS}/articles")
    with django_assert_max_num_queries(8) as few:
        assert len(browser.get(f"{NEWS}/articles").json()["items"]) == 1
    for number in range(12):
        read_file(f"{INVENTED}又{number}。".encode(), f"{number}.txt", by=cast.city_officer)
    with django_assert_max_num_queries(len(few)):
        assert len(browser.get(f"{NEWS}/articles").json()["items"]) == 13
