"""Policies as data: documents, clauses, dated versions, every word of the trade with one meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zhicheng.kernel.saying import said

UNIT_KINDS = ("enterprise", "institution")
FRAUD = "recovered"
LISTED = {
    "dishonest": "严重失信",
    "quality_accident": "重大质量安全事故",
    "abnormal_patent": "非正常专利申请",
    FRAUD: "骗取后停止申报",
}
KINDS = {"enterprise": "企业", "institution": "机构", "person": "个人"}


@dataclass(frozen=True)
class Citation:
    """The text a rule was taken from.

    Args:
        title: title of the document.
        publisher: who published it.
        date: day of publication, ISO, empty when unknown.
        number: document number (文号).
        span: first and last code point of the passage in the stored text, None when not stored.
        unverified: True when nobody has compared the rule with the original document.
    """

    title: str
    publisher: str = ""
    date: str = ""
    number: str = ""
    span: tuple[int, int] | None = None
    unverified: bool = False

    def __str__(self) -> str:
        parts = [one for one in (self.publisher, f"《{self.title}》", self.number, self.date) if one]
        if self.span:
            parts.append(f"第 {self.span[0]}–{self.span[1]} 字")
        if self.unverified:
            parts.append(f"（{said('未核实').lower()}）")
        return " ".join(parts)


@dataclass(frozen=True)
class FactColumn:
    """One column of a fact.

    Args:
        name: as expressions say it.
        type: text, date, money, number, integer or boolean.
        label: its Chinese label.
        values: what a coded value means, by its code.
        unit: unit of the value, empty where it has none.
        help: one sentence on what belongs in it, for whoever supplies it.
        firm: True where the beneficiary itself may supply it with an application.
    """

    name: str
    type: str
    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    help: str = ""
    firm: bool = False


@dataclass(frozen=True)
class FactShape:
    """What a fact table holds.

    Args:
        id: name of the fact, as clauses say it.
        label: name in Chinese.
        date: column with the day of the event.
        ended: column with the day the fact was revoked or lapsed, empty when it cannot.
        supplied_by: who can supply a missing fact.
        columns: its columns; fact, organisation, person, holder_kind and region are always there.
    """

    id: str
    label: str
    date: str
    ended: str
    supplied_by: str
    columns: Mapping[str, FactColumn]

    def types(self) -> dict[str, str]:
        """Column names with their types, for expressions."""
        return {name: column.type for name, column in self.columns.items()}

    @property
    def describable(self) -> bool:
        """Whether a beneficiary may describe a whole fact that the city does not hold: its day is its own to say."""
        return self.date in self.columns and self.columns[self.date].firm


@dataclass(frozen=True)
class Fixed:
    """One amount in 元, whatever the fact says."""

    amount: Decimal


@dataclass(frozen=True)
class Table:
    """An amount looked up by the value of an expression; a value without a row is not paid."""

    by: str
    rows: Mapping[str, Decimal]


@dataclass(frozen=True)
class Rate:
    """A rate of a base, kept between floor and cap; `divisor` states the day count of interest (365, 360)."""

    of: str
    rate: Decimal
    divisor: int = 1
    cap: Decimal | None = None
    floor: Decimal | None = None


@dataclass(frozen=True)
class Bracket:
    """The part of a base up to a bound (None: no bound) is paid at a rate."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True)
class Brackets:
    """Progressive brackets: each part of the base at its own rate."""

    of: str
    steps: tuple[Bracket, ...]
    cap: Decimal | None = None


@dataclass(frozen=True)
class Match:
    """配套: a share of what an upper level has actually paid for the same matter, after it was received."""

    level: str
    share: Decimal
    cap: Decimal | None = None


@dataclass(frozen=True)
class Choose:
    """The first amount whose condition holds; the last may have none."""

    cases: tuple[tuple[str, Amount], ...]


Amount = Fixed | Table | Rate | Brackets | Match | Choose


@dataclass(frozen=True)
class Requirement:
    """One condition of eligibility, with the words an officer reads when it fails."""

    when: str
    words: str


@dataclass(frozen=True)
class NegativeList:
    """负面清单: no payment while listed for one of these kinds, nor for `years` after leaving the list.

    Who obtained money by fraud (kind `recovered`) is kept out for `years` from the day it was found.

    Args:
        kinds: dishonest, quality_accident, abnormal_patent, recovered, or a city's own.
        years: as the clause says; None where it is silent: none after leaving the list, and for fraud until the day
            that the row itself carries, which is the city's setting.
    """

    kinds: tuple[str, ...]
    years: int | None = None


