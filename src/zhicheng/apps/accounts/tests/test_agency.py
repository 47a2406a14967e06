"""Acting for an organisation: requested with a letter, approved by its region, ended in time."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from zhicheng.apps.accounts import agency
from zhicheng.apps.accounts.models import OrganisationAgent
from zhicheng.apps.accounts.public import scope
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.kernel.identifiers import uscc
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

pytestmark = pytest.mark.django_db
CODE = uscc.with_check("91370783MA0TEXA01")


@pytest.fixture
def organisation(db):
    model = apps.get_model("ledger", "Organisation")
    return model.objects.create(name="测试企业甲", uscc=CODE, kind="enterprise", region_code="370783")


def a_letter(content=b"%PDF-1.7 letter"):
    return SimpleUploadedFile("任意名字.exe", content)


def ask(cast, **more):
    return agency.request_agency(uscc=CODE, letter=a_letter(), by=cast.enterprise, **more)


def test_an_approved_agent_sees_the_organisation_and_a_waiting_one_does_not(cast, organisation):
    request = ask(cast)
    assert scope(cast.enterprise).organisation_ids == ()
    agency.decide(agent=request, approve=True, reason="", by=cast.county_officer)
    assert scope(cast.enterprise).organisation_ids == (organisation.pk,)


def test_only_officers_of_the_organisations_region_decide(cast, organisation):
    request = ask(cast)
    for outsider in (cast.stranger, cast.enterprise, cast.department):
        with pytest.raises(NotAllowed):
            agency.decide(agent=request, approve=True, reason="", by=outsider)
    assert signed_in(cast.stranger).get(f"/accounts/agents/{request.pk}/letter/").status_code == 404
    assert signed_in(cast.city_officer).get(f"/accounts/agents/{request.pk}/letter/").status_code == 200


def test_several_agents_stand_side_by_side_and_one_who_leaves_stops_seeing(cast, organisation):
    second = make_user("er", "enterprise")
    for request in (ask(cast), agency.request_agency(uscc=CODE, letter=a_letter(), by=second)):
        agency.decide(agent=request, approve=True, reason="", by=cast.city_officer)
    mine = OrganisationAgent.objects.get(user=cast.enterprise)
    agency.end_agency(agent=mine, state="left", reason="离职", by=cast.enterprise)
    assert scope(cast.enterprise).organisation_ids == ()
    assert scope(second).organisation_ids == (organisation.pk,)


def test_a_colleague_may_withdraw_consent_and_a_stranger_may_not(cast, organisation):
    second = make_user("er", "enterprise")
    for request in (ask(cast), agency.request_agency(uscc=CODE, letter=a_letter(), by=second)):
        agency.decide(agent=request, approve=True, reason="", by=cast.city_officer)
    mine = OrganisationAgent.objects.get(user=cast.enterprise)
    with pytest.raises(NotAllowed):
        agency.end_agency(agent=mine, state="withdrawn", reason="", by=make_user("san", "enterprise"))
    agency.end_agency(agent=mine, state="withdrawn", reason="授权撤回", by=second)
    assert scope(cast.enterprise).organisation_ids == ()


def test_a_letter_past_its_date_no_longer_opens_anything(cast, organisation):
    request = ask(cast, valid_until=timezone.localdate() - timedelta(days=1))
    agency.decide(agent=request, approve=True, reason="", by=cast.city_officer)
    assert scope(cast.enterprise).organisation_ids == ()


def test_bad_codes_bad_letters_and_second_requests_are_refused_in_words(cast, organisation):
    with pytest.raises(Refusal):
        agency.request_agency(uscc="123", letter=a_letter(), by=cast.enterprise)
    with pytest.raises(Refusal, match="PDF"):
        agency.request_agency(uscc=CODE, letter=a_letter(b"MZ program"), by=cast.enterprise)
    ask(cast)
    with pytest.raises(Conflict):
        ask(cast)


def test_the_page_takes_a_request_and_an_officer_approves_it(cast, organisation):
    page = signed_in(cast.enterprise)
    assert page.post("/accounts/agents/", {"uscc": CODE, "letter": a_letter()}).status_code == 302
    request = OrganisationAgent.objects.get()
    assert request.letter.name.endswith(".pdf")
    assert signed_in(cast.county_officer).post(f"/accounts/agents/{request.pk}/approve/").status_code == 302
    request.refresh_from_db()
    assert request.state == "approved"
