"""What follows an action: days of the case, documents issued, who is told, what is published, further cases."""

from __future__ import annotations

from datetime import date

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases import telling
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.creating import create_following
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.ledger_rows import write_document, write_ledger
from zhicheng.apps.cases.models import Handling, Level, Paper, Party, StageVisit, Task
from zhicheng.apps.cases.numbers import next_number
from zhicheng.apps.cases.papers import store
from zhicheng.apps.cases.standings import NEVER
from zhicheng.apps.cases.state_rows import add_clock_events, clock_events, read_facts, write_event
from zhicheng.apps.cases.writing import document, limit_note, words_of
from zhicheng.apps.web.public import region_name
from zhicheng.engines.procedures.clocks import deadline, phase_of
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import Template
from zhicheng.engines.procedures.state import ClockEvent, Step
from zhicheng.kernel.clock import Limit, due_day
from zhicheng.kernel.derivation import Due

LIVE = ("running", "stopped")


def set_days(handling: Handling, matter: Matter, action: Action, on: date) -> None:
    """Set the day of acceptance and of closing as the action says; re-opening takes the closing back."""
    if handling.accepted_on is None and action.accepts:
        handling.accepted_on = on
    final = matter.stage(handling.stage).kind == "final"
    if final and handling.closed_on is None:
        handling.closed_on = on
    elif not final:
        handling.closed_on = None


def accepted_from(handling: Handling, matter: Matter, day: date) -> None:
    """Deemed acceptance counts from receipt, not from the day on which the silence was noticed."""
    if handling.accepted_on is None or handling.accepted_on <= day:
        return
    handling.accepted_on = day
    handling.save(update_fields=["accepted_on"])
    write_ledger(handling, matter)


def limits_of(handling: Handling, matter: Matter, on: date) -> list[tuple[str, Due]]:
    """Return every live limit with its due day and derivation, the promised one beside the statutory one."""
    events, calendar = clock_events(handling), page_calendar()
    found = []
    for one in matter.limits:
        if phase_of(one.id, events) in LIVE:
            found.append((f"{one.name}（法定）", deadline(matter, one.id, events, calendar, as_of=on)))
            if one.promised:
                promised = deadline(matter, one.id, events, calendar, as_of=on, promised=True)
                found.append((f"{one.name}（承诺）", promised))
    return found


def issue_documents(handling: Handling, matter: Matter, step: Step, on: date, by: User | None) -> None:
    """Make the documents an action orders, number them and note on whom they are served."""
    facts = words_of_facts(handling, matter) if step.documents else {}
    days = _days_of_step(matter, step, on) if step.documents else {}
    for order in step.documents:
        template = matter.template(order.template)
        number = _number(handling, matter, template, on)
        content = document(
            template, matter=matter, facts={**facts, **days, "today": words_of(on), "document_number": number},
            number=number,
            office=region_name(handling.region_code), on=on,
            limits=limits_of(handling, matter, on) if template.derivation else (),
        )  # fmt: skip
        paper = Paper.objects.create(
            case=handling, kind=template.id, title=str(template.title), number=number, issued_on=on,
            level=Level.PARTIES if order.to else Level.INTERNAL, served_on=on if order.to else None,
        )  # fmt: skip
        store(paper, name=f"{template.title}.docx", content=content, by=by)
        handling.parties.filter(role__in=order.to, served_on=None).update(served_on=on)
        write_document(handling, template, number, on)


def _days_of_step(matter: Matter, step: Step, on: date) -> dict[str, str]:
    """The last day of the limit a step starts first, which is the one its document speaks of, and the promised one."""
    events = step.state.clock_events
    started = [one.limit for one in step.clock_changes if one.kind == "started"]
    live = [one.id for one in matter.limits if phase_of(one.id, events) in LIVE]
    for limit in (*started, *live):
        promises = matter.limit(limit).promised is not None
        due = deadline(matter, limit, events, page_calendar(), as_of=on).day
        promised = deadline(matter, limit, events, page_calendar(), as_of=on, promised=promises).day
        return {"due": words_of(due), "promised_due": words_of(promised)}
    return {}


def _number(handling: Handling, matter: Matter, template: Template, on: date) -> str:
    series = next((one for one in matter.series if one.id == template.series), None)
    if series is None:
        return ""
    return next_number(
        office=handling.region_code, series=f"{matter.code}.{series.id}", pattern=series.pattern, on=on
    )


