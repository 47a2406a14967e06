"""People named in a text are proposed against the ledger and linked only when somebody confirms."""

from __future__ import annotations

import pytest

from zhicheng.apps.accounts.public import AuditEvent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.intelligence.models import PersonLink
from zhicheng.apps.intelligence.people import confirm_person, people_of
from zhicheng.apps.intelligence.reading import read_file
from zhicheng.apps.ledger.models import Person
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db
TEXT = "（虚构文章）潍坊市召开会议\n潍坊市虚构研究院院长张演示表示，要加强知识产权保护，全市办理登记35笔。\n"


@pytest.fixture
def text(city_row, cast):
    Person.objects.create(
        number="P1", name="张演示", organisation_name="潍坊市虚构研究院", title="院长", region_code="370700"
    )
    Person.objects.create(
        number="P2", name="张演示", organisation_name="演示乙公司", title="工程师", region_code="370783"
    )
    Person.objects.create(
        number="P3", name="张演示", organisation_name="外市公司", title="院长", region_code="330200"
    )
    return read_file(TEXT.encode(), "虚构.txt", by=cast.city_officer, synthetic=True).article


def test_everybody_of_that_name_in_reach_is_proposed_with_the_evidence(text, cast):
    (who,) = people_of(text, cast.city_officer)
    assert who.name == "张演示"
    assert {one.number: one.evidence for one in who.candidates} == {
        "P1": "姓名相同、单位相符、职务相符",
        "P2": "姓名相同",
    }
    assert who.link is None


def test_a_confirmation_is_audited_once_and_the_last_word_stands(text, cast):
    for number in ("P2", "P2", "P1"):
        confirm_person(article=text.pk, name="张演示", number=number, by=cast.city_officer)
    assert PersonLink.objects.get().number == "P1"
    assert AuditEvent.objects.filter(action="intelligence.confirm_person").count() == 2


def test_the_ledger_may_not_know_somebody(text, cast):
    confirm_person(article=text.pk, name="张演示", number="", by=cast.city_officer)
    assert people_of(text, cast.city_officer)[0].link.number == ""


def test_an_earlier_confirmation_is_evidence_in_the_next_text(text, cast):
    confirm_person(article=text.pk, name="张演示", number="P1", by=cast.city_officer)
    again = read_file((TEXT + "会后参观了展览。").encode(), "又一篇.txt", by=cast.city_officer).article
    (who,) = people_of(again, cast.city_officer)
    assert "以往确认 1 次" in next(one.evidence for one in who.candidates if one.number == "P1")


@pytest.mark.parametrize(("name", "number"), [("李没有", "P1"), ("张演示", "P3"), ("张演示", "P9")])
def test_only_who_is_named_and_in_reach_can_be_linked(text, cast, name, number):
    with pytest.raises(Refusal):
        confirm_person(article=text.pk, name=name, number=number, by=cast.city_officer)


def test_only_reviewers_of_the_city_confirm(text, cast):
    for by, refusal in (
        (cast.department, NotAllowed),
        (cast.enterprise, NotAllowed),
        (cast.stranger, NotFound),
    ):
        with pytest.raises(refusal):
            confirm_person(article=text.pk, name="张演示", number="P1", by=by)
    assert not PersonLink.objects.exists()


def test_whoever_may_not_see_personal_data_sees_no_candidates(text, cast):
    assert people_of(text, cast.department)[0].candidates == ()


def test_the_page_confirms_by_button_and_goes_back_to_the_people(text, cast):
    browser = signed_in(cast.city_officer)
    address = f"/intelligence/articles/{text.pk}/"
    assert "姓名相同、单位相符、职务相符" in browser.get(address).content.decode()
    answer = browser.post(f"{address}people/", {"name": "张演示", "number": "P1"})
    assert answer["Location"].endswith("#people")
    assert "台账人员 P1" in browser.get(address).content.decode()
