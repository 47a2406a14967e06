"""Every operation of the API, asked with what its own schema allows: never a server error, always a documented shape.

Few examples for each operation with a fixed seed, so that the run is short and the same everywhere.
"""

from __future__ import annotations

import warnings

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from schemathesis.checks import not_a_server_error

from zhicheng.apps.accounts.own_account import issue_token
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.cases.models import Case
from zhicheng.apps.ledger.models import Organisation, Patent
from zhicheng.apps.records.public import begin_city

EXAMPLES = 6


@pytest.fixture
def schema(db, settings, tmp_path):
    """The API's own description, served by this process to an officer who may do much, in a small city."""
    from django.core.wsgi import get_wsgi_application

    settings.ZHICHENG_HOME = tmp_path
    settings.ALLOWED_HOSTS = ["*"]
    begin_city(region_code="370700", one_person=True)
    Organisation.objects.create(
        uscc="91110000600037341L", name="演示甲公司", name_key="", region_code="370783"
    )
    Patent.objects.create(application_number="2020101234562", title="演示装置", region_code="370783")
    Case.objects.create(number="一", matter="mediation", region_code="370783")
    officer = make_user("shi", "city_officer", "370700")
    token = issue_token(name="试", days=1, by=officer)
    loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    loaded.config.seed = 20251216
    return loaded, {"Authorization": f"Bearer {token}"}


def asked_in_many_ways(operation, headers, broken: list[str]) -> int:
    """Ask one operation with examples of its schema and note server errors; returns how often it was asked."""
    asked = 0

    @how(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case):
        nonlocal asked
        asked += 1
        answer = case.call(headers=headers)
        try:
            case.validate_response(answer, checks=(not_a_server_error,))
        except AssertionError as error:
            broken.append(f"{operation.method.upper()} {operation.path}: {error}")

    ask()
    return asked


def test_no_operation_of_the_api_fails_on_what_its_schema_allows(schema):
    loaded, headers = schema
    broken: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked = sum(asked_in_many_ways(one.ok(), headers, broken) for one in loaded.get_all_operations())
    assert broken == []
    assert asked > 50
