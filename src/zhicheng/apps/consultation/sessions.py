"""Opens sessions and records who took part and what was said."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.models import (
    GroupMember,
    HeldRole,
    Participant,
    RegionGroup,
    Session,
    Speech,
)
from zhicheng.apps.consultation.moving import said
from zhicheng.apps.consultation.rules import rules_for
from zhicheng.apps.ledger.public import Organisation
from zhicheng.kernel.refusals import Conflict, Refusal


@transaction.atomic
def form_group(*, code: str, name: str, regions: list[str], by: User, synthetic: bool = False) -> RegionGroup:
    """Let regions share sessions and a board; forming the same group again changes nothing.

    Raises:
        Refusal: fewer than two regions, or the person's own is not among them.
    """
    wanted = sorted(set(regions))
    if len(wanted) < 2:
        raise Refusal(f"区域组只有 {len(wanted)} 个区划。", fix="请至少选择两个区划。")
    if by.region_code not in wanted:
        raise Refusal(f"区域组不含您所在的区划 {by.region_code}。", fix="请把本地加入区域组。")
    require(by, "consultation.organise", region=by.region_code)
    group, made = RegionGroup.objects.get_or_create(
        code=code, defaults={"name": name, "synthetic": synthetic}
    )
    if not made and sorted(group.members.values_list("region_code", flat=True)) != wanted:
        raise Conflict(f"区域组代码 {code} 已被使用。", fix="请换一个代码。")
    if made:
        GroupMember.objects.bulk_create(GroupMember(group=group, region_code=one) for one in wanted)
        record_event(
            by=by, action="consultation.form_group", subject=f"group:{code}", after={"regions": wanted}
        )
    return group


@transaction.atomic
def open_session(
    *, number: str, topic: str, held_on: date, region_code: str, by: User, research: str = "",
    group: RegionGroup | None = None, synthetic: bool = False,
) -> Session:  # fmt: skip
    """Open a consultation session; the region's code is put before its number.

    Raises:
        Conflict: the region already has another session of this number.
    """
    require(by, "consultation.organise", region=region_code)
    topic = said(topic, "议题", "请填写会议主题。")
    if group is not None and not group.members.filter(region_code=region_code).exists():
        raise Refusal(f"区域组“{group.name}”不含区划 {region_code}。", fix="请选择含主办地的区域组。")
    whole = f"{region_code}-{said(number, '场次编号', '请填写编号，如 2025-01。')}"
    session, made = Session.objects.get_or_create(
        number=whole,
        defaults={
            "topic": topic, "held_on": held_on, "region_code": region_code, "research": research, "group": group,
            "synthetic": synthetic,
        },
    )  # fmt: skip
    if not made and (session.topic, session.held_on) != (topic, held_on):
        raise Conflict(f"场次编号 {whole} 已用于“{session.topic}”。", fix="请换一个编号。")
    if made:
        record_event(
            by=by, action="consultation.open_session", subject=f"session:{whole}", after={"topic": topic}
        )
    return session


@transaction.atomic
def add_participant(
    *, session: Session, kind: str, title: str, by: User, email: str = "", organisation: Organisation | None = None
) -> Participant:  # fmt: skip
    """Enter somebody who took part, with a personal link that lasts as long as the rules say."""
    require(by, "consultation.organise", region=session.region_code)
    person = Participant.objects.create(
        session=session,
        kind=kind,
        title=said(title, "称谓", "请填写会议当日的身份。"),
        email=email,
        organisation=organisation,
        link_expires_on=timezone.localdate() + timedelta(days=rules_for(session.region_code).link_days),
    )
    HeldRole.objects.create(participant=person, title=person.title, from_on=session.held_on)
    record_event(
        by=by, action="consultation.add_participant", subject=f"participant:{person.pk}",
        after={"session": session.number, "title": person.title},
    )  # fmt: skip
    return person


@transaction.atomic
def change_role(*, speaker: Participant, title: str, from_on: date, by: User) -> HeldRole:
    """Note a new post; the one before ends the day earlier, what was said stays under the post of that day.

    Raises:
        Refusal: the new post begins before the last one.
    """
    require(by, "consultation.organise", region=speaker.session.region_code)
    title = said(title, "职务", "请填写新的职务。")
    last = speaker.roles.select_for_update().filter(until_on__isnull=True).order_by("-from_on").first()
    if last is not None and from_on <= last.from_on:
        raise Refusal(f"新职务起始日 {from_on} 不晚于现职务的 {last.from_on}。", fix="请核对日期。")
    if last is not None:
        last.until_on = from_on - timedelta(days=1)
        last.save(update_fields=["until_on"])
    role = HeldRole.objects.create(participant=speaker, title=title, from_on=from_on)
    record_event(
        by=by, action="consultation.change_role", subject=f"participant:{speaker.pk}", after={"title": title}
    )
    return role


@transaction.atomic
def add_speech(
    *, session: Session, speaker: Participant, text: str, by: User, reply: str = "", recording: str = ""
) -> Speech:  # fmt: skip
    """Record what a participant said.

    Raises:
        Refusal: the speech is empty, or its speaker took part in another session.
    """
    require(by, "consultation.record", region=session.region_code)
    if speaker.session_id != session.pk:
        raise Refusal(f"{speaker.title}没有参加 {session.number}。", fix="请先把发言人加入本场。")
    lock_session(session)
    speech = Speech.objects.create(
        session=session,
        speaker=speaker,
        position=session.speeches.count() + 1,
        text=said(text, "发言", "请粘贴发言记录。").replace("\r\n", "\n"),
        reply=reply.strip(),
        recording=recording.strip(),
    )
    record_event(
        by=by,
        action="consultation.add_speech",
        subject=f"speech:{speech.pk}",
        after={"speaker": speaker.title},
    )
    return speech


def lock_session(session: Session) -> None:
    """Let one at a time give numbers within a session."""
    Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
