"""What makes two payments the same payment: the clause, its own meaning of once, and who the beneficiary really is."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from zhicheng.apps.incentives.models import Entitlement
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.engines.incentives.rules import Clause


@dataclass(frozen=True)
class Beneficiary:
    """A beneficiary as the ledger knows it today.

    Args:
        identity: stable text: the ledger's organisation, else the person's number, else the words of the record.
        name: as shown.
        organisation: the ledger's id, None for persons and strangers.
        aliases: every text the same beneficiary may stand under in earlier payments.
    """

    identity: str
    name: str
    organisation: int | None
    aliases: frozenset[str]


def who_of(organisation: Organisation) -> str:
    """An organisation as facts call it: its code, or its number in the ledger where it has none."""
    return organisation.uscc or f"id:{organisation.pk}"


def matter_of(clause: Clause, version: str, *, subject: str, fact: str) -> str:
    """The matter a payment is for, without its beneficiary.

    首次 pays once per clause; 一次性 and 新获评 once per clause and object; any other clause once per fact.
    """
    standing = next((one for one in clause.versions if one.since.isoformat() == version), clause.versions[-1])
    parts = [clause.id]
    if standing.first_time:
        parts.append("first")
    elif standing.once or standing.newly_awarded:
        parts += ["object", subject]
    else:
        parts += ["fact", fact]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def alike(text: str) -> str:
    """A name or number without what people write differently: width, case, blanks, dots, dashes, ZL before a number."""
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).upper())
    return re.sub(r"^(ZL|CN)(?=\d)", "", plain)


def thing_of(clause: Clause, version: str, *, subject: str, fact: str) -> tuple[str, ...]:
    """What `matter_of` digests, in a spelling that does not tell two ways to write one object apart."""
    standing = next((one for one in clause.versions if one.since.isoformat() == version), clause.versions[-1])
    if standing.first_time:
        return (clause.id,)
    if standing.once or standing.newly_awarded:
        return (clause.id, alike(subject))
    return (clause.id, alike(fact.replace(subject, "") if subject else fact), alike(subject))


def resolve(beneficiaries: list[tuple[str, str]]) -> dict[str, Beneficiary]:
    """Who the engine's beneficiaries are; one query for codes, one for ids, one for former names.

    Args:
        beneficiaries: pairs of the engine's text and kind.
    """
    codes = [who for who, kind in beneficiaries if kind != "person"]
    numbers = [int(who[3:]) for who in codes if who.startswith("id:") and who[3:].isdigit()]
    rows = list(Organisation.objects.filter(uscc__in=codes).prefetch_related("former_names"))
    rows += Organisation.objects.filter(pk__in=numbers).prefetch_related("former_names")
    known: dict[str, Organisation] = {}
    for one in rows:
        known[f"id:{one.pk}"] = one
        if one.uscc:
            known[one.uscc] = one
    found = {}
    for who, kind in beneficiaries:
        row = known.get(who) if kind != "person" else None
        if kind == "person":
            found[who] = Beneficiary(f"person:{who}", who, None, frozenset({f"person:{who}"}))
        elif row is None:
            found[who] = Beneficiary(f"words:{who}", who, None, frozenset({f"words:{who}"}))
        else:
            found[who] = _organisation(row)
    return found


def _organisation(row: Organisation) -> Beneficiary:
    names = [row.name, row.uscc, f"id:{row.pk}", *(one.name for one in row.former_names.all())]
    aliases = frozenset({f"org:{row.pk}", *(f"words:{one}" for one in names if one)})
    return Beneficiary(f"org:{row.pk}", row.name, row.pk, aliases)


def identity_of_organisation(number: int) -> str:
    """The identity of an organisation of the ledger."""
    return f"org:{number}"


@dataclass(frozen=True)
class Claimed:
    """Matters that stand already, by every way a beneficiary may be known."""

    by_identity: dict[tuple[str, str], Entitlement]
    by_organisation: dict[tuple[str, int], Entitlement]
    by_record: dict[tuple[str, int, int], Entitlement]
    by_thing: dict[tuple[str, ...], list[Entitlement]]
    of_persons: dict[tuple[str, int], list[Entitlement]]

    def holder(
        self, matter: str, who: Beneficiary, outcome: Outcome, record: int | None, *,
        thing: tuple[str, ...], named: frozenset[str] = frozenset(),
    ) -> Entitlement | None:  # fmt: skip
        """The entitlement that already stands for this matter, None when there is none.

        Args:
            matter: its digest. who: the beneficiary as the ledger knows it. outcome: what is due.
            record: the ledger row of the fact. thing: the matter in one spelling.
            named: everybody the record names now; a person it named before and names no more was renamed.
        """
        for alias in who.aliases:
            if (matter, alias) in self.by_identity:
                return self.by_identity[matter, alias]
        if who.organisation is not None:
            if (matter, who.organisation) in self.by_organisation:
                return self.by_organisation[matter, who.organisation]
            if record is not None:
                # the same ledger record corrected (a typing mistake in a number) is not a second award
                held = self.by_record.get((outcome.clause, who.organisation, record))
                if held is not None:
                    return held
        return self._spelled(who, thing) or self._renamed(outcome, record, named)

    def _spelled(self, who: Beneficiary, thing: tuple[str, ...]) -> Entitlement | None:
        """The same matter of the same beneficiary written another way."""
        names = {alike(one) for one in who.aliases}
        for one in self.by_thing.get(thing, ()):
            if alike(one.identity) in names or (who.organisation and one.organisation_id == who.organisation):
                return one
        return None

    def _renamed(self, outcome: Outcome, record: int | None, named: frozenset[str]) -> Entitlement | None:
        """The same ledger record under a person's other name; free again once that money has come back."""
        if outcome.kind != "person" or record is None:
            return None
        rows = self.of_persons.get((outcome.clause, record), ())
        return next((one for one in rows if one.beneficiary not in named), None)


def claimed(clauses: Iterable[Clause], *, whose: list[int] | None = None) -> Claimed:
    """Everything that stands under some clauses, in one query.

    Args:
        clauses: under which. whose: only what can be these organisations', by the ledger's ids; None takes everybody's.
    """
    known = {one.id: one for one in clauses}
    rows = Entitlement.objects.filter(clause__in=known, live=True).select_related("batch")
    if whose is not None:
        # what was listed before the ledger knew the name may be theirs under another spelling
        stranger = Q(organisation__isnull=True) & ~Q(kind="person")
        rows = rows.filter(Q(organisation__in=whose) | stranger)
    by_thing: dict[tuple[str, ...], list[Entitlement]] = defaultdict(list)
    of_persons: dict[tuple[str, int], list[Entitlement]] = defaultdict(list)
    by_identity: dict[tuple[str, str], Entitlement] = {}
    by_organisation: dict[tuple[str, int], Entitlement] = {}
    by_record: dict[tuple[str, int, int], Entitlement] = {}
    for one in rows:
        by_identity[one.matter, one.identity] = one
        by_thing[thing_of(known[one.clause], one.version, subject=one.object, fact=one.fact)].append(one)
        if one.kind == "person" and one.record and one.status != Entitlement.Status.RECOVERED:
            of_persons[one.clause, one.record].append(one)
        if one.organisation_id:
            by_organisation[one.matter, one.organisation_id] = one
            if one.record:
                by_record[one.clause, one.organisation_id, one.record] = one
    return Claimed(by_identity, by_organisation, by_record, by_thing, of_persons)
