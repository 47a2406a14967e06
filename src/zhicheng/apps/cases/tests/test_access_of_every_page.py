"""Every page under a case, taken from the list of addresses itself: closed to whoever has no part in the case."""

from __future__ import annotations

import pytest
from django.test import Client

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import CaseEvent
from zhicheng.apps.cases.testing import filed
from zhicheng.apps.cases.urls import urlpatterns

pytestmark = pytest.mark.django_db
UNDER_A_CASE = [str(one.pattern) for one in urlpatterns if str(one.pattern).startswith("<int:number>/")]
FILLED = {"<slug:action>": "accept", "<int:version>": "1"}


def address(pattern, case):
    for place, value in {"<int:number>": str(case.pk), **FILLED}.items():
        pattern = pattern.replace(place, value)
    return f"/cases/{pattern}"


@pytest.mark.parametrize("pattern", UNDER_A_CASE)
def test_a_page_under_a_case_tells_a_stranger_that_there_is_none_and_sends_others_to_sign_in(office, pattern):
    case = filed(office).case
    path, before = address(pattern, case), CaseEvent.objects.count()
    for nobody_here in (office.stranger, office.department):
        browser = signed_in(nobody_here)
        answers = [browser.get(path).status_code, browser.post(path, {}).status_code]
        missing = path.replace(f"/{case.pk}/", "/999999/", 1)
        # an empty form may be refused first (422), but then for a case that does not exist as well
        assert answers == [browser.get(missing).status_code, browser.post(missing, {}).status_code]
        assert set(answers) <= {403, 404, 405, 422}, (nobody_here, answers)
        assert set(answers) != {405}
    unknown = Client()
    for answer in (unknown.get(path), unknown.post(path, {})):
        assert answer.status_code in (302, 401, 403, 405)
        assert answer.status_code != 302 or "/accounts/" in answer["Location"]
    assert CaseEvent.objects.count() == before
