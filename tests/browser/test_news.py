"""A text is read in the browser: figures in place, decided by keyboard, quoted, compared; on a telephone too."""

from __future__ import annotations

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.intelligence import actions
from zhicheng.apps.intelligence.demo_text import INVENTED, INVENTED_NAME
from zhicheng.apps.intelligence.models import FoundFigure, QuotedFigure
from zhicheng.apps.intelligence.reading import read_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(town):
    return read_file(INVENTED.encode(), INVENTED_NAME, by=town.city_officer, synthetic=True).article


def test_a_text_handed_in_opens_with_its_figures_in_place(town, open_as, tmp_path):
    path = tmp_path / INVENTED_NAME
    path.write_text(INVENTED, encoding="utf-8")
    page = open_as(town.city_officer, "/intelligence/upload/")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="读入", exact=True).click()
    page.wait_for_url("**/intelligence/articles/**")
    assert page.locator(".article-text a.found", has_text="31208").count() == 1
    assert page.locator(".article-text a.found").count() >= 10


def test_figures_are_decided_by_keyboard_alone(article, town, open_as):
    first = article.figures.get(value="31208")
    page = open_as(town.city_officer, f"/intelligence/articles/{article.pk}/?figure={first.pk}")
    page.keyboard.press("a")
    page.wait_for_url(lambda address: f"figure={first.pk}" not in address)
    following = int(page.url.rsplit("figure=", 1)[1])
    page.keyboard.press("r")
    page.wait_for_url(lambda address: f"figure={following}" not in address)
    assert FoundFigure.objects.get(pk=first.pk).decision == "accepted"
    assert FoundFigure.objects.get(pk=following).decision == "rejected"
    assert QuotedFigure.objects.get().value == "31208"
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.id") == "map-indicator"
    page.keyboard.press("Escape")
    here = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda address: address != here)


def test_a_quote_stands_in_the_list_and_in_the_benchmark_marked_as_quoted(article, town, open_as):
    found = article.figures.get(value="31208")
    actions.accept(figure=found.pk, by=town.city_officer)
    page = open_as(town.city_officer, "/intelligence/quotes/")
    assert page.locator("text=31,208").count() + page.locator("text=31208").count() > 0
    page.goto("/intelligence/benchmark/?indicator=valid_invention_patents")
    assert page.locator("text=烟台市").first.is_visible()
    assert page.locator("text=引用").first.is_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_fit_the_window(article, town, open_as, width):
    for path in (
        "/intelligence/", "/intelligence/upload/", f"/intelligence/articles/{article.pk}/", "/intelligence/quotes/",
        "/intelligence/benchmark/?indicator=valid_invention_patents", "/intelligence/watch/",
    ):  # fmt: skip
        assert fits(open_as(town.city_officer, path, width=width)), path
