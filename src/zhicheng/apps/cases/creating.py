"""Makes the rows of a new case: the counted row, its handling, first stage, parties, materials and values."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases.access import first_party
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.ledger_rows import write_parts
from zhicheng.apps.cases.models import Case, CaseLink, Handling, Material, Party, StageVisit
from zhicheng.apps.cases.numbers import next_case_number
from zhicheng.apps.cases.standings import NEVER
from zhicheng.apps.cases.state_rows import keep_values, open_tasks, write_event
from zhicheng.apps.ledger.public import Organisation
from zhicheng.apps.records.public import tables_moved_on
from zhicheng.engines.procedures import running
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value

# Letters and digits that nobody mistakes for one another when a code is read out.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CASE_PATTERN = "{office}〔{year}〕{mark}{n:05d}号"
# Marks in case numbers, by the ledger's word for the matter.
MARKS = {
    "admin_adjudication": "专裁", "mediation": "知调", "rights_assistance": "维援", "overseas_dispute": "海外",
    "patent_violation": "专违", "trademark_violation": "商违", "unqualified_agency": "代核", "pre_examination": "预审",
    "enquiry": "咨询",
}  # fmt: skip


@dataclass(frozen=True)
class PartyGiven:
    """A party as it was entered."""

    role: str
    name: str
    uscc: str = ""
    organisation: int | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Filed:
    """What a new case begins with.

    Args:
        region: code of the office.
        title: what it is about, in a line.
        parties: at least one applicant, or none for a clue found by the office.
        rights: numbers of the rights concerned.
        ip_kind: patent, trademark …
        values: typed values of the matter's form.
        handed: codes of materials that come with it.
        held: codes of materials the city holds already.
    """

    region: str
    title: str
    parties: tuple[PartyGiven, ...] = ()
    rights: tuple[str, ...] = ()
    ip_kind: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    handed: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()


def create(
    matter: Matter,
    filed: Filed,
    *,
    on: date,
    by: User | None,
    channel: str,
    synthetic: bool = False,
    number: str = "",
) -> tuple[Handling, str]:
    """Write the rows of a new case in its first stage.

    Returns:
        The case and the code by which it is traced without sign-in, which is stored only as a digest.
    """
    if not number:
        series, pattern = case_series(matter)
        number = next_case_number(office=filed.region, series=series, pattern=pattern, on=on)
    secret = matter.confidentiality == "handlers"
    code = new_code()
    row = Case(
        number=number, matter=matter.counts_as, ip_kind=filed.ip_kind, region_code=filed.region, received_on=on,
        subject=f"{matter.name}（保密）" if secret else filed.title[:300], synthetic=synthetic,
    )  # fmt: skip
    row.matter = running.counted_as(matter, {"ip_kind": filed.ip_kind, "region": filed.region}, on)
    row.save()
    state = running.begin(matter, received_on=on)
    handling = Handling.objects.create(
        case=row, number=number, matter=matter.code, version=matter.version, title=filed.title[:300], secret=secret,
        region_code=filed.region, stage=state.stage, entered_on=on, received_on=on, sort_on=NEVER, filed_by=by,
        channel=channel, synthetic=synthetic,
        organisation_id=next((one.organisation for one in filed.parties), None), trace_digest=digest_of(row.pk, code),
    )  # fmt: skip
    handling.code_now = code  # type: ignore[attr-defined]  # for the receipt issued in this transaction only
    StageVisit.objects.create(case=handling, stage=state.stage, entered_on=on)
    open_tasks(handling, state.tasks)
    for one in filed.parties:
        Party.objects.create(
            case=handling, role=one.role, name=one.name[:200], uscc=one.uscc, organisation_id=one.organisation,
            contact=one.contact, phone=one.phone, email=one.email,
            served_on=on if one.role in (first_party(matter), Party.Role.AGENT) else None,
        )  # fmt: skip
    keep_values(handling, filed.values)
    write_materials(handling, matter, filed, on)
    write_parts(handling, filed.rights)
    tables_moved_on([Case._meta.db_table])
    write_event(
        handling, action="created", words="登记", on=on, by=by, after=str(matter.start.name), told=True
    )
    return handling, code


def case_series(matter: Matter) -> tuple[str, str]:
    """Return name and pattern of the series case numbers are taken from: the definition's own, else by mark."""
    patterns = {one.id: one.pattern for one in matter.series}
    for action in matter.actions_from(matter.start.id):
        for effect in action.effects:
            if effect.kind == "number" and effect.target in patterns:
                return f"{matter.code}.{effect.target}", patterns[effect.target]
    mark = MARKS.get(matter.counts_as, "办")
    return f"case.{mark}", CASE_PATTERN.replace("{mark}", mark)


def write_materials(handling: Handling, matter: Matter, filed: Filed, on: date) -> None:
    """List every material the matter knows, with what is asked of this case and what is there already."""
    facts: dict[str, Value] = {
        **filed.values, "received_on": on, "region": filed.region, "ip_kind": filed.ip_kind, "stage": matter.start.id,
        "filed_by": handling.filer,
    }  # fmt: skip
    needed = {one.id for one in running.needed_materials(matter, facts, on)}
    Material.objects.bulk_create(
        Material(
            case=handling, code=one.id, name=str(one.label)[:200], required=one.id in needed,
            state=(
                Material.State.GIVEN if one.id in filed.handed
                else Material.State.FROM_LEDGER if one.id in filed.held
                else Material.State.MISSING
            ),
        )
        for one in matter.materials
        if one.id in needed or one.id in filed.handed or one.required_when == "false"
    )  # fmt: skip


def create_following(handling: Handling, target: str, *, on: date, by: User | None) -> Handling:
    """Open a further case with the same parties, rights and values; it waits in its first stage to be filed."""
    matter = matter_in_force(target, on)
    known = {one.id for one in matter.fields}
    values: dict[str, Value] = {
        name: value for name, value in handling.values.values_list("name", "value") if name in known
    }
    parties = tuple(
        PartyGiven(one.role, one.name, one.uscc, one.organisation_id, one.contact, one.phone, one.email)
        for one in handling.parties.all()
    )
    filed = Filed(
        region=handling.region_code, title=handling.title, parties=parties, ip_kind=handling.case.ip_kind,
        rights=rights_of(handling), values=values,
    )  # fmt: skip
    row, _code = create(
        matter, filed, on=on, by=handling.filed_by, channel=handling.channel, synthetic=handling.synthetic
    )
    if by is not None:
        CaseLink.objects.create(case=row, other=handling, kind=CaseLink.Kind.FOLLOWS, by=by, on=on)
    write_event(
        handling, action="opened", words=f"另立{matter.name}", on=on, by=by, after=row.number, told=True
    )
    return row


def rights_of(handling: Handling) -> tuple[str, ...]:
    """Return the numbers of the rights a case is about."""
    return tuple(handling.case.rights.values_list("number", flat=True))


def organisation_of(number: int | None) -> Organisation | None:
    """Return an organisation of the ledger."""
    return Organisation.objects.filter(pk=number).first() if number else None


def new_code() -> str:
    """Return a fresh tracing code."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def digest_of(case: int, code: str) -> str:
    """Return what is stored of a tracing code."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{case}\x1f{code}".encode(), hashlib.sha256).hexdigest()


def digest_of_address(address: str) -> str:
    """Return what is stored of the address a request came from, for counting only."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


def parties_of(filed: Sequence[PartyGiven], role: str) -> list[PartyGiven]:
    """Return the parties that stand in one place."""
    return [one for one in filed if one.role == role]
