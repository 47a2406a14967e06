"""Filing without an account, where a matter is open to everybody: the same rules, and a door that cannot be flooded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.cases.access import first_party
from zhicheng.apps.cases.creating import digest_of, digest_of_address, new_code
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.entering import application_from
from zhicheng.apps.cases.filing import Receipt, file_case, may_file
from zhicheng.apps.cases.for_rooms import opened_elsewhere
from zhicheng.apps.cases.models import Channel, Material, PublicFiling
from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.refusals import Refusal

WINDOW = timedelta(hours=1)
MOST_PER_ADDRESS = 10
KEPT = timedelta(days=1)
LARGEST_TOGETHER = 20 * 2**20


class TooManyFilings(Refusal):
    """Too many cases from one address; the door opens again after a while."""

    code = "too_many_filings"
    status = 429


def file_without_account(
    *, matter: str, values: Mapping[str, str], files: Sequence[tuple[str, str, bytes]], once: str, address: str,
    on: date, now: datetime | None = None,
) -> Receipt:  # fmt: skip
    """File a case for somebody who has no account; the same form sent again files nothing twice.

    Args:
        matter: code of a matter that `public` may file.
        values: what was entered, see `application_from`.
        files: material, file name and content.
        once: mark of the form that was filled in.
        address: where the request comes from, kept only as a digest and only for a day.
        on: the day of receipt.
        now: the moment, by default now.

    Returns:
        The receipt; for a form sent again that of the first time, with a fresh code.

    Raises:
        TooManyFilings: the address filed too many within the hour.
        NotAllowed: the matter needs an account.
        Refusal: something entered is wrong or too large, or nobody is named who files it.
    """
    definition = matter_in_force(matter, on)
    may_file_here(definition)
    with transaction.atomic():
        before = PublicFiling.objects.filter(once=once).select_related("case__case").first()
        if before is not None:
            return _again(before)
        source = digest_of_address(address)
        _check_pace(source, now or timezone.now())
        if sum(len(content) for _, _, content in files) > LARGEST_TOGETHER:
            raise Refusal(
                f"全部文件合计超过 {LARGEST_TOGETHER // 2**20} MB。",
                fix="请压缩后提交，或先提交主要材料，其余送交窗口。",
            )
        entered = application_from(definition, values, files=files)
        own = first_party(definition)
        if not any(one.role == own for one in entered.parties):
            raise Refusal("没有写明由谁提交。", fix="请填写姓名或单位；允许匿名的事项可写“匿名”。")
        # Nobody has proved to act for the firm they name: it is neither told nor shown the case by its account.
        parties = [replace(one, organisation=None) if one.role == own else one for one in entered.parties]
        receipt = file_case(
            application=replace(entered, parties=parties), by=None, channel=Channel.PUBLIC, on=on
        )
        PublicFiling.objects.create(once=once, address=source, case=receipt.case)
    return receipt


def may_file_here(matter: Matter) -> None:
    """Refuse a matter that needs an account, or is opened on another room's page."""
    may_file(None, matter, "")
    if opened_elsewhere(matter.code):
        raise Refusal(f"“{matter.name}”不在这里提交。", fix="请在公示页面上提出。")


def _check_pace(source: str, now: datetime) -> None:
    if PublicFiling.objects.filter(address=source, at__gt=now - WINDOW).count() >= MOST_PER_ADDRESS:
        raise TooManyFilings(
            f"同一网络一小时内最多提交 {MOST_PER_ADDRESS} 件。", fix="请稍后再提交，急事请到窗口或电话办理。"
        )


def _again(before: PublicFiling) -> Receipt:
    handling, code = before.case, new_code()
    handling.trace_digest = digest_of(handling.pk, code)
    handling.save(update_fields=["trace_digest"])
    missing = handling.materials.filter(required=True, state=Material.State.MISSING)
    return Receipt(handling, code, tuple(missing.values_list("name", flat=True)))


def forget_addresses(now: datetime) -> int:
    """Forget where filings came from once they no longer count."""
    return PublicFiling.objects.filter(at__lt=now - KEPT).exclude(address="").update(address="")
