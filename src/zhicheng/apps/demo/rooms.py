"""What each room adds to the demo city once its ledger stands: played through the room's own actions."""

from __future__ import annotations

from collections.abc import Callable

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases.public import build_demo as play_cases
from zhicheng.apps.consultation.public import play as play_consultation
from zhicheng.apps.incentives.public import build_demo as play_payouts
from zhicheng.apps.intelligence.public import play_bulletins

# What the terminal says while a room plays, and the room's own function: it takes the demo cast by short name
# (`officer`, `cppcc`, …), marks what it makes as synthetic, and does nothing where its play already stands.
ROOMS: tuple[tuple[str, Callable[[dict[str, User]], None]], ...] = (
    ("办件：在办的演示案件", play_cases),
    ("通稿：签发发布会所用的数据，发布一篇通稿", play_bulletins),
    ("协商闭环：演示协商会走完全程", play_consultation),
    ("政策兑现：测算、批次、预算、追回、评选", play_payouts),
)
