"""The daily job: urges by rule, reminds who has not judged, and sends letters that did not go out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhicheng.apps.accounts.public import Role, User, record_event, region_prefix, require
from zhicheng.apps.consultation.lateness import Late, Lengths, urgings
from zhicheng.apps.consultation.mailing import deliver_waiting
from zhicheng.apps.consultation.models import Item, Notice, Report
from zhicheng.apps.consultation.moving import locked
from zhicheng.apps.consultation.queries import late_of, lengths_of
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.consultation.supervising import urge
from zhicheng.apps.consultation.telling import notify, write

WORDS = {
    "due_soon": gettext_noop("将于 %(due)s 到期，请抓紧办理；确实难以按期的，请在到期前报告。"),
    "overdue": gettext_noop("已逾期 %(days)s 天，请立即报送办理结果或说明原因。"),
    "progress": gettext_noop("进展已晚报 %(days)s 天，请报告进展并附佐证。"),
}
CHUNK = 500
# A speaker who did not judge is written to at most so often in a round.
MOST_REMINDERS = 3


@dataclass
class Tick:
    """What one run did.

    Args:
        urged: item number and what was urged. late: item number, unit, kind and days of everything late.
        reminded: letters to speakers who have not judged. sent, unsent: letters by e-mail.
    """

    urged: list[tuple[str, str]] = field(default_factory=list)
    late: list[tuple[str, str, str, int]] = field(default_factory=list)
    reminded: int = 0
    sent: int = 0
    unsent: int = 0


@in_record_language
def tick(*, on: date, by: User) -> Tick:
    """Do what a day asks for; run again on the same day it does nothing twice.

    Every item is a transaction of its own, so that one that cannot be urged does not stop the others.
    """
    require(by, "consultation.supervise", region=by.region_code)
    done = Tick()
    after = 0
    watched = (ItemState.IN_HAND, ItemState.SUBMITTED, ItemState.CHECKED)
    prefix = region_prefix(by.region_code)
    while rows := list(Item.objects.filter(region_code__startswith=prefix, state__in=watched, pk__gt=after).order_by("pk")[:CHUNK]):  # fmt: skip
        _chunk(rows, done, on=on)
        after = rows[-1].pk
    done.sent, done.unsent = deliver_waiting()
    with transaction.atomic():
        record_event(
            by=by, action="consultation.tick", subject=f"day:{on}",
            after={"urged": len(done.urged), "late": len(done.late), "reminded": done.reminded},
        )  # fmt: skip
    return done


def _chunk(rows: list[Item], done: Tick, *, on: date) -> None:
    keys = [one.pk for one in rows]
    lengths = lengths_of({one.region_code for one in rows})
    own_round = Report.objects.filter(item__in=keys, round=F("item__round")).order_by()
    reported = dict(
        own_round.filter(kind__in=("progress", "inability"))
        .values_list("item")
        .annotate(last=Max("reported_on"))
    )
    urged: dict[int, dict[str, date]] = {}
    for item, rule, last in own_round.filter(kind="urge").exclude(rule="").values_list("item", "rule").annotate(last=Max("reported_on")):  # fmt: skip
        urged.setdefault(item, {})[rule] = last
    for one in rows:
        late = late_of(one, lengths[one.region_code], reported.get(one.pk), on=on)
        done.late += [
            (one.number, one.lead_unit, each.kind, each.days) for each in late if each.kind != "due_soon"
        ]
        if one.state == ItemState.IN_HAND:
            _urge(one, late, urged.get(one.pk, {}), lengths[one.region_code], done, on=on)
        elif one.state == ItemState.CHECKED and late:
            done.reminded += _remind(one, lengths[one.region_code], on=on)
        elif one.state == ItemState.SUBMITTED and late:
            _remind_leader(one, lengths[one.region_code], on=on)


def _urge(
    one: Item, late: list[Late], last: dict[str, date], lengths: Lengths, done: Tick, *, on: date
) -> None:
    for each in urgings(late, lengths=lengths, last_urged=last, on=on):
        text = _(WORDS[each.kind]) % {"due": one.due_on, "days": each.days}
        urge(item=one.number, text=text, on=on, by=None, rule=each.kind)
        done.urged.append((one.number, each.kind))


@transaction.atomic
def _remind(one: Item, lengths: Lengths, *, on: date) -> int:
    """Write again to every speaker who has not judged, at the distance the rules set."""
    row = locked(one.number)
    if row.state != ItemState.CHECKED:
        return 0
    silent = row.raised_by.exclude(speaker__in=row.judgements.filter(round=row.round).values("speaker"))
    subject = _("请评价“%(title)s”的办理结果") % {"title": row.title}
    written = 0
    for link in silent.select_related("speaker"):
        before = link.speaker.letters.filter(
            item=row, subject=subject, sent_on__gte=row.entered_state_on
        ).aggregate(last=Max("sent_on"), times=Count("pk"))
        due = before["last"] is None or (on - before["last"]).days >= lengths.judge_days
        if due and before["times"] < MOST_REMINDERS:
            text = _(
                "“%(title)s”的办理结果已告知您，尚未收到您的评价。请在专属页面选择满意、基本满意或不满意。"
            ) % {"title": row.title}
            write(link.speaker, subject, text, on=on, item=row)
            written += 1
    return written


def _remind_leader(one: Item, lengths: Lengths, *, on: date) -> None:
    """Remind the leader's secretary of a submitted item without instruction, at the distance the rules set."""
    text = _("“%(title)s”呈报后尚无批示。") % {"title": one.title}
    before = Notice.objects.filter(item=one, role=Role.LEADER, text=text).aggregate(last=Max("on"))["last"]
    if before is None or (on - before).days >= lengths.instruct_days:
        notify(one, text, on=on, role=Role.LEADER)
