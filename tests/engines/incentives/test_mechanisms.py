"""Every mechanism alone and every sensible pair of them agrees with plain Python, whatever the register and its order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from tests.engines.incentives import oracle
from tests.engines.incentives.claims import document, joined, shape
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.mechanisms import MECHANISMS
from zhicheng.engines.incentives.rules import (
    UNIT_KINDS,
    Bracket,
    Brackets,
    Budget,
    Cap,
    Choose,
    Citation,
    Clause,
    Fixed,
    Match,
    NegativeList,
    Payee,
    Program,
    Rate,
    SameMatter,
    Table,
    Version,
    Window,
)  # fmt: skip

AS_OF = date(2026, 1, 1)
SHAPE = shape("ended_on", "applied_on", "base", "kind", "grade", "object")
WINDOWS = (
    Window(2024, date(2025, 1, 1), date(2025, 6, 30)),
    Window(2025, date(2025, 3, 1), date(2025, 12, 31)),
)
RATE = Rate("base", Decimal("0.37"))

# what a mechanism sets; two go together where they set nothing differently
SET: dict[str, dict[str, object]] = {
    "定额": {"amount": Fixed(Decimal("333333.33"))},
    "查表": {"amount": Table("grade", {"x": Decimal("100000.01"), "y": Decimal(900_000)})},
    "按比例": {"amount": RATE},
    "比例封顶": {"amount": RATE, "rate_cap": Decimal(900_000)},
    "比例保底": {"amount": RATE, "rate_floor": Decimal("100.07")},
    "按条件选档": {"amount": Choose((("grade = 'x'", Fixed(Decimal(70_000))), ("", RATE)))},
    "分段累进": {"amount": Brackets("base", (Bracket(Decimal(10_000), Decimal("0.3")), Bracket(None, Decimal("0.07"))))},
    "配套": {"amount": Match("province", Decimal("0.333"), cap=Decimal(300_000))},
    "一次性": {"once": True},
    "首次": {"first_time": True},
    "新获评": {"newly_awarded": True},
    "就高不重复（不补差额）": {"matter": "highest"},
    "就高不重复（差额补足）": {"matter": "difference"},
    "可叠加": {"matter": "stack"},
    "跨级就高": {"levels": ("province", "nation")},
    "年度封顶": {"cap_year": Cap(Decimal("1500000.01"))},
    "累计封顶": {"cap_ever": Cap(Decimal("2000000.01"), "ever")},
    "按主体封顶": {"cap_who": Cap(Decimal("1400000.5"), "year", "beneficiary")},
    "按对象封顶": {"cap_object": Cap(Decimal("1200000.33"), "ever", "object")},
    "条款总额封顶": {"cap_all": Cap(Decimal("3000000.03"), "year", "all")},
    "政策总封顶": {"cap_policy": Cap(Decimal("1700000.09"), "year", "beneficiary", "policy")},
    "预算按比例兑付": {"budget": Budget({2024: Decimal("2000000.07"), 2025: Decimal("0.05")}, "pro_rata")},
    "预算先到先得": {"budget": Budget({2024: Decimal("2000000.07"), 2025: Decimal("777777.77")}, "first_come")},
    "市县分担": {"sharing": (("市", 3), ("县", 7), ("区", 1))},
    "负面清单": {"negative_list": NegativeList(("dishonest", "abnormal_patent", "recovered"), 2)},
    "申报期": {"application": "applied_on"},
    "追回": {"clawback": True},
    "分版施行": {"later": Fixed(Decimal("55555.55"))},
    "付单位": {"unit": True},
    "付个人": {"person": True},
    "单位与个人分配": {"mode": "split", "unit": True, "person": True},
    "权利人按份额": {"mode": "owners", "unit": True, "person": True},
}  # fmt: skip
# a stacked matter counts nothing from other levels
SENSELESS = {frozenset({"可叠加", "跨级就高"})}


def sensible(one, other):
    clash = any(SET[one][key] != SET[other][key] for key in SET[one].keys() & SET[other].keys())
    return not clash and frozenset({one, other}) not in SENSELESS


PAIRS = [(one, other) for one, other in combinations(SET, 2) if sensible(one, other)]


def program(*names, mark=""):
    """Two clauses of one document under the same mechanisms; a mark keeps several documents of one run apart."""
    given = {key: value for name in names for key, value in SET[name].items()}
    amount = given.get("amount", RATE)
    if isinstance(amount, Rate):
        amount = replace(amount, cap=given.get("rate_cap"), floor=given.get("rate_floor"))
    rule = given.get("matter", "difference" if "levels" in given else "")
    kinds = (
        *(UNIT_KINDS if given.get("unit") or not given.get("person") else ()),
        *(["person"] if given.get("person") else []),
    )
    flags = (
        "once",
        "first_time",
        "newly_awarded",
        "budget",
        "sharing",
        "negative_list",
        "application",
        "clawback",
    )
    version = Version(
        date(2023, 3, 1), "", amount, Citation("试"),
        same_matter=SameMatter(f"m{mark}", rule, given.get("levels", ())) if rule else None,
        caps=tuple(value for key, value in given.items() if key.startswith("cap_")),
        **{name: given[name] for name in flags if name in given},
    )  # fmt: skip
    payee = Payee(given.get("mode", "holder"), kinds, (2, 1))
    policy = document(f"demo{mark}", windows=WINDOWS)
    later = [replace(version, since=date(2024, 7, 1), amount=given["later"])] if "later" in given else []
    clauses = tuple(
        Clause(
            f"{policy.id}.{name}", policy.id, name, name, "claims", "object", payee,
            tuple(replace(one, when=f"kind = '{kind}{mark}'") for one in (version, *later)),
        )
        for name, kind in (("one", "a"), ("two", "b"))
    )  # fmt: skip
    return Program({"claims": SHAPE}, {policy.id: policy}, clauses)


def register(seed, count=45, mark=""):
    """Facts, payments, the negative list and owners, drawn by a seed; values are missing here and there."""
    chance = random.Random(seed)

    def day():
        return date(2023, 1, 1) + timedelta(days=chance.randrange(1095))

    def some(*values, lack=0.06):
        return None if chance.random() < lack else chance.choice(values)

    def amount(most):
        return Decimal(chance.randrange(most)) / 100

    firms, persons = ([f"{who}{mark}" for who in whose] for whose in ("甲乙丙", "张李"))
    claims = []
    for place in range(count):
        kind = some("enterprise", "enterprise", "institution", "person")
        claims.append({
            "fact": f"{mark}{place:03d}", "day": day(), "holder_kind": kind, "kind": chance.choice("ab") + mark, "grade": some("x", "y", "z"),
            "organisation": None if kind == "person" else some(*firms), "person": some(*persons, lack=0.3),
            "base": some(amount(4 * 10**8), Decimal("0.00"), amount(10**5)), "object": some("p", "q"),
            "ended_on": some(day(), date(2030, 1, 1), lack=0.8), "applied_on": some(date(2025, 2, 1), date(2025, 5, 1), day()),
        })  # fmt: skip
    clauses = (f"demo{mark}.one", f"demo{mark}.two")
    payments = [
        {
            "beneficiary": chance.choice((*firms, *persons)), "clause": some(*clauses), "matter": chance.choice((f"m{mark}", *clauses)),
            "object": some("p", "q"), "level": chance.choice(("province", "nation", "city")), "amount": amount(10**7),
            "paid_on": day(),
        }
        for _ in range(12)
    ]  # fmt: skip
    listed = [
        {"beneficiary": who, "kind": kind, "from_on": date(2023, 5, 1), "until_on": some(date(2023, 9, 30), date(2024, 3, 5))}
        for who, kind in zip((*firms, firms[2]), ("dishonest", "abnormal_patent", "quality_accident", "recovered"), strict=True)
    ]  # fmt: skip
    owners = [
        {"fact": one["fact"], "beneficiary": who, "kind": kind, "share": some(Decimal("0.3"), Decimal("0.333333"))}
        for one in claims for who, kind in chance.sample([(firms[0], "enterprise"), (f"丁{mark}", "institution"), (persons[0], "person")], chance.randrange(4))
    ]  # fmt: skip
    return {"claims": claims, "payments": payments, "negative_list": listed, "owners": owners}


def said(rules, tables):
    run = evaluate(rules, tables, as_of=AS_OF, threads=1)
    found = list(answers(run))
    assert run.total() == sum(one.amount for one in found)
    run.connection.close()
    return found


def compared(outcome):
    steps = tuple(step.after for step in outcome.steps[1:5])
    codes = tuple(sorted(one.code for one in outcome.reasons))
    return outcome.status, outcome.amount, steps, codes


def holds(names, rules, tables, found):
    """Hold outcomes against plain Python, and every amount against the ones before it."""
    got = {(one.clause, one.fact, one.beneficiary, one.kind): compared(one) for one in found}
    assert got == oracle.evaluate(rules, tables, AS_OF), " + ".join(names)
    for one in found:
        if one.steps:
            assert not one.steps[-1].parts or sum(part for _, part in one.steps[-1].parts) == one.amount
            assert all(
                earlier.after >= later.after
                for earlier, later in zip(one.steps[1:], one.steps[2:], strict=False)
            )


def agrees(*names, seed=None):
    """Evaluate a document under these mechanisms alone."""
    rules, tables = program(*names), register(seed or "+".join(names))
    found = said(rules, tables)
    holds(names, rules, tables, found)
    return rules, tables, found


def agree_side_by_side(choices):
    """Evaluate many documents in one run, each with mechanisms, facts and beneficiaries of its own."""
    marks = [f"_{place}" for place in range(len(choices))]
    rules = [program(*names, mark=mark) for names, mark in zip(choices, marks, strict=True)]
    tables = [register("+".join(names), mark=mark) for names, mark in zip(choices, marks, strict=True)]
    found = said(joined(rules), {name: [row for own in tables for row in own[name]] for name in tables[0]})
    for names, own, facts in zip(choices, rules, tables, strict=True):
        holds(names, own, facts, [one for one in found if own.clause(one.clause)])


def test_every_mechanism_of_the_table_has_its_place_here():
    assert set(SET) == set(MECHANISMS)
    for name in SET:
        rules = program(name)
        assert all(MECHANISMS[name](one, one.versions[0], rules.policies["demo"]) for one in rules.clauses)


@pytest.mark.parametrize("name", SET)
def test_a_mechanism_alone_agrees_with_plain_python_in_any_order_of_rows(name):
    rules, tables, found = agrees(name)
    turned = {key: rows[::-1] for key, rows in tables.items()}
    assert said(rules, turned) == found
    assert len({one.status for one in found}) > 1


@pytest.mark.parametrize("one", sorted({one for one, _ in PAIRS}))
def test_a_mechanism_with_every_other_agrees_with_plain_python(one):
    agree_side_by_side([pair for pair in PAIRS if pair[0] == one])


@pytest.mark.parametrize("seed", range(12))
def test_many_mechanisms_at_once_agree_with_plain_python(seed):
    chance = random.Random(seed)
    names: list[str] = []
    for name in chance.sample(list(SET), len(SET)):
        if all(sensible(name, chosen) for chosen in names):
            names.append(name)
    agrees(*names, seed=seed)


GROWING = {
    name
    for name in SET
    if name.startswith(("按比例", "比例", "分段", "按条件", "年度", "累计", "按对象", "按主体"))
}


@pytest.mark.parametrize("name", sorted(GROWING))
def test_a_larger_base_never_pays_a_beneficiary_less_in_all(name):
    rules, tables = program(name), register(f"growing {name}")
    grown = [{**one, "base": one["base"] and one["base"] + 1000} for one in tables["claims"]]

    def paid(found):
        sums: dict[str, Decimal] = {}
        for one in found:
            sums[one.beneficiary] = sums.get(one.beneficiary, Decimal(0)) + one.amount
        return sums

    before, after = paid(said(rules, tables)), paid(said(rules, {**tables, "claims": grown}))
    assert all(after[who] >= amount for who, amount in before.items())
