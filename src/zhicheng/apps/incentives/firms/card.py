"""What an organisation is due, on the home page of whoever acts for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, scope
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.web.public import Card, Line, Place, amount

MOST_FIRMS = 3


def firm_card(user: Any, place: Place) -> Card | None:
    """Applications to correct, money due, batches on the way, windows that close, answers to disputes; None for who acts for nobody."""
    if not may(user, "policies.own") or not scope(user).organisation_ids:
        return None
    mine = firm_queries.own_organisations(user)
    lines = [
        line
        for organisation in mine[:MOST_FIRMS]
        for line in _lines(firm_queries.firm(organisation, as_of=place.as_of, on=today()))
    ]
    if len(mine) > MOST_FIRMS:
        words = _("另有 %(count)s 个单位，到政策页选择查看") % {"count": len(mine) - MOST_FIRMS}
        lines.append(Line(words, f"/incentives/own/?organisation={mine[MOST_FIRMS].pk}", "", _("单位"), ""))
    return Card(_("应得的政策"), tuple(lines), _("现在没有应得未付的；有新的会列在这里。"), "/incentives/")


def _lines(firm: firm_queries.Firm) -> list[Line]:
    href = f"/incentives/own/?organisation={firm.organisation.pk}"
    found = [
        Line(
            one.row.clause_name,
            f"/incentives/own/applications/{one.row.pk}/",
            one.row.case_number,
            _("请补正"),
            "bad",
        )
        for one in firm_queries.correcting(firm.organisation, today())
    ]
    for one in firm.due:
        value, unit = amount(one.amount, "元")
        if one.confirmation is None and one.proactive:
            state, tone = _("待确认"), "warm"
        elif one.entitlement is not None:
            state, tone = one.entitlement.batch.get_status_display(), "good"
        else:
            state, tone = _("已确认"), "good"
        found.append(Line(one.answer.clause_name, href, f"{value} {unit}", state, tone))
    applied = firm_queries.applied_under(firm.organisation)
    closing = [one for one in firm.windows if one.closing and one.policy_id not in applied]
    for window in closing:
        left = _("还有 %(days)s 天截止") % {"days": window.days}
        found.append(Line(window.policy, href, left, _("申报窗口"), "warm"))
    answered = [one for one in firm.disputes.rows if one.answer]
    found += [Line(one.fact, href, one.answer[:40], one.get_status_display(), "good") for one in answered]
    return found
