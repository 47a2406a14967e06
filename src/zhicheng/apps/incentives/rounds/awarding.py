"""After the ranking: public notice, objections, vacancies, the grant into the honour ledger, and revocation."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from zhicheng.apps.accounts.public import User, one_person_mode, record_event, require
from zhicheng.apps.incentives.batches.actions import payout_settings
from zhicheng.apps.incentives.models import AwardRound, Candidate, Objection
from zhicheng.apps.incentives.notices.objections import file_as_case, may_object
from zhicheng.apps.incentives.notices.open_objections import refuse_while_open
from zhicheng.apps.incentives.rounds.calls import Standing, Status, locked
from zhicheng.apps.incentives.rounds.notice import off_notice
from zhicheng.apps.incentives.rounds.succession import notice_ends
from zhicheng.apps.ledger.public import HonourGrant, Organisation
from zhicheng.apps.records.public import ChangeSet, Draft, propose, stage_file
from zhicheng.apps.records.public import submit as submit_change
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Limit, due_day
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

COLUMNS = ("荣誉项目", "等次", "届次", "级别", "授予日", "获得者类别", "获得者", "统一社会信用代码", "对象编号", "对象名称", "公布文件", "区划代码")  # fmt: skip
PRIVATE = ("", "enterprise", "bank", "agency", "self_employed", "cooperative")


@transaction.atomic
def leave_vacant(*, award_round: AwardRound, tier: str, why: str, by: User) -> AwardRound:
    """Decide that a tier is not given this time."""
    require(by, "policies.approve", region=award_round.region_code)
    if not why.strip():
        raise Refusal("空缺须写明理由。", fix="请填写理由，它会写进公示。")
    row = locked(award_round, Status.RANKED)
    if tier not in [one[0] for one in row.tiers]:
        raise Refusal(f"这一轮没有等次“{tier}”。", fix="请从列出的等次中选。")
    row.vacant = {**row.vacant, tier: why}
    row.save(update_fields=["vacant"])
    row.candidates.filter(tier=tier).update(tier="", why=f"该等次空缺：{why}")
    record_event(
        by=by, action="policies.leave_vacant", subject=f"round:{row.number}", why=why, after={"tier": tier}
    )
    return row


@transaction.atomic
def publish_round(*, award_round: AwardRound, on: date, by: User, days: int | None = None) -> AwardRound:
    """Put the ranking on public notice for so many working days, the first not counted."""
    require(by, "policies.publish", region=award_round.region_code)
    row = locked(award_round, Status.RANKED)
    due = due_day(
        on,
        Limit(days or payout_settings().notice_days, "working_days", roll=False),
        calendar=Calendar.official(),
    )
    row.status, row.notice_from, row.notice_until = Status.NOTICE, on, due.day
    row.notice_words = str(due).split("\n")
    row.save(update_fields=["status", "notice_from", "notice_until", "notice_words"])
    record_event(by=by, action="policies.publish_round", subject=f"round:{row.number}")
    return row


@transaction.atomic
def withdraw_notice(*, award_round: AwardRound, why: str, by: User) -> AwardRound:
    """Take a ranking off its public notice; put on notice again its days begin anew."""
    require(by, "policies.publish", region=award_round.region_code)
    if not why.strip():
        raise Refusal("撤下公示须写明理由。", fix="请填写理由，它会进入审计记录。")
    row = locked(award_round, Status.NOTICE)
    if row.current.after_notice and not row.waits_for_decision:
        raise Conflict(f"“{row.title}”公示后已经审定，不能撤下公示。", fix="请先撤销审定的登记。")
    off_notice(row)
    record_event(by=by, action="policies.withdraw_notice", subject=f"round:{row.number}", why=why)
    return row


@transaction.atomic
def object_to_round(
    *, award_round: AwardRound, said_by: str, text: str, on: date, contact: str = "", candidate: Candidate | None = None,
    by: User | None = None,
) -> tuple[Objection, str]:  # fmt: skip
    """Take down an objection against a ranking and file it as a case; anybody may object while the notice stands.

    Returns:
        The objection and the code by which the objector traces the case.
    """
    row = locked(award_round, Status.NOTICE)
    until = (candidate.notice_until if candidate else None) or row.notice_until
    may_object(until, said_by=said_by, text=text, on=on)
    made = Objection(
        award_round=row, candidate=candidate, said_by=said_by, contact=contact, text=text, said_on=on
    )
    code = file_as_case(
        made, number=row.number, title=row.title, until=until, item=candidate.name if candidate else "",
        region=row.region_code, synthetic=row.synthetic, by=by,
    )  # fmt: skip
    record_event(
        by=by, action="policies.object", subject=f"round:{row.number}",
        after={"objection": made.pk, "case": made.case_number},
    )  # fmt: skip
    return made, code


def winners(award_round: AwardRound) -> list[Candidate]:
    """Candidates with a tier, best first."""
    rows = award_round.candidates.exclude(tier="").filter(status=Standing.ELIGIBLE)
    return list(rows.select_related("organisation").order_by("rank", "pk"))


def grant(*, award_round: AwardRound, on: date, document: str, by: User) -> AwardRound:
    """Stage the honours as a change set of the ledger; they count once another officer has approved it there.

    Raises:
        NotAllowed: whoever opened the round may not grant it.
        Refusal: the notice still runs, an objection is open, nobody is left, or no document is named.
    """
    require(by, "policies.approve", region=award_round.region_code)
    if not document.strip():
        raise Refusal("授予须写明公布文件。", fix="请填写文号或公告名称。")
    with transaction.atomic():
        row = locked(award_round, Status.NOTICE)
        if row.opened_by_id == by.pk and not one_person_mode():
            raise NotAllowed("发起人不能授予自己发起的评选。", fix="请由另一位有权限的人员办理。")
        until = notice_ends(row)
        if until is None or on <= until:
            raise Refusal(f"“{row.title}”公示至 {until}，尚未届满。", fix="请在次日以后授予。")
        refuse_while_open(row)
        if row.waits_for_decision:
            raise Refusal(f"“{row.title}”公示后还没有政府审定。", fix="请先登记审定日期和文件。")
        chosen = winners(row)
        if not chosen:
            raise Refusal("没有可授予的申报。", fix="请取消这一轮评选。")
        change_set = submit_change(change_set=_staged(row, chosen, on, document, by), by=by)
        row.status, row.granted_on, row.document = Status.GRANTED, on, document.strip()
        row.change_set = str(change_set.key)
        row.save(update_fields=["status", "granted_on", "document", "change_set"])
        record_event(
            by=by, action="policies.grant", subject=f"round:{row.number}", why=document,
            after={"change_set": row.change_set, "honours": len(chosen)},
        )  # fmt: skip
    return row


def _staged(row: AwardRound, chosen: list[Candidate], on: date, document: str, by: User) -> ChangeSet:
    """The honours as an office would have saved them, read by the importer like any other file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{row.number}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            writer.writerows(_honour(row, one, on, document) for one in chosen)
        return stage_file(path, by=by, type_id="honours", synthetic=row.synthetic, region=row.region_code)


