"""Cases read for a person: worklists page by page, one case with everything it holds, counts for the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhicheng.apps.accounts.public import User, may, require
from zhicheng.apps.cases.access import case_for, is_handler, listed, roles_held, stands_for, visible
from zhicheng.apps.cases.actions import offers
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_version, matters_in_force
from zhicheng.apps.cases.for_rooms import opened_elsewhere
from zhicheng.apps.cases.handing_over import HandOver, hand_overs
from zhicheng.apps.cases.models import Assignment, CaseEvent, Comment, Handling, Notice, Paper, Task
from zhicheng.apps.cases.papers import papers_for
from zhicheng.apps.cases.standings import light_on
from zhicheng.apps.cases.state_rows import read_facts, read_state
from zhicheng.engines.procedures import running
from zhicheng.engines.procedures.clocks import Standing
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.known import Finding, findings
from zhicheng.kernel.lights import Light
from zhicheng.kernel.refusals import NotFound, Refusal

PAGE = 50
# Who must act needs to know that it is more than a thousand, not how many more.
COUNTED = 1_000
# The order in which the cases of one light follow each other in an index, so that counting stops at the limit.
ORDER_OF_LIGHT = {"red": "due_on", "yellow": "-warn_on", "green": "warn_on", "stopped": "sort_on"}
LISTS = ("mine", "unassigned", "all", "closed")
HIDDEN = "（保密，只有承办人可见）"


@dataclass(frozen=True)
class Row:
    """One line of a worklist."""

    handling: Handling
    title: str
    matter: str
    stage: str
    light: Light | None
    days: int | None


@dataclass(frozen=True)
class Page:
    """One page of a worklist.

    Args:
        rows: in the order of their due days.
        counted: how many match, at most COUNTED.
        more: True when more than COUNTED match.
        next: cursor of the next page, empty on the last.
        back: True when this is not the first page.
    """

    rows: tuple[Row, ...]
    counted: int
    more: bool
    next: str
    back: bool

    @property
    def count(self) -> str:
        """Return the count in honest words."""
        return f"{COUNTED:,} 件以上" if self.more else f"共 {self.counted:,} 件"


def worklist(user: User, given: Mapping[str, str], on: date) -> Page:
    """Return one page of a person's worklist: `list`, `matter`, `stage`, `light`, `handler`, `region`, `q`, `after`."""
    rows = _filtered(_of_list(user, given.get("list") or default_list(user), on), given, on)
    counted = rows.order_by().values("pk")[: COUNTED + 1].count()
    closed = given.get("list") == "closed"
    found = list(
        _after(rows, given.get("after", ""), closed=closed).select_related("handler", "case")[: PAGE + 1]
    )
    shown = found[:PAGE]
    cursor = ""
    if len(found) > PAGE:
        last = shown[-1]
        cursor = f"{last.received_on if closed else last.sort_on}_{last.pk}"
    open_ones = set(
        visible(user, on).filter(pk__in=[one.pk for one in shown if one.secret]).values_list("pk", flat=True)
    )
    lines = tuple(_row(one, on, hidden=one.secret and one.pk not in open_ones) for one in shown)
    return Page(lines, min(counted, COUNTED), counted > COUNTED, cursor, bool(given.get("after")))


def default_list(user: User) -> str:
    """Return the list a person sees first."""
    return "mine" if may(user, "cases.handle") or not user.is_officer else "all"


def _of_list(user: User, name: str, on: date) -> QuerySet[Handling]:
    if name not in LISTS:
        raise Refusal(f"没有工作清单“{name}”。", fix=f"可选：{'、'.join(LISTS)}。")
    rows = listed(user, on)
    if name == "closed":
        return rows.exclude(closed_on=None)
    rows = rows.filter(closed_on=None)
    if name == "unassigned":
        return rows.filter(handler=None)
    if name == "mine" and user.is_officer:
        mine = Q(handler__in=stands_for(user, on)) | Q(
            pk__in=Assignment.objects.filter(person=user, state=Assignment.State.OFFERED).values("case")
        )
        if user.department:
            mine |= Q(pk__in=Task.objects.filter(unit=user.department, done_on=None).values("case"))
        return rows.filter(mine)
    return rows


