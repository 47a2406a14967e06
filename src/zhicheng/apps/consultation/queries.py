"""Sessions, items, letters and notices as a person may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from zhicheng.apps.accounts.public import require, scope
from zhicheng.apps.consultation import access
from zhicheng.apps.consultation.lateness import Late, Lengths, Standing, lateness
from zhicheng.apps.consultation.models import (
    Evidence,
    Item,
    Judgement,
    Letter,
    LoopRules,
    Notice,
    Participant,
    Passage,
    Report,
    Session,
    Speech,
    Transfer,
    UnitTask,
    Verification,
)
from zhicheng.apps.consultation.spans import Piece, pieces
from zhicheng.apps.consultation.states import FINAL, ItemState
from zhicheng.apps.web.public import Page, page_of
from zhicheng.kernel.refusals import NotFound

PAGE = 40
ANSWERED_STATES = (
    ItemState.CHECKED, ItemState.JUDGED, ItemState.CLOSED, ItemState.PARKED, ItemState.DECLINED, ItemState.MERGED,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An item in a list: what is late with it, and how long it has stood where it is."""

    item: Item
    late: list[Late]
    days: int
    speakers: list[str]


@dataclass(frozen=True)
class SpeechView:
    """A speech cut into pieces."""

    speech: Any
    lines: list[list[Piece]]
    open: int
    looks: int


def sessions_page(user: Any, *, q: str = "", after: str = "") -> Page:
    """Return one page of sessions, newest first, with how many items each has and how many are settled."""
    rows = access.sessions(user)
    if q:
        rows = rows.filter(Q(topic__icontains=q) | Q(number__icontains=q))
    counted = rows.annotate(
        total=Count("items", filter=~Q(items__state=ItemState.MERGED), distinct=True),
        done=Count("items", filter=Q(items__state__in=(ItemState.CLOSED, ItemState.DECLINED)), distinct=True),
        spoke=Count("speeches", distinct=True),
    )
    return page_of(counted, after, size=PAGE)


def filtered(user: Any, given: dict[str, str], *, on: date) -> QuerySet[Item]:
    """Return the items a person may see that match a list's filters."""
    rows = access.items(user)
    if q := given.get("q", ""):
        rows = rows.filter(Q(title__icontains=q) | Q(number__icontains=q) | Q(text__icontains=q))
    for name in ("state", "kind", "lead_unit"):
        if given.get(name):
            rows = rows.filter(**{name: given[name]})
    if not given.get("state"):
        rows = rows.exclude(state=ItemState.MERGED)
    if given.get("session"):
        rows = rows.filter(session__number=given["session"])
    if given.get("region"):
        code = given["region"]
        prefix = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        rows = rows.filter(Q(region_code__startswith=prefix) | Q(session__region_code__startswith=prefix))
    return _shown(rows, given.get("show", ""), user, on=on)


def _shown(rows: QuerySet[Item], show: str, user: Any, *, on: date) -> QuerySet[Item]:
    if show == "late":
        return rows.filter(state=ItemState.IN_HAND, due_on__lt=on)
    if show == "mine":
        unit = getattr(user, "department", "") or "-"
        return rows.filter(
            pk__in=UnitTask.objects.filter(unit=unit, ended_on__isnull=True).values("item"),
            state=ItemState.IN_HAND,
        )
    if show == "no_instruction":
        return rows.filter(state=ItemState.SUBMITTED)
    if show == "unanswered":
        return rows.exclude(state__in=ANSWERED_STATES).exclude(reports__kind=Report.Kind.CHECK)
    if show == "open":
        return rows.exclude(state__in=tuple(FINAL))
    return rows


def items_page(user: Any, given: dict[str, str], *, on: date) -> Page:
    """Return one page of items with their lateness; the number of queries does not depend on their number."""
    rows = filtered(user, given, on=on).select_related("session")
    page = page_of(rows, given.get("after", ""), size=PAGE)
    return Page(lines_of(page.rows, on=on), page.count, page.next, page.back)


