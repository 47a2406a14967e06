"""The demo city computes what its press conference said, and every definition agrees with its own check."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner
from django.core.management import call_command

from zhicheng.apps.accounts.public import User
from zhicheng.apps.demo.cast import make_cast
from zhicheng.apps.demo.city import firms, patents
from zhicheng.apps.demo.city.build import city_tables, write_city
from zhicheng.apps.demo.city.ground import AS_OF, CITY, FIRST_SERIAL, NO_SUCH_REGION
from zhicheng.apps.figures import actions
from zhicheng.apps.figures.commands import figures
from zhicheng.apps.figures.lineage import counted, rows, statement
from zhicheng.apps.figures.queries import catalogue, compute
from zhicheng.apps.figures.snapshots import current_snapshot, fact_path, raw_connection
from zhicheng.apps.records.public import ChangeSet, approve, begin_city, stage_file, undo
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.kernel.identifiers import patent_application, uscc
from zhicheng.kernel.refusals import Refusal
from zhicheng.kernel.regions import exists

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


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_counting_or_adding_up_every_row_gives_another_number(demo_city, name):
    one = catalogue()[name]
    fact = load_catalogue().facts[one.fact]
    value = f"sum({one.value[4:-1]})" if one.value.startswith("sum") else "count(*)"
    with raw_connection(current_snapshot()) as base:
        plain = base.execute(f"select {value} from ({fact.prepare})").fetchall()[0][0]
    assert Decimal(str(plain)) != Decimal(PUBLISHED[name])


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_data_hold_rows_of_the_city_or_of_others_that_must_not_be_counted(demo_city, name):
    """The definition excludes something: another city, another year, what was revoked, ended or is not of its kind."""
    fact, _one = counted(name, AS_OF)
    path = fact_path(current_snapshot(), fact)
    with duckdb.connect() as base:
        everything = base.execute(f"select count(distinct row_key) from read_parquet('{path}')").fetchall()[
            0
        ][0]
    assert rows(name, region=CITY, as_of=AS_OF).height < everything


def test_organisations_and_patents_have_numbers_that_are_valid_and_never_issued(demo_city):
    snapshot = current_snapshot()
    with raw_connection(snapshot) as base:
        codes = [
            row[0] for row in base.execute("select uscc from ledger_organisation where synthetic").fetchall()
        ]
        numbers = [row[0] for row in base.execute("select application_number from ledger_patent").fetchall()]
        names = [
            row[0] for row in base.execute("select name from ledger_organisation where synthetic").fetchall()
        ]
    assert len(codes) == len(set(codes)) > 1000
    assert all(uscc.validate(code).level == "ok" and code[2:8] == NO_SUCH_REGION for code in codes)
    assert not exists(NO_SUCH_REGION)
    assert len(numbers) == len(set(numbers)) > 40_000
    assert all(
        patent_application.validate(one).level == "ok" and int(one[5:12]) >= FIRST_SERIAL
        for one in numbers[::7]
    )
    assert all(name.startswith("演示") for name in names)


def test_the_same_city_comes_out_of_the_generator_every_time(tmp_path):
    first = [table.rows for table in city_tables()]
    for module in (firms, patents):
        for made in vars(module).values():
            getattr(made, "cache_clear", lambda: None)()
    assert [table.rows for table in city_tables()] == first


def test_the_new_brands_of_the_year_belong_to_organisations_that_had_none_before(demo_city):
    fresh = rows("haopin_shandong_brands_new", region=CITY, as_of=AS_OF)["holder"]
    before = rows("haopin_shandong_brands_total", region=CITY, as_of=date(2024, 12, 31))["holder"]
    assert (len(fresh), len(set(fresh)), set(fresh) & set(before)) == (11, 11, set())


def test_round_twenty_five_is_eight_awards_of_eight_enterprises_in_2025(demo_city):
    found = rows("china_patent_award_excellence_enterprises_r25", region=CITY, as_of=AS_OF)
    assert (found.height, found["holder"].n_unique()) == (8, 8)
    assert {day.year for day in found["granted_on"]} == {2025}


def test_a_category_without_data_is_named_beside_the_figure_and_never_counts_as_zero(demo_city):
    pledged = compute(["high_value_pledged"], region=CITY, as_of=AS_OF)[0]
    whole = compute(["high_value_invention_patents"], region=CITY, as_of=AS_OF)[0]
    assert (pledged.value, whole.version, whole.incomplete) == (None, 1, (pledged.name,))
    later = compute(["high_value_invention_patents"], region=CITY, as_of=date(2026, 1, 1))[0]
    assert (later.version, later.incomplete) == (2, ())


def test_a_region_outside_the_city_is_missing_and_one_that_does_not_exist_is_refused(demo_city):
    assert compute(["valid_invention_patents"], region="370100", as_of=AS_OF)[0].value is None
    with pytest.raises(Refusal, match="没有区划"):
        compute(["valid_invention_patents"], region="370799", as_of=AS_OF)


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


def ask(*words):
    answer = CliRunner().invoke(figures, list(words), catch_exceptions=False)
    return answer.stdout, answer.stderr


KEYS = {"id", "version", "kind", "name", "value", "unit", "region", "as_of", "period", "snapshot", "rows"}


def test_the_command_line_says_all_figures_as_one_list_of_exact_strings(demo_city):
    found = json.loads(ask("--region", CITY, "--as-of", "2025-12-16", "--format", "json")[0])
    assert {one["id"]: one["value"] for one in found if one["id"] in PUBLISHED} == PUBLISHED
    assert len(found) == len(catalogue()) >= 60
    assert all(set(one) == KEYS for one in found)
    assert {one["period"] for one in found if one["kind"] == "flow"} == {"ytd"}
    assert {one["period"] for one in found if one["kind"] != "flow"} == {None}


def test_the_command_line_says_on_stderr_what_is_missing_and_null_in_json(demo_city):
    out, err = ask("high_value_pledged", "designations_standing", "--format", "json")
    assert [one["value"] for one in json.loads(out)] == [None, None]
    assert "没有导入过数据：试点示范" in err


def test_the_command_line_breaks_down_by_region_and_opens_rows_and_statement(demo_city):
    found = json.loads(ask("patent_pledge_count", "--by", "region", "--format", "json")[0])
    assert [one["region"] for one in found] == sorted(one["region"] for one in found)
    assert sum(int(one["value"]) for one in found) == 267
    assert len(ask("patent_pledge_count", "--rows")[0].splitlines()) == 268
    assert "count(*) filter" in ask("patent_pledge_count", "--sql")[0]


def test_periods_end_on_the_day_and_lie_in_one_another(demo_city):
    asked = {
        period: int(
            json.loads(ask("patent_pledge_count", "--period", period, "--format", "json")[0])[0]["value"]
        )
        for period in ("month", "quarter", "ytd", "year")
    }
    assert asked["month"] <= asked["quarter"] <= asked["ytd"] == 267 <= asked["year"]


def test_the_command_line_compares_with_last_year_target_and_quoted_rank(demo_city):
    found = json.loads(ask("valid_invention_patents", "--compare", "--format", "json")[0])[0]
    assert (found["target"], found["quoted_rank"]) == ("27500.0000", "全省第三位")
    assert Decimal(found["difference"]) == 27650 - Decimal(found["last_year"])


def test_signing_on_the_command_line_says_what_stands_signed(demo_city):
    assert (
        "governor_quality_award_individuals  1 人  已签发"
        in ask("sign", "governor_quality_award_individuals")[0]
    )