def _filtered(rows: QuerySet[Handling], given: Mapping[str, str], on: date) -> QuerySet[Handling]:
    exact = {"matter": "matter", "stage": "stage", "unit": "unit"}
    for name, column in exact.items():
        if value := given.get(name, ""):
            rows = rows.filter(**{column: value})
    if (handler := given.get("handler", "")).isdigit():
        rows = rows.filter(handler_id=int(handler))
    if region := given.get("place", ""):
        rows = rows.filter(region_code=region)
    if given.get("supervised"):
        rows = rows.filter(supervised=True)
    if text := given.get("q", "").strip():
        rows = rows.filter(Q(number__icontains=text) | (Q(title__icontains=text) & Q(secret=False)))
    if light := given.get("light", ""):
        rows = rows.filter(_lit(light, on))
    return rows


def _lit(light: str, on: date) -> Q:
    conditions = {
        "red": Q(due_on__lt=on),
        "yellow": Q(due_on__gte=on, warn_on__lte=on),
        "green": Q(due_on__gte=on, warn_on__gt=on),
        "stopped": Q(stopped=True),
    }
    if light not in conditions:
        raise Refusal(f"没有“{light}”这种灯。", fix=f"可选：{'、'.join(conditions)}。")
    return conditions[light]


def _after(rows: QuerySet[Handling], cursor: str, *, closed: bool) -> QuerySet[Handling]:
    """The page after a cursor; open cases by due day, closed ones by the day they came in, newest first."""
    column, ordered = (
        ("received_on", rows.order_by("-received_on", "-pk"))
        if closed
        else ("sort_on", rows.order_by("sort_on", "pk"))
    )
    if not cursor:
        return ordered
    day_text, _, key = cursor.partition("_")
    try:
        day, number = date.fromisoformat(day_text), int(key)
    except ValueError as error:
        raise Refusal("翻页的位置看不懂。", fix="请回到第一页。") from error
    step = "lt" if closed else "gt"
    return ordered.filter(
        Q(**{f"{column}__{step}": day}) | Q(**{column: day, f"pk__{step}": number}),
        **{f"{column}__{step}e": day},
    )


