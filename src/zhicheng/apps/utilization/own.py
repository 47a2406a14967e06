"""What a bank sees on the home page: pledges registered in its name and the credit lines it granted."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import Role, scope
from zhicheng.apps.ledger.public import Organisation
from zhicheng.apps.utilization.models import CreditLine, PledgeRegistration
from zhicheng.apps.web.public import Card, Line, Place, amount


def bank_card(user: Any, place: Place) -> Card | None:
    """Pledges in force and credit lines of the banks a person acts for."""
    seen = scope(user)
    if seen.role != Role.BANK or not seen.organisation_ids:
        return None
    names = list(Organisation.objects.filter(pk__in=seen.organisation_ids).values_list("name", flat=True))
    standing = PledgeRegistration.objects.filter(
        pledgee__in=names, registered_on__lte=place.as_of, revoked_on__isnull=True
    ).exclude(released_on__lte=place.as_of)
    pledges = standing.aggregate(count=Count("pk"), total=Sum("amount"))
    lines = CreditLine.objects.filter(bank__in=names, approved_on__lte=place.as_of)
    credit = lines.aggregate(count=Count("pk"), total=Sum("amount"))
    return Card(
        _("质押与授信"),
        (
            Line(_("存续的质押登记"), "", _said(pledges)),
            Line(_("累计授信"), "", _said(credit)),
        ),
    )


def _said(found: dict[str, Any]) -> str:
    total = amount(found["total"], "元") if found["total"] else ("0", "元")
    return f"{found['count']} {_('笔')} · {total[0]} {total[1]}"
