"""Every page keeps the strict content policy and the frame's promises."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.web import drawing, writing

APPS = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(APPS.glob("*/templates/**/*.html"))
# A script that only carries data is not run; everything else inline is forbidden.
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(APPS)))
def test_no_template_holds_an_inline_script_or_style(template):
    assert not INLINE.findall(template.read_text(encoding="utf-8"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/accounts/me/", "/accounts/agents/", "/chain/quality/", "/nowhere/"]
)
def test_every_page_carries_the_strict_policy_and_no_inline_code(cast, path):
    response = signed_in(cast.city_officer if "login" not in path else None).get(path)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    html = re.sub(
        r'<script id="[^"]*" type="application/json">.*?</script>', "", response.content.decode(), flags=re.S
    )
    assert not INLINE.findall(html)


@pytest.mark.django_db
def test_a_page_has_one_title_which_is_also_its_heading(cast):
    html = signed_in(cast.city_officer).get("/chain/quality/").content.decode()
    assert html.count("<h1") == 1
    assert re.search(r"<h1>\s*质量品牌\s*</h1>", html)


@pytest.mark.django_db
def test_the_demo_band_shows_only_while_demo_data_is_loaded(cast, settings):
    from zhicheng.apps.accounts.public import set_city

    words = "演示数据：全部记录由程序生成"
    set_city(region_code="370700", name="潍坊市")
    assert words not in signed_in(cast.city_officer).get("/").content.decode()
    set_city(region_code="370700", name="潍坊市", demo=True)
    assert words in signed_in(cast.city_officer).get("/").content.decode()


@pytest.mark.django_db
def test_region_date_and_period_travel_with_every_link(cast):
    html = (
        signed_in(cast.city_officer)
        .get("/chain/quality/?region=370783&as_of=2025-06-30&period=month")
        .content.decode()
    )
    assert 'href="/chain/protection/?region=370783&amp;as_of=2025-06-30&amp;period=month"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["region=37", "as_of=2025-02-30", "period=week"])
def test_an_address_that_cannot_be_is_refused_in_words(cast, query):
    response = signed_in(cast.city_officer).get(f"/?{query}")
    assert response.status_code == 422
    assert "地址中的" in response.content.decode()


@pytest.mark.django_db
def test_an_error_page_names_its_reference_number(cast):
    response = signed_in(cast.city_officer).get("/nowhere/")
    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()


@pytest.mark.django_db
def test_pages_are_chinese_until_the_person_chooses_english(client):
    assert '<html lang="zh-hans"' in client.get("/", headers={"Accept-Language": "en"}).content.decode()
    client.post("/i18n/setlang/", {"language": "en"})
    assert '<html lang="en"' in client.get("/").content.decode()


def rendered(source, **values):
    return Template("{% load zhicheng %}" + source).render(
        Context({"request": RequestFactory().get("/"), **values})
    )


def test_a_missing_value_is_a_gap_in_the_line_and_never_zero():
    assert drawing.sparkline([None, 3]) is None
    drawn = drawing.sparkline([1, 2, None, 4, 5])
    assert len(drawn.lines) == 2
    assert drawn.area == ""


def test_a_county_without_data_says_so_on_the_tile_map():
    html = rendered(
        "{% tile_map cells '件' %}", cells=[{"name": "甲", "value": 5}, {"name": "乙", "value": None}]
    )
    assert "缺" in html
    assert "shade-0" in html


def test_a_chart_always_has_its_table_twin():
    data = {
        "kind": "line",
        "unit": "件",
        "x": ["2024", "2025"],
        "series": [{"name": "授权", "values": [1, None]}],
    }
    html = rendered("{% chart 'c1' data %}", data=data)
    assert 'data-chart="c1"' in html
    assert "<table" in html
    assert "—" in html


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("4207000000.00", "元", ("42.07", "亿元")),
        ("120000", "元", ("12", "万元")),
        ("980.5", "元", ("980.50", "元")),
        (27650, "件", ("27,650", "件")),
        (None, "件", ("—", "件")),
    ],
)
def test_amounts_are_written_at_the_size_a_person_reads(value, unit, shown):
    assert writing.amount(value, unit) == shown


def test_tests_never_open_the_data_folder_of_a_real_city(settings):
    assert "zhicheng-test-" in str(settings.ZHICHENG_HOME)


@pytest.mark.django_db
def test_the_gallery_shows_every_component_and_stays_out_of_production(cast, settings):
    html = signed_in(cast.city_officer).get("/components/").content.decode()
    for part in (
        "sparkline",
        "tile-map",
        "ranking",
        'data-chart="gallery-line"',
        "progressbar",
        "pager",
        "table-wrap",
    ):
        assert part in html
    settings.SESSION_COOKIE_SECURE = True
    assert signed_in(cast.city_officer).get("/components/").status_code == 404
