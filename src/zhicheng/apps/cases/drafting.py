"""Applications begun and not yet filed: saved as they are, resumed where they were left, filed once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, city, record_event, scope
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.entering import application_from, ip_kind_of
from zhicheng.apps.cases.filing import Application, Receipt, file_case
from zhicheng.apps.cases.for_rooms import refuse_here
from zhicheng.apps.cases.models import CaseDraft, Channel, DraftFile, DraftValue
from zhicheng.apps.cases.papers import check_file
from zhicheng.apps.cases.prefilling import known_words, prefilled
from zhicheng.apps.cases.state_rows import typed_values
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.kernel.refusals import Conflict, NotFound

MOST_DRAFTS = 50


@transaction.atomic
def begin(
    *, matter: str, by: User, organisation: int | None = None, right: str = "", on: date | None = None
) -> CaseDraft:
    """Begin an application with everything the ledger already holds filled in."""
    day = on or timezone.localdate()
    definition = matter_in_force(matter, day)
    if by.case_drafts.filter(filed_as=None).count() >= MOST_DRAFTS:
        raise Conflict(f"未提交的申请已有 {MOST_DRAFTS} 份。", fix="请先提交或删除一些。")
    if organisation is None and not by.is_officer:
        organisation = next(iter(scope(by).organisation_ids), None)
    draft = CaseDraft.objects.create(owner=by, matter=matter, organisation_id=organisation)
    known = known_words(by, organisation, right)
    values = {f"f.{name}": value for name, value in prefilled(definition, by, organisation, right).items()}
    office = city()
    values |= {
        "applicant.name": known.get("organisation.name", ""), "applicant.uscc": known.get("organisation.uscc", ""),
        "email": by.email if not by.is_officer else "", "ip_kind": ip_kind_of(definition),
        "region": by.region_code or known.get("region", "") or (office.region_code if office else ""),
    }  # fmt: skip
    _keep(draft, {name: value for name, value in values.items() if value})
    record_event(by=by, action="cases.draft", subject=f"case_draft:{draft.key}", after={"matter": matter})
    return draft


def _keep(draft: CaseDraft, values: Mapping[str, str]) -> None:
    DraftValue.objects.bulk_create(
        [DraftValue(draft=draft, name=name[:80], value=value) for name, value in values.items()],
        update_conflicts=True, update_fields=["value"], unique_fields=["draft", "name"],
    )  # fmt: skip


def draft_of(key: object, user: User) -> CaseDraft:
    """Return one's own draft.

    Raises:
        NotFound: there is none of the key, or it is somebody else's.
    """
    row = (
        CaseDraft.objects.select_related("organisation", "filed_as").filter(key=str(key), owner=user).first()
    )
    if row is None:
        raise NotFound("没有找到这份申请。", fix="请从“我的申请”打开；草稿只有本人可见。")
    return row


def values_of(draft: CaseDraft) -> dict[str, str]:
    """Return everything entered so far."""
    return dict(draft.values.values_list("name", "value"))


@transaction.atomic
def save(*, draft: CaseDraft, values: Mapping[str, str], by: User) -> CaseDraft:
    """Keep what was entered as it is, complete or not."""
    _refuse_filed(draft)
    _keep(draft, values)
    draft.save(update_fields=["saved_at"])
    record_event(
        by=by, action="cases.draft_save", subject=f"case_draft:{draft.key}", after={"fields": len(values)}
    )
    return draft


@transaction.atomic
def attach(*, draft: CaseDraft, material: str, name: str, content: bytes, by: User) -> DraftFile:
    """Lay a file beside a draft; one for the same material replaces the earlier one."""
    _refuse_filed(draft)
    check_file(name, len(content))
    draft.files.filter(material=material).delete()
    row = DraftFile(draft=draft, material=material, name=name[:200])
    row.file.save(name[-80:], ContentFile(content), save=True)
    record_event(
        by=by, action="cases.draft_attach", subject=f"case_draft:{draft.key}", after={"material": material}
    )
    return row


@transaction.atomic
def discard(*, draft: CaseDraft, by: User) -> None:
    """Delete a draft that was not filed."""
    _refuse_filed(draft)
    record_event(by=by, action="cases.draft_discard", subject=f"case_draft:{draft.key}")
    draft.delete()


@transaction.atomic
def file_draft(*, draft: CaseDraft, by: User, on: date | None = None) -> Receipt:
    """File a draft; a draft that was filed already is not filed twice.

    Raises:
        Conflict: it was filed before; names the number it got.
        Refusal: something is missing or wrong; the draft stays as it is.
    """
    held = CaseDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    _refuse_filed(held)
    channel = Channel.OFFICER if by.is_officer else Channel.PERSON
    receipt = file_case(
        application=application_of(held, on or timezone.localdate()), by=by, channel=channel, on=on
    )
    held.filed_as = receipt.case
    held.save(update_fields=["filed_as", "saved_at"])
    return receipt


def application_of(draft: CaseDraft, on: date) -> Application:
    """Return a draft as the application it would be."""
    files = [(one.material, one.name, one.file.read()) for one in draft.files.all()]
    definition = matter_in_force(draft.matter, on)
    refuse_here(definition)
    return application_from(definition, values_of(draft), organisation=draft.organisation, files=files)


def typed_facts(matter: Matter, entered: Mapping[str, str]) -> dict[str, Value]:
    """Return what was entered so far as typed values."""
    return typed_values(matter.fields, entered)


def _refuse_filed(draft: CaseDraft) -> None:
    if draft.filed_as_id is not None:
        number = draft.filed_as.number if draft.filed_as else ""
        raise Conflict(f"这份申请已提交，案号 {number}。", fix="请在“我的办件”查看。")
