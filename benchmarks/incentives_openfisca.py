"""The forty clauses as an openfisca-core rule set, run in an environment of its own by `incentives.py`.

Reads one JSON line (folder of the facts, number of firms, number of clauses), then answers each further line with one
evaluation: seconds and total. Claims are openfisca's persons and firms its groups, so that it is asked about the
same facts as we are; it keeps no reasons, and an annual cap is a total of the firm's year, not a sum cut fact by fact.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables

YEARS = (2023, 2024, 2025)
ASKED = "2025"  # openfisca asks in periods; every claim is held against this one whatever its own year
spec = json.loads(sys.stdin.readline())
TYPES = {"kind": np.int32, "year": np.int32, "place": np.int32, "firm": np.int32, "base": np.float64}
raw = {name: np.fromfile(Path(spec["data"]) / f"{name}.bin", dtype=kind) for name, kind in TYPES.items()}
claims, firms = len(raw["kind"]), spec["organisations"]

Claim = entities.build_entity(key="claim", plural="claims", label="claim", is_person=True)
Firm = entities.build_entity(
    key="firm", plural="firms", label="firm", roles=[{"key": "owner", "plural": "owners", "label": "owner"}]
)
system = taxbenefitsystems.TaxBenefitSystem([Claim, Firm])


def variable(name, entity, kind, formula=None):
    own = {"value_type": kind, "entity": entity, "definition_period": periods.DateUnit.YEAR}
    if formula:
        own["formula"] = formula
    system.add_variable(type(name, (variables.Variable,), own))


for one in ("kind", "year", "place"):
    variable(one, Claim, int)
variable("base", Claim, float)


def due(number):
    """What a claim earns by itself: a fixed amount, or a quarter of its base up to a cap, to the 分."""

    def formula(claim, period):
        mine = claim("kind", period) == number
        if number % 4 in (0, 2):
            return np.where(mine, 1000.0 + number, 0)
        return np.where(mine, np.minimum(np.round(claim("base", period) * 0.25, 2), 20000), 0)

    return formula


def first_only(number):
    """Only the firm's earliest claim of the kind earns."""

    def formula(claim, period):
        mine = claim("kind", period) == number
        order = np.where(mine, claim("place", period), np.inf)
        earliest = claim.firm.min(order)  # given back to every claim of the firm
        return np.where(mine & (order == earliest), 1000.0 + number, 0)

    return formula


def capped(number):
    """A firm's year earns at most 25,000."""

    def formula(firm, period):
        amount, year = firm.members(f"due_{number}", period), firm.members("year", period)
        return sum(np.minimum(firm.sum(np.where(year == one, amount, 0)), 25000) for one in YEARS)

    return formula


for number in range(spec["clauses"]):
    form = number % 4
    if form == 3:
        variable(f"due_{number}", Claim, float, due(number))
        variable(f"pay_{number}", Firm, float, capped(number))
    else:
        variable(f"pay_{number}", Claim, float, first_only(number) if form == 2 else due(number))


def evaluation():
    """One evaluation; building the simulation and setting its inputs is not timed."""
    built = simulation_builder.SimulationBuilder()
    built.create_entities(system)
    built.declare_person_entity("claim", np.arange(claims))
    group = built.declare_entity("firm", np.arange(firms))
    built.join_with_persons(group, raw["firm"], np.array(["owner"] * claims, dtype=object))
    simulation = built.build(system)
    for name in ("kind", "year", "place", "base"):
        simulation.set_input(name, ASKED, raw[name])
    started = time.perf_counter()
    total = 0.0
    for number in range(spec["clauses"]):
        total += float(simulation.calculate(f"pay_{number}", ASKED).astype(np.float64).sum())
    return time.perf_counter() - started, total


print("ready", flush=True)
for _line in sys.stdin:
    seconds, total = evaluation()
    print(json.dumps({"seconds": seconds, "total": total}), flush=True)
