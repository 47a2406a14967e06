"""The demo city's applications: the demo firm applies under the demonstration documents, and each stands elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from zhicheng.apps.accounts.public import User, opening_date
from zhicheng.apps.incentives.applications import applying, deciding
from zhicheng.apps.incentives.demo.policies import POLICY, install
from zhicheng.apps.incentives.firms import queries as firm_queries
from zhicheng.apps.incentives.firms.claims import AccountGiven
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.ledger.public import Organisation

PREMIUM, ENFORCEMENT = f"{POLICY}.insurance", f"{POLICY}.enforcement"
PAPER = b"%PDF-1.4\n% demonstration\n"
GIVEN = AccountGiven("演示收款单位", "演示银行潍坊分行", "6200000000001234")


def build_applications(cast: Mapping[str, User]) -> None:
    """Install the demonstration documents and play four applications of the demo firm."""
    if PolicyApplication.objects.filter(synthetic=True).exists():
        return
    install(Path(settings.ZHICHENG_HOME))
    mine = firm_queries.own_organisations(cast["enterprise"])
    if not mine:
        return
    firm, on, officer = mine[0], opening_date(), cast["officer"]
    accepted = _sent(
        firm,
        PREMIUM,
        cast,
        on - timedelta(days=8),
        premium="26000",
        paid_on="2025-05-20",
        policy_number="YS-BD-0001",
    )
    deciding.decide(
        application=accepted, step="accept", words="（演示）核对保单与发票，一致。", by=officer, on=on - timedelta(days=4)
    )  # fmt: skip
    returned = _sent(
        firm, ENFORCEMENT, cast, on - timedelta(days=6), case_number="YS-WQ-0001", cost="48000", won="true", closed_on="2025-08-11"
    )  # fmt: skip
    deciding.decide(
        application=returned, step="return", words="（演示）缺律师费发票；缺文书生效证明。", by=officer, on=on - timedelta(days=1)
    )  # fmt: skip
    _sent(
        firm,
        PREMIUM,
        cast,
        on - timedelta(days=2),
        premium="18000",
        paid_on="2025-06-18",
        policy_number="YS-BD-0002",
    )
    _filled(firm, PREMIUM, cast, on, premium="9600", paid_on="2025-09-09", policy_number="YS-BD-0003")


def _filled(
    firm: Organisation, clause: str, cast: Mapping[str, User], on: date, **values: str
) -> PolicyApplication:
    """A draft with a proof beside it."""
    by, evaluation = cast["enterprise"], current_evaluation(opening_date())
    row = applying.begin(organisation=firm, clause=clause, evaluation=evaluation, by=by, synthetic=True)
    applying.lay_proof(application=row, material="proof", name="演示证明.pdf", content=PAPER, by=by, on=on)
    return applying.save(
        application=row, values=values, evaluation=evaluation, by=by, declared=True, account=GIVEN
    )


def _sent(
    firm: Organisation, clause: str, cast: Mapping[str, User], on: date, **values: str
) -> PolicyApplication:
    """An application that was handed in on a day."""
    row = _filled(firm, clause, cast, on, **values)
    evaluation = current_evaluation(opening_date())
    return applying.submit(application=row, evaluation=evaluation, by=cast["enterprise"], on=on).application
