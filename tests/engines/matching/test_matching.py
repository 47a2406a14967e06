"""Names to organisations: what is sure, what has to be asked, and what people decided before."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from zhicheng.engines.matching import Known, Matcher, normalise_name

FIRMS = (
    Known(1, "91370700MA3C000011", "潍坊演示机械有限公司", "370702", ("潍坊样例机械厂",)),
    Known(2, "91370700MA3C000022", "山东演示生物科技股份有限公司", "370783"),
    Known(3, "", "演示农业合作社", "370783"),
    Known(4, "", "演示农业合作社", "370784"),
)


@pytest.fixture
def matcher():
    return Matcher(FIRMS, {"演示老字号": 2, "演示外地公司": None})


@pytest.mark.parametrize(
    ("name", "uscc", "found"),
    [
        ("随便什么名称", "91370700MA3C000011", 1),
        ("潍坊演示机械有限公司", "", 1),
        ("潍坊样例机械厂", "", 1),
        ("潍坊演示机械有限责任公司", "", 1),
        ("（潍坊）演示机械有限公司", "", 1),
        ("濰坊演示機械有限公司", "", 1),
        ("演示老字号", "", 2),
    ],
)
def test_a_name_is_sure_by_code_name_former_name_form_or_decision(matcher, name, uscc, found):
    match = matcher.match(name, uscc)
    assert (match.certainty, match.organisation) == ("sure", found)
    assert match.evidence


def test_a_name_that_people_said_is_nobody_stays_nobody(matcher):
    assert matcher.match("演示外地公司").organisation is None


def test_two_organisations_of_one_name_are_asked_about(matcher):
    match = matcher.match("演示农业合作社")
    assert (match.certainty, {one for one, _ in match.candidates}) == ("likely", {3, 4})


def test_a_near_name_is_asked_about_and_never_taken(matcher):
    match = matcher.match("山东演示生物技术股份有限公司")
    assert (match.organisation, match.certainty) == (None, "likely")
    assert match.candidates[0][0] == 2


def test_a_strange_name_matches_nobody(matcher):
    assert matcher.match("完全不同的单位").certainty == "none"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("演示（山东）科技有限公司", "演示(山东)科技有限责任公司"),
        ("演示科技股份有限公司", "演示科技股份公司"),
        ("演示　科技有限公司", "演示科技有限公司"),
    ],
)
def test_brackets_blanks_and_forms_of_company_do_not_make_two_names(one, other):
    assert normalise_name(one) == normalise_name(other)


def test_different_names_of_real_companies_keep_different_forms():
    shared = Path(os.environ.get("ZHICHENG_SHARED", Path(__file__).resolve().parents[4] / "shared"))
    files = sorted((shared / "fixtures" / "matching").glob("*.json*"))
    if not files:
        pytest.skip("the shared matching fixtures are not here")
    names = {
        line.strip().strip('",')
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()[:2000]
    }
    names = {one for one in names if one.endswith("公司")}
    forms = {normalise_name(one) for one in names}
    assert len(forms) >= len(names) * 0.98
    json.dumps(sorted(forms)[:1])