def _honour(row: AwardRound, one: Candidate, on: date, document: str) -> list[Any]:
    organisation: Organisation = one.organisation
    kind = "enterprise" if (organisation.kind or "") in PRIVATE else "institution"
    return [
        row.scheme_code, one.tier, row.round or "", row.level, on.isoformat(), kind, organisation.name, organisation.uscc or "",
        "", one.object_name, document, organisation.region_code,
    ]  # fmt: skip


def granted(candidate: Candidate) -> HonourGrant | None:
    """The honour of the ledger a candidate was given, None before its change set is approved."""
    row = candidate.award_round
    return HonourGrant.objects.filter(
        scheme_code=row.scheme_code, tier=candidate.tier, granted_on=row.granted_on, organisation_id=candidate.organisation_id,
        object_name=candidate.object_name,
    ).first()  # fmt: skip


@transaction.atomic
def revoke(*, candidate: Candidate, on: date, why: str, by: User) -> ChangeSet:
    """Stage the revocation of an honour; once approved, figures leave it out and what was paid is asked back.

    Raises:
        NotFound: the honour does not stand in the ledger.
    """
    require(by, "policies.approve", region=candidate.award_round.region_code)
    if not why.strip():
        raise Refusal("撤销须写明理由。", fix="请填写理由。")
    found = granted(candidate)
    if found is None:
        raise NotFound(f"“{candidate.name}”的这一荣誉还没有入台账。", fix="请先复核授予的变更集。")
    if found.revoked_on is not None:
        raise Conflict(f"这一荣誉已于 {found.revoked_on} 撤销。", fix="请刷新页面。")
    draft = Draft("honours", {"revoked_on": on.isoformat(), "revoked_reason": why}, found.pk)
    change_set = submit_change(change_set=propose(draft=draft, by=by, why=why), by=by)
    Candidate.objects.filter(pk=candidate.pk).update(status=Standing.REVOKED, why=why)
    record_event(
        by=by, action="policies.revoke", subject=f"candidate:{candidate.pk}", why=why,
        after={"change_set": str(change_set.key)},
    )  # fmt: skip
    return change_set
