"""Accounts of persons: entered from the form they signed, opened by whoever pays and each time recorded, erased on request."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.firms.claims import AccountGiven, confirm_for_person, erase
from zhicheng.apps.incentives.models import Confirmation, Entitlement, PayeeAccount, PaymentOrder
from zhicheng.kernel.identifiers import citizen_id
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

ON_ITS_WAY = (PaymentOrder.Status.SENT, PaymentOrder.Status.PAID)


@transaction.atomic
def register(*, entitlement: Entitlement, given: AccountGiven, by: User) -> Confirmation:
    """Enter a person's yes and account; one person is paid once for one matter, under however many names.

    Raises:
        Refusal: the number is not a citizen's number.
        Conflict: the same number stands for the same matter under another name.
    """
    require(by, "policies.pay", region=entitlement.region_code)
    number = citizen_id.parse(given.id_number).normal
    same_matter = Confirmation.objects.filter(matter=entitlement.matter, withdrawn_at__isnull=True)
    for one in same_matter.exclude(identity=entitlement.identity).select_related("account"):
        if one.account is not None and citizen_id.normalise(one.account.id_number) == number:
            raise Conflict(
                f"证件号 {citizen_id.mask(number)} 已用于同一事项的另一位受益人。",
                fix="请核对是否同一人的两个名字；同一人只兑付一次，多出的一项请剔除。",
            )
    return confirm_for_person(entitlement=entitlement, given=replace(given, id_number=number), by=by)


def account_of(entitlement: Entitlement) -> PayeeAccount | None:
    """The account that stands for a person's amount."""
    found = (
        Confirmation.objects.filter(
            matter=entitlement.matter, identity=entitlement.identity, withdrawn_at__isnull=True
        )
        .select_related("account")
        .first()
    )
    return found.account if found else None


@transaction.atomic
def opened(*, entitlement: Entitlement, by: User) -> AccountGiven:
    """Open an account in full for whoever pays; each time is recorded.

    Raises:
        NotFound: there is none, or consent was withdrawn.
    """
    require(by, "policies.pay", region=entitlement.region_code)
    account = account_of(entitlement)
    if account is None or account.withdrawn_at is not None:
        raise NotFound("这一项没有登记收款账户，或已撤回。", fix="请先据本人签字的领取表登记。")
    record_event(
        by=by,
        action="policies.open_account",
        subject=f"payee_account:{account.pk}",
        after={"entitlement": entitlement.pk},
    )
    return AccountGiven(account.holder, account.bank, account.account, account.id_number)


@transaction.atomic
def withdraw_for(*, entitlement: Entitlement, why: str, by: User) -> None:
    """Take a person's consent back at their request, before the money is on its way; the account is erased."""
    require(by, "policies.pay", region=entitlement.region_code)
    if not why.strip():
        raise Refusal("撤回同意须写明本人在何时、怎样提出。", fix="请填写说明。")
    found = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(matter=entitlement.matter, identity=entitlement.identity, withdrawn_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound("这一项没有登记收款账户，或已撤回。", fix="请刷新页面。")
    orders = PaymentOrder.objects.filter(account=found.account)
    if orders.filter(status__in=ON_ITS_WAY).exists():
        raise Conflict("支付指令已送银行，不能撤回。", fix="到账后如有异议，请按追回或退款办理。")
    orders.update(account=None)
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    if found.account is not None:
        erase(found.account)
    record_event(by=by, action="policies.withdraw_consent", subject=f"confirmation:{found.pk}", why=why)
