"""Two what-ifs of the demo city, so that the page of simulations opens with something to compare."""

from __future__ import annotations

from datetime import date

from zhicheng.apps.accounts.public import User
from zhicheng.apps.incentives.what_if import scenarios

SAVED = {
    "演示方案：金奖提高到 150 万元": """
changes:
  - {clause: weifang.china_patent_gold, set: {amount: 1500000}}
""",
    "演示方案：优秀奖降到 5 万元，银奖提高到 80 万元": """
changes:
  - {clause: weifang.china_patent_excellence, set: {amount: 50000}}
  - {clause: weifang.china_patent_silver, set: {amount: 800000}}
""",
}


def build_scenarios(officer: User, on: date) -> None:
    """Save the what-ifs; saved again they change nothing."""
    for name, changes in SAVED.items():
        scenarios.save(
            name=name,
            text=f"name: {name}{changes}",
            region=officer.region_code,
            as_of=on,
            examples=False,
            by=officer,
        )
