"""Policies in slow plain Python, written from the words of docs/policies.md: what the engine's SQL has to agree with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from zhicheng.engines.incentives.rules import Brackets, Choose, Fixed, Match, Rate, Table

FEN, ZERO = Decimal("0.01"), Decimal("0.00")
CAP_ORDER = [
    (per, over, period)
    for per in ("object", "beneficiary", "all") for over in ("clause", "policy") for period in ("year", "ever")
]  # fmt: skip


@dataclass
class Item:
    """One fact of one payee under one clause, on its way through the stages."""

    clause: object
    place: int
    row: dict
    who: str | None
    kind: str | None
    weight: int
    codes: list = field(default_factory=list)
    history: list = field(default_factory=list)
    missing: int = 0
    amount: Decimal | None = None
    after_matter: Decimal = ZERO
    after_caps: Decimal = ZERO
    after_budget: Decimal = ZERO

    @property
    def version(self):
        in_force = [one for one in self.clause.versions if one.since <= self.row["day"]]
        return in_force[-1] if in_force else self.clause.versions[0]

    @property
    def year(self):
        return self.row["day"].year

    @property
    def object(self):
        return self.row[self.clause.object]

    @property
    def clean(self):
        return not self.codes and not self.history and not self.missing

    @property
    def order(self):
        return (self.row["day"], self.place, self.row["fact"], self.who)


def money(value):
    return value.quantize(FEN, ROUND_HALF_UP)


def split(cents, weights, ties):
    """Largest remainder: whole parts first, the odd ones to the largest rests, equal rests in a fixed order."""
    whole = sum(weights)
    parts = [cents * one // whole for one in weights]
    rests = sorted(range(len(weights)), key=lambda i: (-(cents * weights[i] % whole), ties[i]))
    for place in rests[: cents - sum(parts)]:
        parts[place] += 1
    return parts


def payees(clause, row, tables):
    if clause.payee.mode == "split":
        unit = row["holder_kind"] if row["holder_kind"] not in (None, "person") else "enterprise"
        pair = [(row["organisation"], unit), (row["person"], "person")]
        return [(who, kind, weight) for (who, kind), weight in zip(pair, clause.payee.split, strict=True)]
    if clause.payee.mode == "owners":
        own = [one for one in tables["owners"] if one["fact"] == row["fact"]]
        return [(one["beneficiary"], one["kind"], int((one["share"] or 1) * 1_000_000)) for one in own]
    kind, firm, person = row["holder_kind"], row["organisation"], row["person"]
    who = person if kind == "person" else firm if kind else firm or person
    return [(who, kind or ("person" if not firm and person else None), 1)]


def priced(amount, item, tables, as_of):
    """An amount by its form; None where a value it needs is missing."""
    row = item.row
    match amount:
        case Fixed():
            return amount.amount
        case Table():
            return None if row[amount.by] is None else amount.rows.get(row[amount.by], ZERO)
        case Rate():
            return (
                None
                if row["base"] is None
                else bounded(money(row["base"] * amount.rate / amount.divisor), amount)
            )
        case Brackets():
            return None if row["base"] is None else money(progressive(row["base"], amount.steps))
        case Choose():
            (when, first), (_, last) = amount.cases
            value = when.split("'")[1]
            return (
                None
                if row["grade"] is None
                else priced(first if row["grade"] == value else last, item, tables, as_of)
            )
        case Match():
            paid = received(item, (amount.level,), tables, as_of, own_clause=True)
            return None if paid is None else bounded(money(paid * amount.share), amount)


def bounded(value, amount):
    value = max(value, getattr(amount, "floor", None) or ZERO)
    return value if amount.cap is None else min(value, amount.cap)


def progressive(base, steps):
    paid, lower = Decimal(0), Decimal(0)
    for one in steps:
        upper = base if one.up_to is None else min(base, one.up_to)
        paid += max(upper - lower, 0) * one.rate
        lower = one.up_to or lower
    return paid


def received(item, levels, tables, as_of, *, own_clause=False):
    """What levels have paid for the matter of an item, None when nothing was."""
    matter = item.version.same_matter
    name = matter.group if matter else item.clause.id
    found = [
        one["amount"] for one in tables["payments"]
        if one["level"] in levels and one["matter"] == name and one["beneficiary"] == item.who
        and (one["object"] or "") == (item.object or "") and one["paid_on"] <= as_of
        and (own_clause or (one["clause"] or "") != item.clause.id)
    ]  # fmt: skip
    return sum(found) if found else None


def listed(item, tables):
    years, kinds = item.version.negative_list.years, item.version.negative_list.kinds
    day = item.row["day"]

    def free_on(one):
        """The first day on which an entry counts no more; None while it stands."""
        if one["kind"] == "recovered":
            return one["until_on"] if years is None else later_by(one["from_on"], years)
        return one["until_on"] and later_by(one["until_on"], years or 0)

    return any(
        one["beneficiary"] == item.who and one["kind"] in kinds and one["from_on"] <= day
        and (free_on(one) is None or free_on(one) > day)
        for one in tables["negative_list"]
    )  # fmt: skip


def later_by(day, years):
    return day.replace(year=day.year + years)


def conditions(item, policy, tables, as_of):
    """Each condition with whether it holds; None where that cannot be told."""
    version, row = item.version, item.row
    yield "version", row["day"] >= version.since
    yield "holder", True if item.who is not None else None
    yield "kind", None if item.kind is None else item.kind in item.clause.payee.kinds
    yield "ended", row["ended_on"] is None or row["ended_on"] > as_of
    if version.application:
        window = next((one for one in policy.windows if one.year == item.year), None)
        applied = row[version.application]
        yield (
            "window",
            None if window is None or applied is None else window.opens <= applied <= window.closes,
        )
    if version.negative_list:
        yield "negative_list", not listed(item, tables)
    yield "amount", None if item.amount is None else item.amount > 0


def judged(program, tables, as_of):
    items = []
    for place, clause in enumerate(program.clauses):
        for row in tables["claims"]:
            if row["kind"] != clause.versions[0].when.split("'")[1] or row["day"] > as_of:
                continue
            for who, kind, weight in payees(clause, row, tables):
                item = Item(clause, place, row, who, kind, weight)
                item.amount = priced(item.version.amount, item, tables, as_of)
                for code, holds in conditions(item, program.policies[clause.policy], tables, as_of):
                    item.missing += holds is None
                    item.codes += [code] if holds is False else []
                items.append(item)
    return items


def later_ones(items, key):
    groups = defaultdict(list)
    for one in sorted(items, key=lambda item: (item.row["day"], item.row["fact"], item.kind or "")):
        groups[key(one)].append(one)
    return [one for group in groups.values() for one in group[1:]]


def look_back(items):
    """首次, 新获评, 一次性, in this order; only the last minds whether the earlier fact was eligible."""
    for code, key in (
        ("first_time", lambda one: (one.place, one.who)),
        ("newly_awarded", lambda one: (one.place, one.who, one.object)),
    ):
        for one in later_ones([one for one in items if getattr(one.version, code)], key):
            one.history.append(code)
    clean = [one for one in items if one.version.once and one.clean]
    for one in later_ones(clean, lambda one: (one.place, one.who, one.object)):
        one.history.append("once")


def divide(items):
    groups = defaultdict(list)
    for one in items:
        if (
            one.clause.payee.mode != "holder"
            and one.amount is not None
            and not isinstance(one.version.amount, Match)
        ):
            groups[one.place, one.row["fact"]].append(one)
    for group in groups.values():
        ties = [(one.kind, one.who or "\U0010ffff") for one in group]
        parts = split(int(group[0].amount * 100), [one.weight for one in group], ties)
        for one, part in zip(group, parts, strict=True):
            one.amount = part * FEN


def same_matter(items, tables, as_of):
    groups = defaultdict(list)
    for one in items:
        one.after_matter = one.amount
        matter = one.version.same_matter
        if matter and matter.rule != "stack":
            groups[matter.group, one.who, one.object].append(one)
    for group in groups.values():
        highest = ZERO
        for one in sorted(
            group, key=lambda item: (item.year, -item.amount, item.row["day"], item.place, item.row["fact"])
        ):
            matter = one.version.same_matter
            before = max(highest, received(one, matter.levels, tables, as_of) or ZERO)
            if matter.rule == "difference":
                one.after_matter = max(ZERO, one.amount - before)
            elif before > 0:
                one.after_matter = ZERO
            highest = max(highest, one.amount)


def cap(items, policy):
    for one in items:
        one.after_caps = one.after_matter
    for slot in CAP_ORDER:
        per, over, period = slot
        spent = defaultdict(Decimal)
        for one in sorted(items, key=lambda item: item.order):
            limits = [
                cap.amount
                for cap in (*one.version.caps, *policy.caps)
                if (cap.per, cap.over, cap.period) == slot
            ]
            if limits:
                who = () if per == "all" else (one.who,) if per == "beneficiary" else (one.who, one.object)
                key = (
                    who,
                    one.place if over == "clause" else "policy",
                    one.year if period == "year" else "ever",
                )
                paid = max(ZERO, min(one.after_caps, min(limits) - spent[key]))
                spent[key] += paid
                one.after_caps = paid


def budget(items, policy):
    pots = defaultdict(list)
    for one in items:
        one.after_budget = one.after_caps
        own = one.version.budget or policy.budget
        if own and one.year in own.years:
            pots[one.place if one.version.budget else "policy", one.year].append((one, own))
    for (_, year), drawn in pots.items():
        drawn.sort(key=lambda pair: pair[0].order)
        own = drawn[0][1]
        left = own.years[year]
        due = sum(one.after_caps for one, _ in drawn)
        if due <= left:
            continue
        if own.method == "pro_rata":
            weights = [int(one.after_caps * 100) for one, _ in drawn]
            parts = split(int(left * 100), weights, list(range(len(drawn))))
            for (one, _), part in zip(drawn, parts, strict=True):
                one.after_budget = part * FEN
        else:
            for one, _ in drawn:
                one.after_budget = min(one.after_caps, left)
                left -= one.after_budget


def evaluate(program, tables, as_of):
    """All outcomes: (clause, fact, beneficiary, kind) → status, amount, amount after each step, codes of the reasons."""
    policy = next(iter(program.policies.values()))
    items = judged(program, tables, as_of)
    look_back(items)
    divide(items)
    clean = [one for one in items if one.clean]
    same_matter(clean, tables, as_of)
    cap(clean, policy)
    budget(clean, policy)
    return {
        (one.clause.id, one.row["fact"], one.who or "", one.kind or ""): said(one, tables, as_of)
        for one in items
    }


def said(one, tables, as_of):
    if "version" in one.codes:
        return "no_rule", ZERO, (), ("no_version",)
    if one.clean:
        steps = (one.amount, one.after_matter, one.after_caps, one.after_budget)
        names = zip(steps[1:], ("same_matter", "caps", "budget"), strict=True)
        used_up = next((name for left, name in names if left <= 0), None)
        return (
            "not_entitled" if used_up else "entitled",
            one.after_budget,
            steps,
            (used_up,) if used_up else (),
        )
    codes = [*one.codes, *["missing"] * one.missing, *one.history]
    failed = one.codes or one.history
    if failed and one.version.clawback and paid_before(one, tables, as_of):
        codes.append("clawback")
    return "not_entitled" if failed else "cannot_tell", ZERO, (), tuple(sorted(codes))


def paid_before(one, tables, as_of):
    return sum(
        paid["amount"] for paid in tables["payments"]
        if paid["clause"] == one.clause.id and paid["beneficiary"] == one.who
        and (paid["object"] or "") == (one.object or "") and paid["paid_on"] <= as_of
    ) > 0  # fmt: skip


__all__ = ["date", "evaluate"]