def lines_of(rows: list[Item], *, on: date) -> list[Line]:
    """Return items with what is late, who raised them and how long they have stood; three queries."""
    keys = [one.pk for one in rows]
    lengths = lengths_of({one.region_code for one in rows})
    spoken: dict[int, list[str]] = {}
    for key, title in Item.objects.filter(pk__in=keys).order_by("pk", "raised_by__pk").values_list("pk", "raised_by__speaker__title"):  # fmt: skip
        if title:
            spoken.setdefault(key, []).append(title)
    reported = dict(
        Report.objects.filter(item__in=keys, kind__in=(Report.Kind.PROGRESS, Report.Kind.INABILITY), round=F("item__round"))
        .order_by().values_list("item").annotate(last=Max("reported_on"))
    )  # fmt: skip
    return [
        Line(one, late_of(one, lengths[one.region_code], reported.get(one.pk), on=on), (on - one.entered_state_on).days,
             spoken.get(one.pk, []))
        for one in rows
    ]  # fmt: skip


def late_of(one: Item, lengths: Lengths, last_report_on: date | None, *, on: date) -> list[Late]:
    """Return what is late with one item."""
    standing = Standing(
        one.state, one.entered_state_on, one.due_on, one.rhythm, last_report_on, one.entered_state_on
    )
    return lateness(standing, on=on, lengths=lengths)


def lengths_of(regions: set[str]) -> dict[str, Lengths]:
    """Return the rules of several regions in one query."""
    known = {one.region_code: one for one in LoopRules.objects.filter(region_code__in=regions)}
    return {
        region: Lengths(one.instruct_days, one.urge_before_days, one.urge_every_days, one.judge_days)
        for region in regions
        for one in (known.get(region) or LoopRules(region_code=region),)
    }


def session_story(user: Any, number: str) -> dict[str, Any]:
    """Return a session with its people, speeches, items and packages."""
    row = access.session(number, user)
    return {
        "session": row,
        "participants": list(row.participants.prefetch_related("roles").select_related("organisation")),
        "speeches": speeches_of(row),
        "items": list(
            row.items.select_related("merged_into").prefetch_related("raised_by__speaker").order_by("number")
        ),
        "packages": list(row.packages.select_related("submitted_by").annotate(size=Count("items"))),
    }


def speeches_of(row: Session) -> list[SpeechView]:
    """Return the speeches of a session cut into pieces, each with its fate."""
    marks = Prefetch("passages", Passage.objects.select_related("item"))
    found = []
    for one in row.speeches.select_related("speaker").prefetch_related(marks):
        lines = pieces(one.text, list(one.passages.all()))
        looks = sum(mark.needs_look for mark in one.passages.all())
        found.append(SpeechView(one, lines, sum(piece.open for line in lines for piece in line), looks))
    return found


def item_story(user: Any, number: str) -> dict[str, Any]:
    """Return everything about one item in the order it happened."""
    row = access.item(number, user)
    files = Prefetch("files", Evidence.objects.order_by("pk"))
    return {
        "item": row,
        "speakers": [link.speaker for link in row.raised_by.select_related("speaker")],
        "events": list(row.events.order_by("on", "pk")),
        "reports": list(row.reports.select_related("copied_from__item").prefetch_related(files)),
        "tasks": list(row.tasks.order_by("pk")),
        "verdicts": list(row.judgements.select_related("speaker", "recorded_by").order_by("round", "pk")),
        "added": list(row.evidence.filter(speaker__isnull=False).select_related("speaker")),
        "letters": list(row.letters.select_related("speaker").order_by("pk")),
        "instructions": list(row.instructions.all()),
        "packages": list(row.packages.all()),
        "passages": list(
            row.passages.select_related("speech__speaker").prefetch_related("speech__corrections")
        ),
        "merged": list(row.merged.all()),
        "recurrences": list(row.recurrences.select_related("earlier__session", "decided_by")),
        "returned_as": list(row.returned_as.filter(decision="linked").select_related("item")),
        "links": list(row.policy_links.select_related("proposed_by", "decided_by")),
        "transfers": list(row.transfers.select_related("proposed_by", "decided_by")),
        "verifications": list(row.verifications.select_related("by")),
    }


def letter(user: Any, number: int) -> Letter:
    """Return one letter.

    Raises:
        NotFound: there is none, or it belongs to a session of another region.
    """
    require(user, "consultation.view")
    row = (
        Letter.objects.filter(scope(user).regions_q("speaker__session__region_code"), pk=number)
        .select_related("speaker__session", "item")
        .first()
    )
    if row is None:
        raise NotFound("没有这封信。", fix="请从事项页或发言人页进入。")
    return row


