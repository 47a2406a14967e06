"""Corrections as a person reads them: which field, what stood there, what stands there now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhicheng.apps.consultation.models import Correction, Participant, Speech
from zhicheng.apps.ledger.public import Organisation

# Words shown on either side of a change, so that its place is recognised.
AROUND = 8


@dataclass(frozen=True)
class Change:
    """One field of a correction: its label, and the words that differ."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class CorrectionRow:
    """A correction with its changes in words."""

    row: Correction
    changes: list[Change]


def corrections_of(rows: Iterable[Correction]) -> list[CorrectionRow]:
    """Return corrections with their changes, in the order they were made; one query more for organisations."""
    found = list(rows)
    keys = {values.get("organisation_id") for one in found for values in (one.before, one.after)} - {None}
    names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [CorrectionRow(one, [_change(one, name, names) for name in one.after]) for one in found]


def _change(one: Correction, name: str, names: dict[int, str]) -> Change:
    model: Any = Speech if one.speech_id else Participant
    label = str(model._meta.get_field(name).verbose_name)
    old, new = one.before[name], one.after[name]
    if name == "organisation_id":
        return Change(label, names.get(old, ""), names.get(new, ""))
    if name == "kind":
        return Change(label, str(Participant.Kind(old).label), str(Participant.Kind(new).label))
    return Change(label, *_difference(old, new))


def _difference(old: str, new: str) -> tuple[str, str]:
    """Return only the part of two long texts that differs, with a few words around it."""
    if len(old) + len(new) <= 4 * AROUND:
        return old, new
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    start, rest = max(0, head - AROUND), max(0, tail - AROUND)
    before, after = (
        ("…" if start else "") + text[start : len(text) - rest] + ("…" if rest else "") for text in (old, new)
    )
    return before, after
