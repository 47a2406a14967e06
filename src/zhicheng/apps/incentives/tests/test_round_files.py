"""Files beside an application to an award round: laid while it is a draft, and opened by those who may know them."""

from __future__ import annotations

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.files import keeping
from zhicheng.apps.incentives.models import Ballot, Candidate, CandidateFile, ScoreSheet
from zhicheng.apps.incentives.rounds import calls, filing, scoring, voting
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds.stages import MATERIAL, ON_SITE, VOTE, Stage
from zhicheng.apps.incentives.testing.city import authorised
from zhicheng.apps.incentives.testing.rounds import (
    DAY,
    FIRMS,
    called,
    candidate,
    close,
    committee,
    mark_all,
    plan,
    visit_all,
)
from zhicheng.kernel.refusals import Refusal

ROOM, API, JSON = "/incentives/", "/api/v1/policies", "application/json"
REPORT, CERTIFICATE = b"%PDF-1.4 self evaluation", b"\x89PNG certificate"
STAGES = (
    Stage(MATERIAL, "材料评审", 50),
    Stage(ON_SITE, "现场评审", 50, named=True, least=2, trimmed=0),
    Stage(VOTE, "表决", quorum="half", threshold="half", base="present"),
)


def text(response):
    return response.content.decode()


def read(response):
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    return b"".join(response.streaming_content)


@pytest.fixture
def open_call(town):
    set_city(region_code="370700", name="演示市", opens_on=DAY, demo=True)
    return called(town, calls.open_round(plan=plan(stages=STAGES), by=town.officer))


@pytest.fixture
def draft(town, open_call):
    town.hand = authorised(town, town.firms["甲公司"])
    return calls.save_application(
        award_round=open_call, organisation=town.firms["甲公司"], statement="本单位全面实施质量管理，成效明显。", by=town.hand
    )  # fmt: skip


def lay(draft, by, material="blind", name="甲公司自评报告.pdf", content=REPORT):
    filing.lay_file(candidate=draft, material=material, name=name, content=content, by=by)


@pytest.fixture
def blind(town, open_call, draft):
    """The round in its blind stage, with a file of each kind beside one application."""
    lay(draft, town.hand)
    lay(draft, town.hand, "other", "甲公司证书.png", CERTIFICATE)
    calls.submit_application(candidate=draft, on=DAY, by=town.hand)
    for name in FIRMS[1:]:
        candidate(town, open_call, name)
    calls.check_candidates(award_round=open_call, on=DAY, by=town.reviewer)
    return round_flow.start_scoring(award_round=open_call, by=town.reviewer)


def test_an_applicant_uploads_with_the_form_deletes_and_hands_in_and_then_changes_nothing(town, open_call):
    firm = town.firms["甲公司"]
    browser, here = signed_in(authorised(town, firm)), f"{ROOM}rounds/{open_call.number}/apply/"
    given = {"organisation": firm.pk, "statement": "本单位推行卓越绩效管理，成效明显。", "step": "save"}
    files = {
        "files-blind": SimpleUploadedFile("baogao.pdf", REPORT),
        "files-other": SimpleUploadedFile("zhengshu.png", CERTIFICATE),
    }
    page = text(browser.post(here, {**given, **files}, follow=True))
    assert "baogao.pdf" in page
    assert "盲评材料（不含单位名称）" in page
    one = Candidate.objects.get()
    report, certificate = one.files.all()
    assert (
        read(browser.get(f"{ROOM}rounds/{open_call.number}/candidates/{one.pk}/files/{report.pk}/")) == REPORT
    )
    drop = {"step": "drop", "candidate": one.pk, "file": certificate.pk}
    assert "zhengshu.png" not in text(browser.post(here, drop, follow=True))
    browser.post(here, {**given, "step": "submit"})
    assert "baogao.pdf" in text(browser.get(f"{ROOM}rounds/{open_call.number}/"))
    assert browser.post(here, {**drop, "file": report.pk}).status_code == 409
    assert one.files.get() == report
    events = AuditEvent.objects.filter(subject=f"candidate:{one.pk}").values_list("action", flat=True)
    assert {"policies.lay_file", "policies.drop_file", "policies.open_file"} <= set(events)


