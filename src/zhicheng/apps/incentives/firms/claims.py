"""What a beneficiary does itself: confirm an amount, give an account, take consent back, dispute a fact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, one_person_mode, record_event, require, scope
from zhicheng.apps.incentives.batches.held_back import shown_with, what_is_left
from zhicheng.apps.incentives.batches.matters import identity_of_organisation, who_of
from zhicheng.apps.incentives.models import (
    Confirmation,
    Entitlement,
    FactDispute,
    PayeeAccount,
    PaymentOrder,
)
from zhicheng.apps.incentives.payment.paying import take_up_confirmed
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import ENTITLED, Outcome
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal


@dataclass(frozen=True)
class AccountGiven:
    """Where to pay, as the beneficiary wrote it."""

    holder: str
    bank: str
    account: str
    id_number: str = ""

    def checked(self) -> AccountGiven:
        """The same, or a refusal that says what is missing."""
        account = self.account.replace(" ", "")
        if not self.holder.strip() or not self.bank.strip():
            raise Refusal("收款账户须写明户名和开户银行。", fix="请填写完整。")
        if not account.isdigit() or not 8 <= len(account) <= 32:
            raise Refusal("收款账号应为 8 至 32 位数字。", fix="请核对账号。")
        return AccountGiven(self.holder.strip(), self.bank.strip(), account, self.id_number.strip())


def given_before(account: PayeeAccount) -> AccountGiven:
    """An account given earlier, to be used again; each confirmation keeps its own copy, which its withdrawal erases."""
    if account.withdrawn_at is not None:
        raise Conflict("这个账户的使用同意已撤回。", fix="请重新填写收款账户。")
    return AccountGiven(account.holder, account.bank, account.account, account.id_number)


def acting_for(organisation: Organisation, by: User) -> None:
    """Refuse whoever does not act for an organisation."""
    if organisation.pk not in scope(by).organisation_ids:
        raise NotAllowed(f"您没有“{organisation.name}”的有效授权。", fix="请先提交授权书并等待批准。")


def due_outcome(evaluation: Evaluation, organisation: Organisation, clause: str, fact: str) -> Outcome:
    """What is due to an organisation for one fact under one clause.

    Raises:
        NotFound: nothing is due.
    """
    for one in evaluation.explain(who_of(organisation), clause):
        if one.fact == fact and one.status == ENTITLED:
            return one
    raise NotFound(f"条款 {clause} 下没有“{fact}”的应得金额。", fix="请刷新页面查看最新结果。")


def _matter_of(evaluation: Evaluation, organisation: Organisation, outcome: Outcome) -> str:
    """The matter a yes is for: its batch's where one holds the amount already.

    Raises:
        Conflict: nothing is to come, since it was had from elsewhere or is the same award twice.
    """
    due = [one for one in evaluation.explain(who_of(organisation)) if one.status == ENTITLED]
    lefts = what_is_left(due, evaluation, of_one=True)
    holding = shown_with(lefts)
    left = next(
        one for one in lefts if (one.outcome.clause, one.outcome.fact) == (outcome.clause, outcome.fact)
    )
    held = holding.get(id(left))
    if held is None and left.amount <= 0:
        raise Conflict(f"“{outcome.fact}”不再支付：{left.words}。", fix="认为有误的，请提出异议。")
    return held.matter if held is not None else left.matter


@transaction.atomic
def confirm(
    *,
    organisation: Organisation,
    clause: str,
    fact: str,
    given: AccountGiven,
    evaluation: Evaluation,
    by: User,
) -> Confirmation:
    """Say yes to an amount that is due and name the account, also for an order that waits for one; asking twice changes nothing.

    Raises:
        NotAllowed: the person does not act for the organisation.
        NotFound: nothing is due for this fact.
        Conflict: the matter has been paid already.
    """
    require(by, "policies.own")
    acting_for(organisation, by)
    outcome = due_outcome(evaluation, organisation, clause, fact)
    rule = evaluation.program.clause(clause)
    assert rule is not None
    matter = _matter_of(evaluation, organisation, outcome)
    identity = identity_of_organisation(organisation.pk)
    paid = Entitlement.objects.filter(
        matter=matter, organisation=organisation, status=Entitlement.Status.PAID
    )
    if paid.exists():
        raise Conflict(f"“{rule.name}”的这一事项已经兑付。", fix="请在“已得”中查看到账记录。")
    standing = Confirmation.objects.filter(
        matter=matter, identity=identity, withdrawn_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    made = Confirmation.objects.create(
        matter=matter, identity=identity, organisation=organisation, clause=clause, fact=fact, amount=outcome.amount,
        account=keep_account(identity, organisation, given, by), confirmed_by=by,
    )  # fmt: skip
    record_event(
        by=by, action="policies.confirm", subject=f"confirmation:{made.pk}",
        after={"clause": clause, "fact": fact, "amount": str(outcome.amount)},
    )  # fmt: skip
    take_up_confirmed(made, by=by)
    return made


@transaction.atomic
def confirm_for_person(*, entitlement: Entitlement, given: AccountGiven, by: User) -> Confirmation:
    """Enter a person's confirmation and account from the form they signed; only the paying role may."""
    require(by, "policies.pay", region=entitlement.region_code)
    standing = Confirmation.objects.filter(
        matter=entitlement.matter, identity=entitlement.identity, withdrawn_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    made = Confirmation.objects.create(
        matter=entitlement.matter, identity=entitlement.identity, organisation=entitlement.organisation,
        clause=entitlement.clause, fact=entitlement.fact, amount=entitlement.amount,
        account=keep_account(entitlement.identity, entitlement.organisation, given, by), confirmed_by=by,
    )  # fmt: skip
    record_event(
        by=by, action="policies.confirm_for", subject=f"confirmation:{made.pk}",
        after={"entitlement": entitlement.pk, "amount": str(entitlement.amount)},
    )  # fmt: skip
    return made


def keep_account(
    identity: str, organisation: Organisation | None, given: AccountGiven, by: User
) -> PayeeAccount:
    """Keep an account as the beneficiary wrote it, encrypted."""
    checked = given.checked()
    return PayeeAccount.objects.create(
        identity=identity, organisation=organisation, holder=checked.holder, bank=checked.bank, account=checked.account,
        id_number=checked.id_number, given_by=by,
    )  # fmt: skip


def erase(account: PayeeAccount) -> None:
    """Erase what an account says; the row stays as a trace that there was one."""
    account.holder = account.bank = account.account = account.id_number = ""
    account.withdrawn_at = timezone.now()
    account.save()


@transaction.atomic
def withdraw(*, confirmation: Confirmation, by: User) -> Confirmation:
    """Take a yes back before the money is on its way; the account data is erased.

    Raises:
        Conflict: an order for it has already gone to the bank.
    """
    require(by, "policies.own")
    row = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("organisation", "account")
        .get(pk=confirmation.pk)
    )
    if row.organisation is None:
        raise NotAllowed("这一确认不属于单位。", fix="请联系经办人员。")
    acting_for(row.organisation, by)
    return take_back(row, by=by)


