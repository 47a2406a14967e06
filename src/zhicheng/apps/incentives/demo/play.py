"""The room's part of the demo city: a kept run, batches at every stage, a budget, a clawback, through its own actions."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.public import User, decide_agency, opening_date, request_agency, scope
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.demo.applications import build_applications
from zhicheng.apps.incentives.demo.round import build_round
from zhicheng.apps.incentives.demo.scenarios import build_scenarios
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.firms.claims import AccountGiven
from zhicheng.apps.incentives.models import Batch, Clawback, Entitlement, EvaluationRun
from zhicheng.apps.incentives.notices import objections
from zhicheng.apps.incentives.payment import budgets, clawbacks, paying
from zhicheng.apps.incentives.runs import keeping
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.ledger.public import Organisation

POLICY = "weifang"
COUNTY = "370783"
GIVEN = AccountGiven("演示收款单位", "演示银行潍坊分行", "6200000000001234")
Cast = dict[str, User]


def build_demo(cast: Cast) -> None:
    """Play a year of payouts; does nothing where it stands already."""
    if EvaluationRun.objects.filter(synthetic=True).exists():
        return
    on, officer, reviewer = opening_date(), cast["officer"], cast["reviewer"]
    for year, amount in ((2024, "20000000"), (2025, "12000000")):
        budgets.appropriate(
            policy=POLICY, year=year, payer="市", amount=Decimal(amount), document=f"演示：{year} 年度预算批复",
            by=officer, synthetic=True,
        )  # fmt: skip
    paid = _paid_batch(officer, reviewer)
    _clawback(paid, reviewer, on)
    run = keeping.keep_run(as_of=on, by=officer, synthetic=True)
    evaluation = keeping.evaluation_of_run(run)
    in_review = batch_actions.freeze(
        policy=POLICY,
        year=on.year,
        as_of=on,
        by=officer,
        region=COUNTY,
        synthetic=True,
        evaluation=evaluation,
        run=run,
    )
    batch_actions.submit(batch=in_review, by=officer)
    on_notice = batch_actions.freeze(
        policy=POLICY, year=on.year, as_of=on, by=officer, synthetic=True, evaluation=evaluation, run=run
    )
    _notice(on_notice, officer, reviewer, on)
    _agent(cast["enterprise"], on_notice, officer)
    build_round(cast)
    build_scenarios(officer, on)
    build_applications(cast)


def _notice(batch: Batch, officer: User, reviewer: User, on: date) -> Batch:
    batch_actions.submit(batch=batch, by=officer)
    reviewing.accept_rest(batch=batch, by=reviewer)
    reviewing.review(batch=batch, by=reviewer)
    return batch_actions.publish(batch=batch, on=on, by=officer)


def _paid_batch(officer: User, reviewer: User) -> Batch:
    """Last year's batch: an objection answered, one payment failed and made again, closed."""
    made = batch_actions.freeze(
        policy=POLICY, year=2024, as_of=date(2025, 9, 30), by=officer, synthetic=True,
        evaluation=current_evaluation(date(2025, 9, 30)),
    )  # fmt: skip
    noticed = _notice(made, officer, reviewer, date(2025, 10, 13))
    said, _code = objections.object_to(
        batch=noticed, said_by="演示某单位", text="（演示）对其中一项的事件日期有疑问。", on=date(2025, 10, 15),
        entitlement=noticed.entitlements.first(),
    )  # fmt: skip
    objections.answer_objection(
        objection=said,
        finding=objections.REJECTED,
        answer="（演示）经核对公布文件，日期无误。",
        by=reviewer,
        on=date(2025, 10, 17),
    )
    for one in noticed.entitlements.filter(live=True):
        claims.confirm_for_person(entitlement=one, given=GIVEN, by=officer)
    approved = batch_actions.approve(batch=noticed, on=date(2025, 10, 27), by=reviewer)
    _send(approved, officer, "2025-11-05", fail_first=True)
    failed = approved.orders.get(status="failed")
    paying.retry(order=failed, by=officer)
    _send(approved, officer, "2025-11-12", fail_first=False)
    return batch_actions.close(batch=approved, by=reviewer)


def _send(batch: Batch, officer: User, day: str, *, fail_first: bool) -> None:
    """Hand every ready order to the bank and read its answer."""
    payers = sorted(set(batch.orders.filter(status="ready").values_list("payer", "payer_region")))
    for payer, region in payers:
        paying.export_orders(batch=batch, payer=payer, payer_region=region, form="csv", by=officer)
    lines = ["指令编号,支付结果,金额（元）,到账日期,银行流水号,失败原因"]
    for number, one in enumerate(batch.orders.filter(status="sent").order_by("pk")):
        failed = fail_first and number == 0
        state, why = ("失败", "演示：账号与户名不符") if failed else ("成功", "")
        lines.append(f"{one.number},{state},{one.amount},{day},YS{one.pk:08d},{why}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        paying.import_results(
            batch=batch, path=path, name=f"演示回盘-{day}.csv", on=date.fromisoformat(day), by=officer
        )


def _clawback(batch: Batch, reviewer: User, on: date) -> None:
    """One amount went to the wrong payee and is asked back."""
    last = batch.entitlements.filter(status=Entitlement.Status.PAID).order_by("-pk").first()
    if last is not None:
        made = clawbacks.open_by_hand(
            entitlement=last, reason=Clawback.Reason.WRONG_PAYEE, words="（演示）收款账户不属于获奖单位，已要求退回。",
            on=on, by=reviewer,
        )  # fmt: skip
        clawbacks.notify(clawback=made, by=reviewer)


def _agent(enterprise: User, batch: Batch, officer: User) -> None:
    """Let the demo enterprise act for a firm of the batch, unless it acts for one already."""
    if scope(enterprise).organisation_ids:
        return
    row = (
        batch.entitlements.filter(organisation__isnull=False, live=True)
        .select_related("organisation")
        .first()
    )
    firm: Organisation | None = row.organisation if row else None
    if firm is None or not firm.uscc:
        return
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4\n% demo letter of authority\n")
    agent = request_agency(uscc=firm.uscc, letter=letter, by=enterprise)
    decide_agency(agent=agent, approve=True, reason="演示授权", by=officer)