def _row(handling: Handling, on: date, *, hidden: bool) -> Row:
    matter = matter_version(handling.matter, handling.version)
    left = (handling.due_on - on).days if handling.due_on and not handling.closed else None
    return Row(
        handling, HIDDEN if hidden else handling.title, str(matter.name), str(matter.stage(handling.stage).name),
        light_on(handling, on), left,
    )  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One case with everything a person may see of it."""

    handling: Handling
    matter: Matter
    roles: tuple[str, ...]
    handles: bool
    offers: tuple[running.Offer, ...]
    standings: tuple[Standing, ...]
    light: Light | None
    values: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...]
    comments: tuple[Comment, ...]
    events: tuple[CaseEvent, ...]
    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]
    offered: Assignment | None
    handed: tuple[HandOver, ...] = ()

    @property
    def stage(self) -> str:
        """Return the name of the stage the case is in."""
        return str(self.matter.stage(self.handling.stage).name)


def story(user: User, case: int, on: date) -> Story:
    """Return a case as a person sees it; a party sees what it was told, an officer the whole history."""
    handling = case_for(user, case, on)
    matter = matter_version(handling.matter, handling.version)
    roles = roles_held(user, handling, matter, on)
    handles = is_handler(user, handling, on)
    inside = user.is_officer or handles
    events = handling.events.select_related("by", "acting_for")
    handed = hand_overs(matter, events, handling.limits.all(), on) if inside and _hands_over(matter) else ()
    comments = handling.comments.select_related("by")
    offered = handling.assignments.filter(
        person__in=stands_for(user, on), state=Assignment.State.OFFERED
    ).first()
    return Story(
        handling=handling, matter=matter, roles=roles, handles=handles,
        offers=offers(handling, matter, roles, user, on),
        standings=running.lights(matter, read_state(handling), on=on, calendar=page_calendar()),
        light=light_on(handling, on), values=_values(user, handling, matter, inside=inside, handles=handles),
        papers=tuple(papers_for(user, handling, on)),
        comments=tuple(comments if inside else comments.filter(to_party=True)),
        events=tuple(events if inside else events.filter(told=True)),
        tasks=tuple(handling.tasks.exclude(kind=Task.Kind.STAGE).select_related("done_by")) if inside else (),
        findings=findings(matter, read_facts(handling, matter), on) if inside else (), offered=offered, handed=handed,
    )  # fmt: skip


def _hands_over(matter: Matter) -> bool:
    """Tell whether a definition hands cases over at all; most do not, and nothing is read for them."""
    return any(effect.kind == "transfer" for action in matter.actions for effect in action.effects)


def _values(
    user: User, handling: Handling, matter: Matter, *, inside: bool, handles: bool
) -> tuple[tuple[str, str], ...]:
    """What was entered, in the order of the form; personal values masked for who may not see them."""
    given = dict(handling.values.values_list("name", "value"))
    masked = inside and not may(user, "personal.view")
    found = []
    for one in (*matter.fields, *(each for action in matter.actions for each in action.fields)):
        text = given.pop(one.id, "")
        if not text:
            continue
        if one.secret and not handles:
            continue
        words = dict(one.choices).get(text, {"true": "是", "false": "否"}.get(text, text))
        found.append((str(one.label), "＊＊＊" if one.personal and masked else words))
    return tuple(found)


def history(user: User, case: int, on: date) -> list[CaseEvent]:
    """Return the history of a case as a person may see it."""
    return list(story(user, case, on).events)


def filable(user: User, on: date) -> list[Matter]:
    """Return the matters a person may file."""
    return [
        one
        for one in matters_in_force(on)
        if _may_file(user, one) and ("public" in one.filers or not opened_elsewhere(one.code))
    ]


def filable_or_seen(user: User, on: date) -> list[Matter]:
    """Return the matters a person may filter by."""
    return matters_in_force(on) if may(user, "cases.view") else filable(user, on)


def _may_file(user: User, matter: Matter) -> bool:
    if user.is_officer:
        return may(user, "cases.handle")
    return may(user, "cases.apply") and (user.role in matter.filers or "public" in matter.filers)


def notices(user: User) -> list[Notice]:
    """Return the last notices of a person, unread first."""
    return list(Notice.objects.filter(person=user).select_related("case").order_by("read_at", "-pk")[:PAGE])


def unread(user: User) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(person=user, read_at=None).count()


def board(user: User, on: date) -> list[tuple[Matter, dict[str, int]]]:
    """Return for each matter how many open cases a person sees by light, counted to a limit and said honestly."""
    require(user, "cases.view")
    seen = listed(user, on).filter(closed_on=None)
    found = []
    for matter in matters_in_force(on):
        rows = seen.filter(matter=matter.code)
        found.append((matter, {light: _counted(rows, light, on) for light in ORDER_OF_LIGHT}))
    return found


def _counted(rows: QuerySet[Handling], light: str, on: date) -> int:
    lit = rows.filter(_lit(light, on)).order_by(ORDER_OF_LIGHT[light])
    return lit.values("pk")[: COUNTED + 1].count()


def one_by_number(user: User, number: str, on: date) -> Handling:
    """Return a case by its number.

    Raises:
        NotFound: there is none, or the person may not know that there is.
    """
    row = visible(user, on).filter(number=number).first()
    if row is None:
        raise NotFound(f"没有找到案号“{number}”。", fix="请核对案号。")
    return row
