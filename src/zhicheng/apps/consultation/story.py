"""The story of an item in the order it happened: steps, instructions, reports, verdicts and what speakers added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.models import Judgement, Report
from zhicheng.apps.consultation.states import STEPS

TONES = {"urge": "warm", "inability": "warm", "answer": "signed", "satisfied": "good", "dissatisfied": "bad"}


@dataclass(frozen=True)
class Told:
    """One thing that happened.

    Args:
        day: when. order: place among those of one day. what: in words. who: by whom. text: what was said.
        tag, tone: a short mark. more: label and text of further parts. files: evidence handed in with it.
    """

    day: date
    order: tuple[int, int]
    what: str | Promise
    who: str = ""
    text: str = ""
    tag: str | Promise = ""
    tone: str = ""
    more: tuple[tuple[str | Promise, str], ...] = ()
    files: tuple[Any, ...] = field(default=())


def told(parts: dict[str, Any]) -> list[Told]:
    """Put the parts of `queries.item_story` in order."""
    found = [*_steps(parts), *_reports(parts), *_verdicts(parts), *_corrections(parts)]
    return sorted(found, key=lambda one: (one.day, one.order))


def _steps(parts: dict[str, Any]) -> Iterator[Told]:
    instructions = {one.given_on: one for one in parts["instructions"]}
    for one in parts["events"]:
        label = STEPS[one.step].label if one.step in STEPS else _("立项")
        signed = instructions.get(one.on) if one.step.startswith("instruct") else None
        who = f"{signed.by}（{one.by}）" if signed else one.by
        # The answer and the verdicts stand there themselves, with all their parts.
        text = "" if one.step in ("answer", "judge") else one.why
        tag = one.get_state_after_display() if one.state_before != one.state_after else ""
        yield Told(one.on, (1, one.pk), label, who, text, tag, "")


def _reports(parts: dict[str, Any]) -> Iterator[Told]:
    for one in parts["reports"]:
        if one.kind == Report.Kind.CHECK:
            continue
        more = [(label, text) for label, text in (
            (_("没有做到的及原因："), one.not_done), (_("佐证："), one.evidence), (_("签发："), one.signed_by),
        ) if text]  # fmt: skip
        if one.copied_from_id:
            more.append((_("雷同答复："), f"{one.copied_share}% · {one.copied_from.item.title}"))
        tone = TONES.get(one.kind, "")
        yield Told(one.reported_on, (0, one.pk), one.get_kind_display(), one.unit, one.text, "", tone, tuple(more), tuple(one.files.all()))  # fmt: skip


def _verdicts(parts: dict[str, Any]) -> Iterator[Told]:
    for one in parts["verdicts"]:
        tone = TONES.get(one.value, "")
        by = (
            gettext("%(title)s（%(by)s代录）") % {"title": one.speaker.title, "by": one.recorded_by}
            if one.recorded_by
            else one.speaker.title
        )
        label = Judgement._meta.verbose_name or ""
        yield Told(one.given_on, (0, one.pk), label, by, one.text, one.get_value_display(), tone)
    for one in parts["added"]:
        yield Told(one.added_on, (0, one.pk), _("发言人补充情况"), one.speaker.title, "", "", "", (), (one,))


def _corrections(parts: dict[str, Any]) -> Iterator[Told]:
    """What was corrected in the very words the item stands on."""
    seen: set[int] = set()
    for passage in parts["passages"]:
        for one in passage.speech.corrections.all():
            if passage.pk in one.to_look_at and one.pk not in seen:
                seen.add(one.pk)
                tag = _("呈报后更正") if one.after_freeze else ""
                yield Told(
                    one.on, (2, one.pk), _("原话更正"), passage.speech.speaker.title, one.why, tag, "warm"
                )
