"""The smaller parts of a matter's definition: words, roles, form fields, materials, documents, notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhicheng.kernel.refusals import Source

FieldType = Literal[
    "text", "long_text", "integer", "money", "date", "instant", "choice", "boolean", "organisation", "person",
    "phone", "email", "country", "region", "identifier",
]  # fmt: skip
# What the closed language of guards sees of a field.
FACT_TYPES: dict[str, str] = {"integer": "integer", "money": "decimal", "date": "date", "boolean": "boolean"}
RoleKind = Literal["party", "office", "system"]
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


@dataclass(frozen=True, slots=True)
class Role:
    """Who acts in a matter.

    Args:
        id: word used by stages, actions and limits, e.g. `handler`.
        name: as shown.
        kind: party to the case, office that handles it, or the software itself.
        accounts: account roles that may hold it (`city_officer`, `expert`, …); empty for a party or the software.
        assigned: True where only the person assigned to the case holds it, False where anybody of these accounts does.
        permission: permission a holder needs besides, e.g. `cases.mediate`; empty for none.
    """

    id: str
    name: Words
    kind: RoleKind
    accounts: tuple[str, ...] = ()
    assigned: bool = False
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; its value is a fact that guards may read.

    Args:
        id: name of the fact.
        label: as shown.
        type: what may be entered; `instant` is a day and time with its time zone.
        help: what to enter, in a sentence.
        required: whether it must be filled.
        required_when: condition over facts under which it must be filled; read when `required` is False.
        choices: value → words, for a choice.
        identifier: identifier rule of the kernel, for an identifier (`patent_application`, `uscc`, …).
        prefill: where the ledger already holds it (`organisation.name`, `right.owner`, …); empty when it must be asked.
        personal: masked by role.
        secret: shown to the handlers only.
        unit: unit of a number.
    """

    id: str
    label: Words
    type: FieldType = "text"
    help: str = ""
    required: bool = False
    required_when: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    identifier: str = ""
    prefill: str = ""
    personal: bool = False
    secret: bool = False
    unit: str = ""

    @property
    def fact_type(self) -> str:
        """Its type in the closed language."""
        return FACT_TYPES.get(self.type, "text")


@dataclass(frozen=True, slots=True)
class Material:
    """One paper a filing needs.

    Args:
        id: its name in the case.
        label: as shown.
        required_when: condition over facts; `true` is always, `false` is optional.
        help: what it must show.
        source: the rule that asks for it.
        held_by: where the city already holds it, so that it is not asked again; empty when it must be handed in.
        secret: kept to the handlers.
    """

    id: str
    label: Words
    required_when: str = "true"
    help: str = ""
    source: Source | None = None
    held_by: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """How documents are numbered, per office and year.

    Args:
        id: name of the series.
        pattern: with `{office}`, `{year}` and `{n}`, e.g. `{office}专裁字〔{year}〕{n}号`.
    """

    id: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Template:
    """A document the case produces.

    Args:
        id: its name.
        title: heading.
        text: body with `{{ fact }}` places; each paragraph a line.
        series: number series; empty for none.
        kind: how the ledger counts it (`decision`, `mediation`, `penalty`, `acceptance`, `withdrawal`, `other`).
        to: roles of parties it is served on.
        derivation: whether the note on time limits (时限说明) is printed with it.
        source: the rule that asks for it.
    """

    id: str
    title: Words
    text: str
    series: str = ""
    kind: str = "other"
    to: tuple[str, ...] = ()
    derivation: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case may end.

    Args:
        id: its name.
        name: as shown.
        counts_as: the ledger's word for it, so that history and new cases are counted by the same fact.
        solved: whether the matter was settled, as against ended without.
    """

    id: str
    name: Words
    counts_as: str
    solved: bool = True


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """What is published, when and for how long.

    Args:
        id: its name.
        name: as shown.
        after: action after which it is due.
        amount: within so much (`mode` within) or for so long (`mode` lasting).
        unit: working days, calendar days or months.
        mode: a term to publish in, or a time the notice stands.
        source: the rule.
    """

    id: str
    name: Words
    after: str
    amount: int
    unit: Literal["working_days", "days", "months"]
    mode: Literal["within", "lasting"]
    source: Source


@dataclass(frozen=True, slots=True)
class Feed:
    """A statistic the matter feeds: the indicator, and outcomes that count; no outcomes means every case."""

    indicator: str
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Precheck:
    """A check made by rule before a person decides.

    Args:
        id: its name.
        label: what is checked, as shown.
        refuse_when: condition over facts; true refuses, unknown asks a person.
        source: the ground.
        ask: what a person is asked when the facts do not tell.
    """

    id: str
    label: Words
    refuse_when: str
    source: Source
    ask: str = ""
