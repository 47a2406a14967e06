"""What tests of cases share: a small city with an office, two firms with agents, and a filled-in request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from zhicheng.apps.accounts.public import Role, User
from zhicheng.apps.accounts.testing import Cast, make_user
from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.filing import Application, Receipt, file_case
from zhicheng.apps.cases.models import Assignment, Channel
from zhicheng.apps.ledger.public import Organisation
from zhicheng.apps.records.public import begin_city

RECEIVED = date(2026, 7, 13)
PATENT = "2021199000108"
REQUEST = {
    "applicant_name": "演示甲公司", "applicant_address": "演示路1号", "applicant_phone": "053600000000",
    "standing": "owner", "respondent_name": "演示乙公司", "respondent_address": "演示路2号",
    "respondent_abroad": "false", "patent_number": "", "patent_title": "一种演示装置", "patent_kind": "invention",
    "claims": "1", "known_on": "2026-03-01", "continuing": "true", "sued": "false", "claim_text": "停止制造",
    "facts_text": "演示事实",
}  # fmt: skip
FILES = tuple(
    (code, f"{code}.pdf", b"%PDF " + code.encode())
    for code in ("request", "register", "evidence", "identity")
)


@dataclass(frozen=True)
class Office:
    """The people and firms of a test."""

    officer: User
    head: User
    second: User
    county: User
    department: User
    supervision: User
    enterprise: User
    rival: User
    stranger: User
    firm: Organisation
    rival_firm: Organisation


def act_for(user: User, firm: Organisation) -> None:
    """Let a person act for a firm."""
    user.agencies.create(uscc=firm.uscc, organisation=firm, letter="letters/x.pdf", state="approved")


@pytest.fixture
def office(cast: Cast) -> Office:
    """Return a small city with the fixed cast and a few more."""
    begin_city(region_code="370700", one_person=False)
    firm = Organisation.objects.create(
        uscc="91370783MA3T00001U", name="演示甲公司", name_key="", region_code="370783", address="演示路1号"
    )
    other = Organisation.objects.create(
        uscc="91370783MA3T00002Y", name="演示乙公司", name_key="", region_code="370783"
    )
    rival = make_user("yi", Role.ENTERPRISE, "370700")
    act_for(cast.enterprise, firm)
    act_for(rival, other)
    return Office(
        officer=cast.city_officer, head=make_user("fuzeren", Role.CITY_OFFICER, "370700"),
        second=make_user("erban", Role.CITY_OFFICER, "370700"), county=cast.county_officer, department=cast.department,
        supervision=make_user("dukao", Role.SUPERVISION, "370700"), enterprise=cast.enterprise, rival=rival,
        stranger=cast.stranger, firm=firm, rival_firm=other,
    )  # fmt: skip


def request_of(office: Office, **changed: str) -> Application:
    """Return a complete request for adjudication."""
    values = {**REQUEST, "patent_number": PATENT, **changed}
    return Application(
        matter="admin_adjudication", region="370700", title="演示甲公司与演示乙公司专利侵权纠纷", values=values,
        parties=(
            PartyGiven("applicant", "演示甲公司", office.firm.uscc, office.firm.pk),
            PartyGiven("respondent", "演示乙公司", office.rival_firm.uscc, office.rival_firm.pk),
        ),
        rights=(PATENT,), ip_kind="patent", files=FILES,
    )  # fmt: skip


def filed(office: Office, *, on: date = RECEIVED, handler: User | None = None, **changed: str) -> Receipt:
    """File a request as the enterprise and give it to a handler."""
    receipt = file_case(
        application=request_of(office, **changed), by=office.enterprise, channel=Channel.PERSON, on=on
    )
    person = handler or office.officer
    Assignment.objects.create(
        case=receipt.case,
        person=person,
        part="handler",
        state="taken",
        given_by=office.head,
        given_on=on,
        answered_on=on,
    )
    receipt.case.handler = person
    receipt.case.save(update_fields=["handler"])
    return receipt
