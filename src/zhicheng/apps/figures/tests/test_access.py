"""Who sees which figures and which rows; what is published stays beside what is known now."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.public import AuditEvent
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.figures import actions
from zhicheng.apps.figures.history import difference
from zhicheng.apps.figures.models import Reminder, SignedFigure, SourceSchedule
from zhicheng.apps.figures.queries import compute
from zhicheng.apps.figures.reporting import last_period, reports
from zhicheng.apps.ledger.models import LedgerRegion
from zhicheng.apps.records.editing import Invalid
from zhicheng.apps.records.public import (
    ChangeSet,
    Draft,
    approve,
    begin_city,
    propose,
    registry,
    stage_file,
    tables_moved_on,
)
from zhicheng.apps.records.reviewing import problems_of
from zhicheng.kernel.identifiers import patent_application
from zhicheng.kernel.refusals import Conflict, NotAllowed

pytestmark = pytest.mark.django_db
WHO = ["city_officer", "county_officer", "department", "enterprise", "stranger"]


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    return begin_city(region_code="370700", one_person=False)


def fetch(who, address):
    return signed_in(who).get(address)


@pytest.mark.parametrize(
    ("region", "seen_by"),
    [
        ("370700", {"city_officer", "county_officer", "department"}),
        ("370783", {"city_officer", "county_officer", "department"}),
        ("370705", {"city_officer", "department"}),
        ("330200", {"stranger"}),
    ],
)
@pytest.mark.parametrize("who", WHO)
def test_figures_are_seen_inside_ones_region_and_a_county_sees_its_city(city, cast, who, region, seen_by):
    answer = fetch(getattr(cast, who), f"/api/v1/figures?id=valid_invention_patents&region={region}")
    assert (answer.status_code == 200) is (who in seen_by)


@pytest.mark.parametrize(
    ("region", "seen_by"),
    [
        ("370700", {"city_officer", "department"}),
        ("370783", {"city_officer", "county_officer", "department"}),
    ],
)
@pytest.mark.parametrize("who", WHO)
def test_rows_are_opened_only_inside_ones_own_region(city, cast, who, region, seen_by):
    for address in (
        f"/api/v1/figures/gi_products_total/rows?region={region}",
        f"/figures/gi_products_total/rows.csv?region={region}",
    ):
        assert (fetch(getattr(cast, who), address).status_code == 200) is (who in seen_by)


@pytest.mark.parametrize("who", [*WHO, None])
def test_everybody_has_a_home_and_nobody_a_foreign_one(city, cast, who):
    user = getattr(cast, who) if who else None
    page = fetch(user, "/?region=370700").content.decode()
    officer = who in {"city_officer", "county_officer", "department"}
    assert ("近六年趋势" in page) is officer
    assert (fetch(user, "/screen/?region=370700").status_code == 200) is officer


@pytest.mark.parametrize("address", ["/figures/", "/figures/gi_products_total/", "/figures/sources/"])
@pytest.mark.parametrize("who", [*WHO, None])
def test_pages_of_figures_answer_in_words_whoever_asks(city, cast, who, address):
    user = getattr(cast, who) if who else None
    assert fetch(user, address).status_code in {200, 302, 403}
    if who is None:
        assert "近六年趋势" not in fetch(user, address).content.decode()


def test_the_list_of_figures_takes_the_same_number_of_queries_with_more_rows(city, cast):
    counts = []
    for size in (1, 60):
        LedgerRegion.objects.all().delete()
        LedgerRegion.objects.bulk_create(
            LedgerRegion(code=f"3707{n:02d}", name=f"演示{n}", parent_code="370700", level="county")
            for n in range(size)
        )
        client = signed_in(cast.city_officer)
        client.get("/figures/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/figures/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.fixture
def signer(db):
    return make_user("qianfa", "city_officer", "370700")


@pytest.fixture
def people(cast, signer):
    return {"by": cast.city_officer, "other": signer}


def enter(type_id, values, people):
    approve(change_set=propose(draft=Draft(type_id, values), by=people["by"], why="登记"), by=people["other"])


@pytest.fixture
def published(city, people):
    enter(
        "organisations", {"uscc": "91110000600037341L", "name": "演示甲公司", "region_code": "370783"}, people
    )
    enter(
        "honours",
        {"scheme_code": "haopin_shandong", "holder_name": "演示甲公司", "granted_on": "2025-03-01", "round": "1",
         "region_code": "370783", "tier": "brand", "level": "provincial", "holder_kind": "enterprise"},
        people,
    )  # fmt: skip
    row = actions.prepare(
        indicator="haopin_shandong_brands_total", region="370700", as_of=date(2025, 12, 16), period="ytd",
        by=people["by"],
    )  # fmt: skip
    return actions.sign(figure=row, by=people["other"])


def test_who_prepared_a_figure_does_not_sign_it(city, people, published):
    assert published.status == SignedFigure.Status.SIGNED
    row = actions.prepare(
        indicator="haopin_shandong_brands_total", region="370783", as_of=date(2025, 12, 16), period="ytd",
        by=people["by"],
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.sign(figure=row, by=people["by"])


def test_the_rows_that_explain_a_difference_are_named(city, people, published):
    assert not difference(published).differs
    enter(
        "honours",
        {"scheme_code": "haopin_shandong", "holder_name": "演示乙公司", "granted_on": "2025-04-01", "round": "1",
         "region_code": "370783", "tier": "brand", "level": "provincial", "holder_kind": "enterprise"},
        people,
    )  # fmt: skip
    now = difference(published)
    assert (published.value, now.now, now.came_count, now.went_count) == ("1", "2", 1, 0)


def test_a_correction_stands_once_somebody_else_has_signed_it(city, people, published):
    with pytest.raises(Conflict):
        actions.correct(figure=published, why="无变化", by=people["by"])
    enter(
        "honours",
        {"scheme_code": "haopin_shandong", "holder_name": "演示乙公司", "granted_on": "2025-04-01", "round": "1",
         "region_code": "370783", "tier": "brand", "level": "provincial", "holder_kind": "enterprise"},
        people,
    )  # fmt: skip
    fresh = actions.correct(figure=published, why="补录一家", by=people["by"])
    published.refresh_from_db()
    assert (fresh.status, published.status) == (SignedFigure.Status.PREPARED, SignedFigure.Status.SIGNED)
    actions.sign(figure=fresh, by=people["other"])
    published.refresh_from_db()
    assert (published.status, published.why) == (SignedFigure.Status.CORRECTED, "补录一家")


def test_what_is_published_is_read_without_signing_in(city, published):
    answer = signed_in(None).get("/api/v1/published?region=370700")
    assert [one["value"] for one in json.loads(answer.content)] == ["1"]
    assert (
        "好品山东"
        in signed_in(None).get("/figures/haopin_shandong_brands_total/?region=370700").content.decode()
    )


@pytest.mark.parametrize(
    ("frequency", "today", "end", "due"),
    [
        ("monthly", date(2026, 3, 5), date(2026, 2, 28), date(2026, 3, 10)),
        ("quarterly", date(2026, 5, 5), date(2026, 3, 31), date(2026, 4, 10)),
        ("yearly", date(2026, 1, 5), date(2025, 12, 31), date(2026, 1, 10)),
    ],
)
def test_the_last_full_period_and_its_day(frequency, today, end, due):
    assert last_period(frequency, 10, today) == (end, due)


def test_a_late_county_is_listed_and_reminded_once_a_day(city, cast):
    SourceSchedule.objects.create(
        record_type="patents", region_code="370783", frequency="monthly", due_day=10
    )
    cast.county_officer.email = "shouguang@example.invalid"
    cast.county_officer.save()
    today = date(2026, 3, 20)
    assert [one.late for one in reports(cast.city_officer, today=today)] == [True]
    client = signed_in(cast.city_officer)
    for _ in range(2):
        client.post("/figures/sources/", {"record_type": "patents", "region": "370783"})
    assert (Reminder.objects.count(), len(mail.outbox)) == (1, 1)
    assert signed_in(cast.county_officer).get("/").content.decode().count("已提醒") == 1
    assert signed_in(cast.stranger).post(
        "/figures/sources/", {"record_type": "patents", "region": "370783"}
    ).status_code in {403, 409}


def test_a_county_has_reported_when_the_city_delivered_its_rows(city, cast, people, tmp_path):
    for region in ("370783", "370705"):
        SourceSchedule.objects.create(
            record_type="briefings", region_code=region, frequency="monthly", due_day=10
        )
    file = tmp_path / "宣讲.csv"
    file.write_text("编号,名称,举办日,所属区划\n演示1,演示宣讲,2026-02-11,370783\n", encoding="utf-8")
    row = stage_file(path=file, by=cast.city_officer, type_id="briefings")
    assert row.regions == ["370783"]
    assert {one.late for one in reports(cast.city_officer, today=date(2030, 3, 20))} == {True}
    approve(
        change_set=row,
        by=people["other"],
    )
    ChangeSet.objects.filter(pk=row.pk).update(applied_at=datetime(2030, 3, 2, 20, 0, tzinfo=UTC))
    late = {one.region: one.late for one in reports(cast.city_officer, today=date(2030, 3, 20))}
    assert late == {"370783": False, "370705": True}
    received = [
        one.received_on for one in reports(cast.city_officer, today=date(2030, 3, 20)) if not one.late
    ]
    assert received == [date(2030, 3, 3)]


def test_home_figure_page_and_wall_take_the_same_number_of_queries_with_more_rows(city, cast, people):
    counts = []
    for size in (1, 40):
        for number in range(size):
            code = f"3707{number + 10:02d}"
            LedgerRegion.objects.update_or_create(
                code=code, defaults={"name": f"演示{number}", "parent_code": "370700", "level": "county"}
            )
        client, asked = signed_in(cast.city_officer), []
        for address in (
            "/",
            "/figures/gi_products_total/",
            "/screen/",
            "/figures/sources/",
            "/figures/to-sign/",
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            asked.append(len(captured))
        counts.append(asked)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["target", "rank"])
@pytest.mark.parametrize("who", [*WHO, None])
def test_targets_and_ranks_are_entered_by_those_who_prepare_records(city, cast, who, kind):
    user = getattr(cast, who) if who else None
    status = fetch(user, f"/figures/gi_products_total/{kind}/?region=370700").status_code
    assert (status == 200) is (who in {"city_officer", "department"})


def test_a_target_shows_once_somebody_else_has_approved_it(city, cast, signer):
    client = signed_in(cast.city_officer)
    page = "/figures/gi_products_total/"
    sent = {"year": "2025", "value": "36", "source_title": "演示目标文件", "set_on": "2025-02-01"}
    assert (
        client.post(f"{page}target/?region=370700&as_of=2025-12-16", {**sent, "value": "多"}).status_code
        == 422
    )
    assert client.post(f"{page}target/?region=370700&as_of=2025-12-16", sent).status_code == 302
    assert "演示目标文件" not in client.get(f"{page}?as_of=2025-12-16").content.decode()
    waiting = ChangeSet.objects.get(type="targets")
    with pytest.raises(NotAllowed):
        approve(change_set=waiting, by=cast.city_officer)
    approve(change_set=waiting, by=signer)
    assert "演示目标文件" in client.get(f"{page}?as_of=2025-12-16").content.decode()
    listed = json.loads(client.get("/api/v1/figures?id=gi_products_total&as_of=2025-12-16").content)[0]
    assert (listed["target"], listed["target_source"]) == ("36.0000", "演示目标文件")


def test_a_withdrawn_figure_is_announced_with_its_reason(city, people, published, client):
    actions.withdraw(figure=published, why="来源文件被撤销", by=people["other"])
    for address in (
        "/?region=370700",
        "/figures/?region=370700",
        "/figures/haopin_shandong_brands_total/?region=370700",
    ):
        page = client.get(address).content.decode()
        assert "现予撤回。理由：来源文件被撤销" in page, address
    assert client.get("/api/v1/published?region=370700").json()[0]["notice"].endswith("来源文件被撤销")


def test_what_was_prepared_by_mistake_is_taken_back_and_what_is_signed_is_not(city, people, published):
    with pytest.raises(Conflict):
        actions.discard(figure=published, by=people["by"])
    row = actions.prepare(
        indicator="haopin_shandong_brands_total", region="370783", as_of=date(2025, 12, 16), period="ytd",
        by=people["by"],
    )  # fmt: skip
    actions.discard(figure=row, by=people["by"])
    assert not SignedFigure.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("form", "begins"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_rows_and_lists_are_downloaded_and_the_export_is_logged(city, people, published, form, begins):
    client = signed_in(people["by"])
    for address in (f"/figures/haopin_shandong_brands_total/rows.{form}", f"/figures/list.{form}"):
        answer = client.get(f"{address}?as_of=2025-12-16")
        assert b"".join(answer.streaming_content).startswith(begins)
    assert AuditEvent.objects.filter(action="figures.export_rows").count() == 2


def test_published_beside_known_now_names_the_rows_on_the_page(city, people, published):
    enter(
        "honours",
        {"scheme_code": "haopin_shandong", "holder_name": "演示乙公司", "granted_on": "2025-04-01", "round": "1",
         "region_code": "370783", "tier": "brand", "level": "provincial", "holder_kind": "enterprise"},
        people,
    )  # fmt: skip
    page = (
        signed_in(people["by"])
        .get("/figures/haopin_shandong_brands_total/?as_of=2025-12-16")
        .content.decode()
    )
    assert "现在多出的明细" in page
    assert "演示乙公司" in page


def test_a_figure_is_prepared_and_signed_over_the_api_by_two_people(city, people, published):
    first, second = signed_in(people["by"]), signed_in(people["other"])
    made = first.post(
        "/api/v1/figures/haopin_shandong_brands_total/prepare?region=370783&as_of=2025-12-16"
    ).json()
    address = f"/api/v1/signed/{made['number']}"
    mark = first.get(address)["ETag"]
    assert second.post(f"{address}/sign").status_code == 428
    assert first.post(f"{address}/sign", headers={"If-Match": mark}).status_code == 403
    assert second.post(f"{address}/sign", headers={"If-Match": mark}).json()["status"] == "signed"
    assert second.post(f"{address}/sign", headers={"If-Match": mark}).status_code == 412


def test_the_strategic_class_comes_from_a_table_the_city_loads(city, people):
    values = {"application_number": "2019199000004", "kind": "invention", "filed_on": "2019-05-01", "granted_on": "2021-05-01",
              "main_ipc": "H01L 21/02", "region_code": "370783", "owners": "演示甲公司", "owner_regions": "370783"}  # fmt: skip
    values["application_number"] = patent_application.with_check("201919900000")
    model = registry.get("patents").model
    patent = model.objects.create(
        **{name: value for name, value in values.items() if not name.startswith("owner")}
    )
    patent.owners.create(name="演示甲公司", region_code="370783")
    tables_moved_on(["ledger_patent", "ledger_patentowner"])
    asked = {"region": "370700", "as_of": date(2025, 12, 16)}
    before = compute(["high_value_strategic", "high_value_invention_patents"], **asked)
    assert before[0].value is None
    assert before[0].name in before[1].incomplete
    enter(
        "sei_patterns",
        {"sei_code": "1.2.1", "sei_name": "演示类", "ipc_pattern": "H01L21", "source_title": "演示表"},
        people,
    )
    assert compute(["high_value_strategic"], **asked)[0].value == 1
    assert compute(["high_value_strategic"], **asked)[0].missing == ""


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("valid_invention_patent", "“valid_invention_patents”"),
        ("有效发明专利拥有数", "（有效发明专利拥有量）"),
    ],
)
def test_a_target_of_an_unknown_indicator_comes_back_with_the_nearest_one(
    city, cast, tmp_path, written, nearest
):
    file = tmp_path / "目标.csv"
    file.write_text(
        f"指标,所属区划,年度,目标值,依据\n{written},370700,2026,100,演示文件\n有效发明专利拥有量,370700,2026,9,演示文件\n",
        encoding="utf-8",
    )
    row = stage_file(path=file, by=cast.city_officer, type_id="targets")
    assert (row.new, row.rejected) == (1, 1)
    problem = problems_of(row)[0]
    assert problem["value"] == written
    assert nearest in str(problem["message"])


def test_a_target_entered_over_the_api_names_a_real_indicator(city, cast):
    values = {"indicator": "no_such_figure", "region_code": "370700", "year": "2026", "value": "1"}
    with pytest.raises(Invalid) as refusal:
        propose(draft=Draft("targets", values), by=cast.city_officer, why="演示")
    assert "no_such_figure" in str(refusal.value)
