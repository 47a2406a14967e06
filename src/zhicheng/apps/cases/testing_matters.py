"""What tests of any matter share: a person for each role of its definition, and a filing with the whole form filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from zhicheng.apps.accounts.public import Role, User
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.cases.entering import application_from
from zhicheng.apps.cases.filing import file_case
from zhicheng.apps.cases.models import Assignment, Channel, Handling
from zhicheng.apps.cases.state_rows import as_text
from zhicheng.apps.cases.testing import PATENT, Office
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import SYSTEM, Field
from zhicheng.engines.procedures.parts import Role as MatterRole

EXPERTS = ("mediator", "expert")
SECOND = ("reviewer", "superior", "province")


def people_of(office: Office, matter: Matter) -> dict[str, User]:
    """Return who takes each role: the firm that files, the one it names, the handler, two heads, an expert, a third head."""
    parties = [one.id for one in matter.roles if one.kind == "party"]
    expert = User.objects.filter(username="zhuanjia").first() or make_user("zhuanjia", Role.EXPERT, "370700")
    third = User.objects.filter(username="jiti").first() or make_user("jiti", Role.CITY_OFFICER, "370700")
    found = {}
    for one in matter.roles:
        found[one.id] = _person(one, parties, office, expert, third)
    return {role: person for role, person in found.items() if role != SYSTEM}


def _person(role: MatterRole, parties: list[str], office: Office, expert: User, third: User) -> User:
    if role.kind == "party":
        return office.enterprise if role.id == parties[0] else office.rival
    if role.id in EXPERTS:
        return expert
    if role.id == "board":
        return third
    return office.second if role.id in SECOND else office.head if role.permission else office.officer


def fill(field: Field, on: date) -> str:
    """Return a value that a field takes, as text."""
    plain = {
        "date": (on + timedelta(days=30)).isoformat(), "boolean": "true", "integer": "1", "money": "10000",
        "instant": f"{on + timedelta(days=30)}T17:00 America/New_York", "phone": "053600000000",
        "email": "demo@example.org", "country": "DE", "region": "370700",
    }  # fmt: skip
    if field.choices:
        return field.choices[0][0]
    return PATENT if field.identifier == "patent_application" else plain.get(field.type, "演示内容")


def form_of(office: Office, matter: Matter, facts: Mapping[str, Value], on: date) -> dict[str, str]:
    """Return the whole form filled in, with the facts that a test is about."""
    parties = [one.id for one in matter.roles if one.kind == "party"]
    firms = {
        role: office.firm if place == 0 else office.rival_firm for place, role in enumerate(parties)
    }  # fmt: skip
    own = {f"{role}_name": firm.name for role, firm in firms.items()}
    own |= {f"{role}_uscc": firm.uscc for role, firm in firms.items()}
    plain = {one.id: own.get(one.id) or fill(one, on) for one in matter.fields if one.identifier != "uscc"}
    plain |= {one.id: own.get(one.id, "") for one in matter.fields if one.identifier == "uscc"}
    return plain | {name: as_text(value) for name, value in facts.items()}


def file_any(
    office: Office, matter: Matter, *, on: date, role: str = "", facts: Mapping[str, Value] | None = None
) -> Handling:
    """File a case of a matter with every paper, and give it to everybody whom its definition wants assigned.

    Args:
        office: people and firms.
        matter: the definition.
        on: the day.
        role: the role in which it is filed; by default the first party's where it may, else the office's.
        facts: values of the form that the test is about.
    """
    people = people_of(office, matter)
    parties = [one.id for one in matter.roles if one.kind == "party"]
    by_party = role in parties if role else "enterprise" in matter.filers
    by = office.enterprise if by_party else office.officer
    form = form_of(office, matter, facts or {}, on)
    application = application_from(
        matter, {"title": f"演示{matter.name}", "region": "370700", **{f"f.{name}": text for name, text in form.items()}},
        organisation=office.firm, files=[(one.id, f"{one.id}.pdf", b"%PDF " + one.id.encode()) for one in matter.materials],
    )  # fmt: skip
    channel = Channel.PERSON if by_party else Channel.OFFICER
    case = file_case(application=application, by=by, channel=channel, on=on).case
    _give_out(case, matter, people, office, on)
    case.refresh_from_db()
    return case


def _give_out(case: Handling, matter: Matter, people: Mapping[str, User], office: Office, on: date) -> None:
    part = Assignment.Part
    wanted = {office.officer: part.HANDLER}
    for one in matter.roles:
        if one.kind == "office" and one.assigned:
            wanted.setdefault(people[one.id], part.EXPERT)
        elif one.kind == "office" and one.permission and case.secret:
            wanted.setdefault(people[one.id], part.APPROVER)
    for person, what in wanted.items():
        if not case.assignments.filter(person=person).exists():
            Assignment.objects.create(
                case=case, person=person, part=what, state="taken", given_by=office.head, given_on=on, answered_on=on
            )  # fmt: skip
    Handling.objects.filter(pk=case.pk).update(handler=office.officer)
