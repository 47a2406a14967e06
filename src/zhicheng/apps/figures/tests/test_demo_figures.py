"""The demo city computes what its press conference said, and every definition agrees with its own check."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from zhicheng.apps.accounts.public import User
from zhicheng.apps.demo.cast import make_cast
from zhicheng.apps.demo.city.build import write_city
from zhicheng.apps.demo.city.ground import AS_OF, CITY
from zhicheng.apps.figures import actions
from zhicheng.apps.figures.lineage import rows, statement
from zhicheng.apps.figures.queries import catalogue, compute
from zhicheng.apps.figures.snapshots import current_snapshot, raw_connection
from zhicheng.apps.records.public import ChangeSet, approve, begin_city, stage_file, undo
from zhicheng.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db

PUBLISHED = {
    "china_quality_award_and_nominations": "4",
    "governor_quality_award_and_nominations": "21",
    "governor_quality_award_individuals": "1",
    "governor_quality_award_nominee_enterprises": "1",
    "haopin_shandong_brands_new": "11",
    "haopin_shandong_brands_total": "56",
    "high_end_brand_enterprises_new": "42",
    "high_end_brand_enterprises_total": "221",
    "china_patent_award_excellence_enterprises_r25": "8",
    "china_patent_award_gold": "4",
    "china_patent_award_silver": "3",
    "china_patent_award_excellence": "50",
    "china_design_award_excellence": "2",
    "gi_products_new": "28",
    "gi_products_total": "39",
    "valid_invention_patents": "27650",
    "credit_enterprises": "92",
    "credit_granted_amount": "14530000000.00",
    "patent_pledge_count": "267",
    "patent_pledge_amount": "4207000000.00",
    "onsite_assisted_enterprises": "82",
    "one_enterprise_one_policy_handbooks": "11",
    "patent_pools": "3",
    "patent_pool_members": "65",
    "patent_pool_patents": "6200",
    "industry_ip_operation_centres": "2",
    "patents_transferred": "3112",
    "speciality_products": "1343",
    "speciality_exhibitions": "20",
    "admin_adjudication_cases": "61",
    "admin_adjudication_decisions": "14",
    "patent_tm_violations": "153",
    "unqualified_agency_acts": "128",
    "counterfeits_destroyed": "10980",
    "overseas_tm_disputes": "37",
    "protection_trainings": "4",
    "policy_briefings": "20",
    "leaflets_distributed": "20000",
    "consultations": "4386",
    "visited_institutes": "10",
    "visited_enterprises": "102",
    "visited_people": "1019",
    "problems_solved": "83",
    "mediated_disputes": "22",
    "rights_assistance_cases": "72",
}


@pytest.fixture(scope="module")
def demo_city(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.conf import settings

    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock():
        before, settings.ZHICHENG_HOME = settings.ZHICHENG_HOME, home
        begin_city(region_code=CITY, demo=True, opens_on=AS_OF)
        cast = make_cast()
        for _table, path in write_city(home / "files"):
            change_set = stage_file(path, by=cast["officer"], synthetic=True)
            approve(change_set=change_set, by=cast["reviewer"])
        yield cast
        settings.ZHICHENG_HOME = before
        _forget()


def _forget() -> None:
    call_command("flush", interactive=False, verbosity=0)


def test_every_published_figure_comes_out_exactly(demo_city):
    found = {one.id: one.text for one in compute(None, region=CITY, as_of=AS_OF)}
    assert {name: found[name] for name in PUBLISHED} == PUBLISHED


def test_every_definition_agrees_with_the_question_asked_independently(demo_city):
    asked = [one for one in catalogue().values() if one.check_sql]
    found = {one.id: one for one in compute([one.id for one in asked], region=CITY, as_of=AS_OF)}
    given = {"prefix": "3707%", "as_of": AS_OF, "start": date(AS_OF.year, 1, 1)}
    with raw_connection(current_snapshot()) as base:
        for one in asked:
            used = {name: value for name, value in given.items() if f"${name}" in one.check_sql}
            value = base.execute(one.check_sql, used).fetchall()[0][0]
            if found[one.id].value is not None:
                assert found[one.id].value == value, one.id
    assert len(asked) >= 60


def test_no_published_figure_is_a_plain_row_count(demo_city):
    found = {one.id: one for one in compute(list(PUBLISHED), region=CITY, as_of=AS_OF)}
    snapshot = current_snapshot()
    facts = {"valid_invention_patents": "ledger_patent", "gi_products_total": "ledger_geographicalindication"}
    for name, table in facts.items():
        assert int(found[name].value) != snapshot.rows(table)


def test_a_patent_of_two_counties_counts_once_for_the_city(demo_city):
    city = compute(["valid_invention_patents"], region=CITY, as_of=AS_OF)[0]
    counties = compute(["valid_invention_patents"], region=CITY, as_of=AS_OF, by="region")
    assert sum(one.value for one in counties) > city.value


def test_a_patent_lapsed_in_march_and_restored_in_may_is_out_of_force_in_april(demo_city):
    march = compute(["valid_invention_patents"], region=CITY, as_of=date(2025, 2, 28))[0].value
    keys = {
        day: set(rows("valid_invention_patents", region=CITY, as_of=day)["row_key"])
        for day in (date(2025, 2, 28), date(2025, 4, 15), date(2025, 6, 15))
    }
    back = (keys[date(2025, 2, 28)] & keys[date(2025, 6, 15)]) - keys[date(2025, 4, 15)]
    assert march > 0
    assert back


def test_rows_behind_a_figure_are_as_many_as_it_says(demo_city):
    for name in ("valid_invention_patents", "patent_pledge_count", "admin_adjudication_cases"):
        figure = compute([name], region=CITY, as_of=AS_OF)[0]
        assert rows(name, region=CITY, as_of=AS_OF).height == figure.rows == int(figure.value)
        assert "select" in statement(name, region=CITY, as_of=AS_OF)


def test_stock_moves_by_what_came_in_and_what_went_out(demo_city):
    first, last = date(2024, 12, 31), date(2025, 12, 16)
    before, after = (
        set(rows("valid_invention_patents", region=CITY, as_of=day)["row_key"]) for day in (first, last)
    )
    assert len(after) == len(before) + len(after - before) - len(before - after)


def test_an_empty_table_is_missing_and_not_zero(demo_city):
    figure = compute(["designations_standing"], region=CITY, as_of=AS_OF)[0]
    assert figure.value is None
    assert "没有导入过" in figure.missing


def test_the_same_file_twice_changes_nothing(demo_city, tmp_path):
    first = next(path for table, path in write_city(tmp_path) if table.type == "organisations")
    change_set = stage_file(first, by=demo_city["officer"], synthetic=True)
    assert (change_set.new, change_set.changed) == (0, 0)
    assert change_set.unchanged == change_set.read


def test_a_signed_figure_stays_while_the_ledger_moves_on(demo_city, tmp_path):
    by, other = demo_city["officer"], demo_city["reviewer"]
    signed = actions.sign(
        figure=actions.prepare(
            indicator="protection_trainings", region=CITY, as_of=AS_OF, period="ytd", by=by
        ),
        by=other,
    )
    path = tmp_path / "培训.csv"
    path.write_text(
        "培训编号,培训主题,培训名称,举办日期,区划代码\nX-1,知识产权保护,补报一期,2025-12-01,370783\n",
        encoding="utf-8",
    )
    change_set = approve(change_set=stage_file(path, by=by, type_id="trainings"), by=other)
    assert compute(["protection_trainings"], region=CITY, as_of=AS_OF)[0].text == "5"
    signed.refresh_from_db()
    assert signed.value == "4"
    signed.value = "5"
    with pytest.raises(ValueError, match="never changes"):
        signed.save()
    undo(change_set=change_set, by=other, why="测试撤销")
    assert compute(["protection_trainings"], region=CITY, as_of=AS_OF)[0].text == "4"


def test_an_unknown_indicator_is_refused_with_names_that_are_near(demo_city):
    with pytest.raises(Refusal, match="没有指标"):
        compute(["valid_invention"], region=CITY, as_of=AS_OF + timedelta(days=1))


def test_demo_users_and_change_sets_are_marked(demo_city):
    assert User.objects.filter(username__startswith="demo_").count() == 14
    assert not ChangeSet.objects.filter(synthetic=False, source__startswith="0").exists()