def take_back(row: Confirmation, *, by: User | None) -> Confirmation:
    """Undo a yes that nothing was paid on, inside a transaction of whoever may decide it."""
    if row.withdrawn_at is not None:
        return row
    orders = PaymentOrder.objects.filter(account=row.account)
    # locked first: a bank file being made at this moment would go out with an account erased behind it
    standing = list(orders.select_for_update(of=("self",)).order_by("pk").values_list("status", flat=True))
    if {PaymentOrder.Status.SENT, PaymentOrder.Status.PAID} & set(standing):
        raise Conflict("支付指令已送银行，不能撤回。", fix="请联系经办人员。")
    orders.filter(status=PaymentOrder.Status.READY).update(account=None)
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    if row.account is not None:
        erase(row.account)
    record_event(by=by, action="policies.withdraw_consent", subject=f"confirmation:{row.pk}")
    return row


@transaction.atomic
def dispute(*, organisation: Organisation, fact: str, text: str, by: User, clause: str = "") -> FactDispute:
    """Say that a fact about one's organisation is wrong."""
    require(by, "policies.own")
    acting_for(organisation, by)
    if not text.strip():
        raise Refusal("请写明哪里不对、正确的是什么。", fix="请填写后再提交。")
    made = FactDispute.objects.create(
        organisation=organisation,
        region_code=organisation.region_code,
        fact=fact,
        clause=clause,
        text=text,
        raised_by=by,
    )
    record_event(by=by, action="policies.dispute", subject=f"fact_dispute:{made.pk}", after={"fact": fact})
    return made


@transaction.atomic
def dispute_for_person(*, entitlement: Entitlement, fact: str, text: str, by: User) -> FactDispute:
    """Enter what a person payee says is wrong; persons have no accounts here, whoever pays them writes it down.

    Raises:
        NotFound: the amount is not a person's.
        Refusal: it does not say what is wrong.
    """
    require(by, "policies.pay", region=entitlement.region_code)
    if entitlement.kind != "person":
        raise NotFound("这一项的受益人不是个人。", fix="单位的异议由单位在自己的页面提出。")
    if not text.strip():
        raise Refusal("请写明哪里不对、正确的是什么。", fix="请填写后再提交。")
    made = FactDispute.objects.create(
        entitlement=entitlement, region_code=entitlement.region_code, fact=fact.strip() or entitlement.fact,
        clause=entitlement.clause, text=text.strip(), raised_by=by,
    )  # fmt: skip
    record_event(
        by=by, action="policies.dispute_for", subject=f"fact_dispute:{made.pk}", after={"entitlement": entitlement.pk}
    )  # fmt: skip
    return made


@transaction.atomic
def answer_dispute(*, item: FactDispute, corrected: bool, answer: str, by: User) -> FactDispute:
    """Answer a dispute; the ledger itself is corrected through its own review."""
    require(by, "policies.review", region=item.region_code)
    if not answer.strip():
        raise Refusal("答复须写明核实结论。", fix="请填写核实结论。")
    row = FactDispute.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if row.entitlement_id is not None and row.raised_by_id == by.pk and not one_person_mode():
        raise NotAllowed("代为登记的人不能答复这件异议。", fix="请由另一位有权限的人员核实答复。")
    if row.status != FactDispute.Status.OPEN:
        raise Conflict("这一异议已经答复。", fix="请刷新页面。")
    row.status = FactDispute.Status.CORRECTED if corrected else FactDispute.Status.KEPT
    row.answer, row.answered_by = answer, by
    row.save()
    record_event(by=by, action="policies.answer_dispute", subject=f"fact_dispute:{row.pk}", why=answer)
    return row


def due_total(outcomes: list[Outcome]) -> Decimal:
    """Money due in a list of answers."""
    return sum((one.amount for one in outcomes if one.status == ENTITLED), Decimal("0.00"))
