"""A small city for tests of this room: firms, awards, two officers, a firm's agent, and days that never move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.public import Role, User, set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.firms.claims import AccountGiven, confirm_for_person
from zhicheng.apps.incentives.models import BankFile, Batch, Entitlement, ResultFile
from zhicheng.apps.incentives.payment import budgets, paying
from zhicheng.apps.incentives.payment.bank_files import OUT
from zhicheng.apps.incentives.runs.evaluations import forget
from zhicheng.apps.incentives.runs.keeping import forget_runs
from zhicheng.apps.ledger.models import HonourGrant, Organisation
from zhicheng.apps.records.public import tables_moved_on

AS_OF = date(2025, 12, 16)
NOTICED = date(2025, 12, 17)
AFTER = date(2026, 1, 5)
ANSWERED = date(2026, 1, 9)
GIVEN = AccountGiven("演示企业甲", "演示银行", "6200000000001234")


@dataclass
class World:
    """The city with its people and firms."""

    officer: User
    reviewer: User
    approver: User
    agent: User
    firms: dict[str, Organisation] = field(default_factory=dict)
    experts: list[User] = field(default_factory=list)

    def firm(self, name: str, region: str = "370783", **more: Any) -> Organisation:
        """A firm of the ledger."""
        number = f"9137{len(self.firms):013d}A"
        made = Organisation.objects.create(
            name=name, uscc=more.pop("uscc", number), region_code=region, kind="enterprise", size="small",
            industry_code="3411", **more,
        )  # fmt: skip
        self.firms[name] = made
        tables_moved_on(["ledger_organisation", "ledger_organisationname"])
        return made

    def honour(self, who: Organisation | None, honour: str, **more: Any) -> HonourGrant:
        """An honour of the ledger."""
        scheme, _, tier = honour.partition("/")
        values: dict[str, Any] = {
            "scheme_code": scheme, "tier": tier, "granted_on": date(2025, 4, 10), "round": 3, "level": "city",
            "holder_kind": "enterprise", "holder_name": who.name if who else "P-001", "organisation": who,
            "uscc": who.uscc if who else "", "region_code": who.region_code if who else "370702",
        }  # fmt: skip
        made = HonourGrant.objects.create(**{**values, **more})
        tables_moved_on(["ledger_honourgrant"])
        return made

    def moved(self, *tables: str) -> None:
        """The ledger has moved on."""
        tables_moved_on(list(tables) or ["ledger_honourgrant", "ledger_organisation"])

    def freeze(self, year: int = 2025, as_of: date = AS_OF, policy: str = "weifang", **more: Any) -> Batch:
        """A batch of the six clauses, unless another document is named."""
        return batch_actions.freeze(policy=policy, year=year, as_of=as_of, by=self.officer, **more)

    def money(self, amount: str = "100000000", year: int = 2025) -> None:
        """Enough budget."""
        budgets.appropriate(
            policy="weifang",
            year=year,
            payer="市",
            amount=Decimal(amount),
            document="演示文件",
            by=self.officer,
        )

    def through_notice(self, batch: Batch) -> Batch:
        """Submit, review and put on notice."""
        batch = batch_actions.submit(batch=batch, by=self.officer)
        reviewing.accept_rest(batch=batch, by=self.reviewer)
        batch = reviewing.review(batch=batch, by=self.reviewer)
        return batch_actions.publish(batch=batch, on=NOTICED, by=self.reviewer)

    def confirmed(self, batch: Batch) -> None:
        """Everybody in the batch has given an account."""
        for one in batch.entitlements.filter(live=True):
            confirm_for_person(entitlement=one, given=GIVEN, by=self.officer)

    def approved(self, batch: Batch) -> Batch:
        """Through notice, confirmed and approved."""
        self.confirmed(batch)
        return batch_actions.approve(batch=self.through_notice(batch), on=AFTER, by=self.reviewer)

    def sent(self, batch: Batch) -> list[BankFile]:
        """Every payer's file exported."""
        payers = sorted(set(batch.orders.filter(status="ready").values_list("payer", "payer_region")))
        return [
            paying.export_orders(batch=batch, payer=payer, payer_region=region, form="csv", by=self.officer)[
                0
            ]
            for payer, region in payers
        ]

    def answered(
        self, batch: Batch, folder: Path, *, failed: tuple[str, ...] = (), name: str = "回盘.csv"
    ) -> ResultFile:
        """The bank's answer to every sent order."""
        path = folder / name
        lines = ["指令编号,支付结果,金额,到账日期,银行流水号,失败原因"]
        for one in batch.orders.filter(status="sent").order_by("pk"):
            state = "失败" if one.number in failed else "成功"
            lines.append(
                f"{one.number},{state},{one.amount},2026-01-08,BK{one.pk},{'账号有误' if state == '失败' else ''}"
            )
        path.write_text("\n".join(lines), encoding="utf-8")
        return paying.import_results(batch=batch, path=path, name=name, on=ANSWERED, by=self.officer)

    def paid(self, batch: Batch, folder: Path, name: str = "回盘.csv") -> Batch:
        """The whole way to money on the account."""
        batch = self.approved(batch)
        self.sent(batch)
        self.answered(batch, folder, name=name)
        return batch


def make_world(settings: Any, home: Path) -> World:
    """Begin a city with a folder of its own; nothing of an earlier test is remembered."""
    settings.ZHICHENG_HOME = home
    forget()
    forget_runs()
    set_city(region_code="370700", name="演示市", opens_on=AS_OF)
    world = World(
        officer=make_user("jingban", Role.CITY_OFFICER, "370700"),
        reviewer=make_user("fuhe", Role.CITY_OFFICER, "370700"),
        approver=make_user("pizhun", Role.CITY_OFFICER, "370700"),
        agent=make_user("daiban", Role.ENTERPRISE),
    )
    tables_moved_on(["ledger_honourgrant", "ledger_organisation"])
    return world


def authorised(world: World, firm: Organisation) -> User:
    """Let the agent act for a firm."""
    OrganisationAgent.objects.get_or_create(
        user=world.agent,
        uscc=firm.uscc,
        state=AgentState.APPROVED,
        defaults={"organisation": firm, "letter": "x"},
    )
    return world.agent


def amounts(batch: Batch) -> dict[str, str]:
    """Who gets what in a batch."""
    rows = Entitlement.objects.filter(batch=batch, live=True)
    return {f"{one.name}/{one.clause.split('.')[1]}": f"{one.amount:.2f}" for one in rows}


__all__ = [
    "AFTER",
    "ANSWERED",
    "AS_OF",
    "GIVEN",
    "NOTICED",
    "OUT",
    "World",
    "amounts",
    "authorised",
    "make_world",
]