def letters(user: Any, *, item: str = "", speaker: int = 0) -> QuerySet[Letter]:
    """Return the letters of the person's own sessions, newest first, of one item or one speaker where asked."""
    require(user, "consultation.view")
    rows = Letter.objects.filter(scope(user).regions_q("speaker__session__region_code")).select_related(
        "item"
    )
    if item:
        rows = rows.filter(item__number=item)
    if speaker:
        rows = rows.filter(speaker=speaker)
    return rows.order_by("-pk")


def participant(user: Any, number: int) -> Participant:
    """Return one participant of a session in the person's own region.

    Raises:
        NotFound: there is none, or the session is another region's.
    """
    require(user, "consultation.view")
    row = (
        Participant.objects.filter(scope(user).regions_q("session__region_code"), pk=number)
        .select_related("session", "organisation")
        .first()
    )
    if row is None:
        raise NotFound("没有这位参会人。", fix="请从协商会页面进入。")
    return row


def speech(user: Any, number: int) -> Speech:
    """Return one speech of a session the person may see.

    Raises:
        NotFound: there is none, or its session is out of the person's sight.
    """
    row = (
        Speech.objects.filter(pk=number, session__in=access.sessions(user))
        .select_related("session", "speaker")
        .first()
    )
    if row is None:
        raise NotFound("没有这篇发言，或不在您的范围内。", fix="请从协商会页面进入。")
    return row


def notices_page(user: Any, *, after: str = "") -> Page:
    """Return one page of the notices addressed to a person's office or unit."""
    require(user, "consultation.view")
    return page_of(Notice.objects.filter(access.offices(user)).select_related("item"), after, size=PAGE)


def transfers(user: Any) -> list[Transfer]:
    """Return transfers from and to the person's region, open ones first."""
    require(user, "consultation.view")
    seen = scope(user)
    rows = Transfer.objects.filter(seen.regions_q("from_region") | seen.regions_q("to_region"))
    ordered = rows.select_related("item", "proposed_by", "decided_by").order_by("-decision", "-pk")
    return list(ordered[:100])


def verifications(user: Any) -> list[Verification]:
    """Return drawn samples, those that wait first."""
    require(user, "consultation.view")
    rows = Verification.objects.filter(scope(user).regions_q("item__region_code")).select_related(
        "item", "by"
    )
    return sorted(rows.order_by("-pk")[:200], key=lambda one: one.finding != Verification.Finding.WAITING)


@dataclass(frozen=True)
class Own:
    """One of a speaker's items, as the personal page shows it."""

    item: Item
    answer: Report | None
    verdict: Judgement | None
    letters: list[Letter]
    files: list[Evidence]
    may_judge: bool
    may_reopen: bool


def own_items(speaker: Participant, *, on: date, reopen_days: int) -> list[Own]:
    """Return exactly what a speaker raised, in a fixed number of queries; an item merged away is shown by its target."""
    rows = list(
        Item.objects.filter(raised_by__speaker=speaker).exclude(state=ItemState.MERGED).order_by("number")
        .prefetch_related(
            Prefetch("reports", Report.objects.filter(kind=Report.Kind.ANSWER).prefetch_related("files"), to_attr="answers"),
            Prefetch("judgements", Judgement.objects.filter(speaker=speaker), to_attr="mine"),
            Prefetch("letters", Letter.objects.filter(speaker=speaker).order_by("pk"), to_attr="written"),
            Prefetch("evidence", Evidence.objects.filter(speaker=speaker), to_attr="given"),
        )
    )  # fmt: skip
    return [_own(one, on=on, reopen_days=reopen_days) for one in rows]


def _own(one: Any, *, on: date, reopen_days: int) -> Own:
    told = one.state in (ItemState.CHECKED, ItemState.JUDGED, ItemState.CLOSED, ItemState.PARKED)
    answers = [answer for answer in one.answers if answer.round == one.round] if told else []
    verdict = next((given for given in one.mine if given.round == one.round), None)
    reopenable = one.state in (ItemState.JUDGED, ItemState.CLOSED, ItemState.PARKED, ItemState.DECLINED)
    return Own(
        item=one,
        answer=answers[-1] if answers else None,
        verdict=verdict,
        letters=one.written,
        files=one.given,
        may_judge=one.state == ItemState.CHECKED and verdict is None,
        may_reopen=reopenable and (on - one.entered_state_on).days <= reopen_days,
    )
