"""Who is told what: notices in the application, one digest a day by e-mail, parties by e-mail, webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases import hooks
from zhicheng.apps.cases.models import Assignment, Handling, Notice, OutboxMail, Party

MOST_TRIES = 8
LONGEST = 290


def tell(handling: Handling, people: Iterable[User | int], text: str, on: date) -> None:
    """Put a notice before people, each once."""
    numbers = dict.fromkeys(one.pk if isinstance(one, User) else one for one in people)
    Notice.objects.bulk_create(
        Notice(person_id=number, case=handling, text=text[:LONGEST], on=on) for number in numbers
    )


def tell_office(handling: Handling, text: str, on: date, *, but: User | None = None) -> None:
    """Tell everybody who handles a case."""
    rows = Assignment.objects.filter(
        case=handling, state__in=(Assignment.State.OFFERED, Assignment.State.TAKEN)
    )
    people = set(rows.values_list("person_id", flat=True))
    tell(handling, sorted(people - ({but.pk} if but else set())), text, on)


def tell_roles(handling: Handling, roles: Iterable[str], text: str, on: date) -> None:
    """Tell everybody of some account roles whose region covers the case."""
    codes = {handling.region_code, f"{handling.region_code[:4]}00", f"{handling.region_code[:2]}0000"}
    people = User.objects.filter(role__in=tuple(roles), is_active=True, region_code__in=codes)
    tell(handling, people.values_list("pk", flat=True), text, on)


def tell_parties(handling: Handling, text: str, on: date, roles: Iterable[str] = ()) -> None:
    """Tell the parties, in the application where they have an account, and by e-mail where they gave an address.

    A respondent hears nothing before it was served.
    """
    wanted = set(roles)
    parties = [
        one
        for one in handling.parties.all()
        if one.served_on and (not wanted or one.role in wanted or one.role == Party.Role.AGENT)
    ]
    organisations = [one.organisation_id for one in parties if one.organisation_id]
    agents = User.objects.filter(
        agencies__organisation__in=organisations, agencies__state="approved", is_active=True
    )
    people = set(agents.values_list("pk", flat=True)) if organisations else set()
    if handling.filed_by_id and (
        not wanted or handling.parties.filter(role__in=wanted, organisation=handling.organisation).exists()
    ):
        people.add(handling.filed_by_id)
    tell(handling, sorted(people), text, on)
    for address in dict.fromkeys(one.email for one in parties if one.email):
        write_mail(
            address, f"{handling.number} 办理进展", f"{text}\n\n案号：{handling.number}\n{how_to_trace()}"
        )


def how_to_trace() -> str:
    """Return the sentence that says where a party may look."""
    return "凭案号和查询码可在“办件查询”页面查看进展。"


def write_mail(to: str, subject: str, body: str) -> OutboxMail:
    """Lay a mail ready; it goes out after the transaction, by `zhicheng cases tick`."""
    return OutboxMail.objects.create(to=to, subject=subject[:LONGEST], body=body)


def digest(on: date) -> int:
    """Write one mail a day to each person with unread notices; returns how many mails."""
    written = 0
    waiting = (
        Notice.objects.filter(digested=False, on__lte=on).select_related("person", "case").order_by("pk")
    )
    by_person: dict[int, list[Notice]] = {}
    for one in waiting:
        by_person.setdefault(one.person_id, []).append(one)
    for notices in by_person.values():
        person = notices[0].person
        unread = [one for one in notices if one.read_at is None]
        with transaction.atomic():
            if person.email and unread:
                lines = [f"{one.on} {one.case.number if one.case else ''} {one.text}" for one in unread]
                write_mail(person.email, f"办件提醒 {on}：{len(unread)} 条", "\n".join(lines))
                written += 1
            Notice.objects.filter(pk__in=[one.pk for one in notices]).update(digested=True)
    return written


def send_mails() -> tuple[int, int]:
    """Send what waits; returns how many went out and how many failed. A mail is tried at most eight times."""
    sent = failed = 0
    for mail in OutboxMail.objects.filter(Q(sent_at=None), tries__lt=MOST_TRIES).order_by("pk")[:500]:
        message = EmailMessage(
            mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to],
            headers={"Message-ID": f"<case-mail-{mail.pk}@zhicheng>"},
        )  # fmt: skip
        mail.tries += 1
        try:
            message.send()
        except OSError as error:
            failed += 1
            mail.problem = str(error)[:LONGEST]
        else:
            sent += 1
            mail.sent_at, mail.problem = timezone.now(), ""
        mail.save(update_fields=["tries", "problem", "sent_at"])
    return sent, failed


def announce(handling: Handling, event: str, on: date, **more: object) -> None:
    """Lay a case event ready for every endpoint that asked for it; nothing of a secret case but its number."""
    body: dict[str, object] = {
        "event": event,
        "case": handling.pk,
        "number": handling.number,
        "on": on.isoformat(),
    }
    if not handling.secret:
        body |= {"matter": handling.matter, "stage": handling.stage, "outcome": handling.outcome, **more}
    hooks.lay_ready(event, handling.region_code, body)
