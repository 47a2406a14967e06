"""From what was entered on a form to an application: parties, rights and title are read out of the matter's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhicheng.apps.cases.access import first_party
from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.filing import Application
from zhicheng.apps.cases.models import Party
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Field
from zhicheng.kernel.identifiers import IDENTIFIERS
from zhicheng.kernel.refusals import Refusal

PARTY_WORDS = ("name", "uscc", "contact", "phone", "email")
# Identifier rules that name a right, and the kind of right they name.
RIGHTS = {
    "patent_application": "patent",
    "patent_publication": "patent",
    "trademark": "trademark",
    "gi": "gi",
}
SHORT = 40


def application_from(
    matter: Matter, values: Mapping[str, str], *, organisation: Organisation | None = None,
    files: Sequence[tuple[str, str, bytes]] = (),
) -> Application:  # fmt: skip
    """Return what was entered as an application.

    Args:
        matter: the definition whose form was filled in.
        values: `title`, `region`, `ip_kind`, `email`, `applicant.<word>` and `f.<field>` → text.
        organisation: the one applied for.
        files: material, name and content.

    Raises:
        Refusal: a number of the form does not obey its rule.
    """
    entered = {name[2:]: value.strip() for name, value in values.items() if name.startswith("f.")}
    entered = {one.id: checked(one, entered[one.id]) for one in matter.fields if entered.get(one.id)}
    parties = parties_from(matter, values, entered, organisation)
    rights = [entered[one.id] for one in matter.fields if one.identifier in RIGHTS and entered.get(one.id)]
    title = values.get("title", "").strip() or _title(matter, parties, entered)
    return Application(
        matter=matter.code, region=values.get("region", ""), title=title, values=entered, parties=parties, rights=rights,
        ip_kind=entered.get("ip_kind") or values.get("ip_kind", "") or ip_kind_of(matter), files=files,
    )  # fmt: skip


def checked(field: Field, text: str) -> str:
    """Return a value in its normal form where its field has a rule.

    Raises:
        Refusal: the value does not obey the rule.
    """
    rule = IDENTIFIERS.get(field.identifier) if field.identifier else None
    if rule is None:
        return text
    try:
        rule.parse(text)
    except Refusal as refusal:
        raise Refusal(f"“{field.label}”：{refusal.what}", fix=refusal.fix, source=refusal.source) from refusal
    return str(rule.normalise(text))


def asks_for_applicant(matter: Matter) -> bool:
    """Tell whether the matter's own form asks who applies; otherwise the common part does."""
    return any(one.id == f"{first_party(matter)}_name" for one in matter.fields)


def parties_from(
    matter: Matter, values: Mapping[str, str], entered: Mapping[str, str], organisation: Organisation | None
) -> list[PartyGiven]:
    """Return the parties a form names: fields called `<role>_name`, `<role>_uscc`, `<role>_phone` …"""
    first = first_party(matter)
    roles = dict.fromkeys(
        [first, *(one.id for one in matter.roles if one.kind == "party"), Party.Role.AGENT.value]
    )
    found = []
    for role in roles:
        words = {word: entered.get(f"{role}_{word}", "") for word in PARTY_WORDS}
        if role == first:
            common = {word: values.get(f"applicant.{word}", "").strip() for word in PARTY_WORDS}
            words = {word: words[word] or common[word] for word in PARTY_WORDS}
            words["email"] = words["email"] or values.get("email", "").strip()
            words["name"] = words["name"] or (organisation.name if organisation else "")
        if words["name"]:
            own = (
                organisation.pk
                if organisation and role == first
                else _known(words["name"], words["uscc"], role)
            )
            found.append(PartyGiven(role=role, organisation=own, **words))
    return found


def _known(name: str, uscc: str, role: str) -> int | None:
    """The organisation of the ledger behind a code or a full name that only one bears: it sees what it was served."""
    if role == Party.Role.AGENT:
        return None
    rows = Organisation.objects.filter(uscc=uscc) if uscc else Organisation.objects.filter(name=name)
    found = list(rows.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def ip_kind_of(matter: Matter) -> str:
    """Return the kind of right a matter is about when its form asks for one kind only."""
    kinds = {RIGHTS[one.identifier] for one in matter.fields if one.identifier in RIGHTS}
    return kinds.pop() if len(kinds) == 1 else ""


def _title(matter: Matter, parties: Sequence[PartyGiven], entered: Mapping[str, str]) -> str:
    about = next(
        (entered[one.id] for one in matter.fields if one.prefill == "right.title" and entered.get(one.id)), ""
    )
    names = "与".join(one.name[:SHORT] for one in parties if one.role != Party.Role.AGENT)
    return "".join(part for part in (names, f"“{about[:SHORT]}”" if about else "", str(matter.name)) if part)
