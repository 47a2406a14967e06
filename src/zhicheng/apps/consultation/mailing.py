"""Sends kept letters by e-mail: at once where it works, again by the daily job where it did not."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from zhicheng.apps.consultation.links import link_address
from zhicheng.apps.consultation.models import Letter

log = logging.getLogger("zhicheng.consultation")
MOST_TRIES = 5


@task()
def deliver(letter: int) -> bool:
    """Send one letter; what fails stays in the queue and is tried again by `zhicheng consultation tick`."""
    row = Letter.objects.select_related("speaker").filter(pk=letter, mail__in=("waiting", "failed")).first()
    if row is None or row.tries >= MOST_TRIES:
        return False
    address = link_address(row.speaker)
    with translation.override(settings.LANGUAGE_CODE):
        yours = _("您的专属页面（请勿转发）：")
    body = f"{row.speaker.title}：\n\n{row.text}\n\n{yours}\n{address}\n"
    message = EmailMessage(
        row.subject, body, getattr(settings, "DEFAULT_FROM_EMAIL", None), [row.speaker.email]
    )
    try:
        message.send()
    except OSError as error:  # SMTP and file trouble alike
        log.warning("letter %s could not be sent: %s", letter, error)
        Letter.objects.filter(pk=letter).update(mail=Letter.Mail.FAILED, tries=row.tries + 1)
        return False
    Letter.objects.filter(pk=letter).update(
        mail=Letter.Mail.SENT, tries=row.tries + 1, mailed_at=timezone.now()
    )
    return True


def deliver_soon(letter: int) -> None:
    """Hand a letter to the background process."""
    deliver.enqueue(letter)


def deliver_waiting() -> tuple[int, int]:
    """Try every letter that did not go out; return how many went and how many did not."""
    waiting = list(
        Letter.objects.filter(mail__in=("waiting", "failed"), tries__lt=MOST_TRIES).values_list(
            "pk", flat=True
        )
    )
    sent = sum(deliver.call(one) for one in waiting)
    return sent, len(waiting) - sent
