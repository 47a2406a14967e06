"""Filing a case: by the one it concerns, by an officer for somebody, from a file, over the API; the same rules for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import Role, User, may, record_event, require, scope
from zhicheng.apps.cases import creating, stepping
from zhicheng.apps.cases.assigning import conflicts_of
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.models import Assignment, Channel, Handling, Level, Party
from zhicheng.apps.cases.papers import check_file, lay_in
from zhicheng.apps.cases.prefilling import held_materials
from zhicheng.apps.cases.state_rows import papers_there, read_facts, read_state, typed_values
from zhicheng.apps.cases.telling import announce, tell_roles
from zhicheng.engines.procedures import running
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.kernel.refusals import NotAllowed, Refusal

HANDLERS_OF_REGION = (Role.CITY_OFFICER, Role.COUNTY_OFFICER)


@dataclass(frozen=True)
class Application:
    """What somebody hands in, as they entered it.

    Args:
        matter: code of the matter.
        region: code of the office; by default the city's.
        title: what it is about, in a line.
        values: the matter's form, as text by field.
        parties: applicant, respondent, agent …
        rights: numbers of the rights concerned.
        ip_kind: patent, trademark …
        files: material, file name and content.
    """

    matter: str
    region: str
    title: str
    values: Mapping[str, str] = field(default_factory=dict)
    parties: Sequence[creating.PartyGiven] = ()
    rights: Sequence[str] = ()
    ip_kind: str = ""
    files: Sequence[tuple[str, str, bytes]] = ()


@dataclass(frozen=True)
class Receipt:
    """What the one who filed takes away: number, code, and what happens next.

    Args:
        case: the case.
        code: code for tracing without sign-in; it is shown once.
        missing: the complete list of materials that are still missing.
    """

    case: Handling
    code: str
    missing: tuple[str, ...]


@transaction.atomic
def file_case(
    *,
    application: Application,
    by: User | None,
    channel: str = Channel.PERSON,
    on: date | None = None,
    synthetic: bool = False,
) -> Receipt:
    """File a case and take the first step of its definition.

    Args:
        application: what was entered.
        by: who files it; None for somebody without sign-in, where the matter is open to the public.
        channel: how it came in.
        on: the day of receipt, by default today.
        synthetic: marks a case of the demo city.

    Returns:
        The receipt with number, code and the complete list of what is missing.

    Raises:
        NotAllowed: this person may not file this matter, or not in this region.
        Refusal: something entered is wrong; every mistake names its field.
    """
    day = on or timezone.localdate()
    matter = matter_in_force(application.matter, day)
    may_file(by, matter, application.region)
    filed = _checked(application, matter, by)
    handling, code = creating.create(matter, filed, on=day, by=by, channel=channel, synthetic=synthetic)
    for material, name, content in application.files:
        row = handling.materials.filter(code=material).first()
        secret = handling.secret or next(
            (one.secret for one in matter.materials if one.id == material), False
        )
        lay_in(
            handling, kind=material, title=row.name if row else name, name=name, content=content, by=by, material=row,
            level=Level.HANDLERS if secret else Level.PARTIES,
        )  # fmt: skip
    record_event(
        by=by, action="cases.file", subject=f"case:{handling.number}",
        after={"matter": matter.code, "version": matter.version, "region": handling.region_code, "channel": channel},
    )  # fmt: skip
    first_step(handling, matter, by, day)
    _find_office(handling, by, day)
    announce(handling, "case.filed", day)
    missing = handling.materials.filter(required=True, state="missing").values_list("name", flat=True)
    return Receipt(handling, code, tuple(missing))


def may_file(user: User | None, matter: Matter, region: str) -> None:
    """Refuse whoever may not file this matter here."""
    if user is None:
        if "public" not in matter.filers:
            raise NotAllowed(f"提交“{matter.name}”须先登录。", fix="请登录后再提交。")
        return
    if user.is_officer:
        require(user, "cases.handle", region=region)
        if (
            user.role not in HANDLERS_OF_REGION
            and "officer" not in matter.filers
            and user.role not in matter.filers
        ):
            raise NotAllowed(f"{user}不能登记“{matter.name}”。", fix="请由主管部门的业务人员登记。")
        return
    able = user.role in matter.filers or "public" in matter.filers
    if not able or not may(user, "cases.apply"):
        raise NotAllowed(
            f"{user}（{user.get_role_display()}）不能提交“{matter.name}”。", fix="请由有资格的申请人提交。"
        )


def _checked(application: Application, matter: Matter, by: User | None) -> creating.Filed:
    """Check what was entered, all of it at once."""
    problems = []
    if not application.title.strip():
        problems.append("案由没有填写")
    if not application.region:
        problems.append("没有选择受理机关的区划")
    known = {one.id for one in matter.materials}
    for material, name, content in application.files:
        if material not in known:
            problems.append(f"没有材料“{material}”")
        check_file(name, len(content))
    if by is None or not by.is_officer:
        allowed = set(scope(by).organisation_ids) if by else set()
        strange = [
            one for one in application.parties if one.role == Party.Role.APPLICANT and one.organisation
        ]
        if any(one.organisation not in allowed for one in strange):
            raise NotAllowed("您没有代表该单位办事的授权。", fix="请先在“主体授权”中申请授权。")
    values = typed_values(matter.fields, application.values)
    missing = running.missing_fields(
        matter, matter.fields, {**values, "ip_kind": application.ip_kind}, timezone.localdate()
    )
    problems += [f"“{one.label}”没有填写" for one in missing]
    if problems:
        raise Refusal(f"{'；'.join(problems)}。", fix="请一次补齐后提交。")
    applicant = next((one.organisation for one in application.parties if one.organisation), None)
    return creating.Filed(
        region=application.region, title=application.title.strip(), parties=tuple(application.parties),
        rights=tuple(dict.fromkeys(one.strip() for one in application.rights if one.strip())), values=values,
        ip_kind=application.ip_kind, handed=frozenset(material for material, _, _ in application.files),
        held=held_materials(matter, applicant, tuple(application.rights)) if by else frozenset(),
    )  # fmt: skip


def first_step(handling: Handling, matter: Matter, by: User | None, on: date) -> None:
    """Take the first step of the definition that moves the case on and is the filer's to take."""
    found = opening_action(matter, by)
    if found is None:
        return
    action, role = found
    step = running.apply(
        matter, read_state(handling), action.id, role=role, by=str(by.pk) if by else "", on=on, calendar=page_calendar(),
        facts=read_facts(handling, matter), documents=papers_there(handling), values=None,
    )  # fmt: skip
    stepping.finish(handling, matter, step, by=by, role=role, on=on)


