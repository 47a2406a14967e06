"""Every list of the room at two sizes, the second at least ten times the first: as many questions to the database, and a next page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.public import record_event
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import (
    BankFile,
    Batch,
    BudgetEntry,
    Clawback,
    Confirmation,
    Entitlement,
    EvaluationRun,
    FactDispute,
    PayeeAccount,
    PaymentOrder,
    PolicyApplication,
    ReceivedPayment,
    ResultFile,
    Scenario,
)
from zhicheng.apps.incentives.testing.city import AS_OF, GIVEN, authorised
from zhicheng.apps.ledger.models import HonourGrant, Organisation

ROOM, API = "/incentives/", "/api/v1/policies/"
DAY = date(2025, 4, 10)
GOLD = "china_patent_award/gold"
SMALL, LARGE = 6, 120


class City:
    """A city whose every list grows by the same number of rows."""

    def __init__(self, world):
        self.world, self.size = world, 0
        self.firm = world.firm("甲公司", name_key="甲公司")
        world.honour(self.firm, GOLD, object_number="ZL-first")
        world.money()
        self.batch = world.approved(world.freeze())
        self.run = None

    def grow(self, size):
        """Bring every list to a size."""
        by, numbers = self.world.officer, range(self.size, size)
        rows = [self._entitlement(n) for n in numbers]
        Entitlement.objects.bulk_create(rows)
        accounts = PayeeAccount.objects.bulk_create(
            PayeeAccount(
                identity=f"org:{self.firm.pk}", organisation=self.firm, holder=GIVEN.holder, bank=GIVEN.bank, account=str(10**10 + n), given_by=by
            )
            for n in numbers
        )  # fmt: skip
        Confirmation.objects.bulk_create(
            Confirmation(
                matter=one.matter, identity=one.identity, organisation=self.firm, clause=one.clause, fact=one.fact, amount=1,
                account=account, confirmed_by=by,
            )
            for one, account in zip(rows, accounts, strict=True)
        )  # fmt: skip
        PaymentOrder.objects.bulk_create(
            PaymentOrder(
                batch=self.batch, entitlement=one, number=f"o{n}", payer="市", payer_region="370700", amount=one.amount, account=account,
                status="paid" if n % 2 else "ready", paid_on=DAY if n % 2 else None, bank_reference=f"b{n}" if n % 2 else "",
            )
            for n, one, account in zip(numbers, rows, accounts, strict=True)
        )  # fmt: skip
        Clawback.objects.bulk_create(
            Clawback(entitlement=one, reason="revoked", words="撤销", amount=1, found_on=DAY, opened_by=by)
            for one in rows
        )
        self._of_the_firm(numbers, by)
        self._around(numbers, by)
        self.size = size

    def _of_the_firm(self, numbers, by):
        """Awards that were revoked, which the firm narrowly missed, and drafts of applications."""
        HonourGrant.objects.bulk_create(
            HonourGrant(
                scheme_code="china_patent_award", tier="silver", granted_on=DAY, round=3, level="city", holder_kind="enterprise",
                holder_name=self.firm.name, organisation=self.firm, uscc=self.firm.uscc, object_number=f"ZL20170000{n:04d}",
                region_code="370783", revoked_on=date(2025, 6, 1),
            )
            for n in numbers
        )  # fmt: skip
        PolicyApplication.objects.bulk_create(
            PolicyApplication(
                organisation=self.firm, identity=f"org:{self.firm.pk}", region_code="370783", policy="weifang", clause="weifang.x",
                clause_name="x", fact=f"f{n}", fact_kind="honours", values={}, made_by=by, matter=f"a{n}",
            )
            for n in numbers
        )  # fmt: skip

    def _entitlement(self, n):
        return Entitlement(
            batch=self.batch, clause="weifang.china_patent_gold", clause_name="金奖", version="2024-01-01", beneficiary=self.firm.uscc,
            name=self.firm.name, kind="enterprise", organisation=self.firm, region_code="370783", fact_kind="honours", fact=f"f{n}",
            object=f"x{n}", event_date=DAY, amount=Decimal("1.00"), shares=[["市", "1.00"]], steps=[], matter=f"m{n}",
            identity=f"org:{self.firm.pk}", status="paid" if n % 2 else "listed",
        )  # fmt: skip

    def _around(self, numbers, by):
        self.world.moved()
        Organisation.objects.bulk_create(
            Organisation(name=f"单位{n:04d}", uscc=f"9137{n:013d}B", region_code="370783", kind="enterprise")
            for n in numbers
        )
        HonourGrant.objects.bulk_create(
            HonourGrant(
                scheme_code="china_patent_award", tier="gold", granted_on=DAY, round=3, level="city", holder_kind="enterprise",
                holder_name=f"无名{n}", object_number=f"N{n}", region_code="370783",
            )
            for n in numbers
        )  # fmt: skip
        ReceivedPayment.objects.bulk_create(
            ReceivedPayment(
                document=f"文{n}", payee_name=self.firm.name, organisation=self.firm, matter="x", object_number=f"{n}", level="city",
                amount=1, paid_on=DAY, region_code="370783",
            )
            for n in numbers
        )  # fmt: skip
        FactDispute.objects.bulk_create(
            FactDispute(organisation=self.firm, region_code="370783", fact=f"f{n}", text="不对", raised_by=by)
            for n in numbers
        )
        Batch.objects.bulk_create(
            Batch(
                number=f"n-{n}", policy="weifang", title="x", year=2025, region_code="370700", as_of=AS_OF, snapshot="x", catalogue={},
                prepared_by=by, status="notice", notice_from=DAY, notice_until=DAY,
            )
            for n in numbers
        )  # fmt: skip
        BudgetEntry.objects.bulk_create(
            BudgetEntry(
                policy="weifang",
                year=2025,
                payer="市",
                kind="appropriated",
                amount=1,
                document=f"d{n}",
                entered_by=by,
            )
            for n in numbers
        )
        EvaluationRun.objects.bulk_create(
            EvaluationRun(
                region_code="370700", as_of=AS_OF, snapshot="x", catalogue={}, payments=[], barred=[], totals=[], total="0.00", made_by=by
            )
            for n in numbers
        )  # fmt: skip
        result = {"baseline": "0.00", "variant": "0.00", "difference": "0.00"}
        Scenario.objects.bulk_create(
            Scenario(
                name=f"s{n}",
                region_code="370700",
                changes="",
                as_of=AS_OF,
                snapshot="x",
                result=result,
                saved_by=by,
            )
            for n in numbers
        )
        BankFile.objects.bulk_create(
            BankFile(
                batch=self.batch, number=f"bf{n}", payer="市", payer_region="370700", form="csv", orders=1, total=1, sha256="x", made_by=by
            )
            for n in numbers
        )  # fmt: skip
        refused = [{"row": n, "number": f"o{n}", "why": "x", "value": "y"} for n in range(max(numbers))]
        ResultFile.objects.bulk_create(
            ResultFile(
                batch=self.batch, name=f"r{n}", sha256=f"{n}", read=1, paid=0, failed=0, unchanged=0, refused=refused, total_paid=0, imported_by=by
            )
            for n in numbers
        )  # fmt: skip
        for n in numbers:
            with transaction.atomic():
                record_event(
                    by=by, action="policies.export", subject=f"batch:{self.batch.number}", why=f"{n}"
                )
        self.world.moved("ledger_honourgrant", "ledger_organisation", "incentives_receivedpayment")


# address → whether the large one has a next page; the rest show all or a fixed number
LISTS = {
    "": False, "firms/": True, "firms/?q=单位": True, "batches/": True, "batches/{batch}/": True, "batches/{batch}/?q=金": True,
    "batches/{batch}/history/": True, "batches/{batch}/orders/results/{result}/": True, "batches/{batch}/orders/": True, "batches/{batch}/orders/?status=ready": True, "clawbacks/": True, "clawbacks/?status=": True,
    "disputes/": True, "budget/": True, "runs/": True, "runs/{run}/": True, "runs/{run}/unmatched/": True, "simulation/": True,
    "settings/": False, "notices/": True, "firms/{firm}/": False,
    "firms/{firm}/lists/had/": True, "firms/{firm}/lists/received/": True, "firms/{firm}/lists/missed/": True,
    "firms/{firm}/lists/applications/": True, "firms/{firm}/lists/disputes/": True,
}  # fmt: skip
API_LISTS = (
    "runs", "batches", "batches/{batch}/entitlements", "runs/{run}/answers", "clawbacks", "what-ifs", "notices",
    "organisations/{firm}/had", "organisations/{firm}/received", "organisations/{firm}/missed", "organisations/{firm}/applications",
    "organisations/{firm}/disputes",
)  # fmt: skip


def _name(one):
    """What a row is known by, whatever list it is of."""
    if isinstance(one, dict):
        return one["row"]
    if isinstance(one, tuple):
        return one[1].pk
    row = getattr(one, "row", one)
    return getattr(row, "pk", None) or (one.outcome.clause, one.outcome.fact, one.outcome.beneficiary)


def counted(browser, address):
    browser.get(address)  # the evaluation is made once and kept
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = browser.get(address)
    assert answer.status_code == 200, address
    return len(found), answer


@pytest.fixture
def city(world):
    return City(world)


def measured(city, addresses, read):
    from zhicheng.apps.incentives.runs import keeping

    browser = signed_in(city.world.officer)
    found = {}
    for size in (SMALL, LARGE):
        city.grow(size)
        run = keeping.keep_run(as_of=AS_OF, by=city.world.officer)
        values = {
            "batch": city.batch.number,
            "firm": city.firm.pk,
            "run": run.pk,
            "result": ResultFile.objects.latest("pk").pk,
        }
        for address in addresses:
            count, answer = counted(browser, read(address.format(**values)))
            found.setdefault(address, []).append((count, answer))
    return found


def test_a_page_asks_the_database_as_often_at_ten_times_the_size_and_leads_on(city):
    found = measured(city, LISTS, lambda address: ROOM + address)
    dearer = {address: (small, large) for address, ((small, _), (large, _)) in found.items() if large > small}
    assert dearer == {}
    for address, leads_on in LISTS.items():
        assert ("after=" in found[address][1][1].content.decode()) is leads_on, address


def test_the_api_asks_the_database_as_often_at_ten_times_the_size_and_leads_on(city):
    found = measured(city, API_LISTS, lambda address: API + address)
    assert {one: (a, b) for one, ((a, _), (b, _)) in found.items() if b > a} == {}
    for address in API_LISTS:
        assert found[address][1][1].json()["next"], address


@pytest.mark.parametrize("address", [one for one, leads_on in LISTS.items() if leads_on])
def test_going_on_from_page_to_page_meets_every_row_once(city, address):
    from zhicheng.apps.incentives.runs import keeping

    city.grow(LARGE)
    run = keeping.keep_run(as_of=AS_OF, by=city.world.officer)
    browser = signed_in(city.world.officer)
    result = ResultFile.objects.latest("pk").pk
    path = ROOM + address.format(batch=city.batch.number, firm=city.firm.pk, run=run.pk, result=result)
    seen, after, pages = [], "", 0
    while True:
        answer = (
            browser.get(path, {"after": after} if "?" not in path else None)
            if "?" not in path
            else browser.get(f"{path}&after={after}")
        )
        page = answer.context.get("page")
        rows = answer.context["rows"] if isinstance(page, dict) else page.rows
        seen += [_name(one) for one in rows]
        after = page["next"] if isinstance(page, dict) else page.next
        pages += 1
        if not after:
            break
    assert pages > 1
    assert len(seen) == len(set(seen)) >= LARGE // 2


def test_a_firm_s_agent_reads_the_page_as_cheaply(city):
    agent = signed_in(authorised(city.world, city.firm))
    counts = []
    for size in (SMALL, LARGE):
        city.grow(size)
        counts.append(counted(agent, ROOM + "own/")[0])
    assert counts[1] <= counts[0]