@dataclass(frozen=True)
class SameMatter:
    """就高不重复 within a group of clauses, for one beneficiary and one object.

    Args:
        group: clauses that pay for one matter share this name, also across documents.
        rule: highest (a later higher item gets nothing), difference (差额补足), or stack (each is paid).
        levels: levels whose received payments count as well: province, nation, city.
    """

    group: str
    rule: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cap:
    """封顶: the most that is paid in a period (year, ever), per object, beneficiary or in all, over a clause or a policy."""

    amount: Decimal
    period: str = "year"
    per: str = "beneficiary"
    over: str = "clause"


@dataclass(frozen=True)
class Budget:
    """预算上限 by year; method pro_rata (按比例兑付) or first_come (先到先得)."""

    years: Mapping[int, Decimal]
    method: str = "pro_rata"


@dataclass(frozen=True)
class Payee:
    """Who is paid.

    Args:
        mode: holder (whoever holds the fact), split (unit and person of one fact share), owners (by share).
        kinds: beneficiaries the clause knows: enterprise, institution, person.
        split: weights of unit and person, for mode split.
    """

    mode: str = "holder"
    kinds: tuple[str, ...] = UNIT_KINDS
    split: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Version:
    """A clause as it stands from a day on.

    Args:
        since: first event day it governs.
        until: last event day, None while it stands.
        when: the trigger, an expression over the fact's columns.
        amount: how much.
        requires: further conditions of eligibility.
        first_time: 首次, only the first event of the beneficiary in all history.
        newly_awarded: 新获评, only the first event of the beneficiary for this object; renewals are not new.
        once: 一次性, one payment ever per clause, beneficiary and object.
        application: column with the day of application, empty when the payout needs none.
        sharing: payers with their weights (市县分担).
        clawback: True when a payment is recovered once the fact is revoked (追回).
    """

    since: date
    when: str
    amount: Amount
    source: Citation | None
    until: date | None = None
    requires: tuple[Requirement, ...] = ()
    first_time: bool = False
    newly_awarded: bool = False
    once: bool = False
    application: str = ""
    negative_list: NegativeList | None = None
    same_matter: SameMatter | None = None
    caps: tuple[Cap, ...] = ()
    budget: Budget | None = None
    sharing: tuple[tuple[str, int], ...] = ()
    clawback: bool = False


@dataclass(frozen=True)
class Example:
    """A case an official can read: facts, the day asked, and what the last fact is expected to yield."""

    given: tuple[Mapping[str, object], ...]
    expect: str
    tables: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    as_of: date | None = None
    why: str = ""
    line: int = 0


@dataclass(frozen=True)
class Clause:
    """A clause of a policy; a change of law adds a version, the old one stays."""

    id: str
    policy: str
    name: str
    name_en: str
    fact: str
    object: str
    payee: Payee
    versions: tuple[Version, ...]
    examples: tuple[Example, ...] = ()
    file: str = ""
    effective_unverified: bool = False


@dataclass(frozen=True)
class Window:
    """Application window for the events of one year."""

    year: int
    opens: date
    closes: date


@dataclass(frozen=True)
class Policy:
    """A policy document: what it is, where and how long it holds, and limits over all its clauses."""

    id: str
    title: str
    number: str
    issuer: str
    region: str
    valid_from: date | None
    valid_to: date | None
    review: str
    scope: Mapping[str, str]
    windows: tuple[Window, ...] = ()
    caps: tuple[Cap, ...] = ()
    budget: Budget | None = None
    source: Citation | None = None
    example: bool = False
    file: str = ""


@dataclass(frozen=True)
class Program:
    """Everything evaluated together: fact shapes, documents, clauses."""

    facts: Mapping[str, FactShape]
    policies: Mapping[str, Policy]
    clauses: tuple[Clause, ...]

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None."""
        return next((one for one in self.clauses if one.id == clause_id), None)

    def only(self, policies: frozenset[str] | None = None) -> Program:
        """The same program with some documents only; None keeps all."""
        if policies is None:
            return self
        return Program(
            facts=self.facts,
            policies={key: one for key, one in self.policies.items() if key in policies},
            clauses=tuple(one for one in self.clauses if one.policy in policies),
        )
