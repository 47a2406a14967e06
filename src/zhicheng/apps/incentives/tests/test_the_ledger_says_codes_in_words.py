"""The ledger's review of an accepted application reads like the application: words first, the stored code beside them."""

from __future__ import annotations

import pytest

from zhicheng.apps.incentives.applications.checks import standing_of
from zhicheng.apps.incentives.models import ApplicationFact
from zhicheng.apps.incentives.testing.applications import DEMO, accept, filled, handed_in, install
from zhicheng.apps.incentives.testing.city import AS_OF, authorised
from zhicheng.apps.records.public import ChangeSet, registry
from zhicheng.apps.records.reviewing import cell_of

PREMIUM = f"{DEMO}.insurance"
COLUMNS = {one.name: one for one in ApplicationFact._meta.get_fields() if hasattr(one, "says")}


def said(name, **row):
    found = cell_of(COLUMNS[name], row, {"region_code": {"370702": "演示区"}}, masked=True)
    return found.words, found.code


@pytest.fixture
def staged(city, settings):
    install(settings.ZHICHENG_HOME)
    firm = city.firms["甲公司"]
    agent = authorised(city, firm)
    values = {"premium": "12000", "paid_on": "2025-05-06", "policy_number": "B-1"}
    row = handed_in(filled(firm, PREMIUM, agent, values), agent)
    accept(row, city.reviewer, max(AS_OF, standing_of(row).since))
    row.refresh_from_db()
    return ChangeSet.objects.get(key=row.change_set)


def test_the_review_page_says_clause_item_and_value_and_keeps_the_codes(city, staged, client):
    client.force_login(city.reviewer)
    shown = client.get(f"/records/imports/{staged.key}/").content.decode()
    assert f'<code class="faint">{PREMIUM}</code>' in shown
    assert f"<td>{PREMIUM}</td>" not in shown
    for code, words in (("premium", "保费"), ("applied", "申报日")):
        assert f'<code class="faint">{code}</code>' in shown
        assert words in shown.split(f'<code class="faint">{code}</code>')[0].rsplit("<td>", 1)[1]


def test_a_region_is_said_by_name_and_a_code_nobody_knows_stays_as_it_is(db):
    assert said("region_code", region_code="370702") == ("演示区", "370702")
    assert said("region_code", region_code="999999") == ("999999", "")
    assert said("clause", clause="weifang.china_patent_gold")[1] == "weifang.china_patent_gold"
    assert said("clause", clause="nowhere.nothing") == ("nowhere.nothing", "")
    assert said("item", fact_kind="nothing", item="thing") == ("thing", "")
    assert said("organisation_name", organisation_name="甲公司") == ("甲公司", "")


def test_a_choice_is_said_by_its_word_in_every_kind_of_record(db):
    column = registry.get("received_payments").model._meta.get_field("level")
    found = cell_of(column, {"level": "city"}, {}, masked=True)
    assert (found.words, found.code) == ("市", "city")
