"""A bulletin from draft to public page: only signed numbers, four eyes, frozen once published."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.figures.public import SignedFigure, prepare_figure, sign_figure
from zhicheng.apps.intelligence import bulletin_actions as actions
from zhicheng.apps.intelligence.bulletin_building import draft, finished, write_file
from zhicheng.apps.intelligence.bulletin_checking import check_bytes
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.intelligence.bulletin_signing import ask, lacking, sign_waiting
from zhicheng.apps.intelligence.public import latest_bulletin
from zhicheng.engines.bulletins import BuildStopped, TemplateError
from zhicheng.engines.bulletins.plain import plain_text
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 16)
TEXT = "# {{区划}}简报\n\n截至{{截至}}，全市地理标志保护产品总数为{{gi_products_total}}，另有{{haopin_shandong_brands_total}}。\n"
WHO = ["city_officer", "county_officer", "department", "enterprise", "stranger"]


def begun(world, text=TEXT):
    return actions.begin(template="", text=text, region="370700", as_of=DAY, by=world.officer)


def test_an_unsigned_number_stops_the_build_with_its_name(world):
    with pytest.raises(BuildStopped, match=r"地理标志保护产品总量.*还没有签发，现在算得 1"):
        finished(TEXT, region="370700", as_of=DAY)


def test_a_number_that_was_only_prepared_stops_it_too(world):
    prepare_figure(indicator="gi_products_total", region="370700", as_of=DAY, period="ytd", by=world.officer)
    with pytest.raises(BuildStopped, match="等待签发"):
        finished(TEXT, region="370700", as_of=DAY)


def test_signed_numbers_are_written(world):
    world.sign()
    assert "总数为1件，另有1个。" in plain_text(finished(TEXT, region="370700", as_of=DAY))


def test_a_number_that_changed_since_it_was_signed_stops_the_build(world):
    world.sign()
    world.gi(2)
    with pytest.raises(BuildStopped, match=r"签发的是 1件.*现在算得 2"):
        finished(TEXT, region="370700", as_of=DAY)


def test_names_are_those_of_the_rows_that_were_signed(world):
    text = "# 题\n{{gi_products_total 名单=name}}"
    world.sign(text)
    assert "演示产品1" in plain_text(finished(text, region="370700", as_of=DAY))
    with pytest.raises(BuildStopped, match="没有可公布的列“number”"):
        finished("# 题\n{{gi_products_total 名单=number}}", region="370700", as_of=DAY)


def test_the_one_who_asked_for_a_signature_does_not_give_it(world):
    keys = lacking(draft(TEXT, region="370700", as_of=DAY), "unsigned")
    ask(keys, by=world.officer)
    done = sign_waiting(keys, by=world.officer)
    assert done.done == 0
    assert "编制人不能签发" in done.refused[0]


def test_a_bulletin_goes_from_draft_to_the_public_by_two_people(world):
    world.sign()
    row = begun(world)
    actions.submit(bulletin=row.pk, by=world.officer)
    with pytest.raises(NotAllowed, match="编写人不能审定"):
        actions.approve(bulletin=row.pk, by=world.officer)
    with pytest.raises(Conflict, match="不能发布"):
        actions.publish(bulletin=row.pk, by=world.other)
    actions.approve(bulletin=row.pk, by=world.other)
    row = actions.publish(bulletin=row.pk, by=world.other)
    assert (row.title, row.status) == ("潍坊市简报", Bulletin.Status.PUBLISHED)
    assert [one["id"] for one in row.figures] == ["gi_products_total", "haopin_shandong_brands_total"]
    assert set(row.files) == {"docx", "pdf"}
    assert latest_bulletin("370700") == row
    steps = (
        AuditEvent.objects.filter(subject=f"bulletin:{row.pk}")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert list(steps) == [f"bulletins.{one}" for one in ("begin", "submit", "approve", "publish")]


def test_a_bulletin_is_not_submitted_while_a_number_is_not_signed(world):
    row = begun(world)
    with pytest.raises(BuildStopped):
        actions.submit(bulletin=row.pk, by=world.officer)
    row.refresh_from_db()
    assert row.status == Bulletin.Status.DRAFT


def test_a_number_corrected_between_approval_and_publication_stops_it(world):
    world.sign()
    row = begun(world)
    actions.submit(bulletin=row.pk, by=world.officer)
    actions.approve(bulletin=row.pk, by=world.other)
    world.gi(2)
    with pytest.raises(BuildStopped, match="现在算得 2"):
        actions.publish(bulletin=row.pk, by=world.other)


def test_a_saved_text_is_a_new_revision_and_must_be_approved_anew(world):
    world.sign()
    row = begun(world)
    actions.submit(bulletin=row.pk, by=world.officer)
    row = actions.save(bulletin=row.pk, text=TEXT + "\n完。\n", as_of=DAY, by=world.other, revision=1)
    assert (row.revision, row.status, row.prepared_by) == (2, Bulletin.Status.DRAFT, world.other)
    assert [one.revision for one in row.versions.all()] == [2, 1]
    assert row.versions.get(revision=1).template == TEXT


def test_two_people_who_save_the_same_revision_do_not_overwrite_each_other(world):
    row = begun(world)
    actions.save(bulletin=row.pk, text=TEXT + "甲", as_of=DAY, by=world.officer, revision=1)
    with pytest.raises(Conflict, match="已保存到第 2 版"):
        actions.save(bulletin=row.pk, text=TEXT + "乙", as_of=DAY, by=world.other, revision=1)


def test_a_text_that_is_no_template_is_not_saved(world):
    row = begun(world)
    with pytest.raises(TemplateError, match="没有闭合"):
        actions.save(bulletin=row.pk, text="# 题\n{{gi_products_total", as_of=DAY, by=world.officer)


def test_a_bulletin_is_returned_with_a_reason(world):
    world.sign()
    row = begun(world)
    actions.submit(bulletin=row.pk, by=world.officer)
    with pytest.raises(Refusal, match="须写明理由"):
        actions.send_back(bulletin=row.pk, why=" ", by=world.other)
    row = actions.send_back(bulletin=row.pk, why="措辞", by=world.other)
    assert (row.status, row.why) == (Bulletin.Status.DRAFT, "措辞")


def test_what_is_published_stays_as_it_was_when_the_ledger_moves_on(world):
    world.sign()
    row = world.published()
    html = row.html
    world.gi(2)
    row.refresh_from_db()
    assert row.html == html
    with pytest.raises(Conflict, match="正文不再改动"):
        actions.save(bulletin=row.pk, text="# 新", as_of=DAY, by=world.officer)
    with pytest.raises(Conflict, match="不能删除"):
        actions.discard(bulletin=row.pk, why="误", by=world.officer)


def test_a_correction_takes_the_place_of_what_was_published_with_a_notice(world):
    world.sign()
    row = world.published()
    draft_row = actions.correct(bulletin=row.pk, why="漏写一句", by=world.officer)
    with pytest.raises(Conflict, match="更正稿已在办理"):
        actions.correct(bulletin=row.pk, why="再来", by=world.officer)
    actions.save(bulletin=draft_row.pk, text=TEXT + "\n补一句。\n", as_of=DAY, by=world.officer)
    actions.submit(bulletin=draft_row.pk, by=world.officer)
    actions.approve(bulletin=draft_row.pk, by=world.other)
    actions.publish(bulletin=draft_row.pk, by=world.other, forms=())
    row.refresh_from_db()
    page = signed_in(None).get(f"/intelligence/bulletins/published/{row.pk}/").content.decode()
    assert row.status == Bulletin.Status.CORRECTED
    assert "这篇通稿已更正" in page
    assert f"/intelligence/bulletins/published/{draft_row.pk}/" in page


def test_a_withdrawn_bulletin_shows_its_notice_and_no_longer_its_text(world):
    world.sign()
    row = world.published()
    actions.withdraw(bulletin=row.pk, why="口径有误", by=world.other)
    browser = signed_in(None)
    page = browser.get(f"/intelligence/bulletins/published/{row.pk}/").content.decode()
    assert "口径有误" in page
    assert "总数为" not in page
    assert browser.get(f"/intelligence/bulletins/published/{row.pk}/file.docx").status_code == 404
    assert latest_bulletin("370700") is None


def test_a_number_that_contradicts_an_earlier_bulletin_is_flagged_with_both(world):
    world.sign("# 题\n{{gi_products_total}}")
    world.published("# 早先\n{{gi_products_total}}")
    world.gi(2)
    standing = SignedFigure.objects.get(indicator="gi_products_total", status="signed")
    fresh = prepare_figure(
        indicator="gi_products_total", region="370700", as_of=DAY, period="ytd", by=world.officer
    )
    standing.replaced_by, standing.why = fresh, "补录"
    standing.save()
    sign_figure(figure=fresh, by=world.other)
    (said,) = draft("# 题\n{{gi_products_total}}", region="370700", as_of=DAY).contradictions
    assert "本稿为 2件" in str(said)
    assert "《早先》写的是 1件" in str(said)


def test_a_number_typed_by_hand_is_pointed_out(world):
    typed = draft("# 潍坊市简报\n\n今年以来，全市新增市场主体300家。", region="370700", as_of=DAY).typed
    assert len(typed) == 1
    assert typed[0].startswith("300家")


def test_a_finished_word_file_is_checked_and_an_edited_number_found(world):
    import docx as python_docx

    world.sign()
    data = write_file(finished(TEXT, region="370700", as_of=DAY), "docx")
    report = check_bytes(data, name="稿.docx")
    assert (report.wrong, report.region, report.as_of) == ([], "370700", DAY)
    assert len(report.verdicts) == 2
    word = python_docx.Document(io.BytesIO(data))
    for node in word.element.body.iter():
        if node.tag.endswith("}t") and node.text == "1件":
            node.text = "3件"
            break
    out = io.BytesIO()
    word.save(out)
    wrong = check_bytes(out.getvalue(), name="改.docx").wrong
    assert [one.written for one in wrong] == ["3件"]
    assert "写的是 1件，现在是 3件" in wrong[0].why


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"\x00" * 100, b"%PDF-1.7\n%%EOF", b""])
def test_a_broken_file_is_refused_in_words(world, data):
    with pytest.raises(Refusal) as refused:
        check_bytes(data, name="坏.docx")
    assert refused.value.fix


def test_the_open_data_carry_definitions_and_licence(world):
    world.sign()
    row = world.published()
    browser = signed_in(None)
    lines = list(csv.DictReader(io.StringIO(
        browser.get(f"/intelligence/bulletins/published/{row.pk}/figures.csv").content.decode("utf-8-sig")
    )))  # fmt: skip
    data = json.loads(browser.get(f"/intelligence/bulletins/published/{row.pk}/figures.json").content)
    assert [one["value"] for one in lines] == ["1", "1"]
    assert lines[0]["licence"] == data["licence"]["name"] == "CC BY 4.0"
    assert data["figures"][0]["definition"]
    assert data["figures"][0]["snapshot"]


def test_a_county_officer_works_on_the_bulletins_of_the_county_only(world):
    county = actions.begin(template="", text=TEXT, region="370783", as_of=DAY, by=world.cast.county_officer)
    city = begun(world)
    browser = signed_in(world.cast.county_officer)
    assert browser.get(f"/intelligence/bulletins/{county.pk}/").status_code == 200
    assert browser.get(f"/intelligence/bulletins/{city.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.begin(template="", text=TEXT, region="370700", as_of=DAY, by=world.cast.county_officer)
    with pytest.raises(NotFound):
        actions.save(bulletin=city.pk, text=TEXT, as_of=DAY, by=world.cast.stranger)
