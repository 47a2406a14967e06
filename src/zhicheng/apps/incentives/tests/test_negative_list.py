"""Whom the ledger keeps from being paid: the dishonest, abnormal filers, and who answers for a grave accident."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.apps.ledger.models import OrganisationRole, Patent, PatentOwner

COLUMNS = ("beneficiary", "kind", "from_on", "until_on")


def listed():
    return current_evaluation(AS_OF).rows_of("negative_list", COLUMNS)


@pytest.mark.parametrize("role", ["dishonest", "quality_accident"])
def test_a_role_that_is_a_reproach_lists_its_holder_for_its_days(world, role):
    firm = world.firm("甲公司")
    OrganisationRole.objects.create(
        organisation=firm, organisation_name=firm.name, uscc=firm.uscc, role=role, from_on=date(2023, 5, 1),
        until_on=date(2024, 5, 1), region_code=firm.region_code,
    )  # fmt: skip
    world.moved("ledger_organisationrole")
    assert listed() == [(firm.uscc, role, date(2023, 5, 1), date(2024, 5, 1))]


def test_a_title_lists_nobody_and_a_reproach_is_no_title(world):
    firm = world.firm("甲公司")
    for role in ("high_tech", "quality_accident"):
        OrganisationRole.objects.create(
            organisation=firm, organisation_name=firm.name, uscc=firm.uscc, role=role, from_on=date(2023, 5, 1),
            region_code=firm.region_code,
        )  # fmt: skip
    world.moved("ledger_organisationrole")
    assert [one[1] for one in listed()] == ["quality_accident"]


def test_the_owner_of_an_abnormal_filing_is_listed_on_its_day(world):
    firm = world.firm("甲公司")
    OrganisationRole.objects.create(
        organisation=firm, organisation_name=firm.name, uscc=firm.uscc, role="high_tech", from_on=date(2023, 5, 1),
        region_code=firm.region_code,
    )  # fmt: skip
    patent = Patent.objects.create(
        application_number="CN202310000001X", kind="invention", abnormal_on=date(2024, 2, 2), region_code=firm.region_code,
        updated_at=timezone.now(),
    )  # fmt: skip
    PatentOwner.objects.create(patent=patent, organisation=firm, name=firm.name, region_code=firm.region_code)
    world.moved("ledger_organisationrole", "ledger_patent", "ledger_patentowner")
    assert listed() == [(firm.uscc, "abnormal_patent", date(2024, 2, 2), date(2024, 2, 2))]
