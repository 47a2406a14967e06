"""What changes a published figure: prepare, sign, correct, withdraw; never its value."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, demo_loaded, one_person_mode, record_event, require
from zhicheng.apps.figures.lineage import rows, statement
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import catalogue, compute
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

Status = SignedFigure.Status


@transaction.atomic
def prepare(*, indicator: str, region: str, as_of: date, period: str, by: User) -> SignedFigure:
    """Freeze a figure as it is now, with definition, statement, snapshot and a hash of its row keys.

    Raises:
        Refusal: the figure is missing.
    """
    require(by, "figures.sign", region=region)
    figure = compute([indicator], region=region, as_of=as_of, period=period)[0]
    if figure.text is None:
        raise Refusal(f"“{figure.name}”没有数值：{figure.missing}。", fix="请先导入数据。")
    standing = _standing(indicator, region, as_of, figure.period)
    if standing and standing.value == figure.text and standing.snapshot == figure.snapshot:
        return standing
    waiting = SignedFigure.objects.filter(
        indicator=indicator, region_code=region, as_of=as_of, period=figure.period, status=Status.PREPARED,
        value=figure.text, snapshot=figure.snapshot,
    ).first()  # fmt: skip
    if waiting:
        return waiting
    keys = rows(indicator, region=region, as_of=as_of, period=period)["row_key"].cast(str).to_list()
    definition = asdict(catalogue()[indicator])
    definition["ratio"] = {k: str(v) for k, v in definition["ratio"].items()} if definition["ratio"] else None
    row = SignedFigure.objects.create(
        indicator=indicator, version=figure.version, region_code=region, as_of=as_of, period=figure.period,
        value=figure.text, unit=figure.unit, definition=definition,
        statement=statement(indicator, region=region, as_of=as_of, period=period), snapshot=figure.snapshot,
        rows=figure.rows, rows_hash=hashlib.sha256("\n".join(keys).encode()).hexdigest(),
        row_keys=zlib.compress("\n".join(keys).encode()), prepared_by=by,
    )  # fmt: skip
    record_event(
        by=by,
        action="figures.prepare",
        subject=f"figure:{indicator}",
        after={"value": row.value, "region": region},
    )
    return row


@transaction.atomic
def sign(*, figure: SignedFigure, by: User) -> SignedFigure:
    """Sign a prepared figure; the one who prepared it is not the one who signs.

    Raises:
        NotAllowed: the same person prepared it.
        Conflict: it is not waiting, or another figure of the same day stands signed.
    """
    require(by, "figures.approve", region=figure.region_code)
    row = SignedFigure.objects.select_for_update().get(pk=figure.pk)
    if row.status == Status.SIGNED:
        return row
    if row.status != Status.PREPARED:
        raise Conflict(f"该数据现在是“{row.get_status_display()}”，不能签发。", fix="请重新编制。")
    if row.prepared_by_id == by.pk and not (one_person_mode() or demo_loaded()):
        raise NotAllowed("编制人不能签发自己编制的数据。", fix="请由另一位有签发权限的人员办理。")
    standing = _standing(row.indicator, row.region_code, row.as_of, row.period)
    if standing and standing.pk != row.pk:
        if standing.replaced_by_id != row.pk:
            raise Conflict(f"同一截至日已签发过 {standing.value}{standing.unit}。", fix="数值有变请走更正。")
        standing.status, standing.ended_by, standing.ended_at = Status.CORRECTED, by, timezone.now()
        standing.save()
    row.status, row.signed_by, row.signed_at = Status.SIGNED, by, timezone.now()
    row.save()
    record_event(by=by, action="figures.sign", subject=f"figure:{row.indicator}", after={"value": row.value})
    return row


@transaction.atomic
def correct(*, figure: SignedFigure, why: str, by: User) -> SignedFigure:
    """Prepare what is known now in place of a signed figure; it stands once somebody else has signed it.

    Returns:
        The prepared figure; in one-person mode and for demo data it is signed at once.

    Raises:
        Conflict: nothing has changed, or the figure is not signed.
        Refusal: no reason is given.
    """
    require(by, "figures.approve", region=figure.region_code)
    row = _signed(figure, why)
    fresh = prepare(
        indicator=row.indicator, region=row.region_code, as_of=row.as_of, period=row.period or "ytd", by=by
    )
    if fresh.pk == row.pk or fresh.value == row.value:
        raise Conflict(
            f"现在算得的仍是 {row.value}{row.unit}，没有可更正的。", fix="如口径或数据有误，请先改正再更正。"
        )
    row.replaced_by, row.why = fresh, why
    row.save()
    record_event(
        by=by, action="figures.correct", subject=f"figure:{row.indicator}", why=why,
        before={"value": row.value}, after={"value": fresh.value},
    )  # fmt: skip
    return sign(figure=fresh, by=by) if one_person_mode() or demo_loaded() else fresh


@transaction.atomic
def withdraw(*, figure: SignedFigure, why: str, by: User) -> SignedFigure:
    """Withdraw a signed figure with the reason."""
    require(by, "figures.approve", region=figure.region_code)
    row = _signed(figure, why)
    row.status, row.why, row.ended_by, row.ended_at = Status.WITHDRAWN, why, by, timezone.now()
    row.save()
    record_event(by=by, action="figures.withdraw", subject=f"figure:{row.indicator}", why=why)
    return row


@transaction.atomic
def discard(*, figure: SignedFigure, by: User) -> None:
    """Take back a figure that was prepared and not signed; a correction that waited for it is off.

    Raises:
        Conflict: it was signed already.
    """
    require(by, "figures.sign", region=figure.region_code)
    row = SignedFigure.objects.select_for_update().get(pk=figure.pk)
    if row.status != Status.PREPARED:
        raise Conflict(
            f"该数据现在是“{row.get_status_display()}”，不能取消编制。", fix="已签发的请走更正或撤回。"
        )
    SignedFigure.objects.filter(replaced_by=row).update(replaced_by=None, why="")
    record_event(
        by=by, action="figures.discard", subject=f"figure:{row.indicator}", before={"value": row.value}
    )
    row.delete()


def _signed(figure: SignedFigure, why: str) -> SignedFigure:
    if not why.strip():
        raise Refusal("更正或撤回须写明理由。", fix="请填写理由，它会与数据一起公布。")
    row = SignedFigure.objects.select_for_update().get(pk=figure.pk)
    if row.status != Status.SIGNED:
        raise Conflict(f"该数据现在是“{row.get_status_display()}”。", fix="只有已签发的数据可以更正或撤回。")
    return row


def _standing(indicator: str, region: str, as_of: date, period: str) -> SignedFigure | None:
    return SignedFigure.objects.filter(
        indicator=indicator, region_code=region, as_of=as_of, period=period, status=Status.SIGNED
    ).first()
