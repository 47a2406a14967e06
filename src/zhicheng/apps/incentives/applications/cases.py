"""What follows from the case of an application: facts go to the ledger's review, the fact becomes free, the money came."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

from zhicheng.apps.accounts.public import User, one_person_mode, record_event
from zhicheng.apps.cases.public import Ended, act_for_room, handling_of, standings_of
from zhicheng.apps.incentives.applications.checks import MATTER
from zhicheng.apps.incentives.applications.facts import (
    as_if,
    differing,
    held_by_another,
    own_fact,
    stated_of,
)
from zhicheng.apps.incentives.applications.fields import shape_of
from zhicheng.apps.incentives.days import from_cases, in_cases
from zhicheng.apps.incentives.firms.claims import erase, take_back
from zhicheng.apps.incentives.models import Confirmation, PaymentOrder, PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import Evaluation, current_evaluation
from zhicheng.apps.records.public import stage_file
from zhicheng.apps.records.public import submit as submit_change
from zhicheng.engines.incentives.answers import ENTITLED, Outcome
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

COLUMNS = ("办件编号", "条款", "事实种类", "事实编号", "申报单位", "统一社会信用代码", "核定项目", "核定值", "申报日", "区划代码")  # fmt: skip
PAID = "paid"


def _of(number: str) -> PolicyApplication | None:
    rows = PolicyApplication.objects.select_for_update(of=("self",)).select_related("organisation", "account")
    return rows.filter(case_number=number).first()


def accepted(told: Ended) -> None:
    """Take an acceptance over: the facts go to the ledger's review and the firm's yes stands, in the case's transaction.

    Raises:
        NotAllowed: whoever handed it in may not accept it.
        Refusal: the firm states something else than the ledger, or nothing would be due.
    """
    row = _of(told.number)
    if row is None or told.by is None:
        return  # a case that no application of this room opened: nothing hangs on it
    if row.submitted_by_id == told.by.pk and not one_person_mode():
        raise NotAllowed("提交人不能审核自己提交的申报。", fix="请由另一位有权限的人员办理。")
    evaluation = current_evaluation(from_cases(told.on))
    outcome = due_if_accepted(row, evaluation)
    stage_facts(row, by=told.by)
    if not Confirmation.objects.filter(
        matter=row.matter, identity=row.identity, withdrawn_at__isnull=True
    ).exists():
        Confirmation.objects.create(
            matter=row.matter, identity=row.identity, organisation=row.organisation, clause=row.clause, fact=row.fact,
            amount=outcome.amount, account=row.account, confirmed_by=row.submitted_by or row.made_by,
        )  # fmt: skip


def due_if_accepted(row: PolicyApplication, evaluation: Evaluation) -> Outcome:
    """What would be due, with the reasons why an application cannot be accepted as it stands.

    Raises:
        Refusal: it differs from the ledger, the fact is another firm's, or nothing would be due.
    """
    assert row.applied_on is not None
    clause = evaluation.program.clause(row.clause)
    if clause is None:
        raise NotFound(f"条款 {row.clause} 已不在政策目录中。", fix="请核对政策目录。")
    shape = shape_of(evaluation.program, clause)
    own = own_fact(evaluation, clause, row)
    if wrong := differing(own, row.values, shape):
        labels = "、".join(f"“{shape.columns[one].label}”" for one in wrong)
        raise Refusal(f"{labels}与台账所载不一致。", fix="请先更正台账，或退回补正。")
    if other := held_by_another(evaluation, clause, row.organisation, row.fact):
        raise Refusal(f"台账上“{row.fact}”属于“{other}”。", fix="请核对编号，退回补正或不予通过。")
    outcome = as_if(row, evaluation, on=row.applied_on)
    if outcome is None or outcome.status != ENTITLED:
        why = (
            "；".join(f"{one.text}（{one.found}）" if one.found else one.text for one in outcome.reasons)
            if outcome
            else ""
        )
        raise Refusal(f"按所填内容测算不应兑付：{why or '事实不触发条款'}。", fix="请退回补正，或不予通过。")
    return outcome


def stage_facts(row: PolicyApplication, *, by: User) -> None:
    """Hand what an application has established to the ledger's own review; another officer approves it there."""
    assert row.applied_on is not None
    organisation = row.organisation
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{row.case_number}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for one in stated_of(row, row.applied_on):
                writer.writerow([
                    row.case_number, one.clause, one.kind, one.fact, organisation.name, organisation.uscc or "", one.item,
                    one.stated, one.applied_on, organisation.region_code,
                ])  # fmt: skip
        staged = stage_file(
            path, by=by, type_id="application_facts", synthetic=row.synthetic, region=row.region_code
        )
    row.change_set = str(submit_change(change_set=staged, by=by).key)
    row.save(update_fields=["change_set"])


def ended(told: Ended) -> None:
    """Take the end of a case over: what was not paid frees the fact and erases the account, in the case's transaction."""
    row = _of(told.number)
    if row is None or told.outcome == PAID:
        return
    row.live = False
    row.save(update_fields=["live"])
    for one in (
        Confirmation.objects.filter(account=row.account_id, withdrawn_at__isnull=True)
        if row.account_id
        else ()
    ):
        take_back(one, by=told.by)
    if row.account is not None:
        row.account.refresh_from_db()
        if row.account.withdrawn_at is None:
            erase(row.account)
    record_event(
        by=told.by, action="policies.end_application", subject=f"application:{row.pk}", after={"outcome": told.outcome}
    )  # fmt: skip


def after_payment(sender: Any, instance: PaymentOrder, **_kept: Any) -> None:
    """Close the case of an application once every order of its amount is paid."""
    entitlement = instance.entitlement
    if instance.status != PaymentOrder.Status.PAID or entitlement.organisation_id is None:
        return
    row = (
        PolicyApplication.objects.filter(matter=entitlement.matter, live=True)
        .filter(organisation_id=entitlement.organisation_id)
        .exclude(case_number="")
        .first()
    )
    if row is None:
        return
    standing = standings_of([row.case_number]).get(row.case_number)
    done = (PaymentOrder.Status.PAID, PaymentOrder.Status.CANCELLED)
    open_orders = entitlement.orders.filter(replaced_by__isnull=True).exclude(status__in=done)
    if standing is None or standing.closed or open_orders.exclude(pk=instance.pk).exists():
        return
    paid_on = instance.paid_on
    assert paid_on is not None
    total = sum(entitlement.orders.filter(status=PaymentOrder.Status.PAID).values_list("amount", flat=True))
    act_for_room(
        case=handling_of(row.case_number), action="pay", by=None, on=max(in_cases(paid_on), standing.since),
        values={"paid_amount": f"{total:.2f}", "paid_on": paid_on.isoformat()}, why="银行回盘到账",
    )  # fmt: skip


__all__ = ["MATTER", "accepted", "after_payment", "due_if_accepted", "ended", "stage_facts"]
