"""What a what-if has to tell, line by line: the same on the page, over the API and from the command line."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.commands import policies
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.apps.ledger.models import HonourGrant

CHANGE = """name: 全面调整
changes:
- clause: weifang.china_patent_gold
  set: {amount: 1500000}
- drop: weifang.mayor_quality_award
"""
# what the issue asks for → the key a program reads, the words an officer reads
TOLD = {
    "total cost": ("baseline", "现行"), "the other side": ("variant", "调整后"), "by year, county, industry, size": ("groups", "按县市区"),
    "winners with reasons": ("winners", "增加最多"), "losers with reasons": ("losers", "减少最多"),
    "share of the first 1, 5, 10": ("top", "前 10 家占比"), "what each change does alone": ("sensitivity", "单独改一处的影响"),
    "months in which a budget is short": ("shortages", ""), "the last years replayed": ("replay", "历史回放"),
    "the next year with its assumptions": ("projection", "推算下一年"), "warnings": ("warnings", ""),
}  # fmt: skip


@pytest.fixture
def grown(city):
    """Two firms and a person with awards of two years."""
    set_city(region_code="370700", name="演示市", opens_on=AS_OF)
    city.honour(
        city.firms["甲公司"], "china_patent_award/gold", object_number="ZL0", granted_on=date(2024, 6, 1)
    )
    assert HonourGrant.objects.count() == 4
    return city


def by_api(city):
    body = {"changes": CHANGE, "region": "370700", "as_of": "2025-12-16"}
    answer = signed_in(city.officer).post(
        "/api/v1/policies/what-ifs", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def by_command(tmp_path):
    path = tmp_path / "change.yaml"
    path.write_text(CHANGE, encoding="utf-8")
    result = CliRunner().invoke(
        policies, ["simulate", str(path), "--as-of", "2025-12-16", "--format", "json"]
    )
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_every_answer_is_there_over_the_api_and_on_the_command_line_and_they_agree(grown, tmp_path):
    api, command = by_api(grown), by_command(tmp_path)
    for asked, (key, _) in TOLD.items():
        assert key in api, asked
        assert key in command, asked
    for key in ("baseline", "variant", "difference", "top", "replay", "projection", "shortages"):
        assert api[key] == command[key], key
    assert set(api["groups"]) == {"year", "county", "industry", "size", "clause"}
    assert (api["baseline"], api["variant"]) == ("3500000.00", "4500000.00")
    assert all(one["reasons"] for one in (*api["winners"], *api["losers"]))


def test_every_answer_is_on_the_page_with_sliders_beside_fields(grown):
    browser = signed_in(grown.officer)
    dials = browser.get("/incentives/simulation/new/").content.decode()
    assert dials.count('type="range"') >= 6
    asked = {
        "name": "试", "dial:weifang.china_patent_gold|amount": "1500000", "as_of": "2025-12-16",
        "drop:weifang.mayor_quality_award": "1",
    }  # fmt: skip
    shown = browser.post("/incentives/simulation/run/", asked).content.decode()
    for what, (_, words) in TOLD.items():
        assert words in shown, what
    for title in ("按年度", "按县市区", "按行业", "按规模", "前 1 家占比", "前 5 家占比"):
        assert title in shown, title
