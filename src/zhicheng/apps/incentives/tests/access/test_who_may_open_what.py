"""Every address of the room, page and API, reading and writing, with every kind of person: tables that anybody can read."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from zhicheng.apps.accounts.public import Role, set_city
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.applications import applying
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.models import AwardRound
from zhicheng.apps.incentives.notices import objections
from zhicheng.apps.incentives.payment import clawbacks
from zhicheng.apps.incentives.rounds import awarding, calls, filing
from zhicheng.apps.incentives.rounds.stages import DEFENCE, MATERIAL, VOTE, Stage
from zhicheng.apps.incentives.runs import keeping
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.applications import DEMO, filled, install
from zhicheng.apps.incentives.testing.city import AS_OF, GIVEN, NOTICED, authorised
from zhicheng.apps.incentives.what_if import scenarios
from zhicheng.apps.ledger.models import HonourScheme

TABLES = sorted(Path(__file__).parent.glob("*.txt"))
PEOPLE = "市县邻部己他外无"
PAGES, API = "/incentives", "/api/v1"


@dataclass(frozen=True)
class Line:
    """One request and what each person is answered."""

    method: str
    name: str
    address: str
    body: str
    expected: tuple[int, ...]


def read(table: Path) -> list[Line]:
    """The lines of a table: one status a person, then method, name, address, and perhaps a body in braces."""
    found = []
    for text in table.read_text(encoding="utf-8").splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        statuses, request = text[: 4 * len(PEOPLE)].split(), text[4 * len(PEOPLE) :].split(maxsplit=3)
        method, name, address, *body = request
        found.append(Line(method, name, address, body[0].strip() if body else "", tuple(map(int, statuses))))
    return found


def patterns(urls):
    for one in urls:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def room_names() -> set[str]:
    """The names of every page of the room, from the table of addresses itself."""
    room = next(one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "incentives")
    return {one.name for one in patterns(room.url_patterns)}


def api_operations() -> set[str]:
    """Method and name of every operation of the room, as the description of the API has them."""
    described = Client().get(f"{API}/openapi.json").json()["paths"]
    room = "zhicheng_apps_incentives_"
    return {
        f"{method.upper()} {one['operationId'].removeprefix(room)}"
        for operations in described.values()
        for method, one in operations.items()
        if one["operationId"].startswith(room)
    }


def test_every_page_of_the_room_has_a_line():
    covered = {line.name for table in TABLES for line in read(table)}
    assert room_names() - covered == set(), "write a line for each into a table of this folder"


def test_every_operation_of_the_api_has_a_line(db):
    covered = {f"{line.method} {line.name.replace('.', '_')}" for table in TABLES for line in read(table)}
    assert api_operations(), "the operations were not found"
    assert api_operations() - covered == set(), "write a line for each into a table of this folder"


@pytest.fixture
def people(world, cast):
    """Whoever stands behind each column; each signed in once."""
    world.cast = cast
    yishui = make_user("linxian", Role.COUNTY_OFFICER, "370724")
    columns = [
        world.officer,
        cast.county_officer,
        yishui,
        cast.department,
        None,
        cast.enterprise,
        cast.stranger,
        None,
    ]
    return world, columns


PREMIUM = f"{DEMO}.insurance"
GOLD = "china_patent_award/gold"
RAISE = "name: 提高金奖\nchanges:\n- clause: weifang.china_patent_gold\n  set: {amount: 1500000}\n"


def objects_of(world, folder) -> dict[str, object]:
    """Everything the tables name: 甲公司 of one county with a batch in each state of life, 乙公司 of another."""
    # the city lives on the day of its notices: an objection is still taken, a clawback is found
    set_city(region_code="370700", name="演示市", opens_on=NOTICED, demo=True)
    a, b = world.firm("甲公司", name_key="甲公司"), world.firm("乙公司", "370702", name_key="乙公司")
    world.honour(a, GOLD, object_number="ZL0", granted_on=date(2024, 7, 1))
    world.honour(a, "mayor_quality_award/award", granted_on=date(2024, 7, 1))
    world.honour(b, GOLD, object_number="ZL9", granted_on=date(2024, 7, 1))
    world.money(year=2024)
    world.money()
    paid = world.approved(world.freeze(2024))
    (file,) = world.sent(paid)
    failed, retried = paid.orders.filter(entitlement__organisation=a).order_by("pk")
    result = world.answered(paid, folder, failed=(failed.number,))
    world.honour(a, GOLD, object_number="ZL1")
    noticed = world.through_notice(world.freeze(2025))
    said, code = objections.object_to(batch=noticed, said_by="某人", text="权属", on=NOTICED)
    world.honour(a, GOLD, object_number="ZL2")
    world.honour(
        None, GOLD, object_number="ZL5", holder_name="YS-RY-0001", holder_kind="person", region_code="370783"
    )
    world.honour(
        None, GOLD, object_number="ZL6", holder_name="YS-RY-0002", holder_kind="person", region_code="370783"
    )
    draft = world.freeze(2025)
    persons = draft.entitlements.filter(kind="person").order_by("pk")
    claims.confirm_for_person(entitlement=persons[0], given=GIVEN, by=world.officer)
    world.honour(a, GOLD, object_number="ZL3")
    agent = authorised(world, a)
    evaluation = current_evaluation(NOTICED)
    yes = claims.confirm(
        organisation=a, clause=draft.entitlements.first().clause, fact=draft.entitlements.first().fact, given=GIVEN,
        evaluation=evaluation, by=agent,
    )  # fmt: skip
    dispute = claims.dispute(organisation=a, fact="ZL1", text="权利人写错", by=agent)
    paid_row = paid.entitlements.get(pk=retried.entitlement_id)
    claw = clawbacks.open_by_hand(
        entitlement=paid_row, reason="wrong_payee", words="错", on=NOTICED, by=world.officer
    )
    run = keeping.keep_run(as_of=NOTICED, by=world.officer)
    plan = {"text": RAISE, "region": "370700", "as_of": AS_OF, "examples": False, "by": world.officer}
    scenario, other = scenarios.save(name="提高金奖", **plan), scenarios.save(name="另一个", **plan)
    made = scenarios.draft(
        scenario=scenario, clause="weifang.china_patent_gold", since=date(2026, 1, 1), by=world.officer
    )
    return {
        "paid": paid.number, "noticed": noticed.number, "draft": draft.number, "row": draft.entitlements.first().pk,
        "person": persons[0].pk, "other_person": persons[1].pk, "paid_row": paid_row.pk, "objection": said.pk, "case": said.case_number, "code": code,
        "failed": failed.pk, "result": result.pk, "yes": yes.pk, "dispute": dispute.pk, "claw": claw.pk, "run": run.pk,
        "clause": "weifang.china_patent_gold", "fact": quote("china_patent_award/gold·第3届·ZL0"),
        "due": "china_patent_award/gold·第3届·ZL3", "mine": a.pk, "other": b.pk, "scenario": scenario.pk,
        "other_scenario": other.pk, "clause_draft": made.pk, "file": file.number, "bank": paid.bank_files.order_by("pk").first().pk, **award_rounds(world),
        **applications(a, agent),
    }  # fmt: skip


def award_rounds(world) -> dict[str, object]:
    """A call that is open, and a ranking on notice with an objection."""
    HonourScheme.objects.create(code="mayor_quality_award", name="市长质量奖", level="city")
    plan = calls.Plan(
        scheme_code="mayor_quality_award", title="市长质量奖", round=16, opens_on=date(2025, 12, 1), closes_on=date(2025, 12, 31),
        tiers=[("award", 1)], criteria=[("领导", 40), ("结果", 60)], trimmed=0, least_scores=2,
        stages=(Stage(MATERIAL, "材料评审", 60), Stage(DEFENCE, "答辩", 40), Stage(VOTE, "表决")),
    )  # fmt: skip
    made = calls.open_round(plan=plan, by=world.officer)
    agent = authorised(world, world.firms["甲公司"])
    candidate = calls.save_application(
        award_round=made,
        organisation=world.firms["甲公司"],
        statement="本单位全面实施质量管理，成效明显。",
        by=agent,
    )
    filing.lay_file(candidate=candidate, material="other", name="z.pdf", content=b"%PDF-1.4 z", by=agent)
    calls.submit_application(candidate=candidate, on=NOTICED, by=agent)
    shown = calls.open_round(plan=replace(plan, round=15), by=world.officer)
    AwardRound.objects.filter(pk=shown.pk).update(
        status="notice", notice_from=NOTICED, notice_until=date(2025, 12, 24)
    )
    said, _ = awarding.object_to_round(award_round=shown, said_by="某人", text="排名", on=NOTICED)
    return {
        "call": made.number,
        "candidate": candidate.pk,
        "file": candidate.files.get().pk,
        "ranking": shown.number,
        "ranking_objection": said.pk,
    }


def applications(firm, agent) -> dict[str, object]:
    """An application that was handed in, and a draft with a proof beside it."""
    install(settings.ZHICHENG_HOME)
    values = {"premium": "12000", "paid_on": "2025-05-06", "policy_number": "B-1"}
    row = filled(firm, PREMIUM, agent, values)
    sent = applying.submit(
        application=row, evaluation=current_evaluation(NOTICED), by=agent, on=NOTICED
    ).application
    draft = filled(firm, PREMIUM, agent, {**values, "policy_number": "B-2"})
    return {"sent": sent.pk, "begun": draft.pk, "proof": draft.proofs.get().pk, "premium": PREMIUM}


@pytest.mark.parametrize("table", TABLES, ids=[one.stem for one in TABLES])
def test_everybody_is_answered_as_the_table_says(people, table, tmp_path):
    world, columns = people
    values = objects_of(world, tmp_path)
    columns[4] = authorised(world, world.firms["甲公司"])
    browsers = [signed_in(one) for one in columns]
    different = []
    for line in read(table):
        assert len(line.expected) == len(PEOPLE), f"{table.name}: {line.address}"
        found = tuple(answered(browser, line, values) for browser in browsers)
        if found != line.expected:
            different.append(
                f"{line.method} {line.name} {line.address} {line.body}: " + " ".join(map(str, found))
            )
    assert different == [], "\n".join(["", *different])


def answered(browser: Client, line: Line, values: dict[str, object]) -> int:
    """The status of one request; whatever it changed is taken back."""
    browser.raise_request_exception = False
    address = line.address.format(**values) if "{" in line.address else line.address
    body = json.loads(line.body % values) if line.body else {}
    mark = transaction.atomic()
    mark.__enter__()
    try:
        if address.startswith("/api:"):
            address = API + address.removeprefix("/api:")
            send = getattr(browser, line.method.lower())
            more = (
                {} if line.method == "GET" else {"data": json.dumps(body), "content_type": "application/json"}
            )
            return send(address, headers={"If-Match": "*"}, **more).status_code
        assert resolve(unquote(PAGES + address.split("?")[0])).url_name == line.name, line
        if line.method == "GET":
            return browser.get(PAGES + address).status_code
        if "file" in body:
            body["file"] = SimpleUploadedFile("r.csv", str(body["file"]).encode())
        return browser.post(PAGES + address, body).status_code
    finally:
        transaction.set_rollback(True)
        mark.__exit__(None, None, None)


@pytest.mark.django_db(transaction=True)
def test_every_address_that_is_read_works_without_a_transaction_around_it(people, tmp_path):
    """A test's own transaction hides what has none: downloads record themselves, and must bring theirs along."""
    world, _ = people
    values = objects_of(world, tmp_path)
    browser = signed_in(world.officer)
    browser.raise_request_exception = False
    broken = []
    for line in (
        one for table in TABLES for one in read(table) if one.method == "GET" and one.expected[0] == 200
    ):
        address = line.address.format(**values)
        whole = API + address.removeprefix("/api:") if address.startswith("/api:") else PAGES + address
        if browser.get(whole).status_code != 200:
            broken.append(whole)
    assert broken == []