def opening_action(matter: Matter, by: User | None) -> tuple[Action, str] | None:
    """Return the first action from the first stage that moves on, and the role the filer takes it in.

    An officer who files for somebody stands in the party's place for this one step.
    """
    parties = [one.id for one in matter.roles if one.kind == "party"]
    officer = by is not None and by.is_officer
    offices = [one.id for one in matter.roles if one.kind == "office" and by and by.role in one.accounts]
    for action in matter.actions_from(matter.start.id):
        if not action.to_stage or action.withdraws or action.fields:
            continue
        able = [one for one in action.roles if one in offices] if officer else []
        for role in (*able, *(one for one in action.roles if one in parties)):
            return action, role
    return None


def _find_office(handling: Handling, by: User | None, on: date) -> None:
    """The officer who filed it handles it unless in conflict; otherwise the office is told that it waits."""
    if by and by.is_officer and by.role in HANDLERS_OF_REGION and not conflicts_of(by, handling):
        Assignment.objects.create(
            case=handling, person=by, part=Assignment.Part.HANDLER, state=Assignment.State.TAKEN, unit=by.department,
            given_by=by, given_on=on, answered_on=on,
        )  # fmt: skip
        handling.handler, handling.unit = by, by.department
        handling.save(update_fields=["handler", "unit", "updated_at"])
        return
    tell_roles(handling, HANDLERS_OF_REGION, f"{handling.number} 新收到，待分派。", on)
