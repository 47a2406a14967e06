"""Applications for tests of this room: the demo's own documents installed, a pledge in the ledger, drafts filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zhicheng.apps.accounts.public import User
from zhicheng.apps.incentives.applications import applying, deciding
from zhicheng.apps.incentives.demo.policies import POLICY as DEMO
from zhicheng.apps.incentives.demo.policies import install
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.city import AS_OF, GIVEN, World
from zhicheng.apps.ledger.models import Organisation
from zhicheng.apps.utilization.models import PledgeRegistration


def pledge(world: World, firm: Organisation, number: str) -> PledgeRegistration:
    """A pledge of the ledger, repaid; what its valuation cost the ledger does not know."""
    made = PledgeRegistration.objects.create(
        number=number, pledgor=firm.name, organisation=firm, region_code=firm.region_code, amount=5_000_000,
        registered_on=date(2024, 7, 1), released_on=date(2025, 6, 30),
    )  # fmt: skip
    world.moved("utilization_pledgeregistration")
    return made


def drafted(firm: Organisation, clause: str, by: User, fact: str = "") -> PolicyApplication:
    """A draft under a clause."""
    return applying.begin(
        organisation=firm, clause=clause, evaluation=current_evaluation(AS_OF), by=by, fact=fact
    )


def filled(firm: Organisation, clause: str, by: User, values: Mapping[str, str]) -> PolicyApplication:
    """A draft that lacks nothing, of a fact the firm describes."""
    row = drafted(firm, clause, by)
    applying.lay_proof(
        application=row, material="proof", name="hetong.pdf", content=b"%PDF-1.4 demo", by=by, on=AS_OF
    )
    return applying.save(
        application=row,
        values=values,
        by=by,
        evaluation=current_evaluation(AS_OF),
        declared=True,
        account=GIVEN,
    )


def handed_in(row: PolicyApplication, by: User) -> PolicyApplication:
    """An application handed in on the day of the tests."""
    return applying.submit(application=row, evaluation=current_evaluation(AS_OF), by=by, on=AS_OF).application


def accept(row: PolicyApplication, by: User, on: date) -> PolicyApplication:
    """Accept an application."""
    return deciding.decide(application=row, step="accept", words="核对无误", by=by, on=on)


__all__ = ["DEMO", "accept", "drafted", "filled", "handed_in", "install", "pledge"]
