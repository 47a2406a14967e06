"""The lists of an organisation's page: it says how many there are, and leads to all of them."""

from __future__ import annotations

from datetime import date, timedelta

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import FactDispute, ReceivedPayment
from zhicheng.apps.incentives.paging import FIRST
from zhicheng.apps.incentives.testing.city import authorised

ROOM, API = "/incentives/", "/api/v1/policies/organisations/"
MANY = 61


def received(firm, count):
    ReceivedPayment.objects.bulk_create(
        ReceivedPayment(
            document=f"演示文{n:03d}", payee_name=firm.name, organisation=firm, matter="x", object_number=str(n), level="province",
            amount=100 + n, paid_on=date(2024, 1, 1) + timedelta(days=n), region_code=firm.region_code,
        )
        for n in range(count)
    )  # fmt: skip


def test_the_page_says_how_many_there_are_and_every_one_is_reached_from_it(city):
    firm = city.firms["甲公司"]
    received(firm, MANY)
    browser = signed_in(authorised(city, firm))
    shown = browser.get(f"{ROOM}own/").content.decode()
    assert shown.count("演示文") == FIRST
    assert f"共 {MANY} 项，查看全部" in shown
    path = f"{ROOM}firms/{firm.pk}/lists/received/"
    assert path in shown
    first = browser.get(path)
    assert first.context["page"].count == f"共 {MANY} 条"
    second = browser.get(path, {"after": first.context["page"].next})
    both = [one.document for page in (first, second) for one in page.context["page"].rows]
    assert sorted(both) == [f"演示文{n:03d}" for n in range(MANY)]
    assert second.context["page"].next == ""


def test_a_short_list_says_nothing_of_more(city):
    firm = city.firms["甲公司"]
    received(firm, 2)
    browser = signed_in(authorised(city, firm))
    assert "查看全部" not in browser.get(f"{ROOM}own/").content.decode()


def test_what_was_narrowly_missed_is_paged_without_losing_or_repeating_any(city):
    firm = city.firms["甲公司"]
    for n in range(MANY):
        city.honour(firm, "china_patent_award/silver", object_number=f"ZL9{n:03d}", revoked_on="2025-06-01")
    browser = signed_in(authorised(city, firm))
    shown = browser.get(f"{ROOM}own/").content.decode()
    assert f"共 {MANY} 项，查看全部" in shown
    path, after, seen = f"{ROOM}firms/{firm.pk}/lists/missed/", "", []
    while True:
        page = browser.get(path, {"after": after}).context["page"]
        seen += [one.outcome.fact for one in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == MANY


def test_the_api_counts_its_lists_and_pages_them(city):
    firm = city.firms["甲公司"]
    received(firm, MANY)
    FactDispute.objects.create(
        organisation=firm, region_code=firm.region_code, fact="ZL1", text="权利人写错", raised_by=city.agent
    )
    browser = signed_in(authorised(city, firm))
    answer = browser.get(f"{API}{firm.pk}").json()
    assert answer["counts"] == {"had": 0, "received": MANY, "missed": 0, "applications": 0, "disputes": 1}
    assert answer["disputes"][0]["text"] == "权利人写错"
    first = browser.get(f"{API}{firm.pk}/received").json()
    rest = browser.get(f"{API}{firm.pk}/received", {"after": first["next"]}).json()
    assert len(first["items"]) + len(rest["items"]) == MANY
    assert rest["next"] is None


def test_a_list_that_does_not_exist_is_told_by_name(city):
    browser = signed_in(authorised(city, city.firms["甲公司"]))
    answer = browser.get(f"{ROOM}firms/{city.firms['甲公司'].pk}/lists/nothing/")
    assert answer.status_code == 404
    assert "没有列表“nothing”" in answer.content.decode()


def test_whoever_acts_for_many_firms_is_told_on_the_home_page_that_there_are_others(city):
    from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent

    user = authorised(city, city.firms["甲公司"])
    for n in range(4):
        more = city.firm(f"子公司{n}")
        OrganisationAgent.objects.create(
            user=user, uscc=more.uscc, organisation=more, state=AgentState.APPROVED, letter="x"
        )
    assert "另有 2 个单位" in signed_in(user).get("/").content.decode()
