"""What a firm does with an application (快申快享): begin, fill in, lay proofs beside, hand in, correct, take back, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.cases.public import (
    Application,
    PartyGiven,
    act,
    file_case,
    hand_in,
    handling_of,
)
from zhicheng.apps.incentives.applications import checks as application_checks
from zhicheng.apps.incentives.applications.checks import MATTER, Complete, complete, standing_of
from zhicheng.apps.incentives.applications.facts import own_fact, own_facts
from zhicheng.apps.incentives.applications.fields import (
    asked_of,
    can_apply,
    checked,
    same,
    shape_of,
    version_for,
)
from zhicheng.apps.incentives.applications.models import MATERIALS
from zhicheng.apps.incentives.batches.matters import identity_of_organisation, who_of
from zhicheng.apps.incentives.days import in_cases
from zhicheng.apps.incentives.files import keeping
from zhicheng.apps.incentives.firms.claims import AccountGiven, acting_for, erase, keep_account
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import ENTITLED
from zhicheng.engines.incentives.rules import Clause
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal


@dataclass(frozen=True)
class Submitted:
    """What a firm takes away: the application and the code by which its case is traced, shown once."""

    application: PolicyApplication
    code: str


def clause_of(evaluation: Evaluation, clause: str) -> Clause:
    """A clause that can be applied for.

    Raises:
        NotFound: there is none.
        Refusal: nothing of it can be applied for.
    """
    found = evaluation.program.clause(clause)
    if found is None:
        raise NotFound(f"没有条款“{clause[:80]}”。", fix="请从本单位的政策页打开。")
    shape = shape_of(evaluation.program, found)
    if not can_apply(found, found.versions[-1], shape):
        raise Refusal(
            f"“{found.name}”不需要申报：{shape.label}由{shape.supplied_by}提供，入台账后自动算出。",
            fix="台账有误或遗漏的，请在本单位的政策页提出异议。",
        )
    return found


@transaction.atomic
def begin(
    *, organisation: Organisation, clause: str, evaluation: Evaluation, by: User, fact: str = "", synthetic: bool = False
) -> PolicyApplication:  # fmt: skip
    """Begin an application for a fact of the ledger, or for one the firm will describe; asking twice begins one.

    Args:
        organisation: who applies. clause: under which clause. evaluation: over the ledger as it is now.
        by: who acts for it. fact: number of the fact chosen from the ledger, empty for one to be described.
        synthetic: marks an application of the demo city.

    Raises:
        NotFound: the ledger holds no such fact of the firm.
        Conflict: it is due without an application already.
    """
    require(by, "policies.apply")
    acting_for(organisation, by)
    rule = clause_of(evaluation, clause)
    shape = shape_of(evaluation.program, rule)
    if fact:
        if not own_facts(evaluation, rule, organisation, fact=fact):
            raise NotFound(f"台账上没有本单位的{shape.label}“{fact[:80]}”。", fix="请从列出的事实中选择。")
        _refuse_due(evaluation, rule, organisation, fact)
    elif not shape.describable:
        raise Refusal(f"{shape.label}须先入台账，不能由单位描述。", fix=f"请联系{shape.supplied_by}补录。")
    standing = PolicyApplication.objects.filter(
        organisation=organisation, clause=rule.id, fact=fact, live=True
    ).first()
    if standing is not None:
        return standing
    made = PolicyApplication.objects.create(
        organisation=organisation, identity=identity_of_organisation(organisation.pk), region_code=organisation.region_code,
        policy=rule.policy, clause=rule.id, clause_name=rule.name, fact_kind=rule.fact, fact=fact, held=bool(fact),
        made_by=by, synthetic=synthetic,
    )  # fmt: skip
    record_event(
        by=by, action="policies.begin_application", subject=f"application:{made.pk}",
        after={"clause": rule.id, "fact": fact},
    )  # fmt: skip
    return made


def _refuse_due(evaluation: Evaluation, rule: Clause, organisation: Organisation, fact: str) -> None:
    for one in evaluation.explain(who_of(organisation), rule.id):
        if one.fact == fact and one.status == ENTITLED:
            raise Conflict(
                f"“{rule.name}”的这一事实已经算出应得 {one.amount:,.2f} 元，不必申报。",
                fix="请在本单位的政策页确认领取。",
            )


def locked(application: PolicyApplication, by: User, revision: int | None = None) -> PolicyApplication:
    """An application held for a change by somebody who acts for its firm.

    Raises:
        Conflict: somebody else changed it since.
    """
    require(by, "policies.apply")
    row = (
        PolicyApplication.objects.select_for_update(of=("self",))
        .select_related("organisation", "account")
        .filter(pk=application.pk)
        .first()
    )
    if row is None:
        raise NotFound("这份申报已经删除。", fix="请返回本单位的政策页。")
    acting_for(row.organisation, by)
    if revision is not None and revision != row.revision:
        raise Conflict("这份申报刚被他人修改。", fix="请刷新页面，核对后再保存。")
    return row


def _open(row: PolicyApplication) -> bool:
    """Whether a firm may still change what it states: a draft, or one sent back for correction."""
    found = standing_of(row)
    return found is None or found.stage_id == "correcting"


@transaction.atomic
def save(
    *, application: PolicyApplication, values: Mapping[str, str], evaluation: Evaluation, by: User, fact: str = "",
    declared: bool = False, account: AccountGiven | None = None, revision: int | None = None,
) -> PolicyApplication:  # fmt: skip
    """Keep what was filled in, complete or not; what the ledger holds alike is not kept a second time.

    Raises:
        Conflict: it is being examined, or was changed by somebody else.
        Refusal: a value is not what its column takes.
    """
    row = locked(application, by, revision)
    if not _open(row):
        raise Conflict(
            f"申报 {row.case_number} 已提交，正在审核。", fix="退回补正时可以修改；撤回后可以重新申报。"
        )
    clause = clause_of(evaluation, row.clause)
    shape = shape_of(evaluation.program, clause)
    asked = asked_of(clause, version_for(clause, application_checks.event_day(row, values, shape)), shape)
    kept = checked(asked, values)
    if row.held:
        own = own_fact(evaluation, clause, row)
        held = own.values if own else {}
        kept = {
            name: value
            for name, value in kept.items()
            if not (held.get(name) and same(shape.columns[name].type, held[name], value))
        }
    elif row.draft:
        named = kept.get(clause.object, "") if clause.object in {one.name for one in asked} else fact.strip()
        row.fact = application_checks.number_checked(named)
    before = dict(row.values)
    row.values, row.declared, row.revision = kept, declared, row.revision + 1
    if account is not None:
        _set_account(row, account, by)
    row.save()
    record_event(
        by=by, action="policies.save_application", subject=f"application:{row.pk}",
        before={"values": before}, after={"values": kept, "fact": row.fact},
    )  # fmt: skip
    return row


def _set_account(row: PolicyApplication, given: AccountGiven, by: User) -> None:
    one, checked_account = row.account, given.checked()
    alike = one is not None and (one.holder, one.bank, one.account) == (
        checked_account.holder, checked_account.bank, checked_account.account,
    )  # fmt: skip
    if alike:
        return
    row.account = keep_account(row.identity, row.organisation, given, by)
    if one is not None and not one.confirmations.exists():
        erase(one)


@transaction.atomic
def lay_proof(
    *, application: PolicyApplication, material: str, name: str, content: bytes, by: User, on: date
) -> None:
    """Lay a proof beside a draft, or hand it in to the case while it is being corrected; the same file twice is one.

    Raises:
        Refusal: the file is of a kind that is not taken, too large, or one too many.
    """
    row = locked(application, by)
    if material not in dict(MATERIALS):
        raise Refusal(f"没有材料“{material[:20]}”。", fix=f"可选：{'、'.join(dict(MATERIALS))}。")
    if not _open(row):
        raise Conflict(f"申报 {row.case_number} 正在审核。", fix="退回补正时可以补充材料。")
    keeping.check(name, content)
    if not row.draft:
        hand_in(
            case=handling_of(row.case_number),
            name=name,
            content=content,
            by=by,
            material=material,
            on=_day(row, on),
        )
        return
    proof = keeping.keep(
        row.proofs, said={"application": row, "material": material}, name=name, content=content, by=by
    )
    if proof is not None:
        record_event(
            by=by, action="policies.lay_proof", subject=f"application:{row.pk}",
            after={"material": material, "sha256": proof.sha256},
        )  # fmt: skip


def _day(row: PolicyApplication, on: date) -> date:
    """A day on which the case of an application can be acted on: not before it came into its stage."""
    found = standing_of(row)
    day = in_cases(on)
    return max(day, found.since) if found else day


@transaction.atomic
def drop_proof(*, application: PolicyApplication, proof: int, by: User) -> None:
    """Take a proof away from a draft."""
    row = locked(application, by)
    found = row.proofs.filter(pk=proof).first()
    if found is None:
        raise NotFound("没有这个文件。", fix="请刷新页面。")
    record_event(
        by=by, action="policies.drop_proof", subject=f"application:{row.pk}", after={"sha256": found.sha256}
    )
    keeping.forget(found)


@transaction.atomic
def submit(
    *, application: PolicyApplication, evaluation: Evaluation, by: User, on: date, revision: int | None = None
) -> Submitted:
    """Hand an application in: the day of application is fixed and its case is opened; twice hands in once.

    Raises:
        OutsideWindow: the window of the event's year is not open; names its days and the next one.
        Conflict: the matter is applied for, listed or paid already.
        Refusal: something is missing; all of it is named.
    """
    row = locked(application, by)
    if not row.draft:
        return Submitted(row, "")
    if revision is not None and revision != row.revision:
        raise Conflict("这份申报刚被他人修改。", fix="请刷新页面，核对后再提交。")
    found: Complete = complete(row, evaluation, on=on)
    row.version, row.matter = found.version.since.isoformat(), found.matter
    application_checks.refuse_claimed(row)
    row.applied_on, row.submitted_by = on, by
    organisation, clause = row.organisation, found.clause
    receipt = file_case(
        application=Application(
            matter=MATTER, region=row.region_code, title=f"{organisation.name}申报“{clause.name}”",
            values={
                "applicant_name": organisation.name, "application": str(row.pk), "clause": row.clause,
                "clause_name": clause.name, "fact": row.fact,
            },
            parties=(PartyGiven("applicant", organisation.name, uscc=organisation.uscc or "", organisation=organisation.pk),),
            files=[(one.material, one.name, one.file.read()) for one in row.proofs.all()],
        ),
        by=by, on=in_cases(on), synthetic=row.synthetic,
    )  # fmt: skip
    row.case_number, row.revision = receipt.case.number, row.revision + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("这一事项已有一份申报在办。", fix="请在“我的申报”中查看。") from error
    for proof in row.proofs.all():
        keeping.forget(proof)
    record_event(
        by=by, action="policies.submit_application", subject=f"application:{row.pk}",
        after={"case": row.case_number, "applied_on": on.isoformat()},
    )  # fmt: skip
    return Submitted(row, receipt.code)


@transaction.atomic
def correct(
    *, application: PolicyApplication, evaluation: Evaluation, by: User, on: date
) -> PolicyApplication:
    """Hand an application in again after its correction; the day of application stays the first one."""
    row = locked(application, by)
    complete(row, evaluation, on=on)
    act(case=handling_of(row.case_number), action="correct", by=by, on=_day(row, on))
    record_event(by=by, action="policies.correct_application", subject=f"application:{row.pk}")
    return row


@transaction.atomic
def withdraw(*, application: PolicyApplication, by: User, on: date, why: str = "") -> PolicyApplication:
    """Take an application back before it is decided; its account data is erased and the fact is free again."""
    row = locked(application, by)
    if row.draft:
        raise Conflict("还没有提交，不必撤回。", fix="不再需要的草稿可以删除。")
    act(case=handling_of(row.case_number), action="withdraw", by=by, on=_day(row, on), why=why)
    record_event(by=by, action="policies.withdraw_application", subject=f"application:{row.pk}", why=why)
    row.refresh_from_db()
    return row


@transaction.atomic
def delete(*, application: PolicyApplication, by: User) -> None:
    """Delete a draft with its proofs and account data."""
    row = locked(application, by)
    if not row.draft:
        raise Conflict(f"申报 {row.case_number} 已提交，不能删除。", fix="决定之前可以撤回。")
    for proof in row.proofs.all():
        keeping.forget(proof)
    account = row.account
    record_event(
        by=by,
        action="policies.delete_application",
        subject=f"application:{row.pk}",
        before={"clause": row.clause},
    )
    row.delete()
    if account is not None:
        account.delete()
