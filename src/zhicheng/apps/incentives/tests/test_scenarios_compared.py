"""Several saved what-ifs side by side: the figures of each, worked out by hand."""

from __future__ import annotations

import re
from datetime import date

import pytest

from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.apps.incentives.what_if import scenarios

pytestmark = pytest.mark.django_db
CHANGES = {
    "金奖一百五十万": "- {clause: weifang.china_patent_gold, set: {amount: 1500000}}",
    "取消银奖": "- {drop: weifang.china_patent_silver}",
    "预算五十万": "- {policy: weifang, set: {budget: {years: {2025: 500000}}}}",
}
FIGURES = {
    "现行（元）": ["1,600,000.00"] * 3,
    "调整后（元）": ["2,100,000.00", "1,000,000.00", "1,100,000.00"],
    "差额（元）": ["+500,000.00", "−600,000.00", "−500,000.00"],
    "增加的受益人": ["1", "0", "0"],
    "减少的受益人": ["0", "1", "1"],
    "前 10 家占比": ["100.00%", "100.00%", "100.00%"],
    # 2022 to 2024 hold the silver award of 600,000 alone: a third of it a year, nothing once it is dropped
    "推算下一年（元）": ["200,000.00", "0.00", "200,000.00"],
    "截至": ["2025-12-16"] * 3,
}


@pytest.fixture
def two_awards(world):
    """A gold award of July 2025 and a silver one of 2024, each of a firm of its own."""
    world.honour(
        world.firm("甲公司"), "china_patent_award/gold", granted_on=date(2025, 7, 1), object_number="ZL1"
    )
    world.honour(
        world.firm("乙公司"), "china_patent_award/silver", granted_on=date(2024, 5, 1), object_number="ZL2"
    )
    return world


def save(world, name, *, as_of=AS_OF):
    text = f"name: {name}\nchanges:\n{CHANGES[name]}\n"
    return scenarios.save(
        name=name, text=text, region="370700", as_of=as_of, examples=False, by=world.officer
    )


def compared(client, rows):
    page = client.get("/incentives/simulation/compare/?" + "&".join(f"s={one.pk}" for one in rows))
    return page.status_code, page.content.decode()


def table_of(page):
    """Row title → the text of each column."""

    def plain(text):
        return " ".join(re.sub(r"<[^>]+>", " ", text).split())

    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        found[plain(cells[0])] = [plain(one) for one in cells[1:]]
    return found


def test_each_column_holds_the_figures_of_its_scenario_in_the_order_asked(two_awards, client):
    rows = [save(two_awards, name) for name in CHANGES]
    client.force_login(two_awards.officer)
    status, page = compared(client, rows)
    table = table_of(page)
    assert (status, table[""]) == (200, list(CHANGES))
    assert {name: table[name] for name in FIGURES} == FIGURES
    short = table["预算不足"]
    assert short[:2] == ["没有", "没有"]
    assert short[2].endswith("2025-7")
    turned = table_of(compared(client, rows[::-1])[1])
    assert {name: turned[name] for name in FIGURES} == {name: one[::-1] for name, one in FIGURES.items()}


def test_scenarios_of_one_snapshot_and_day_are_compared_without_a_warning_and_others_with_one(
    two_awards, client
):
    client.force_login(two_awards.officer)
    first, second, third = (save(two_awards, name) for name in CHANGES)
    assert "截至日不同" not in compared(client, [first, second])[1]
    scenarios.delete(scenario=third, by=two_awards.officer)
    later = save(two_awards, "预算五十万", as_of=date(2025, 12, 31))
    assert "截至日不同" in compared(client, [first, later])[1]


def test_a_scenario_run_again_over_a_ledger_that_moved_shows_its_new_figures(two_awards, client):
    client.force_login(two_awards.officer)
    rows = [save(two_awards, name) for name in ("金奖一百五十万", "取消银奖")]
    two_awards.honour(
        two_awards.firm("丙公司"), "china_patent_award/gold", granted_on=date(2025, 8, 1), object_number="ZL3"
    )
    stale = table_of(compared(client, rows)[1])
    assert stale["差额（元）"] == ["+500,000.00", "−600,000.00"]
    rows[0] = scenarios.run_again(scenario=rows[0], by=two_awards.officer)
    page = compared(client, rows)[1]
    assert table_of(page)["差额（元）"] == ["+1,000,000.00", "−600,000.00"]
    assert "台账快照或截至日不同" in page
