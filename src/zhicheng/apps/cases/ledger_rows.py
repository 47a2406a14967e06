"""The row of the ledger a case is counted by: kept in step with the handling, neutral where the case is secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhicheng.apps.cases.models import Case, CaseDocument, CaseParty, CaseRight, Handling
from zhicheng.apps.records.public import tables_moved_on
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Template
from zhicheng.engines.procedures.running import counted_as

COUNTED = (
    "received_on",
    "accepted_on",
    "closed_on",
    "outcome",
    "region_code",
    "subject",
    "matter",
    "ip_kind",
)


def write_ledger(handling: Handling, matter: Matter) -> None:
    """Bring the counted row in step; the ledger moves on only when something that is counted changed."""
    row = handling.case
    before = [getattr(row, name) for name in COUNTED]
    row.matter = counted_as(matter, {"ip_kind": row.ip_kind, "region": row.region_code}, handling.received_on)
    row.subject = f"{matter.name}（保密）" if handling.secret else handling.title
    row.region_code = handling.region_code
    row.received_on, row.accepted_on, row.closed_on = (
        handling.received_on,
        handling.accepted_on,
        handling.closed_on,
    )
    row.outcome = matter.outcome(handling.outcome).counts_as if handling.outcome else ""
    if before == [getattr(row, name) for name in COUNTED]:
        return
    row.revision += 1
    row.save()
    tables_moved_on([Case._meta.db_table])


def write_parts(handling: Handling, rights: Sequence[str]) -> None:
    """Write the parties and rights that figures and rewards read; none of a secret case."""
    if handling.secret:
        return
    CaseParty.objects.bulk_create(
        CaseParty(
            case=handling.case, name=one.name, uscc=one.uscc, organisation_id=one.organisation_id,
            role=one.role if one.role in ("applicant", "respondent", "agent") else "applicant" if place == 0 else "third",
        )
        for place, one in enumerate(handling.parties.all())
    )  # fmt: skip
    CaseRight.objects.bulk_create(CaseRight(case=handling.case, number=one) for one in rights)
    tables_moved_on([CaseParty._meta.db_table, CaseRight._meta.db_table])


def write_document(handling: Handling, template: Template, number: str, issued_on: date) -> None:
    """Enter an issued document into the ledger, where decisions and settlements are counted."""
    if not number or handling.secret:
        return
    CaseDocument.objects.create(
        number=number, case_number=handling.number, kind=template.kind, issued_on=issued_on,
        region_code=handling.region_code, synthetic=handling.synthetic,
    )  # fmt: skip
    tables_moved_on([CaseDocument._meta.db_table])
