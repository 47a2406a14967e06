"""What-ifs over the API: run one, list and read the saved ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from zhicheng.apps.accounts.public import opening_date
from zhicheng.apps.incentives.runs.outputs import sensitive_json
from zhicheng.apps.incentives.seen import city_region
from zhicheng.apps.incentives.what_if import queries, scenarios

router = Router(tags=["policies"])


class WhatIfIn(Schema):
    """A what-if to run.

    Args:
        changes: the YAML of differences. region: six digits. as_of: what was known that day.
        examples: with the example clauses. save_as: keep it under this name.
    """

    changes: str = Field(max_length=200_000)
    region: str = Field(pattern=r"^[0-9]{6}$")
    as_of: date | None = None
    examples: bool = False
    save_as: str = Field("", max_length=120)


class ScenarioLine(Schema):
    """A saved what-if in a list; amounts are exact strings in 元."""

    number: int
    name: str
    region: str
    as_of: date
    snapshot: str
    baseline: str
    variant: str
    difference: str


class ScenarioList(Schema):
    """One page of saved what-ifs."""

    items: list[ScenarioLine]
    next: str


@router.post("/policies/what-ifs", summary="测算一处改动")
def run_what_if(request: HttpRequest, asked: WhatIfIn) -> dict[str, Any]:
    """Run a what-if beside its baseline; with `save_as` it is kept."""
    by: Any = request.user
    day = asked.as_of or opening_date()
    if asked.save_as:
        row = scenarios.save(
            name=asked.save_as, text=asked.changes, region=asked.region, as_of=day, examples=asked.examples, by=by
        )  # fmt: skip
        return {"number": row.pk, **row.result}
    return scenarios.preview(
        text=asked.changes, region=asked.region, as_of=day, examples=asked.examples, by=by
    )


@router.get("/policies/what-ifs", response=ScenarioList, summary="已保存的模拟方案")
def list_what_ifs(request: HttpRequest, after: str = "") -> dict[str, Any]:
    """List saved what-ifs, latest first."""
    user: Any = request.user
    rows, following = queries.scenarios_page(user, after=after)
    items = [
        {
            "number": one.pk, "name": one.name, "region": one.region_code, "as_of": one.as_of, "snapshot": one.snapshot,
            **{key: one.result[key] for key in ("baseline", "variant", "difference")},
        }
        for one in rows
    ]  # fmt: skip
    return {"items": items, "next": following}


@router.get("/policies/sensitivity", summary="每个参数值多少钱")
def list_sensitivities(
    request: HttpRequest, region: str = "", as_of: date | None = None, examples: bool = False
) -> dict[str, Any]:
    """Turn each number of the rules down and up by a tenth and return what that costs, in 元; by default the city's."""
    by: Any = request.user
    total, found = scenarios.sensitivities(
        region=region or city_region() or "", as_of=as_of or opening_date(), examples=examples, by=by
    )
    return {"baseline": f"{total:.2f}", "parameters": [sensitive_json(one) for one in found]}


@router.get("/policies/what-ifs/{number}", summary="一个模拟方案")
def read_what_if(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return a saved what-if with its differences and result."""
    user: Any = request.user
    row = queries.scenario_of(user, number)
    return {"number": row.pk, "changes": row.changes, **row.result}