def test_a_file_that_is_not_taken_is_refused_and_nothing_that_was_written_is_lost(town, open_call):
    firm = town.firms["甲公司"]
    browser, here = signed_in(authorised(town, firm)), f"{ROOM}rounds/{open_call.number}/apply/"
    given = {"organisation": firm.pk, "statement": "本单位推行卓越绩效管理，成效明显。", "step": "submit"}
    for name, content in (("x.exe", b"MZ"), ("baogao.pdf", b"plain text"), ("kong.pdf", b"")):
        answer = browser.post(here, {**given, "files-blind": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
        assert name in text(answer) or name == "kong.pdf"
    one = Candidate.objects.get()
    assert (one.status, one.statement) == ("draft", given["statement"])
    assert not one.files.exists()


def test_a_blind_file_that_names_its_owner_is_refused_but_taken_as_another(town, draft):
    words = "甲公司二十年来坚持质量第一，成效明显。".encode()
    with pytest.raises(Refusal, match="写有“甲公司”"):
        lay(draft, town.hand, "blind", "baogao.txt", words)
    lay(draft, town.hand, "other", "baogao.txt", words)
    lay(draft, town.hand, "other", "baogao.txt", words)
    assert draft.files.get().material == "other"
    with pytest.raises(Refusal, match="没有材料"):
        lay(draft, town.hand, "open", "baogao.txt", words)


def test_no_more_files_are_taken_than_the_limit(town, draft):
    for number in range(keeping.MOST_FILES):
        lay(draft, town.hand, "other", f"{number}.pdf", b"%%PDF-%d" % number)
    with pytest.raises(Refusal, match="最多 12 个文件"):
        lay(draft, town.hand, "other", "more.pdf", b"%PDF-more")
    assert draft.files.count() == keeping.MOST_FILES


def test_experts_of_a_blind_stage_open_only_what_holds_no_names_under_the_code(town, blind, draft):
    report, certificate = CandidateFile.objects.order_by("pk")
    sheet = ScoreSheet.objects.get(candidate=draft, expert=town.experts[0])
    expert, here = signed_in(town.experts[0]), f"{ROOM}scoring/{sheet.pk}/"
    page = text(expert.get(here))
    assert f"{draft.code}-1.pdf" in page
    assert "甲公司" not in page
    assert "盲评只能打开" in page
    got = expert.get(f"{here}files/{report.pk}/")
    assert read(got) == REPORT
    assert f"{draft.code}-1.pdf" in got["Content-Disposition"]
    assert expert.get(f"{here}files/{certificate.pk}/").status_code == 404
    listed = expert.get(f"{API}/scoring/{sheet.pk}/files").json()["items"]
    assert [(one["file"], one["name"]) for one in listed] == [(report.pk, f"{draft.code}-1.pdf")]
    assert expert.get(f"{API}/scoring/{sheet.pk}/files/{certificate.pk}").status_code == 404
    assert read(expert.get(f"{API}/scoring/{sheet.pk}/files/{report.pk}")) == REPORT
    assert signed_in(town.experts[1]).get(f"{here}files/{report.pk}/").status_code == 404
    scoring.recuse(sheet=sheet, why="任职", by=town.experts[0])
    assert expert.get(f"{here}files/{report.pk}/").status_code == 404


def test_where_names_are_known_all_files_are_open_and_closed_again_with_the_stage(town, blind, draft):
    certificate = CandidateFile.objects.get(material="other")
    mark_all(blind)
    old = ScoreSheet.objects.get(candidate=draft, expert=town.experts[0], stage=0)
    row = close(town, blind)
    visit_all(town, row)
    sheet = ScoreSheet.objects.get(candidate=draft, expert=town.experts[0], stage=1)
    expert = signed_in(town.experts[0])
    assert "甲公司证书.png" in text(expert.get(f"{ROOM}scoring/{sheet.pk}/"))
    assert read(expert.get(f"{ROOM}scoring/{sheet.pk}/files/{certificate.pk}/")) == CERTIFICATE
    assert expert.get(f"{ROOM}scoring/{old.pk}/files/{certificate.pk}/").status_code == 404
    mark_all(row)
    row = close(town, row)
    assert expert.get(f"{ROOM}scoring/{sheet.pk}/files/{certificate.pk}/").status_code == 404
    members = committee(town, row)
    scoring.declare_interest(organisation=draft.organisation, words="任职", by=members[1])
    ballot = voting.open_ballot(award_round=row, by=town.reviewer)
    place = f"{ROOM}scoring/ballots/{ballot.pk}/"
    member, barred = signed_in(members[0]), signed_in(members[1])
    assert "甲公司证书.png" in text(member.get(place))
    assert "甲公司证书.png" not in text(barred.get(place))
    assert read(member.get(f"{place}files/{certificate.pk}/")) == CERTIFICATE
    assert barred.get(f"{place}files/{certificate.pk}/").status_code == 404
    assert expert.get(f"{place}files/{certificate.pk}/").status_code == 404
    listed = member.get(f"{API}/ballots/{ballot.pk}/files").json()["items"]
    assert {one["candidate"]: len(one["files"]) for one in listed}[draft.pk] == 2
    Ballot.objects.update(status="annulled")
    assert member.get(f"{place}files/{certificate.pk}/").status_code == 404


def test_officers_of_the_round_open_what_was_handed_in_and_strangers_nothing(town, blind, draft, cast):
    certificate = CandidateFile.objects.get(material="other")
    place = f"{ROOM}rounds/{blind.number}/candidates/{draft.pk}/files/{certificate.pk}/"
    officer = signed_in(town.officer)
    assert "甲公司证书.png" in text(officer.get(f"{ROOM}rounds/{blind.number}/"))
    assert read(officer.get(place)) == CERTIFICATE
    assert signed_in(cast.stranger).get(place).status_code == 404
    assert signed_in(cast.enterprise).get(place).status_code == 404
    assert signed_in(town.experts[0]).get(place).status_code == 403
    assert signed_in(None).get(place).status_code == 302


def test_officers_open_no_file_of_a_draft(town, draft):
    lay(draft, town.hand)
    place = f"{ROOM}rounds/{draft.award_round.number}/candidates/{draft.pk}/files/{draft.files.get().pk}/"
    assert signed_in(town.officer).get(place).status_code == 404
    assert signed_in(town.hand).get(place).status_code == 200


def test_files_are_laid_listed_read_and_taken_away_over_the_api(town, draft):
    browser, here = (
        signed_in(town.hand),
        f"{API}/rounds/{draft.award_round.number}/applications/{draft.pk}/files",
    )
    given = {"material": "other", "name": "zs.png", "content": base64.b64encode(CERTIFICATE).decode()}
    assert browser.post(here, {**given, "content": "不是"}, JSON).status_code == 422
    (item,) = browser.post(here, given, JSON).json()["items"]
    assert (item["material"], item["name"], item["size"]) == ("other", "zs.png", len(CERTIFICATE))
    assert read(browser.get(f"{here}/{item['file']}")) == CERTIFICATE
    assert browser.delete(f"{here}/{item['file']}").status_code == 204
    assert browser.get(here).json() == {"items": []}
    assert browser.delete(f"{here}/{item['file']}").status_code == 404
