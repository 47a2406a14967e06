"""Why an amount does not stand (any more): revoked, lapsed, abnormal, another's, or the same matter twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from zhicheng.apps.incentives.batches.matters import alike, resolve
from zhicheng.apps.incentives.models import Clawback, Entitlement
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.apps.ledger.public import Patent
from zhicheng.kernel.identifiers import patent_application

Reason = Clawback.Reason
ENDING = {"lapsed": "未缴年费终止", "invalidated": "宣告全部无效", "abandoned": "放弃专利权"}


@dataclass(frozen=True)
class Ground:
    """Why an amount no longer stands."""

    reason: str
    words: str


def grounds_of(rows: list[Entitlement], found: Evaluation, on: date) -> dict[int, Ground]:
    """Entitlement → why it does not stand on a day; those that stand are not in it.

    Args:
        rows: entitlements with their organisations.
        found: the evaluation whose facts they are held against.
        on: the day asked about.
    """
    return {
        **_wrong_payees(rows, found),
        **_ended_patents(rows, found, on),
        **_ended(rows, found, on),
        **_twice(rows),
    }


def _claws(paid: list[Entitlement], found: Evaluation) -> list[Entitlement]:
    """Those whose clause says that money comes back."""
    bound = set()
    for one in paid:
        clause = found.program.clause(one.clause)
        if clause and any(v.clawback for v in clause.versions if v.since.isoformat() == one.version):
            bound.add(one.pk)
    return [one for one in paid if one.pk in bound]


def _ended(paid: list[Entitlement], found: Evaluation, on: date) -> dict[int, Ground]:
    """Facts revoked or lapsed, as the fact's own column says."""
    grounds: dict[int, Ground] = {}
    by_kind: dict[str, list[Entitlement]] = defaultdict(list)
    for one in _claws(paid, found):
        by_kind[one.fact_kind].append(one)
    for kind, rows in by_kind.items():
        shape = found.program.facts.get(kind)
        if shape is None or not shape.ended:
            continue
        ended: dict[str, date] = {}
        for fact, day in found.rows_of(kind, ("fact", shape.ended)):
            if day is not None and day <= on:
                ended[fact] = min(day, ended.get(fact, day))
        for one in rows:
            if one.fact in ended:
                label = shape.columns[shape.ended].label
                reason = Reason.LAPSED if kind == "patents_granted" else Reason.REVOKED
                grounds[one.pk] = Ground(reason, f"“{one.fact}”{label} {ended[one.fact]}")
    return grounds


def _ended_patents(paid: list[Entitlement], found: Evaluation, on: date) -> dict[int, Ground]:
    """Patents behind an award that ended early, or were declared abnormal, after the money was paid."""
    rows = [one for one in _claws(paid, found) if one.object]
    numbers = {one.object: patent_application.normalise(one.object) for one in rows}
    grounds: dict[int, Ground] = {}
    patents = Patent.objects.filter(application_number__in={*numbers, *numbers.values()}).prefetch_related(
        "events"
    )
    by_number = {one.application_number: one for one in patents}
    for one in rows:
        patent = by_number.get(one.object) or by_number.get(numbers[one.object])
        if patent is None:
            continue
        if patent.abnormal_on and patent.abnormal_on <= on:
            words = f"专利 {one.object} 于 {patent.abnormal_on} 认定为非正常专利申请"
            grounds[one.pk] = Ground(Reason.ABNORMAL, words)
            continue
        events = sorted(
            (event for event in patent.events.all() if event.on_date and event.on_date <= on),
            key=lambda e: e.on_date or on,
        )
        last = events[-1] if events else None
        if last is not None and last.kind in ENDING:
            grounds[one.pk] = Ground(
                Reason.LAPSED, f"专利 {one.object} 于 {last.on_date} {ENDING[last.kind]}"
            )
    return grounds


def _wrong_payees(paid: list[Entitlement], found: Evaluation) -> dict[int, Ground]:
    """Facts that turn out to belong to somebody else; a renamed or merged organisation is still itself."""
    grounds: dict[int, Ground] = {}
    by_kind: dict[str, list[Entitlement]] = defaultdict(list)
    for one in paid:
        by_kind[one.fact_kind].append(one)
    for kind, rows in by_kind.items():
        holders: dict[str, set[str]] = defaultdict(set)
        wanted = {one.fact for one in rows}
        for fact, organisation, person in found.rows_of(kind, ("fact", "organisation", "person")):
            if fact in wanted:
                holders[fact].update(one for one in (organisation, person) if one)
        everybody = sorted({(who, "enterprise") for one in holders.values() for who in one})
        known = resolve(everybody)
        for one in rows:
            now = holders.get(one.fact)
            if not now or one.kind == "person":
                if now and alike(one.beneficiary) not in {alike(who) for who in now}:
                    grounds[one.pk] = Ground(Reason.WRONG_PAYEE, f"“{one.fact}”现登记为他人所有")
                continue
            mine = {
                one.beneficiary,
                one.organisation.uscc if one.organisation else "",
                f"id:{one.organisation_id}",
            }
            same = {known[who].organisation for who in now} - {None}
            if now & mine or (one.organisation_id and one.organisation_id in same):
                continue
            names = "、".join(known[who].name for who in sorted(now))
            grounds[one.pk] = Ground(Reason.WRONG_PAYEE, f"“{one.fact}”现登记为 {names}，付给了 {one.name}")
    return grounds


def _twice(paid: list[Entitlement]) -> dict[int, Ground]:
    """Amounts of two organisations for one matter that turned out to be one organisation."""
    seen: dict[tuple[str, int], Entitlement] = {}
    grounds: dict[int, Ground] = {}
    standing = Entitlement.objects.filter(
        matter__in={one.matter for one in paid}, live=True, organisation__isnull=False
    ).select_related("batch")
    paid_ids = {one.pk for one in paid}
    for one in standing.order_by("pk"):
        assert one.organisation_id is not None
        first = seen.setdefault((one.matter, one.organisation_id), one)
        if first.pk != one.pk and one.pk in paid_ids:
            words = f"与批次 {first.batch.number} 中的 {first.name} 为同一主体同一事项"
            grounds[one.pk] = Ground(Reason.DUPLICATE, words)
    return grounds