def words_of_facts(handling: Handling, matter: Matter) -> dict[str, str]:
    """Return everything a document may name, in words."""
    fields = {
        one.id: one
        for one in (*matter.fields, *(each for action in matter.actions for each in action.fields))
    }
    found = {name: in_words(fields.get(name), value) for name, value in read_facts(handling, matter).items()}
    parties = list(handling.parties.only("case", "role", "name"))
    for role in dict.fromkeys([*Party.Role.values, *(one.id for one in matter.roles if one.kind == "party")]):
        names = "、".join(one.name for one in parties if one.role == role)
        found |= {role: names, f"{role}s": names}
    found["parties"] = "、".join(one.name for one in parties if one.role != Party.Role.AGENT)
    outcome = str(matter.outcome(handling.outcome).name) if handling.outcome else ""
    return {
        **found, "case_number": handling.number, "number": handling.number, "title": handling.title,
        "matter": str(matter.name), "outcome": outcome, "progress": outcome or stage_words(matter, handling), "handler": str(handling.handler or ""),
        "received_on": words_of(handling.received_on), "unit": handling.unit,
        "accepted_on": words_of(handling.accepted_on) if handling.accepted_on else "",
        "trace_code": getattr(handling, "code_now", ""), "office": region_name(handling.region_code),
        "missing": found.get("missing") or "；".join(
            f"{one.name}{'：' + one.remark if one.remark else ''}"
            for one in handling.materials.filter(state__in=("missing", "wrong"))
        ),
    }  # fmt: skip


def stage_words(matter: Matter, handling: Handling) -> str:
    """Return where a case stands as a party reads it."""
    stage = matter.stage(handling.stage)
    return stage.public or str(stage.name)


def in_words(field: object, value: Value) -> str:
    """Return a value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(field, "choices", ()) or ())
    return words_of(value) if isinstance(value, date) else choices.get(str(value), str(value))


def note_on_limits(handling: Handling, matter: Matter, on: date) -> bytes:
    """Return the note on time limits as Word."""
    return limit_note(
        handling, limits_of(handling, matter, on), office=region_name(handling.region_code), on=on
    )


def tell_about(handling: Handling, matter: Matter, step: Step, on: date, by: User | None) -> None:
    """Tell those the action names, the parties of every new stage, and enter what must be published."""
    for one in step.notices:
        role = matter.role(one.to)
        if role.kind == "party":
            # whoever the definition addresses in the case has been brought into it
            handling.parties.filter(role=one.to, served_on=None).update(served_on=on)
            telling.tell_parties(handling, one.words, on, (one.to,))
        elif role.assigned:
            telling.tell_office(handling, f"{handling.number} {one.words}", on, but=by)
        else:
            telling.tell_roles(handling, role.accounts, f"{handling.number} {one.words}", on)
    if step.entered:
        stage, words = matter.stage(step.entered), stage_words(matter, handling)
        ending = (
            f"，结果：{matter.outcome(handling.outcome).name}"
            if handling.outcome and stage.kind == "final"
            else ""
        )
        telling.tell_parties(handling, f"您的办件现在是“{words}”{ending}。", on)
        telling.tell_office(handling, f"{handling.number} 进入“{stage.name}”。", on, but=by)
    for target in step.publishes:
        _must_publish(handling, matter, target, on)
    facts = words_of_facts(handling, matter) if step.transfers else {}
    for target in step.transfers:
        office = facts.get(target) or target
        write_event(handling, action="transfer", words=f"移送{office}", on=on, by=by, after=office, told=True)
        telling.announce(handling, "case.transferred", on, to=office)


def _must_publish(handling: Handling, matter: Matter, target: str, on: date) -> None:
    notice = next(one for one in matter.notices if one.id == target)
    due = due_day(on, Limit(notice.amount, notice.unit, roll=False), calendar=page_calendar()).day
    verb = "公开" if notice.mode == "within" else "公示至届满"
    Task.objects.create(
        case=handling, kind=Task.Kind.TODO, title=f"{verb}：{notice.name}", opened_on=on, due_on=due, unit=handling.unit,
        person=handling.handler,
    )  # fmt: skip


def close_merged(handling: Handling, on: date) -> None:
    """End the cases merged into one that ended, with its outcome; their submitters are told."""
    for one in Handling.objects.select_related("case").filter(merged_into=handling, closed_on=None):
        matter = matter_version(one.matter, one.version)
        before = str(matter.stage(one.stage).name)
        events = [
            ClockEvent(limit.id, "voided", on, action="merged_closed")
            for limit in matter.limits
            if phase_of(limit.id, clock_events(one)) in LIVE
        ]
        add_clock_events(one, events, None)
        one.limits.filter(state__in=LIVE).update(state="voided", ended_on=on)
        one.visits.filter(left_on=None).update(left_on=on)
        one.tasks.filter(done_on=None).update(done_on=on)
        StageVisit.objects.create(case=one, stage=handling.stage, entered_on=on)
        one.stage, one.entered_on, one.closed_on, one.outcome = handling.stage, on, on, handling.outcome
        one.due_on, one.warn_on, one.stopped, one.sort_on = None, None, False, NEVER
        one.revision += 1
        one.save()
        write_ledger(one, matter)
        write_event(
            one,
            action="merged_closed",
            words="随主案办结",
            on=on,
            by=None,
            before=before,
            after=handling.number,
            told=True,
        )
        result = matter.outcome(one.outcome).name if one.outcome else "办结"
        telling.tell_parties(one, f"您的办件随 {handling.number} 办结，结果：{result}。", on)


def open_further(handling: Handling, matter: Matter, step: Step, on: date, by: User | None) -> None:
    """Open the further cases an action leads to, with the same parties, linked to this one."""
    for target in step.opens:
        create_following(handling, target, on=on, by=by)
