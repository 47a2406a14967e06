"""Acting for an organisation: requested with its code and a letter, decided, withdrawn, left."""

from __future__ import annotations

import hashlib
from datetime import date

from django.apps import apps
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.scope import may, require, scope
from zhicheng.kernel.identifiers import uscc as uscc_standard
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

LARGEST_LETTER = 10 * 1024 * 1024
LETTER_KINDS = {b"%PDF": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}


@transaction.atomic
def request_agency(
    *, uscc: str, letter: UploadedFile[bytes], by: User, valid_until: date | None = None
) -> OrganisationAgent:
    """Ask to act for an organisation; an officer of its region decides."""
    require(by, "agents.request")
    verdict = uscc_standard.validate(uscc)
    if verdict.level == "error":
        raise Refusal(verdict.message, fix="请按营业执照核对 18 位代码。")
    code = verdict.normal
    live = OrganisationAgent.objects.filter(
        user=by, uscc=code, state__in=(AgentState.REQUESTED, AgentState.APPROVED)
    )
    if live.exists():
        raise Conflict(f"你对 {code} 已有申请或授权。", fix="请等待办理，或先撤回原来的。")
    letter.name = f"{code}{_letter_kind(letter)}"
    organisation = apps.get_model("ledger", "Organisation").objects.filter(uscc=code).first()
    agent = OrganisationAgent.objects.create(
        user=by,
        uscc=code,
        organisation=organisation,
        letter=letter,
        letter_sha256=_digest(letter),
        valid_until=valid_until,
    )
    record_event(by=by, action="agents.request", subject=f"agent:{agent.pk}", after={"uscc": code})
    return agent


@transaction.atomic
def decide(*, agent: OrganisationAgent, approve: bool, reason: str, by: User) -> None:
    """Approve or refuse a request; approval needs the organisation to stand in the ledger."""
    require(by, "agents.decide")
    agent = OrganisationAgent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    if agent.state != AgentState.REQUESTED:
        raise Conflict(f"这份申请已是“{agent.get_state_display()}”。", fix="请刷新页面查看。")
    if agent.user_id == by.pk:
        raise NotAllowed("不能办理自己的申请。", fix="请由另一位业务人员办理。")
    if agent.organisation is None:
        agent.organisation = apps.get_model("ledger", "Organisation").objects.filter(uscc=agent.uscc).first()
    if approve and agent.organisation is None:
        raise Refusal(f"台账中没有信用代码 {agent.uscc} 的主体。", fix="请先在主体台账中登记，再批准。")
    if agent.organisation is not None:
        require(by, "agents.decide", region=agent.organisation.region_code)
    if not approve and not reason.strip():
        raise Refusal("没有写明不批准的理由。", fix="请写明理由，申请人会看到。")
    _move(agent, AgentState.APPROVED if approve else AgentState.REFUSED, reason, by)


@transaction.atomic
def end_agency(*, agent: OrganisationAgent, state: str, reason: str, by: User) -> None:
    """End an approval: the person left, or the organisation took its consent back."""
    if state not in (AgentState.WITHDRAWN, AgentState.LEFT):
        raise Refusal(f"“{state}”不是结束授权的方式。", fix="可选 withdrawn、left。")
    own = agent.user_id == by.pk
    colleague = agent.organisation_id in scope(by).organisation_ids
    if not own and not colleague:
        require(by, "agents.decide", region=agent.organisation.region_code if agent.organisation else None)
    if agent.state not in (AgentState.REQUESTED, AgentState.APPROVED):
        raise Conflict(f"这份授权已是“{agent.get_state_display()}”。", fix="请刷新页面查看。")
    _move(agent, state, reason, by)


def visible_agencies(user: User) -> QuerySet[OrganisationAgent]:
    """Return the requests a person may see: an officer those of their region, anybody their own."""
    rows = OrganisationAgent.objects.select_related("user", "organisation", "decided_by")
    mine = rows.filter(user=user)
    if may(user, "agents.decide"):
        seen = scope(user)
        unknown = rows.filter(seen.regions_q("user__region_code"), organisation__isnull=True)
        return rows.filter(seen.regions_q("organisation__region_code")) | unknown | mine
    colleagues = rows.filter(organisation_id__in=scope(user).organisation_ids)
    return mine | colleagues


def _move(agent: OrganisationAgent, state: str, reason: str, by: User) -> None:
    before = {"state": agent.state}
    agent.state, agent.reason = state, reason
    agent.decided_at, agent.decided_by = timezone.now(), by
    agent.save()
    record_event(
        by=by,
        action=f"agents.{state}",
        subject=f"agent:{agent.pk}",
        why=reason,
        before=before,
        after={"state": state, "uscc": agent.uscc, "user": agent.user.username},
    )


def _letter_kind(letter: UploadedFile[bytes]) -> str:
    """Return the extension the letter's first bytes call for; the name it came under is not trusted."""
    if (letter.size or 0) > LARGEST_LETTER:
        raise Refusal("授权书文件超过 10 MB。", fix="请压缩扫描件后再上传。")
    head = letter.read(8)
    letter.seek(0)
    for mark, kind in LETTER_KINDS.items():
        if head.startswith(mark):
            return kind
    raise Refusal("授权书不是 PDF、JPG 或 PNG 文件。", fix="请上传盖章授权书的扫描件。")


def _digest(letter: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in letter.chunks():
        digest.update(chunk)
    letter.seek(0)
    return digest.hexdigest()
