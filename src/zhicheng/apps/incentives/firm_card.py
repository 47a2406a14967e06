"""What an organisation is due, on the home page of whoever acts for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, scope
from zhicheng.apps.incentives import firm_queries
from zhicheng.apps.web.public import Card, Line, Place, amount

MOST_FIRMS = 3


def firm_card(user: Any, place: Place) -> Card | None:
    """Money due, batches on the way, and answers to disputes; None for who acts for nobody."""
    if not may(user, "policies.own") or not scope(user).organisation_ids:
        return None
    lines = [
        line
        for organisation in firm_queries.own_organisations(user)[:MOST_FIRMS]
        for line in _lines(firm_queries.firm(organisation, as_of=place.as_of))
    ]
    return Card(_("应得的政策"), tuple(lines), _("现在没有应得未付的；有新的会列在这里。"), "/incentives/")


def _lines(firm: firm_queries.Firm) -> list[Line]:
    href = f"/incentives/own/?organisation={firm.organisation.pk}"
    found = []
    for one in firm.due:
        value, unit = amount(one.answer.outcome.amount, "元")
        if one.confirmation is None and one.proactive:
            state, tone = _("待确认"), "warm"
        elif one.entitlement is not None:
            state, tone = one.entitlement.batch.get_status_display(), "good"
        else:
            state, tone = _("已确认"), "good"
        found.append(Line(one.answer.clause_name, href, f"{value} {unit}", state, tone))
    for item in firm.disputes:
        if item.answer:
            found.append(Line(item.fact, href, item.answer[:40], item.get_status_display(), "good"))
    return found
