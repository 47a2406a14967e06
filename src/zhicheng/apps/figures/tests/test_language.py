"""Figures are named in the language of the page, and money is written at the sizes that language counts in."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.records.public import begin_city
from zhicheng.apps.web.public import amount


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=False)


@pytest.mark.parametrize(("language", "name", "other"), [
    ("zh-hans", "有效发明专利拥有量", "Invention patents in force"),
    ("en", "Invention patents in force", "有效发明专利拥有量"),
])  # fmt: skip
@pytest.mark.parametrize("address", ["/figures/", "/figures/valid_invention_patents/"])
def test_a_page_names_figures_in_its_language(city, cast, settings, address, language, name, other):
    client = signed_in(cast.city_officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(address, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert name in page
    assert other not in page


@pytest.mark.parametrize(("language", "value", "shown"), [
    ("zh-hans", "4207000000.00", ("42.07", "亿元")), ("en", "4207000000.00", ("4.21", "bn yuan")),
    ("zh-hans", "50000.00", ("5", "万元")), ("en", "50000.00", ("50,000.00", "yuan")),
])  # fmt: skip
def test_money_is_written_at_the_sizes_of_the_language(language, value, shown):
    with override(language):
        assert amount(Decimal(value), "元") == shown
