"""What is read of saved what-ifs, always inside the person's regions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhicheng.apps.accounts.public import User, require, scope
from zhicheng.apps.figures.public import current_snapshot
from zhicheng.apps.incentives.models import ClauseDraft, Scenario
from zhicheng.apps.incentives.policies.queries import remarks_on, spoken
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.apps.web.public import region_name
from zhicheng.catalogue.policy_loader import build_clause
from zhicheng.catalogue.policy_yaml import read_yaml_text
from zhicheng.engines.incentives.rules import Program
from zhicheng.kernel import industries
from zhicheng.kernel.refusals import NotFound, Refusal

Person = User | AnonymousUser
PAGE = 30
MOST_COMPARED = 4
GROUPS = {
    "year": gettext_lazy("年度"),
    "county": gettext_lazy("县市区"),
    "industry": gettext_lazy("行业"),
    "size": gettext_lazy("规模"),
    "clause": gettext_lazy("条款"),
}
SIZES = {
    "large": gettext_lazy("大型"),
    "medium": gettext_lazy("中型"),
    "small": gettext_lazy("小型"),
    "micro": gettext_lazy("微型"),
}


def scenarios_page(user: Person, *, after: str = "") -> tuple[list[Scenario], str]:
    """One page of the saved what-ifs, latest first, and where the next one begins."""
    require(user, "policies.view")
    rows = Scenario.objects.filter(scope(user).regions_q()).select_related("saved_by").defer("changes")
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def scenario_of(user: Person, number: int) -> Scenario:
    """One saved what-if.

    Raises:
        NotFound: there is none of this number in the person's regions.
    """
    require(user, "policies.view")
    row = Scenario.objects.filter(scope(user).regions_q(), pk=number).select_related("saved_by").first()
    if row is None:
        raise NotFound(f"没有编号 {number} 的模拟方案。", fix="请从方案列表进入。")
    return row


def draft_of(user: Person, number: int) -> ClauseDraft:
    """One draft clause made from a what-if of the person's regions."""
    require(user, "policies.view")
    inside = scope(user).regions_q("scenario__region_code")
    row = ClauseDraft.objects.filter(inside, pk=number).select_related("scenario").first()
    if row is None:
        raise NotFound(f"没有编号 {number} 的条款草案。", fix="请从方案页进入。")
    return row


def draft_shown(draft: ClauseDraft) -> dict[str, Any]:
    """A draft as its page shows it: the version in force and the new one in words, and the remarks of the reviewer."""
    content, node = read_yaml_text(draft.content, f"{draft.clause}.yaml")
    clause = build_clause(content, node, f"{draft.clause}.yaml")
    program = current_program(examples=True)
    fact = program.facts[clause.fact]
    others = tuple(one for one in program.clauses if one.id != clause.id)
    drafted = Program(program.facts, program.policies, (*others, clause))
    versions = [spoken(one, fact, draft.since) for one in clause.versions[-2:]]
    return {
        "clause": clause,
        "policy": program.policies[clause.policy],
        "versions": versions,
        "remarks": remarks_on(clause, drafted),
    }


def is_stale(scenario: Scenario) -> bool:
    """Tell whether the ledger has moved on since the what-if was run."""
    return scenario.snapshot != str(current_snapshot().id)


def compared(user: Person, numbers: list[int]) -> list[Scenario]:
    """Saved what-ifs to stand side by side.

    Raises:
        Refusal: fewer than two or too many.
    """
    require(user, "policies.view")
    if not 2 <= len(set(numbers)) <= MOST_COMPARED:
        raise Refusal(f"选了 {len(set(numbers))} 个方案。", fix=f"请选 2 到 {MOST_COMPARED} 个再比较。")
    return [scenario_of(user, one) for one in dict.fromkeys(numbers)]


def shown(result: dict[str, Any]) -> dict[str, Any]:
    """A result made ready for a page: amounts as decimals, groups named, charts drawn from them."""
    groups = []
    for key, title in GROUPS.items():
        rows = [
            {
                "name": _group_name(key, one),
                "baseline": Decimal(one["baseline"]),
                "variant": Decimal(one["variant"]),
                "difference": Decimal(one["variant"]) - Decimal(one["baseline"]),
            }
            for one in result["groups"][key]
        ]
        groups.append({"key": key, "title": title, "rows": rows, "chart": _chart(key, rows)})
    moved = {
        side: [{**one, "difference": Decimal(one["difference"])} for one in result[side]]
        for side in ("winners", "losers")
    }
    years = [
        {
            "name": str(one["year"]),
            "baseline": Decimal(one["baseline"]),
            "variant": Decimal(one["variant"]),
            "difference": Decimal(one["variant"]) - Decimal(one["baseline"]),
        }
        for one in result.get("replay", ())  # results saved before years were replayed have none
    ]
    return {
        **result,
        **moved,
        "replay": {"rows": years, "chart": _chart("year", years)},
        "baseline": Decimal(result["baseline"]),
        "variant": Decimal(result["variant"]),
        "difference": Decimal(result["difference"]),
        "groups": groups,
        "top": [
            {
                "size": size,
                "baseline": Decimal(one["baseline"]) * 100,
                "variant": Decimal(one["variant"]) * 100,
            }
            for size, one in result["top"].items()
        ],
        "sensitivity": [{**one, "difference": Decimal(one["difference"])} for one in result["sensitivity"]],
    }


def _group_name(key: str, one: dict[str, Any]) -> str:
    name = str(one["name"])
    if key == "county" and name.isdigit():
        return region_name(name)
    if key == "industry" and industries.exists(name):
        return f"{name} {industries.name(name)}"
    return str(SIZES.get(name, one.get("label", name)))


def _chart(key: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Bars of both sides in 万元, at most fifteen groups, largest first unless they are years."""
    most = rows if key == "year" else sorted(rows, key=lambda one: -max(one["baseline"], one["variant"]))[:15]
    return {
        "kind": "bar" if key == "year" else "hbar",
        "unit": "万元",
        "x": [one["name"] for one in most],
        "series": [
            {"name": name, "values": [_ten_thousands(one[side]) for one in most]}
            for side, name in (("baseline", _("现行")), ("variant", _("调整后")))
        ],
    }


def moving_and_still(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Numbers that change the cost, and those that do not over the facts as they are."""
    moving = [one for one in rows if Decimal(one["lower"]) or Decimal(one["higher"])]
    return {"moving": moving, "still": [one for one in rows if one not in moving]}


def tornado(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Bars of what each number is worth, down and up, in 万元; the fifteen that move most."""
    most = moving_and_still(rows)["moving"][:15]
    return {
        "kind": "hbar",
        "unit": "万元",
        "x": [one["label"] for one in most],
        "series": [
            {"name": name, "values": [_ten_thousands(Decimal(one[side])) for one in most]}
            for side, name in (("lower", _("下调一成")), ("higher", _("上调一成")))
        ],
    }


def _ten_thousands(amount: Decimal) -> float:
    """An amount in 万元 for drawing; what is read and added up stays exact."""
    return float((amount / 10_000).quantize(Decimal("0.01")))
