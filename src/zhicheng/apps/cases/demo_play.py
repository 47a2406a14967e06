"""The room's part of the demo city: a dozen running cases of 2026, played through the room's own actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from zhicheng.apps.accounts.public import User, city
from zhicheng.apps.cases import assigning, conversing, drafting
from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.definitions import matters_in_force
from zhicheng.apps.cases.entering import parties_from
from zhicheng.apps.cases.filing import Application, file_case
from zhicheng.apps.cases.models import Channel, Handling
from zhicheng.apps.ledger.public import Organisation, Patent
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Field

PAPER = b"%PDF-1.4 demo"
TEXT = "演示内容，由程序生成。"


@dataclass(frozen=True)
class Play:
    """How far one demo case is played.

    Args:
        matter: code of the matter.
        days: how many days ago it came in.
        steps: role, action, days after receipt, values.
        changed: values of the form that differ from the plain ones.
        missing: materials that are not handed in.
    """

    matter: str
    days: int
    steps: Sequence[tuple[str, str, int, Mapping[str, str]]] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


ACCEPT = ("head", "accept", 2, {"known_within_three_years": "true", "panel_size": "three"})
SERVE = ("officer", "serve", 5, {"served_on": "@5"})
PLAYS = (
    Play("admin_adjudication", 1),
    Play("admin_adjudication", 2, missing=("register", "evidence")),
    Play("admin_adjudication", 9, (("officer", "ask_correction", 2, {"missing": "专利登记簿副本"}),), missing=("register",)),
    Play("admin_adjudication", 12, (ACCEPT,)),
    Play("admin_adjudication", 16, (ACCEPT, SERVE)),
    Play("admin_adjudication", 40, (ACCEPT, SERVE, ("officer", "answer", 18, {}))),
    Play("admin_adjudication", 70, (ACCEPT, SERVE, ("officer", "answer", 18, {}), ("officer", "forward", 20, {}),
                                    ("officer", "suspend", 30, {"suspension_ground": "invalidation"}))),
    Play("admin_adjudication", 100, (ACCEPT, SERVE, ("officer", "answer", 18, {}), ("officer", "forward", 20, {}))),
    Play("admin_adjudication", 88, (ACCEPT, SERVE, ("officer", "answer", 18, {}), ("officer", "forward", 20, {}),
                                    ("officer", "propose", 60, {"infringing": "true", "findings": TEXT}))),
    Play("admin_adjudication", 120, (ACCEPT, SERVE, ("officer", "answer", 18, {}), ("officer", "forward", 20, {}),
                                     ("officer", "propose", 60, {"infringing": "true", "findings": TEXT}),
                                     ("head", "decide", 66, {}))),
    Play("admin_adjudication", 30, (("officer", "withdraw", 3, {}),)),
    Play("mediation", 2), Play("rights_assistance", 3), Play("overseas_dispute", 4), Play("ip_violation", 5),
    Play("unqualified_agency", 6), Play("patent_pledge", 1, changed={"joint": "true"}), Play("pre_examination", 2, changed={"pledge_accepted": "true"}),
    Play("enquiry", 1),
)  # fmt: skip


def build_demo(cast: dict[str, User]) -> None:
    """Play the cases, unless they stand already."""
    if Handling.objects.filter(synthetic=True).exists():
        return
    today = timezone.localdate()
    firms = list(Organisation.objects.filter(kind="enterprise").exclude(uscc="").order_by("pk")[:40])
    patents = list(Patent.objects.filter(granted_on__isnull=False).order_by("pk")[:40])
    if len(firms) < len(PLAYS) * 2 or len(patents) < len(PLAYS):
        return
    known = {one.code: one for one in matters_in_force(today)}
    made = []
    for number, play in enumerate(PLAYS):
        matter = known.get(play.matter)
        if matter is not None:
            made.append(_played(play, matter, number, firms, patents, cast, today))
    _around(made, cast, today)


def _played(
    play: Play, matter: Matter, number: int, firms: Sequence[Organisation], patents: Sequence[Patent],
    cast: Mapping[str, User], today: date,
) -> Handling:  # fmt: skip
    received = today - timedelta(days=play.days)
    firm, other, patent = firms[number], firms[-1 - number], patents[number]
    values = {one.id: _value(one, firm, other, patent, received) for one in matter.fields}
    values = {name: value for name, value in {**values, **play.changed}.items() if value}
    found = parties_from(matter, {}, values, firm)
    parties = [
        PartyGiven(one.role, one.name, one.uscc, firm.pk if place == 0 else other.pk if place == 1 else None)
        for place, one in enumerate(found)
    ]
    needed = [one.id for one in matter.materials if one.id not in play.missing]
    application = Application(
        matter=matter.code, region=cast["officer"].region_code, title=f"演示{matter.name}第 {number + 1} 件", values=values,
        parties=parties, rights=(patent.application_number,), ip_kind="patent",
        files=[(one, f"{one}.pdf", PAPER) for one in needed],
    )  # fmt: skip
    case = file_case(
        application=application, by=cast["officer"], channel=Channel.OFFICER, on=received, synthetic=True
    ).case
    people = {"officer": cast["officer"], "head": cast["reviewer"]}
    for who, action, after, given in play.steps:
        filled = {name: _day(value, received) for name, value in given.items()}
        act(case=case.pk, action=action, by=people[who], on=received + timedelta(days=after), values=filled)
    case.refresh_from_db()
    return case


def _day(value: str, received: date) -> str:
    return (received + timedelta(days=int(value[1:]))).isoformat() if value.startswith("@") else value


def _value(one: Field, firm: Organisation, other: Organisation, patent: Patent, received: date) -> str:
    known = {
        "organisation.name": firm.name, "organisation.uscc": firm.uscc, "organisation.address": firm.address or TEXT,
        "organisation.phone": "00000000000", "right.number": patent.application_number, "right.title": patent.title,
        "right.kind": patent.kind, "region": firm.region_code,
    }  # fmt: skip
    if one.prefill in known and (not one.choices or known[one.prefill] in dict(one.choices)):
        return known[one.prefill]
    if one.id == "respondent_name":
        return other.name
    plain = {
        "date": (received - timedelta(days=60)).isoformat(), "integer": "1", "money": "10000", "boolean": "false",
        "phone": "00000000000", "email": "", "identifier": "", "country": "DE", "region": firm.region_code,
    }  # fmt: skip
    if one.type == "choice":
        return one.choices[0][0]
    return plain.get(one.type, TEXT if one.required or one.required_when else "")


def _around(made: Sequence[Handling], cast: Mapping[str, User], today: date) -> None:
    """What happens around the cases: a hand-over that waits, a unit that is asked, words, a supervision, a draft."""
    running = [one for one in made if not one.closed]
    if len(running) < 6:
        return
    assigning.assign(case=running[3].pk, person=cast["reviewer"], by=cast["officer"], why="请接办", on=today)
    conversing.comment(
        case=running[5].pk, text="已收到答辩书，请补充比对意见。", to_party=True, by=cast["officer"], on=today
    )
    department = cast["department"]
    if department.department:
        conversing.ask_units(
            case=running[5].pk, units=[department.department], question="请就被控产品的技术特征提出意见",
            due_on=today + timedelta(days=7), by=cast["officer"], on=today,
        )  # fmt: skip
    conversing.supervise(
        case=running[-1].pk, supervised=True, why="接近届满，列入督办", by=cast["supervision"], on=today
    )
    if city() is not None:
        drafting.begin(matter="admin_adjudication", by=cast["enterprise"], on=today)
