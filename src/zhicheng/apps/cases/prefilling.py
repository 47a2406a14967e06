"""What the ledger already holds of an applicant and a right, so that it is not asked again."""

from __future__ import annotations

from collections.abc import Sequence

from zhicheng.apps.accounts.public import User
from zhicheng.apps.ledger.public import Organisation, Patent
from zhicheng.engines.procedures.definition import Matter


def prefilled(matter: Matter, user: User, organisation: int | None, right: str = "") -> dict[str, str]:
    """Return the fields of a matter's form that the ledger can fill, as text by field."""
    known = known_words(user, organisation, right)
    return {
        one.id: known[one.prefill]
        for one in matter.fields
        if known.get(one.prefill) and (not one.choices or known[one.prefill] in dict(one.choices))
    }


def known_words(user: User, organisation: int | None, right: str = "") -> dict[str, str]:
    """Return everything known by the names definitions use."""
    found = {"user.name": user.display_name, "user.phone": user.phone, "user.email": user.email}
    firm = Organisation.objects.filter(pk=organisation).first() if organisation else None
    if firm is not None:
        found |= {
            "organisation.name": firm.name, "organisation.uscc": firm.uscc, "organisation.address": firm.address,
            "organisation.kind": firm.get_kind_display(), "region": firm.region_code,
        }  # fmt: skip
    patent = Patent.objects.filter(application_number=right.strip()).first() if right.strip() else None
    if patent is not None:
        found |= {
            "right.number": patent.application_number, "right.title": patent.title, "right.kind": patent.kind,
            "right.granted_on": patent.granted_on.isoformat() if patent.granted_on else "",
            "right.owner": "、".join(patent.owners.values_list("name", flat=True)),
        }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def held_materials(matter: Matter, organisation: int | None, rights: Sequence[str]) -> frozenset[str]:
    """Return the materials that need not be handed in because the ledger shows the same.

    A definition says where a material is held (`organisation.…`, `right.…`); it counts as held only when the ledger
    really knows this organisation or this right.
    """
    firm = bool(organisation and Organisation.objects.filter(pk=organisation).exclude(uscc="").exists())
    numbers = [one.strip() for one in rights if one.strip()]
    right = bool(numbers) and Patent.objects.filter(application_number__in=numbers).count() == len(
        set(numbers)
    )
    held = set()
    for one in matter.materials:
        if (one.held_by.startswith("organisation") and firm) or (one.held_by.startswith("right") and right):
            held.add(one.id)
    return frozenset(held)
